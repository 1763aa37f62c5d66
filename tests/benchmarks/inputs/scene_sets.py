"""Scenes written down in Markdown: a heading, what must be found, and the body of ``construct``."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SCENE = re.compile(
    r"^## (?P<title>[^\n]+?)(?: \{(?P<base>\w+)\})?\n"
    r"(?P<notes>(?:- [^\n]+\n)*)"
    r"```python\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)

SAYINGS = {
    "overlap": ("overlap",),
    "off": ("leaves the frame", "is never seen"),
    "covered": ("is partly covered",),
    "fit": ("does not fit into",),
    "crossed": ("runs through",),
}
"""What a finding of each kind says."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted fault, as a finding must name it."""

    kinds: tuple[str, ...]
    words: tuple[str, ...]

    def named_by(self, finding: str) -> bool:
        """Tell whether a finding is about this fault: its kind, and every word."""
        text = finding.casefold()
        said = any(words in text for kind in self.kinds for words in SAYINGS[kind])
        return said and all(word.casefold() in text for word in self.words)


@dataclass(frozen=True, slots=True)
class WrittenScene:
    """One scene of a set."""

    title: str
    code: str
    tall: bool
    fault: Fault | None = field(default=None)


def read_scenes(path: Path) -> Iterator[WrittenScene]:
    """Yield the scenes of a set; raises ValueError when a heading is not followed by a scene."""
    text = path.read_text("utf-8")
    found = list(SCENE.finditer(text))
    if len(found) != text.count("\n## "):
        raise ValueError(f"{path.name}: a heading is not followed by a scene")
    for match in found:
        base = match["base"] or "Scene"
        tall = base == "tall"
        body = textwrap.indent(match["body"], "        ")
        head = f"class Shown({'Scene' if tall else base}):\n    def construct(self):\n"
        notes = match["notes"].removeprefix("- ").strip()
        code = f"from manim import *\n\n\n{head}{body}"
        yield WrittenScene(match["title"], code, tall, _fault(notes) if notes else None)


def _fault(note: str) -> Fault:
    kinds, _, words = note.partition(": ")
    return Fault(tuple(kinds.split(", ")), tuple(words.split(", ")))
