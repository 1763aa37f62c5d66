"""A storyboard: what each scene of a video says and shows, as values.

The Markdown grammar and (later) the planner both produce these; one compiler turns them into
Manim code. Blocks are plain data in the order they appear; layout is decided by the compiler.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.picture import Aspect


class Theme(StrEnum):
    """Colour world of a video."""

    DARK = "dark"
    LIGHT = "light"


class MathEngine(StrEnum):
    """What sets formulas; AUTO uses LaTeX when it is installed, else Typst."""

    AUTO = "auto"
    TYPST = "typst"
    LATEX = "latex"


@dataclass(frozen=True, slots=True)
class Narration:
    """One sentence or paragraph spoken over what follows; shown as a caption."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A short plain text on screen."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    """Points that appear one after the other; nesting is one level deep."""

    items: tuple[str, ...]
    levels: tuple[int, ...] = ()
    """0 or 1 for each item; empty means all 0."""
    ordered: bool = False
    line: int = 0
    lines: tuple[int, ...] = ()
    """The line of each item; empty means that they are not known."""


@dataclass(frozen=True, slots=True)
class Equation:
    """One formula, or a derivation when it has several rows (aligned at ``&``)."""

    rows: tuple[str, ...]
    """LaTeX-style source of each row."""
    line: int = 0
    lines: tuple[int, ...] = ()
    """The line of each row; empty means that they are not known."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture file, relative to the storyboard or among the video's assets."""

    path: str
    caption: str = ""
    options: dict[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its kind (python, plot, chart, manim, ...), options and body."""

    kind: str
    body: str
    options: dict[str, str] = field(default_factory=dict)
    line: int = 0
    """Line of the opening fence; the body begins one line below."""


Block = Narration | Paragraph | Bullets | Equation | Image | Fence


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """One ``## scene``: its title, options and blocks."""

    title: str
    blocks: tuple[Block, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    """Heading attributes: layout, duration (seconds), transition, id, ..."""
    line: int = 0
    """1-based line of the heading."""
    source: str = ""
    """The scene's exact text, heading included; empty for scenes that were not parsed."""


@dataclass(frozen=True, slots=True)
class Storyboard:
    """A whole video: front matter and scenes."""

    title: str
    scenes: tuple[SceneSpec, ...]
    theme: Theme = Theme.DARK
    aspect: Aspect = Aspect.WIDE
    maths: MathEngine = MathEngine.AUTO
    accent: str = ""
    """Accent colour as ``#rrggbb``; empty for the theme's own."""
    captions: bool = True
    """Whether narration is drawn into the picture (it is always in the caption file)."""
    description: str = ""
    tags: tuple[str, ...] = ()
    preamble: str = ""
    """The exact text before the first scene: front matter and introduction."""
