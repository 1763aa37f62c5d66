"""What services give back to windows and the command line: plain values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """The working text of a video, as it is on disk."""

    video_id: str
    kind: SourceKind
    text: str
    revision: int
    """Counts saves; give it back when saving, so that nobody overwrites anybody."""
    own: bool = False
    """Whether all of it was written here, or a person has allowed its code."""


class SceneState(StrEnum):
    """Where a scene of the working text stands against the newest version."""

    NEW = "new"
    """Never rendered."""
    CHANGED = "changed"
    """The newest version shows an older form of it."""
    FRESH = "fresh"
    """The newest version shows exactly this."""
    FAILED = "failed"
    """Its last render failed."""
    BROKEN = "broken"
    """Its text has errors; it cannot render."""


@dataclass(frozen=True, slots=True)
class OutlineScene:
    """One scene of the working text."""

    id: str
    title: str
    class_name: str
    line: int
    end_line: int
    state: SceneState
    code: str
    """The Manim module that draws it; empty when the text has errors."""
    poster: str = ""
    """Path of a picture of its newest render; empty when there is none."""
    film: str = ""
    """Path of its newest render; empty when there is none."""
    seconds: float | None = None
    """Length of its newest render."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a working text says, read while it is being written."""

    title: str
    aspect: Aspect
    scenes: tuple[OutlineScene, ...]
    problems: tuple[Problem, ...]
    """All problems, those of scenes included, in order of line."""


class ImportAction(StrEnum):
    """What an import would do with one file."""

    STORYBOARD = "storyboard"
    MANIM = "manim"
    FOOTAGE = "footage"
    ASSET = "asset"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One file and what would become of it."""

    path: Path
    action: ImportAction
    title: str
    detail: str
    """"Storyboard with 6 scenes", "1280x720, 30 fps, 0:42"."""
    problem: str = ""
    """Why it cannot be used, or what is wrong with it; empty when all is well."""
    accepted: bool = True
    """Whether it will be imported; the person may change it."""
    assets: tuple[tuple[str, Path], ...] = ()
    """Files it needs: relative name and where they are now."""
    runs_code: bool = False
    """Whether it brings code, which is asked about before it runs for the first time."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A preview of an import."""

    items: tuple[ImportItem, ...]
    project_title: str
    """Name of the project that would be made when none is chosen."""
    more: bool = False
    """Whether there are more files than were looked at."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did."""

    project_id: str
    video_ids: tuple[str, ...]
    undo_label: str
    revert: Callable[[], Awaitable[None]]
    failures: tuple[str, ...] = ()
    """One sentence for each file that could not be imported after all."""


class CheckState(StrEnum):
    """Outcome of one look at the environment."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding about the environment."""

    name: str
    state: CheckState
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What an earlier run left behind when it crashed."""

    when: str
    text: str
