"""The studio page: one video to write, render, watch and take back to any of its versions."""

from collections.abc import Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QCursor, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget
from typing_extensions import override

from desktop.domain import events
from desktop.domain.errors import NotFound
from desktop.domain.library import SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.services.undo import Undo
from desktop.services.values import SourceDocument
from desktop.ui import tasks
from desktop.ui.pages.library.acts import LibraryActs
from desktop.ui.pages.library.exports import ExportActs
from desktop.ui.pages.studio import menus
from desktop.ui.pages.studio.layout import CHANGES, Parts, stacked
from desktop.ui.pages.studio.rendering import Rendering
from desktop.ui.pages.studio.session import Session
from desktop.ui.pages.studio.watching import Watching
from desktop.ui.pages.studio.writing import Writing, ask_which
from desktop.ui.shell import Shell
from desktop.ui.starting import StartFlow
from desktop.ui.widgets.boxes import column
from desktop.ui.widgets.empty_state import EmptyState

SETTLE_MS = 150
"""Scenes that are drawn within this time are shown together."""


ARRANGING = {"studio.add_scene", "studio.scene_up", "studio.scene_down"}
"""Actions for storyboards only."""


class StudioPage(QWidget):
    """Shows one video; empty until ``open_video``."""

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("page")
        self._services = services
        self._shell = shell
        self.parts = parts = Parts()
        self.session = Session(services.library, services.authoring, parts.area.editor.text, self)
        self.writing = Writing(self.session, parts.area, parts.scenes_model, parts.scenes)
        self.watching = Watching(
            services.versions, parts.versions_model, parts.player, parts.stack,
            parts.changes, parts.info,
        )  # fmt: skip
        self.rendering = Rendering(
            services.production, self.session, parts.scenes_model, parts.header, shell
        )
        self._exports = ExportActs(
            self, services.exporting, LibraryActs(self, services.library, shell)
        )
        self._pages = stacked(self._empty(), parts)
        self.setLayout(column(self._pages, spacing=0))
        self._drawn = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._last_drawn = ""
        self._deeds = self._make_deeds()
        self._register()
        self._connect_parts()
        self._connect_events()

    # How it is put together

    def _empty(self) -> EmptyState:
        services = self._services
        starts = StartFlow(self, services.library, services.samples, self._shell.open_video)
        return EmptyState(
            "monitor-play",
            "No video is open",
            "Begin a new one, open one from the library, or drop a storyboard or Manim file here.",
            (
                ("New video", lambda: tasks.start(self, starts.new_video(), "new video")),
                ("Open a sample", lambda: tasks.start(self, starts.open_sample(""), "sample")),
            ),
        )

    def _make_deeds(self) -> menus.Deeds:
        writing, watching, rendering = self.writing, self.watching, self.rendering
        return menus.Deeds(
            draft=partial(rendering.render, Quality.DRAFT),
            final=partial(rendering.render, Quality.FINAL),
            cancel=rendering.cancel,
            export=self._export,
            add_scene=writing.add_scene,
            move_scene=writing.move_scene,
            render_scene=rendering.render_scene,
            play_scene=self._play_scene,
            write_scene=partial(writing.go_to_scene, focus=True),
            duplicate_scene=writing.duplicate_scene,
            remove_scene=self._remove_scene,
            restore_scene=self._restore_scene,
            current_scene=lambda: self.writing.scene.id if self.writing.scene else "",
            play=self.parts.player.toggle,
            neighbour=watching.show_neighbour,
            show_version=watching.show_version,
            restore=self._restore,
            compare=self._compare,
        )

    def _register(self) -> None:
        declared = (
            *menus.actions(self._deeds),
            *self.parts.player.actions(),
            *self.parts.area.editor.actions(),
        )
        self.actions_by_id = self._shell.register_actions(self, declared)
        for action in self.actions_by_id.values():
            action.setEnabled(False)  # until a video is open

    def _connect_parts(self) -> None:
        parts, do = self.parts, self._deeds
        parts.add_scene.clicked.connect(lambda *_: do.add_scene())
        parts.header.export_wanted.connect(self._export)
        parts.scenes.chosen.connect(self._choose_scene)
        parts.scenes.opened.connect(self._play_scene)
        parts.scenes.removal_wanted.connect(self._remove_scene)
        parts.scenes.menu_wanted.connect(self._scene_menu)
        parts.stack.menu_wanted.connect(self._version_menu)
        parts.restore.clicked.connect(lambda *_: self._restore(self.watching.shown))
        parts.changes.scene_wanted.connect(partial(self.writing.go_to_scene, focus=True))
        parts.player.scene_changed.connect(parts.scenes_model.show_on_screen)
        self.watching.shown_changed.connect(lambda *_: self._show_restorable())
        self.rendering.problem_wanted.connect(self.writing.go_to_problem)
        self.rendering.film_made.connect(self.watching.show_film)
        self.rendering.begun.connect(self.watching.show_rendering)
        self.rendering.scene_done.connect(self._scene_done)
        self.rendering.ended.connect(self._render_ended)
        self._drawn.timeout.connect(
            lambda: tasks.start(self, self._show_drawn(), "show drawn scenes")
        )

    def _connect_events(self) -> None:
        self.session.opened.connect(self._opened)
        self.session.state_changed.connect(self._shell.set_status)
        self.session.clashed.connect(self._clashed)
        bridge = self._shell.bridge
        bridge.version_added.connect(self._version_added)
        bridge.source_saved.connect(self._source_saved)
        bridge.library_changed.connect(self._library_changed)

    # Opening

    def open_video(self, video_id: str) -> None:
        """Show a video instead of the one shown now."""
        if video_id != self.session.video_id:
            tasks.start(self, self.session.open(video_id), "open a video")

    def _opened(self, document: SourceDocument) -> None:
        video = self.session.video
        if video is None:
            return
        self._pages.setCurrentIndex(1)
        self.parts.add_scene.setVisible(document.kind is SourceKind.STORYBOARD)
        written = document.kind is not SourceKind.FOOTAGE
        self.parts.left.setVisible(written)
        self.parts.area.setVisible(written)
        for name, action in self.actions_by_id.items():
            action.setEnabled(_possible(name, document.kind))
        self.rendering.show_state()
        tasks.start(self, self._show_video(video), "show the video")
        tasks.start(self, self.watching.open(video), "show the versions")

    async def _show_video(self, video: Video) -> None:
        try:
            project = (await self._services.library.project(video.project_id)).title
        except NotFound:
            project = ""
        if video.id == self.session.video_id:
            self.parts.header.show_video(video, project)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.session.video is not None:
            self._shell.set_status("")
            tasks.start(self, self._look_again(), "look for changes elsewhere")

    async def finish(self) -> None:
        """Save the text and let go of the film."""
        await self.session.close()
        await self.parts.player.finish()

    # What happens elsewhere

    def _source_saved(self, event: events.SourceSaved) -> None:
        if event.video_id == self.session.video_id:
            tasks.start(self, self._look_again(), "take over another text")

    def _library_changed(self, event: events.LibraryChanged) -> None:
        video_id = self.session.video_id
        if video_id and (not event.video_ids or video_id in event.video_ids):
            tasks.start(self, self._look_again(), "take over other details")

    async def _look_again(self) -> None:
        await self.session.look_again()
        if self.session.video is not None:
            await self._show_video(self.session.video)

    def _clashed(self) -> None:
        def resolve(keep_mine: bool) -> None:
            tasks.start(self, self.session.resolve(keep_mine=keep_mine), "end the clash")

        tasks.start(self, ask_which(self, resolve), "ask which text to keep")

    # Renders

    def _version_added(self, event: events.VersionAdded) -> None:
        if event.video_id == self.session.video_id:
            tasks.start(self, self._take_version(event.number), "show the new version")

    async def _take_version(self, number: int) -> None:
        await self.watching.version_added(number)
        await self.session.read_outline()

    def _scene_done(self, scene_id: str) -> None:
        self._last_drawn = scene_id
        self._drawn.start()

    async def _show_drawn(self) -> None:
        await self.session.read_outline()
        scene = self.parts.scenes_model.scene(self._last_drawn)
        nothing_shown = not self.watching.newest and not self.parts.player.viewer.path
        if scene is not None and scene.film and nothing_shown:
            self.watching.show_film(scene.film)

    def _render_ended(self) -> None:
        self.watching.end_rendering()
        self._drawn.start()

    # Scenes

    def _choose_scene(self, scene_id: str) -> None:
        self.writing.go_to_scene(scene_id)
        self._show_scene(scene_id)

    def _show_scene(self, scene_id: str) -> None:
        """Show the beginning of a scene: in the version on screen, else its own film."""
        version = self.watching.version(self.watching.shown)
        if version is not None and any(one.scene_id == scene_id for one in version.scenes):
            self.parts.player.seek_scene(scene_id)
            return
        scene = self.parts.scenes_model.scene(scene_id)
        if scene is not None and scene.film:
            self.watching.show_film(scene.film)

    def _play_scene(self, scene_id: str) -> None:
        self._show_scene(scene_id)
        self.parts.player.viewer.play()

    def _remove_scene(self, scene_id: str) -> None:
        if self.writing.arrangeable:
            undo = self.writing.remove_scene(scene_id)
            if undo is not None:
                self._shell.show_undo(undo)

    def _scene_menu(self, scene_id: str, at: QPoint) -> None:
        menu = menus.scene_menu(
            self, self._deeds, scene_id, self.watching.versions,
            arrangeable=self.writing.arrangeable,
        )  # fmt: skip
        _popup(menu, at)

    # Versions

    def _version_menu(self, number: int, at: QPoint) -> None:
        version = self.watching.version(number)
        if version is not None:
            menu = menus.version_menu(self, self._deeds, version, writable=self.session.writable)
            _popup(menu, at)

    def _show_restorable(self) -> None:
        shown = self.watching.shown
        older = bool(shown) and shown != self.watching.newest and self.session.writable
        self.parts.restore_bar.setVisible(older)
        self.parts.restore_hint.setText(f"You are watching version {shown}")

    def _restore(self, number: int) -> None:
        if number:
            work = self._services.versions.restore(self.session.video_id, number)
            tasks.start(self, self._restored(work), "restore a version")

    def _restore_scene(self, number: int, scene_id: str) -> None:
        work = self._services.versions.restore_scene(self.session.video_id, number, scene_id)
        tasks.start(self, self._restored(work), "restore a scene")

    async def _restored(self, work: Coroutine[Any, Any, Undo]) -> None:
        if await self.session.save():
            self._shell.show_undo(await work)
        else:
            work.close()

    def _compare(self, number: int) -> None:
        self.parts.tabs.setCurrentIndex(CHANGES)
        self.watching.compare_from(number)

    def _export(self) -> None:
        video = self.session.video
        if video is not None:
            menu = QMenu(self)
            self._exports.fill(menu, video)
            _popup(menu, QCursor.pos())


def _possible(action_id: str, kind: SourceKind) -> bool:
    """Tell whether an action makes sense for a kind of video."""
    if action_id in ARRANGING:
        return kind is SourceKind.STORYBOARD
    writing = action_id.startswith("editor.") or "render" in action_id
    return kind is not SourceKind.FOOTAGE or not writing


def _popup(menu: QMenu, at: QPoint) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
