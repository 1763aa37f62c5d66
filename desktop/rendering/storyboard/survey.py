"""Where scenes, blocks and comments begin and end, before anything is read.

A block that is never closed ends at the next scene, or at the next block with a name: a forgotten
fence costs its own scene and no other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop.domain.errors import Problem

FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})\s*(?P<kind>[^\s`{=]*)(?P<options>[^`]*)$")
SCENE = re.compile(r"^ {0,3}##(?:\s+(?P<title>.*))?$")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(slots=True)
class Text:
    """A text as lines, each with where it starts: what stands there stays what it was."""

    whole: str
    lines: list[str]
    starts: list[int]

    def between(self, first: int, end: int) -> str:
        """Return the exact text of the 0-based lines ``first`` to ``end``, exclusive."""
        return self.whole[self.starts[first] : self.starts[end]]


@dataclass(slots=True)
class Survey:
    """The outline of a text; all line numbers are 0-based."""

    scenes: list[int] = field(default_factory=list)
    blocks: dict[int, tuple[int, int]] = field(default_factory=dict)
    """For each opening fence: the line after its body, and the line where reading goes on."""
    comments: dict[int, int] = field(default_factory=dict)
    """For each comment: its last line."""
    problems: list[Problem] = field(default_factory=list)


def lines_of(text: str) -> Text:
    """Split a text at the line ends of any system; a byte order mark is in no line."""
    ends = list(_LINE_END.finditer(text))
    starts = [0, *(end.end() for end in ends)]
    stops = [*(end.start() for end in ends), len(text)]
    lines = [text[start:stop] for start, stop in zip(starts, stops, strict=True)]
    lines[0] = lines[0].removeprefix("\ufeff")
    return Text(text, lines, [*starts, len(text)])


def survey(lines: Sequence[str], begin: int) -> Survey:
    """Find every scene, block and comment from line ``begin`` on."""
    found = Survey()
    last = max((n for n, line in enumerate(lines) if "-->" in line), default=-1)
    at = begin
    while at < len(lines):
        plain = lines[at].strip()
        if match := FENCE.match(plain):
            at = _block(lines, at, match["mark"], found)
        elif plain.startswith("<!--"):
            at = _comment(lines, at, last, found)
        else:
            if SCENE.match(lines[at]):
                found.scenes.append(at)
            at += 1
    return found


def _block(lines: Sequence[str], start: int, mark: str, found: Survey) -> int:
    scene = None
    for number in range(start + 1, len(lines)):
        if _closes(lines[number], mark):
            found.blocks[start] = (number, number + 1)
            return number + 1
        if _opens(lines[number], mark):
            break
        if scene is None and SCENE.match(lines[number]):
            scene = number
    else:
        number = len(lines)
    end = number if scene is None else scene
    found.blocks[start] = (end, end)
    found.problems.append(
        Problem("This block is never closed.", start + 1, f"End it with a line of {mark}.")
    )
    return end


def _closes(line: str, mark: str) -> bool:
    plain = line.strip()
    return plain.startswith(mark) and not plain.strip(mark[0])


def _opens(line: str, mark: str) -> bool:
    """Tell whether a block with a name begins here that the one of ``mark`` cannot contain."""
    match = FENCE.match(line.strip())
    return match is not None and bool(match["kind"]) and match["mark"].startswith(mark)


def _comment(lines: Sequence[str], start: int, last: int, found: Survey) -> int:
    end = start
    if start > last or (start == last and "-->" not in lines[start].partition("<!--")[2]):
        found.problems.append(
            Problem("This comment is never closed.", start + 1, "End it with -->.")
        )
    else:
        rest = lines[start].partition("<!--")[2]
        while "-->" not in rest:
            end += 1
            rest = lines[end]
    found.comments[start] = end
    return end + 1
