"""Starts and follows renders of the open video: progress, failures, scenes as they appear."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from desktop.domain import events
from desktop.domain.errors import InvalidInput, NotAllowed, Problem, RenderFailed, StudioError
from desktop.domain.library import Video
from desktop.domain.picture import Quality
from desktop.services.consent import ConsentService
from desktop.services.production import ProductionService
from desktop.ui import consent, tasks
from desktop.ui.bridge import EventBridge
from desktop.ui.models.scenes import ScenesModel
from desktop.ui.pages.studio.header import Header
from desktop.ui.pages.studio.session import Session
from desktop.ui.shell import Shell


class Rendering(QObject):
    """Renders what is in the editor, which is saved before."""

    begun = Signal()
    """The open video is being rendered."""
    scene_done = Signal()
    """A scene of the open video was drawn or failed."""
    ended = Signal()
    """The render of the open video has ended, however it did."""
    film_made = Signal(str)
    """A single scene was drawn: the path of its film."""
    problem_wanted = Signal(object)
    """The person wants to see the place of this ``Problem``."""

    def __init__(
        self,
        production: ProductionService,
        consent: ConsentService,
        session: Session,
        model: ScenesModel,
        header: Header,
        shell: Shell,
    ) -> None:
        super().__init__(header)
        self._production = production
        self._consent = consent
        self._session = session
        self._model = model
        self._header = header
        self._shell = shell
        self._only = ""
        header.draft_wanted.connect(lambda: self.render(Quality.DRAFT))
        header.final_wanted.connect(lambda: self.render(Quality.FINAL))
        header.cancel_wanted.connect(self.cancel)
        self._listen(shell.bridge)

    def _listen(self, bridge: EventBridge) -> None:
        bridge.render_started.connect(self._started)
        bridge.scene_progressed.connect(self._scene_progressed)
        bridge.scene_finished.connect(self._scene_ended)
        bridge.scene_failed.connect(self._scene_ended)
        bridge.render_progressed.connect(self._progressed)
        bridge.render_ended.connect(self._ended)

    @property
    def running(self) -> bool:
        """Whether the open video is being rendered."""
        return self._production.running(self._session.video_id)

    def show_state(self) -> None:
        """Show whether the video that was just opened is being rendered."""
        self._header.show_rendering(rendering=self.running)

    # What the person asks for

    def render(self, quality: Quality) -> None:
        """Make a new version of the text as it is now."""
        video = self._renderable()
        if video is not None:
            self._only = ""
            self._start(self._render(video, quality), "render", video)

    def _renderable(self) -> Video | None:
        """Return the open video if it has a text and is not being rendered."""
        return None if self.running or not self._session.writable else self._session.video

    async def _render(self, video: Video, quality: Quality) -> None:
        if not await self._session.save():
            return
        if not await self._allowed(video, partial(self.render, quality)):
            return
        version = await self._production.render(video.id, quality)
        if version.number <= video.latest_version:
            self._shell.notify(f"Nothing changed since version {version.number}")

    def render_scene(self, scene_id: str) -> None:
        """Draw one scene as a draft and show it; makes no version."""
        video = self._renderable()
        if video is not None and scene_id:
            self._only = scene_id
            self._start(self._render_scene(video, scene_id), "render a scene", video)

    async def _render_scene(self, video: Video, scene_id: str) -> None:
        if not await self._session.save():
            return
        if not await self._allowed(video, partial(self.render_scene, scene_id)):
            return
        path = await self._production.render_scene(video.id, scene_id, Quality.DRAFT)
        if video.id == self._session.video_id:
            self.film_made.emit(str(path))

    async def _allowed(self, video: Video, again: Callable[[], object]) -> bool:
        """Ask about code that has not run here before; ``again`` is what was wanted."""
        question = await self._consent.needed(video.id)
        if question is None or await consent.ask(
            self._header.window(), self._consent, question, "Allow and render"
        ):
            return True
        refusal = NotAllowed(
            f"“{video.title}” has not been rendered",
            "Its code came from elsewhere and has not been allowed to run.",
        )
        act = partial(self._look_again, video.id, again)
        self._shell.present_error(refusal, button="Look at the code…", act=act)
        return False

    def _look_again(self, video_id: str, again: Callable[[], object]) -> None:
        """Do what was wanted once more, which asks; in another video by now, open it first."""
        if video_id == self._session.video_id:
            again()
        else:
            self._shell.open_video(video_id)

    def cancel(self) -> None:
        """Stop the render; scenes that are complete are kept."""
        self._production.cancel(self._session.video_id)

    def _start(self, work: Coroutine[Any, Any, None], name: str, video: Video) -> None:
        self._header.show_rendering(rendering=True)
        failed = partial(self._failed, video)
        task = tasks.start(self, work, name, on_error=failed)
        task.add_done_callback(lambda *_: self.show_state() if isValid(self) else None)

    def _failed(self, video: Video, error: Exception) -> None:
        """Show where the text is wrong; whoever has left the video is told which it was."""
        if video.id != self._session.video_id and isinstance(error, StudioError):
            named = StudioError(f"{video.title}: {error.title}", error.detail, error.remedy)
            act = partial(self._shell.open_video, video.id)
            self._shell.present_error(named, button="Open the video", act=act)
            return
        found = error.problems if isinstance(error, InvalidInput | RenderFailed) else ()
        placed = next((problem for problem in found if problem.line), None)
        if placed is None:
            self._shell.present_error(error)
            return
        act = partial(self._go, video.id, placed)
        self._shell.present_error(error, button=f"Go to line {placed.line}", act=act)

    def _go(self, video_id: str, problem: Problem) -> None:
        """Go to a problem; in another video, which is open by now, its line means nothing."""
        if video_id == self._session.video_id:
            self.problem_wanted.emit(problem)
        else:
            self._shell.open_video(video_id)

    # What the core tells

    def _is_open(self, event: events.VideoEvent) -> bool:
        return event.video_id == self._session.video_id

    def _started(self, event: events.RenderStarted) -> None:
        if self._is_open(event):
            self._header.show_rendering(rendering=True)
            self._model.begin_render(self._only)
            self.begun.emit()

    def _scene_progressed(self, event: events.SceneProgressed) -> None:
        if self._is_open(event):
            self._model.show_progress(event.scene_id, event.frame, event.total)

    def _scene_ended(self, event: events.SceneFinished | events.SceneFailed) -> None:
        if self._is_open(event):
            self._model.end_scene(event.scene_id)
            self.scene_done.emit()

    def _progressed(self, event: events.RenderProgressed) -> None:
        if self._is_open(event):
            self._header.progress.show_progress(
                event.frames_done, event.frames_total, event.seconds_left
            )

    def _ended(self, event: events.RenderEnded) -> None:
        if self._is_open(event):
            self._only = ""
            self._model.end_render()
            self._header.show_rendering(rendering=False)
            self.ended.emit()
