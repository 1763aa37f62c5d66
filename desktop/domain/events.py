"""What the core tells the rest: frozen events and the bus that carries them.

Events say what happened and carry ids and numbers; whoever needs more asks a service. The bus is
synchronous and typed by class; publishers call it from the event loop's thread.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from desktop.domain.errors import Problem
from desktop.domain.picture import Quality
from desktop.domain.transfers import Totals, Transfer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Base of everything that travels on the bus."""


@dataclass(frozen=True, slots=True)
class LibraryChanged(Event):
    """Projects or videos were added, renamed, moved, trashed or restored."""

    video_ids: tuple[str, ...] = ()
    """The videos concerned; empty when a list must be read again as a whole."""


@dataclass(frozen=True, slots=True)
class VideoEvent(Event):
    """Base of what concerns one video."""

    video_id: str


@dataclass(frozen=True, slots=True)
class SourceSaved(VideoEvent):
    """The working text of a video was written to disk."""

    revision: int


@dataclass(frozen=True, slots=True)
class RenderStarted(VideoEvent):
    """A video's scenes began to render."""

    quality: Quality
    scenes: int
    """How many scenes really render; the others are reused."""
    reused: int


@dataclass(frozen=True, slots=True)
class SceneProgressed(VideoEvent):
    """A scene has drawn some of its frames."""

    scene_id: str
    frame: int
    total: int
    """0 while the probe has not finished."""


@dataclass(frozen=True, slots=True)
class SceneFinished(VideoEvent):
    """A scene's picture file is in the render store."""

    scene_id: str
    render_key: str
    reused: bool
    findings: tuple[Problem, ...] = ()
    """Layout findings: overlaps, objects outside the frame."""


@dataclass(frozen=True, slots=True)
class SceneFailed(VideoEvent):
    """A scene could not be rendered."""

    scene_id: str
    title: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RenderProgressed(VideoEvent):
    """Overall progress of a video's render."""

    frames_done: int
    frames_total: int
    seconds_left: float | None
    """None until there is something to extrapolate from."""


@dataclass(frozen=True, slots=True)
class RenderEnded(VideoEvent):
    """A render ended: with a version, cancelled, or failed."""

    version: int | None
    cancelled: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class VersionAdded(VideoEvent):
    """A new immutable version exists."""

    number: int


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    """Settings were saved."""


@dataclass(frozen=True, slots=True)
class TransfersChanged(Event):
    """Transfers were added or removed, or their order changed: the list is to be read again."""


@dataclass(frozen=True, slots=True)
class TransferChanged(Event):
    """A transfer came into another state, or a person changed something about it."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransfersProgressed(Event):
    """Bytes moved; ten times a second at most, with only the rows that moved."""

    transfers: tuple[Transfer, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class TransferBatchEnded(Event):
    """Everything that was added together has ended."""

    batch: str
    done: int
    failed: int
    size: int
    """Bytes of what was done."""


@dataclass(frozen=True, slots=True)
class TransferEngineChanged(Event):
    """The process that moves the bytes came up, or was lost and is started again."""

    running: bool
    message: str = ""
    """What a person should know; empty when all is well."""


@dataclass(frozen=True, slots=True)
class AdministratorNotice(Event):
    """Something that only whoever runs the cloud account can put right."""

    text: str
    """What happened and what they can do."""
    code: str = ""
    """The service's own name for it."""
    context: tuple[tuple[str, str], ...] = ()
    """Where it happened: bucket, object, operation."""


E_ = TypeVar("E_", bound=Event)


class EventBus:
    """Delivers each event to whoever subscribed to its class.

    A subscriber that raises is logged and does not keep the others from hearing.
    """

    def __init__(self) -> None:
        self._subscribers: dict[type[Event], list[Callable[..., None]]] = defaultdict(list)

    def subscribe(self, kind: type[E_], receive: Callable[[E_], None]) -> Callable[[], None]:
        """Call ``receive`` for every event of exactly ``kind``; the result unsubscribes."""
        subscribers = self._subscribers[kind]
        subscribers.append(receive)

        def unsubscribe() -> None:
            if receive in subscribers:
                subscribers.remove(receive)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Deliver ``event`` now, in order of subscription.

        Whoever is unsubscribed while it is delivered does not get it any more.
        """
        subscribers = self._subscribers[type(event)]
        for receive in tuple(subscribers):
            if receive not in subscribers:
                continue
            try:
                receive(event)
            except Exception:
                log.exception("A subscriber of %s failed", type(event).__name__)
