"""Stand-ins for what is slow: drawing with Manim, and a process that reads texts."""

import asyncio
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import StudioError
from desktop.domain.events import EventBus
from desktop.rendering.jobs import SceneJob, Take
from desktop.rendering.renderer import RendererOptions
from desktop.rendering.store import POSTER, VIDEO, RenderStore
from desktop.services.reading import Answer, Reading, ReadingTask, read
from desktop.services.undo import Undo
from desktop.ui.actions import Action, ActionRegistry
from desktop.ui.bridge import EventBridge
from desktop.ui.theme import Theme
from tests.playback.films import Film, write

FRAMES = 12


class FilmRenderer:
    """Films numbered frames for every scene; scenes wait at gates and fail where told to."""

    def __init__(self, store: RenderStore, scratch: Path) -> None:
        self.store = store
        self.isolation = SimpleNamespace(name="Limited process", note="", prepare=lambda: None)
        self.drawn: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.failures: dict[str, StudioError] = {}
        self.options = RendererOptions(workers=1)
        self._scratch = scratch

    async def render(self, job: SceneJob, on_progress: Callable[[int, int], None]) -> Take:
        take = self.store.get(job.key)
        if take is not None:
            return take
        on_progress(0, FRAMES)
        on_progress(FRAMES // 2, FRAMES)
        if job.title in self.gates:
            await self.gates[job.title].wait()
        if job.title in self.failures:
            raise self.failures[job.title]
        self.drawn.append(job.title)
        return self._film(job)

    def _film(self, job: SceneJob) -> Take:
        folder = self._scratch / job.key
        folder.mkdir(parents=True)
        size = job.profile
        write(folder / VIDEO, Film(FRAMES, Fraction(size.fps), size.width, size.height))
        poster = QImage(size.width, size.height, QImage.Format.Format_RGB32)
        poster.fill(QColor("#1d3557"))
        poster.save(str(folder / POSTER))
        take = Take(
            job.key, "", "", "", FRAMES, size.width, size.height, size.fps,
            isolation=self.isolation.name,
        )  # fmt: skip
        return self.store.adopt(folder, take)

    def use(self, options: RendererOptions) -> None:
        self.options = options

    async def close(self) -> None:
        pass


class ReaderHere:
    """Reads texts in this process; waits at a gate when there is one."""

    gate: asyncio.Event | None = None

    async def read(self, task: ReadingTask) -> Reading:
        if self.gate is not None:
            await self.gate.wait()
        return read(task)

    async def ask(self, work: Callable[[ReadingTask], Answer], task: ReadingTask) -> Answer:
        return work(task)

    async def close(self) -> None:
        pass


class Shell(QWidget):
    """A window that remembers what its page asked for."""

    def __init__(self, bus: EventBus, theme: Theme) -> None:
        super().__init__()
        self.bridge = EventBridge(bus, self)
        self.theme = theme
        self.registry = ActionRegistry(self)
        self.undos: list[Undo] = []
        self.errors: list[Exception] = []
        self.settled: list[StudioError] = []
        self.buttons: list[str] = []
        self.acts: list[Callable[[], object] | None] = []
        self.notes: list[str] = []
        self.status: list[str] = []
        self.show_video: Callable[[str], None] = lambda video_id: None

    def show_undo(self, undo: Undo) -> None:
        self.undos.append(undo)

    def settle_error(self, error: StudioError) -> None:
        self.settled.append(error)

    def present_error(
        self, error: Exception, *, button: str = "", act: Callable[[], object] | None = None
    ) -> None:
        self.errors.append(error)
        self.buttons.append(button)
        self.acts.append(act)

    def notify(self, text: str) -> None:
        self.notes.append(text)

    def register_actions(self, owner: QWidget, actions: Sequence[Action]) -> dict[str, QAction]:
        return self.registry.add(owner, actions)

    def open_video(self, video_id: str) -> None:
        self.show_video(video_id)

    def set_status(self, text: str) -> None:
        self.status.append(text)
