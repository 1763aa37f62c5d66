"""What the library holds: projects, videos, scenes and their immutable versions."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from desktop.domain.picture import Aspect, Quality


class SourceKind(StrEnum):
    """What a video is made from."""

    STORYBOARD = "storyboard"
    MANIM = "manim"
    FOOTAGE = "footage"
    """A finished video file that was imported; nothing renders."""

    @property
    def suffix(self) -> str:
        """File name suffix of the source text."""
        return {"storyboard": ".md", "manim": ".py"}.get(self.value, "")


class VideoStatus(StrEnum):
    """How far a video has come."""

    CREATED = "created"
    CODE_READY = "code_ready"
    RENDERING = "rendering"
    RENDERED = "rendered"
    FAILED = "failed"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    TRANSCODED = "transcoded"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of videos."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    trashed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Video:
    """One video: its working source and where its newest version stands."""

    id: str
    project_id: str
    title: str
    kind: SourceKind
    created_at: datetime
    updated_at: datetime
    description: str = ""
    tags: tuple[str, ...] = ()
    aspect: Aspect = Aspect.WIDE
    status: VideoStatus = VideoStatus.CREATED
    latest_version: int = 0
    """Number of the newest version; 0 when nothing was rendered yet."""
    scene_count: int = 0
    duration: float = 0.0
    """Seconds, of the newest version."""
    trashed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SceneTake:
    """One scene as it stands in one version."""

    scene_id: str
    title: str
    class_name: str
    render_key: str
    """Names the rendered file in the render store; see ``rendering.keys``."""
    code_sha256: str
    first_frame: int
    """Where it begins in the joined video, 0-based."""
    frames: int
    simplified: bool = False
    """The compiled fallback stands in for code that could not be repaired."""


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable result: a video file and exactly what made it."""

    id: str
    video_id: str
    number: int
    created_at: datetime
    quality: Quality
    width: int
    height: int
    rate: Fraction
    frames: int
    size: int
    """Bytes of the joined video."""
    sha256: str
    """Of the joined video file."""
    note: str = ""
    """What made it, in a few words: "Edited scene 3"."""
    scenes: tuple[SceneTake, ...] = ()
    isolation: str = ""
    """Name of the isolation tier the scenes were rendered in."""
    restored_from: int | None = None
    allowed_code: bool = False
    """Whether code from elsewhere, which a person allowed, was run for it."""

    @property
    def seconds(self) -> float:
        """Length of the video in seconds."""
        return float(self.frames / self.rate)


@dataclass(frozen=True, slots=True)
class VersionFiles:
    """Absolute paths of one version's files, as text; a file that does not exist is ''."""

    video: str
    poster: str = ""
    sprite: str = ""
    sprite_index: str = ""
    captions: str = ""
    source: str = ""
    module: str = ""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What the library page asks for; every field narrows the result."""

    text: str = ""
    project_id: str | None = None
    status: VideoStatus | None = None
    kind: SourceKind | None = None
    tag: str | None = None
    aspect: Aspect | None = None
    trashed: bool = False
    order: str = "updated"
    """``updated``, ``created``, ``title``, ``duration`` or ``relevance``."""
    limit: int = 200
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of videos and how many there are in all."""

    videos: tuple[Video, ...]
    total: int
    snippets: dict[str, str] = field(default_factory=dict)
    """Per video id: where the words were found, with «» around them."""
