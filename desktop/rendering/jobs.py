"""What the render processes are given and what they give back: plain values."""

import re
from dataclasses import dataclass

from desktop.domain.errors import Problem
from desktop.domain.picture import RenderProfile

LATEX = re.compile(r"""Tex(?!t)|maths=["']latex["']""")
"""What names LaTeX in the code of a scene: classes of Manim's, of which Text is none, and the kit's
choice."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a scene reads."""

    name: str
    """Path relative to the job folder, with forward slashes."""
    path: str
    """Where it is now, absolute."""
    sha256: str


@dataclass(frozen=True, slots=True)
class SceneJob:
    """One scene to draw."""

    key: str
    """Render key: names the result in the store."""
    title: str
    class_name: str
    code: str
    """Complete module that defines ``class_name``."""
    profile: RenderProfile
    assets: tuple[Asset, ...] = ()

    @property
    def uses_latex(self) -> bool:
        """Whether it names LaTeX; scenes that do not are set with Typst and start no program."""
        return LATEX.search(self.code) is not None


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption, in seconds from the start of its scene."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Probe:
    """What running a scene without drawing it shows."""

    frames: int
    """Expected number of frames; the render may differ by a few."""
    seconds: float
    plays: int
    """Number of ``play`` and ``wait`` calls."""
    findings: tuple[Problem, ...]
    """Layout findings, with lines of the code where known."""


@dataclass(frozen=True, slots=True)
class Take:
    """A finished scene in the store."""

    key: str
    folder: str
    video: str
    """Absolute path of the picture file."""
    poster: str
    """Absolute path of a JPEG of a representative frame."""
    frames: int
    width: int
    height: int
    fps: int
    cues: tuple[Cue, ...] = ()
    findings: tuple[Problem, ...] = ()
    has_audio: bool = False
    isolation: str = ""
    """Name of the isolation it was rendered in."""
