"""Reading a storyboard: Markdown lines into scenes and blocks, and what is wrong at which line.

The grammar is a subset of Markdown, so that a storyboard reads well in any viewer. The exact text
of every scene is kept: writing a storyboard that was read gives the same text again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from desktop.domain.errors import Problem, Severity
from desktop.domain.picture import Aspect
from desktop.domain.storyboard import (
    Block,
    Bullets,
    Equation,
    Fence,
    Image,
    MathEngine,
    Narration,
    Paragraph,
    SceneSpec,
    Storyboard,
    Theme,
)
from desktop.rendering.storyboard.attributes import read_options, split_attributes
from desktop.rendering.storyboard.front_matter import FrontMatter, is_yes, read_front_matter
from desktop.rendering.storyboard.latex import split_rows

_FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})\s*(?P<kind>[^\s`{=]*)(?P<options>[^`]*)$")
_BULLET = re.compile(r"^(?P<indent>\s*)(?:[-*+]|(?P<number>\d+)[.)])\s+(?P<text>.*)$")
_IMAGE = re.compile(r"^!\[(?P<caption>[^\]]*)\]\((?P<path>[^)]*)\)\s*(?P<options>\{[^{}]*\})?\s*$")
_RULE = re.compile(r"^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_SCENE = re.compile(r"^##\s+\S")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A storyboard and what is wrong with it."""

    storyboard: Storyboard
    problems: tuple[Problem, ...]


def parse(text: str) -> Parsed:
    """Read a whole storyboard; any text gives a result."""
    lines = text.split("\n")
    head = read_front_matter(lines)
    starts = _scene_starts(lines, head.end)
    problems = list(head.problems)
    scenes = []
    for start, end in pairwise([*starts, len(lines)]):
        reader = _SceneReader(lines, start, end)
        scenes.append(reader.read())
        problems += reader.problems
    first = starts[0] if starts else len(lines)
    preamble = "\n".join(lines[:first]) + ("\n" if starts and first else "")
    title = head.values.get("title") or _heading(lines[head.end : first])
    return Parsed(_storyboard(title, head, tuple(scenes), preamble), tuple(problems))


def _storyboard(
    title: str, head: FrontMatter, scenes: tuple[SceneSpec, ...], preamble: str
) -> Storyboard:
    values = head.values
    return Storyboard(
        title=title,
        scenes=scenes,
        theme=Theme(values.get("theme", Theme.DARK)),
        aspect=Aspect(values.get("aspect", Aspect.WIDE)),
        maths=MathEngine(values.get("math", MathEngine.AUTO)),
        accent=values.get("accent", ""),
        captions=is_yes(values.get("captions", "true")),
        description=values.get("description", ""),
        tags=head.tags,
        preamble=preamble,
    )


def _heading(lines: Sequence[str]) -> str:
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def _scene_starts(lines: Sequence[str], begin: int) -> list[int]:
    """Return the 0-based lines of scene headings; those inside fences are none."""
    starts, closing = [], ""
    for number in range(begin, len(lines)):
        line = lines[number]
        if closing:
            closing = (
                "" if line.strip().startswith(closing) and not line.strip("`~ \t") else closing
            )
        elif match := _FENCE.match(line.strip()):
            closing = match["mark"]
        elif _SCENE.match(line):
            starts.append(number)
    return starts


def _closes(line: str, mark: str) -> bool:
    return line.strip().startswith(mark) and not line.strip("`~ \t")


