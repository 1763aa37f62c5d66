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
from desktop.rendering.storyboard.points import Points
from desktop.rendering.storyboard.survey import FENCE, SCENE, Survey, Text, lines_of, survey
from desktop.rendering.storyboard.tokens import split_rows

_BULLET = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*+]|\d{1,9}[.)])(?:\s+(?P<text>.*))?$")
_IMAGE = re.compile(
    r"^!\[(?P<caption>.*?)\]\((?P<path>.*)\)\s*(?P<options>\{(?:\"[^\"]*\"|[^{}\"])*\})?$"
)
_RULE = re.compile(r"^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_HEADING = re.compile(r"^#{1,6}(?:\s+(?P<text>.*))?$")
_OPTIONS_REMEDY = "Write options as name=value."
_OWN_LINE = "Move it to its own line."


@dataclass(frozen=True, slots=True)
class Parsed:
    """A storyboard and what is wrong with it."""

    storyboard: Storyboard
    problems: tuple[Problem, ...]


def parse(text: str) -> Parsed:
    """Read a whole storyboard; any text gives a result."""
    source = lines_of(text)
    head = read_front_matter(source.lines)
    outline = survey(source.lines, head.end)
    problems = [*head.problems, *outline.problems]
    scenes = []
    for start, end in pairwise([*outline.scenes, len(source.lines)]):
        reader = _SceneReader(source, outline, start, end)
        scenes.append(reader.read())
        problems += reader.problems
    first = outline.scenes[0] if scenes else len(source.lines)
    title = head.values.get("title") or _title(source.lines[head.end : first])
    preamble = source.between(0, first)
    problems.sort(key=lambda problem: problem.line or 0)
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


def _title(lines: Sequence[str]) -> str:
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


class _SceneReader:
    """Reads the lines of one scene; ``problems`` fill up meanwhile."""

    def __init__(self, text: Text, outline: Survey, start: int, end: int) -> None:
        self._text = text
        self._lines = text.lines
        self._outline = outline
        self._start = start
        self._end = end
        self._at = start + 1
        self.problems: list[Problem] = []

    def read(self) -> SceneSpec:
        title, options = self._heading()
        blocks: list[Block] = []
        while self._at < self._end:
            block = self._block()
            if block is not None:
                blocks.append(block)
        source = self._text.between(self._start, self._end)
        return SceneSpec(title, tuple(blocks), options, self._start + 1, source)

    def _heading(self) -> tuple[str, dict[str, str]]:
        match = SCENE.match(self._lines[self._start])
        heading = re.sub(r"(^|\s+)#+\s*$", "", (match and match["title"]) or "")
        title, options, left = split_attributes(heading)
        if not title:
            self._warn("This scene has no title.", self._start + 1, "Write it after ##.")
        if left:
            self._warn(f"“{left}” is not understood.", self._start + 1, _OPTIONS_REMEDY)
        return title, options

    def _block(self) -> Block | None:
        line, number = self._lines[self._at], self._at + 1
        plain = line.strip()
        if self._at in self._outline.blocks:
            return self._fence(plain, number)
        if self._at in self._outline.comments:
            self._comment()
            return None
        self._at += 1
        if not plain or _RULE.match(line):
            return None
        if bullet := _BULLET.match(line):
            return self._bullets(bullet, number)
        return self._marked(plain, number)

    def _marked(self, plain: str, number: int) -> Block | None:
        """Read a block that its first characters tell, or a paragraph."""
        if plain.startswith("$$"):
            return self._equation(plain, number)
        if plain.startswith(">"):
            return self._narration(plain, number)
        image = _IMAGE.match(plain)
        return self._image(image, number) if image else self._paragraph(plain, number)

    def _fence(self, plain: str, number: int) -> Fence:
        match = FENCE.match(plain)
        assert match is not None
        options, left = read_options(match["options"].strip(" {}"))
        if left:
            self._warn(f"“{left}” is not understood.", number, _OPTIONS_REMEDY)
        end, self._at = self._outline.blocks[self._at]
        return Fence(match["kind"], "\n".join(self._lines[number:end]), options, number)

    def _comment(self) -> None:
        end = self._outline.comments[self._at]
        rest = self._lines[end].rpartition("-->")[2]
        if rest.strip() and "-->" in self._lines[end]:
            self._warn("Text after a comment is not shown.", end + 1, _OWN_LINE)
        self._at = end + 1

    def _image(self, match: re.Match[str], number: int) -> Image:
        options, left = read_options((match["options"] or "")[1:-1])
        if left:
            self._warn(f"“{left}” is not understood.", number, _OPTIONS_REMEDY)
        return Image(match["path"].strip(), match["caption"], options, number)

    def _equation(self, plain: str, number: int) -> Equation:
        inner = plain[2:]
        while "$$" not in inner:
            if self._at >= self._end or self._at in self._outline.blocks:
                self._error("This formula is never closed.", number, "End it with $$.")
                break
            inner += "\n" + self._lines[self._at]
            self._at += 1
        source, closed, rest = inner.partition("$$")
        if rest.strip():
            self._warn("Text after a formula is not shown.", self._at, _OWN_LINE)
        rows = list(split_rows(source))
        if closed and not rows:
            self._error("The formula is empty.", number, "Write one between $$ and $$.")
        lines = tuple(number + offset for _, offset in rows)
        return Equation(tuple(row for row, _ in rows), number, lines)

    def _narration(self, plain: str, number: int) -> Narration | None:
        words = plain[1:].strip()
        if not words:
            return None
        while self._at < self._end and self._lines[self._at].strip().startswith(">"):
            text = self._lines[self._at].strip()[1:].strip()
            if not text:
                break
            words += f" {text}"
            self._at += 1
        return Narration(words, number)

    def _bullets(self, first: re.Match[str], number: int) -> Bullets | None:
        points = Points(first)
        self._at = number - 1
        while self._at < self._end:
            line = self._lines[self._at]
            match = None if _RULE.match(line) else _BULLET.match(line)
            if match and not points.belongs(match):
                break
            if match:
                self._point(points, match)
            elif line.startswith((" ", "\t")) and self._continues(line):
                points.extend(line.strip())
            elif line.strip() or not self._list_goes_on(points):
                break
            else:
                continue
            self._at += 1
        return points.block(number)

    def _point(self, points: Points, match: re.Match[str]) -> None:
        number = self._at + 1
        if not (match["text"] or "").strip():
            self._warn("This point is empty.", number, "Write something after its mark.")
        elif not points.add(match, number):
            self._warn("Points are at most two levels deep.", number, "Indent it less.")

    def _list_goes_on(self, points: Points) -> bool:
        """Skip empty lines; tell whether another point of the list follows them."""
        while self._at < self._end and not self._lines[self._at].strip():
            self._at += 1
        line = self._lines[self._at] if self._at < self._end else ""
        match = None if _RULE.match(line) else _BULLET.match(line)
        return match is not None and points.belongs(match)

    def _paragraph(self, plain: str, number: int) -> Paragraph:
        heading = _HEADING.match(plain)
        words = [heading["text"] if heading else plain]
        while not heading and self._at < self._end and self._continues(self._lines[self._at]):
            words.append(self._lines[self._at].strip())
            self._at += 1
        text = " ".join(filter(None, words))
        self._question(text, number)
        return Paragraph(text, number)

    def _question(self, text: str, number: int) -> None:
        """Point out what is shown as plain text and hardly meant so."""
        if re.match(r"##\w", text):
            self._warn("This is shown as text.", number, "Write a space after ## to begin a scene.")
        elif text.startswith("|"):
            self._warn("This is shown as text.", number, "Put tables between ```table and ```.")
        elif "$$" in text:
            self._warn("This formula is shown as text.", number, _OWN_LINE)

    def _continues(self, line: str) -> bool:
        plain = line.strip()
        if not plain or plain.startswith((">", "$$", "<!--")) or _HEADING.match(plain):
            return False
        others = (FENCE.match(plain), _IMAGE.match(plain), _BULLET.match(line), _RULE.match(line))
        return not any(others)

    def _error(self, message: str, line: int, remedy: str) -> None:
        self.problems.append(Problem(message, line, remedy))

    def _warn(self, message: str, line: int, remedy: str) -> None:
        self.problems.append(Problem(message, line, remedy, Severity.WARNING))


def without_text(storyboard: Storyboard) -> Storyboard:
    """Return the storyboard as if it had not been read from a text: for comparing values."""
    scenes = tuple(
        replace(scene, source="", line=0, blocks=tuple(map(_placeless, scene.blocks)))
        for scene in storyboard.scenes
    )
    return replace(storyboard, scenes=scenes, preamble="")


def _placeless(block: Block) -> Block:
    match block:
        case Bullets(levels=levels):
            return replace(block, line=0, lines=(), levels=levels if any(levels) else ())
        case Equation():
            return replace(block, line=0, lines=())
        case _:
            return replace(block, line=0)
