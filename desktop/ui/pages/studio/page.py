"""The studio page: one video to write, render, watch and take back to any of its versions."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QShowEvent
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
from desktop.ui.exports import ExportActs
from desktop.ui.pages.publish.uploading import UploadFlow
from desktop.ui.pages.studio import menus
from desktop.ui.pages.studio.arranging import Arranging
from desktop.ui.pages.studio.asking import Questions
from desktop.ui.pages.studio.layout import CHANGES, Parts, stacked
from desktop.ui.pages.studio.rendering import Rendering
from desktop.ui.pages.studio.session import Session
from desktop.ui.pages.studio.watching import Watching
from desktop.ui.pages.studio.writing import Writing
from desktop.ui.shell import Shell
from desktop.ui.starting import StartFlow
from desktop.ui.widgets.boxes import column
from desktop.ui.widgets.empty_state import EmptyState

SETTLE_MS = 150
"""Scenes that are drawn within this time are shown together."""


ARRANGING = {"studio.add_scene", "studio.scene_up", "studio.scene_down"}
"""Actions for storyboards only."""

RENDERS = {"studio.render_draft", "studio.render_final", "studio.render_scene"}
"""Actions that begin a render; one video has one at a time."""


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
        self.arranging = Arranging(self.session, services.authoring, parts.area)
        self._questions = Questions(self, self.session, shell)
        self.watching = Watching(
            services.versions, parts.versions_model, parts.player, parts.stack,
            parts.changes, parts.info,
        )  # fmt: skip
        self.rendering = Rendering(
            services.production, services.consent, self.session, parts.scenes_model,
            parts.header, shell,
        )  # fmt: skip
        self._exports = ExportActs(self, services.exporting, services.library, shell)
        self._uploads = UploadFlow(self, services.transfers, shell)
        self._pages = stacked(self._empty(), parts)
        self.setLayout(column(self._pages, spacing=0))
        self._drawn = QTimer(self, singleShot=True, interval=SETTLE_MS)
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
        watching, rendering, arranging = self.watching, self.rendering, self.arranging
        return menus.Deeds(
            draft=partial(rendering.render, Quality.DRAFT),
            final=partial(rendering.render, Quality.FINAL),
            cancel=rendering.cancel,
            export=self._export,
            add_scene=lambda: self._begin(arranging.add(), "add a scene"),
            move_scene=lambda way: self._begin(arranging.move(way), "move a scene"),
            render_scene=rendering.render_scene,
            play_scene=self._play_scene,
            write_scene=self.writing.write_scene,
            duplicate_scene=lambda one: self._begin(arranging.duplicate(one), "copy a scene"),
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
            *self.parts.area.actions(),
        )
        self.actions_by_id = self._shell.register_actions(self, declared)
        for action in self.actions_by_id.values():
            action.setEnabled(False)  # until a video is open

    def _connect_parts(self) -> None:
        parts, do = self.parts, self._deeds
        parts.add_scene.clicked.connect(lambda *_: do.add_scene())
        parts.header.export_wanted.connect(self._export)
        parts.header.rendering_shown.connect(self._show_possible)
        parts.scenes.chosen.connect(self._choose_scene)
        parts.scenes.opened.connect(self._play_scene)
        parts.scenes.removal_wanted.connect(self._remove_scene)
        parts.scenes.menu_wanted.connect(self._scene_menu)
        parts.stack.menu_wanted.connect(self._version_menu)
        parts.restore.clicked.connect(lambda *_: self._restore(self.watching.shown))
        parts.changes.scene_wanted.connect(self.writing.write_scene)
        parts.tabs.currentChanged.connect(lambda *_: self.watching.text_changed())
        parts.player.scene_changed.connect(parts.scenes_model.show_on_screen)
        self.watching.shown_changed.connect(lambda *_: self._show_restorable())
        self.rendering.problem_wanted.connect(self.writing.go_to_problem)
        self.rendering.film_made.connect(self.watching.show_film)
        self.rendering.begun.connect(self.watching.show_rendering)
        self.rendering.scene_done.connect(self._drawn.start)
        self.rendering.ended.connect(self._render_ended)
        self._drawn.timeout.connect(
            lambda: tasks.start(self, self._show_drawn(), "show drawn scenes")
        )

    def _connect_events(self) -> None:
        self.session.opened.connect(self._opened)
        self.session.outlined.connect(lambda *_: self.watching.text_changed())
        self.session.state_changed.connect(self._shell.set_status)
        self.session.recovered.connect(self._shell.settle_error)
        bridge = self._shell.bridge
        bridge.version_added.connect(self._version_added)
        bridge.source_saved.connect(self._source_saved)
        bridge.library_changed.connect(self._library_changed)

    # Opening

    @property
    def video_id(self) -> str:
        """Id of the open video; empty when there is none."""
        return self.session.video_id

    def open_video(self, video_id: str) -> None:
        """Show a video instead of the one shown now."""
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
        self.parts.tabs.setTabVisible(CHANGES, written)
        for name, action in self.actions_by_id.items():
            action.setEnabled(_possible(name, document.kind))
        self.rendering.show_state()
        tasks.start(self, self._show_video(video), "show the video")
        tasks.start(self, self.watching.open(video), "show the versions")

    def _show_possible(self, rendering: bool) -> None:
        """Allow what can be done during a render, or without one."""
        for name in RENDERS:
            self.actions_by_id[name].setEnabled(self.session.writable and not rendering)
        self.actions_by_id["studio.cancel"].setEnabled(rendering)

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
            self._shell.set_status(self.session.state)
            tasks.start(self, self._look_again(), "look for changes elsewhere")

    async def save(self) -> None:
        """Save the text; raises StudioError when it cannot be."""
        await self._questions.save()

    async def finish(self) -> None:
        """Stop saving by itself and let go of the film."""
        self.session.stop()
        self._drawn.stop()
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
        video = self.session.video
        if video is not None:
            await self._show_video(video)
            await self.watching.look_again(video)

    # Renders

    def _version_added(self, event: events.VersionAdded) -> None:
        if event.video_id == self.session.video_id:
            work = self._take_version(event.video_id, event.number)
            tasks.start(self, work, "show the new version")

    async def _take_version(self, video_id: str, number: int) -> None:
        await self.watching.version_added(video_id, number)
        await self.session.read_outline()

    async def _show_drawn(self) -> None:
        """Show what was drawn: in the list, and where there is no film yet in the player too."""
        await self.session.read_outline()
        films = [row.scene.film for row in self.parts.scenes_model.rows() if row.scene.film]
        if films and not self.watching.newest and not self.parts.player.viewer.path:
            self.watching.show_film(films[0])

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
        self._begin(self._removed(scene_id), "remove a scene")

    async def _removed(self, scene_id: str) -> None:
        undo = await self.arranging.remove(scene_id)
        if undo is not None:
            self._shell.show_undo(undo)

    def _scene_menu(self, scene_id: str, at: QPoint) -> None:
        menu = menus.scene_menu(
            self, self._deeds, scene_id, self.watching.versions,
            arrangeable=self.arranging.possible,
        )  # fmt: skip
        _popup(menu, at)

    # Versions

    def _version_menu(self, number: int, at: QPoint) -> None:
        version = self.watching.version(number)
        if version is not None:
            menu = menus.version_menu(self, self._deeds, version, writable=self.session.writable)
            if self.session.video is not None:
                self._exports.fill(menu.addMenu("Export"), self.session.video, number)
                film = self._services.versions.files(self.session.video_id, number).video
                self._uploads.fill(menu, self.session.video, film, number)
            _popup(menu, at)

    def _show_restorable(self) -> None:
        shown = self.watching.shown
        older = bool(shown) and shown != self.watching.newest and self.session.writable
        self.parts.restore_bar.setVisible(older)
        self.parts.restore_hint.setText(f"You are watching version {shown}")

    def _restore(self, number: int) -> None:
        if number:
            versions, video_id = self._services.versions, self.session.video_id
            self._restore_by(lambda: versions.restore(video_id, number))

    def _restore_scene(self, number: int, scene_id: str) -> None:
        versions, video_id = self._services.versions, self.session.video_id
        self._restore_by(lambda: versions.restore_scene(video_id, number, scene_id))

    def _restore_by(self, act: Callable[[], Coroutine[Any, Any, Undo]]) -> None:
        self._begin(self._restored(act), "restore an older text")

    async def _restored(self, act: Callable[[], Coroutine[Any, Any, Undo]]) -> None:
        if await self.session.save():
            self._shell.show_undo(await act())

    def _compare(self, number: int) -> None:
        self.parts.tabs.setCurrentIndex(CHANGES)
        self.watching.compare_from(number)

    def _export(self) -> None:
        video = self.session.video
        if video is not None:
            menu = QMenu(self)
            self._exports.fill(menu, video)
            opener = self.parts.header.export
            _popup(menu, opener.mapToGlobal(opener.rect().bottomLeft()))

    def _begin(self, work: Coroutine[Any, Any, object], name: str) -> None:
        tasks.start(self, work, name)


def _possible(action_id: str, kind: SourceKind) -> bool:
    """Tell whether an action makes sense for a kind of video."""
    if action_id in ARRANGING:
        return kind is SourceKind.STORYBOARD
    writing = action_id.startswith("editor.") or action_id in RENDERS
    return kind is not SourceKind.FOOTAGE or not writing


def _popup(menu: QMenu, at: QPoint) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
