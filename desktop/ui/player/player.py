"""The player: picture, bar and buttons as one widget, for any page."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QWidget
from typing_extensions import override

from desktop.domain.library import SceneTake, Version, VersionFiles
from desktop.ui import tasks
from desktop.ui.actions import Action
from desktop.ui.player.fullscreen import FullScreen
from desktop.ui.player.hover import HoverPreview
from desktop.ui.player.marks import FilmMap, Marks
from desktop.ui.player.player_actions import player_actions
from desktop.ui.player.scrubber import Scrubber
from desktop.ui.player.shuttle import Shuttle
from desktop.ui.player.sprites import read_sprites_of
from desktop.ui.player.stage import Message
from desktop.ui.player.transport import Transport
from desktop.ui.player.viewer import EMPTY, Viewer
from desktop.ui.widgets.boxes import column

MISSING = Message(
    "The video file of this version is missing",
    "Render the video again to make a new version.",
    "warning-circle",
)


class Player(QWidget):
    """Plays one version of a video, or any video file.

    A page registers ``actions()`` with the shell and awaits ``finish()`` when it closes.
    """

    scene_changed = Signal(str)
    """Another scene is on screen: its id."""
    frame_changed = Signal(int)
    """Another frame is on screen, 0-based."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = FilmMap()
        self._marks = Marks()
        self._loop = False
        self._scene_id = ""
        self._shuttle = Shuttle()
        self._resume = False
        self._full: FullScreen | None = None
        self.viewer = Viewer()
        self.scrubber = Scrubber()
        self.transport = Transport()
        self._body = self._make_body()
        self.preview = HoverPreview(self._body)
        self._layout = column(self._body, spacing=0)
        self.setLayout(self._layout)
        self._connect()

    def _make_body(self) -> QFrame:
        body = QFrame()
        body.setProperty("surface", "panel")
        body.setLayout(column(self.viewer, self.scrubber, self.transport, spacing=0))
        return body

    def _connect(self) -> None:
        viewer, bar, buttons = self.viewer, self.scrubber, self.transport
        viewer.loaded.connect(self._loaded)
        viewer.failed.connect(lambda *_: self._show_film(FilmMap()))
        viewer.frame_changed.connect(self._show_frame)
        viewer.playing_changed.connect(lambda playing: buttons.show_playing(playing=playing))
        bar.seek_wanted.connect(self.seek)
        bar.step_wanted.connect(self.step)
        bar.scrubbing_changed.connect(self._scrubbing)
        bar.hovered.connect(self._hovered)
        bar.left.connect(self.preview.hide)
        buttons.play_wanted.connect(self.toggle)
        buttons.step_wanted.connect(self.step)
        buttons.scene_wanted.connect(self.seek_neighbour)
        buttons.seek_wanted.connect(self.seek)
        buttons.speed_wanted.connect(self._choose_speed)
        buttons.loop_wanted.connect(self._set_loop)
        buttons.unmark_wanted.connect(self.clear_marks)
        buttons.fullscreen_wanted.connect(self.toggle_fullscreen)

    # Files

    def load(self, files: VersionFiles, version: Version, *, frame: int = 0) -> None:
        """Open a version and show ``frame``; its scenes become blocks of the bar."""
        if not files.video:
            self.clear(MISSING)
            return
        self._open(files, version.scenes)
        cover = "" if frame else files.poster
        self.viewer.load(files.video, version.rate, frame=frame, cover=cover)
        tasks.start(self, self._fetch_sprites(files), "read thumbnails")

    def load_file(self, path: str) -> None:
        """Open any video file; it has neither scenes nor thumbnails."""
        self._open(VersionFiles(path), ())
        self.viewer.load(path)

    def _open(self, files: VersionFiles, scenes: tuple[SceneTake, ...]) -> None:
        self._files, self._scenes = files, scenes
        self._marks, self._scene_id = Marks(), ""
        self.preview.show_sprites(None)
        self._speed(self._shuttle.rest())

    async def _fetch_sprites(self, files: VersionFiles) -> None:
        sprites = await read_sprites_of(files)
        if files == self._files:
            self.preview.show_sprites(sprites)

    def clear(self, message: Message | str = EMPTY) -> None:
        """Close the video and say in its place what is going on, and what to do."""
        self._open(VersionFiles(""), ())
        self.viewer.clear(message if isinstance(message, Message) else Message(message))
        self._show_film(FilmMap())

    def close_media(self) -> None:
        """Let go of the file, as before it is replaced or deleted."""
        self.viewer.close_media()

    async def finish(self) -> None:
        """Let go of the file and of everything that runs; for the end of a page."""
        self._leave_fullscreen()
        await self.viewer.finish()

    @override
    def actions(self) -> Sequence[Action]:  # type: ignore[override]  # the registry's, not Qt's
        """Return what can be done from the keyboard, for ``Shell.register_actions``."""
        return player_actions(self)

    # Where it is

    @property
    def frame(self) -> int:
        """The frame on screen, 0-based."""
        return self.viewer.frame

    @property
    def scene_id(self) -> str:
        """The scene on screen; empty when the video has none."""
        return self._scene_id

    def seek(self, frame: int) -> None:
        """Go to a frame; while playing, go on from there."""
        self.viewer.show_frame(frame)

    def seek_end(self) -> None:
        """Go to the last frame."""
        self.seek(self._film.frame_count - 1)

    def seek_scene(self, scene_id: str) -> None:
        """Go to where a scene begins; a scene this version does not have changes nothing."""
        scene = next((one for one in self._scenes if one.scene_id == scene_id), None)
        if scene is not None:
            self.seek(scene.first_frame)

    def seek_neighbour(self, direction: int) -> None:
        """Go to where the next (1) or previous (-1) scene begins."""
        here = self.viewer.target
        if direction < 0:
            self.seek(self._film.previous_start(here))
        elif (start := self._film.next_start(here)) is not None:
            self.seek(start)

    def go_to_time(self) -> None:
        """Open the field for typing a time."""
        if self._film.frame_count:
            self.transport.time.edit()

    def step(self, frames: int) -> None:
        """Pause and go some frames forward, or backward when negative."""
        self.viewer.step(frames)

    # How it runs

    def toggle(self) -> None:
        """Play at the chosen speed, or pause."""
        if self.viewer.playing:
            self.viewer.pause()
        elif self._film.frame_count:
            self._speed(self._shuttle.rest())
            self.viewer.play()

    def shuttle(self, direction: int) -> None:
        """Play forward (1) or backward (-1), faster with each press."""
        if self._film.frame_count:
            self._speed(self._shuttle.press(direction, playing=self.viewer.playing))
            self.viewer.play()

    def _choose_speed(self, speed: float) -> None:
        self._speed(self._shuttle.choose(speed))

    def _speed(self, speed: float) -> None:
        self.viewer.set_speed(speed)
        self.transport.show_speed(speed)

    def toggle_loop(self) -> None:
        """Begin again at the end, or stop there."""
        self._set_loop(not self._loop)

    def _set_loop(self, loop: bool) -> None:
        self._loop = loop
        self.transport.show_loop(loop=loop)
        self._tell_range()

    def mark_in(self) -> None:
        """Begin the marked part with the frame on screen."""
        self._mark(self._marks.with_first(self.viewer.frame))

    def mark_out(self) -> None:
        """End the marked part with the frame on screen."""
        self._mark(self._marks.with_last(self.viewer.frame))

    def clear_marks(self) -> None:
        """Play everything again."""
        self._mark(Marks())

    def _mark(self, marks: Marks) -> None:
        self._marks = marks if self._film.frame_count else Marks()
        self.scrubber.show_marks(self._marks)
        self.transport.show_marks(self._marks)
        self._tell_range()

    def _tell_range(self) -> None:
        self.viewer.set_range(self._marks.part(self._film.frame_count), loop=self._loop)

    # What it shows

    def _loaded(self) -> None:
        self._show_film(FilmMap(self.viewer.frame_count, self.viewer.rate, self._scenes))

    def _show_film(self, film: FilmMap) -> None:
        self._film = film
        self.scrubber.show_film(film)
        self.transport.show_film(film)
        self.preview.hide()
        self._mark(Marks())

    def _show_frame(self, frame: int) -> None:
        self.scrubber.show_frame(frame)
        self.transport.show_frame(frame)
        self.frame_changed.emit(frame)
        scene = self._film.scene_at(frame)
        if scene is not None and scene.scene_id != self._scene_id:
            self._scene_id = scene.scene_id
            self.scene_changed.emit(scene.scene_id)

    def _scrubbing(self, held: bool) -> None:
        """The film stands while the pointer holds the playhead, and runs on afterwards."""
        if held:
            self._resume = self.viewer.playing
            self.viewer.pause()
        elif self._resume:
            self.viewer.play()

    def _hovered(self, frame: int, x: int) -> None:
        self.preview.show_frame(frame, self._film)
        self.preview.place(x, self.scrubber.y())

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """A film nobody sees stands still."""
        super().hideEvent(event)
        if self._full is None:
            self.viewer.pause()

    # The whole screen

    def toggle_fullscreen(self) -> None:
        """Show picture, bar and buttons on the whole screen, or here again."""
        if self._full is not None:
            self._leave_fullscreen()
            return
        full = self._full = FullScreen(self._body, self.actions(), self)
        full.left.connect(self._leave_fullscreen)
        self.transport.show_fullscreen(full=True)
        full.showFullScreen()

    def _leave_fullscreen(self) -> None:
        if self._full is None:
            return
        full, self._full = self._full, None
        self._layout.addWidget(self._body)
        self._body.show()
        self.setFocus()
        self.transport.show_fullscreen(full=False)
        full.hide()
        full.deleteLater()