class _SceneReader:
    """Reads the lines of one scene; ``problems`` fill up meanwhile."""

    def __init__(self, lines: Sequence[str], start: int, end: int) -> None:
        self._lines = lines
        self._start = start
        self._end = end
        self._at = start + 1
        self.problems: list[Problem] = []

    def read(self) -> SceneSpec:
        title, options = split_attributes(self._lines[self._start][2:])
        blocks: list[Block] = []
        while self._at < self._end:
            block = self._block()
            if block is not None:
                blocks.append(block)
        source = "\n".join(self._lines[self._start : self._end])
        last = self._end == len(self._lines)
        return SceneSpec(
            title, tuple(blocks), options, self._start + 1, source if last else source + "\n"
        )

    def _block(self) -> Block | None:
        line, number = self._lines[self._at], self._at + 1
        plain = line.strip()
        self._at += 1
        if not plain or _RULE.match(line) or plain.startswith("<!--"):
            return None
        if match := _FENCE.match(plain):
            return self._fence(match, number)
        if plain.startswith("$$"):
            return self._equation(plain, number)
        if match := _IMAGE.match(plain):
            options, _ = read_options((match["options"] or "")[1:-1])
            return Image(match["path"].strip(), match["caption"], options, number)
        if plain.startswith(">"):
            return self._narration(plain, number)
        bullet = _BULLET.match(line)
        return self._bullets(bullet, number) if bullet else self._paragraph(plain, number)

    def _fence(self, match: re.Match[str], number: int) -> Fence:
        options, left = read_options(match["options"].strip(" {}"))
        if left:
            self._warn(f"“{left}” is not understood.", number, "Write options as name=value.")
        body: list[str] = []
        while self._at < self._end:
            line = self._lines[self._at]
            self._at += 1
            if _closes(line, match["mark"]):
                return Fence(match["kind"], "\n".join(body), options, number)
            body.append(line)
        self._error("This block is never closed.", number, f"End it with {match['mark']}.")
        return Fence(match["kind"], "\n".join(body), options, number)

    def _equation(self, plain: str, number: int) -> Equation:
        inner = plain[2:]
        while "$$" not in inner:
            if self._at >= self._end:
                self._error("This formula is never closed.", number, "End it with $$.")
                break
            inner += "\n" + self._lines[self._at]
            self._at += 1
        source, _, rest = inner.partition("$$")
        if rest.strip():
            self._warn("Text after a formula is not shown.", self._at, "Move it to its own line.")
        rows = tuple(split_rows(source))
        if not rows:
            self._error("The formula is empty.", number, "Write one between $$ and $$.")
        return Equation(rows, number)

    def _narration(self, plain: str, number: int) -> Narration:
        words = [plain[1:].strip()]
        while self._at < self._end and self._lines[self._at].strip().startswith(">"):
            text = self._lines[self._at].strip()[1:].strip()
            if not text:
                break
            words.append(text)
            self._at += 1
        return Narration(" ".join(filter(None, words)), number)

    def _bullets(self, match: re.Match[str], number: int) -> Bullets:
        first: re.Match[str] = match
        items, levels = [match["text"].strip()], [0]
        base = len(match["indent"].expandtabs(4))
        while self._at < self._end:
            line = self._lines[self._at]
            if match_ := _BULLET.match(line):
                depth = (len(match_["indent"].expandtabs(4)) - base + 1) // 2
                if depth > 2 or (depth == 2 and levels[-1] == 1):
                    self._warn(
                        "Points are at most two levels deep.", self._at + 1, "Indent it less."
                    )
                items.append(match_["text"].strip())
                levels.append(min(max(depth, 0), 1))
            elif line.strip() and line.startswith((" ", "\t")):
                items[-1] += " " + line.strip()
            else:
                break
            self._at += 1
        return Bullets(tuple(items), tuple(levels), first["number"] is not None, number)

    def _paragraph(self, plain: str, number: int) -> Paragraph:
        words = [plain.lstrip("#").strip() if plain.startswith("#") else plain]
        while self._at < self._end and self._continues(self._lines[self._at]):
            words.append(self._lines[self._at].strip())
            self._at += 1
        return Paragraph(" ".join(words), number)

    def _continues(self, line: str) -> bool:
        plain = line.strip()
        special = plain.startswith((">", "$$", "#", "<!--")) or _FENCE.match(plain)
        return bool(plain) and not (special or _IMAGE.match(plain) or _BULLET.match(line))

    def _error(self, message: str, line: int, remedy: str) -> None:
        self.problems.append(Problem(message, line, remedy))

    def _warn(self, message: str, line: int, remedy: str) -> None:
        self.problems.append(Problem(message, line, remedy, Severity.WARNING))


def without_text(storyboard: Storyboard) -> Storyboard:
    """Return the storyboard as if it had not been read from a text: for comparing values."""
    scenes = tuple(replace(scene, source="", line=0) for scene in storyboard.scenes)
    return replace(storyboard, scenes=scenes, preamble="")
