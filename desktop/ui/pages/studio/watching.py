"""Brings together player, versions and changes: which version is on screen, going back to one."""

import asyncio

from PySide6.QtCore import QObject, Signal

from desktop.domain.changes import ChangeKind, compare_scenes
from desktop.domain.library import SourceKind, Version, Video
from desktop.services.versions import VersionService
from desktop.ui import tasks
from desktop.ui.models.versions import VersionsModel
from desktop.ui.pages.studio.changes_panel import NOW, ChangesPanel
from desktop.ui.pages.studio.info_panel import InfoPanel
from desktop.ui.pages.studio.version_list import VersionList
from desktop.ui.player.player import Player
from desktop.ui.player.stage import Message

NOT_RENDERED = Message("Not rendered yet", "Render a draft to watch this video.", "monitor-play")
RENDERING = Message("Rendering", "Scenes appear here as they are drawn.", "hourglass-medium")


class Watching(QObject):
    """Shows one version at a time; the newest unless the person chose another."""

    shown_changed = Signal(int)
    """Another version is on screen: its number, 0 for none."""

    def __init__(
        self,
        versions: VersionService,
        model: VersionsModel,
        player: Player,
        stack: VersionList,
        changes: ChangesPanel,
        info: InfoPanel,
    ) -> None:
        super().__init__(player)
        self._versions = versions
        self._player = player
        self._stack = stack
        self._changes = changes
        self._info = info
        self._video: Video | None = None
        self._listed: tuple[Version, ...] = ()
        self._posters: tuple[str, ...] = ()
        self._model = model
        self.shown = 0
        stack.chosen.connect(self.show_version)
        changes.wanted.connect(lambda *_: self.compare())

    @property
    def versions(self) -> tuple[Version, ...]:
        """All versions of the video, newest first."""
        return self._listed

    @property
    def newest(self) -> int:
        """Number of the newest version; 0 without any."""
        return self._listed[0].number if self._listed else 0

    async def open(self, video: Video) -> None:
        """Show another video: its newest version, or what to do to get one."""
        self._video = video
        self._listed, self._posters = (), ()
        self._player.clear(NOT_RENDERED)
        self._show(0)
        await self._read(video)
        if self._video is not video:
            return
        self._info.show_version(None, "")
        if self.newest:
            self.show_version(self.newest)
        self._compare_usual()

    async def version_added(self, video_id: str, number: int) -> None:
        """Show a version that was just made, from the first scene it changed."""
        video = self._video
        if video is None or video.id != video_id:
            return
        await self._read(video)
        made = self.version(number)
        if self._video is video and made is not None:
            before = next((one for one in self._listed if one.number < number), None)
            self.show_version(number, frame=self._place_in(made, before))
            self._compare_usual()

    async def look_again(self, seen: Video) -> None:
        """List versions that others have made; who watches something is not moved to them."""
        video = self._video
        if video is None or seen.id != video.id or seen.latest_version == self.newest:
            return
        await self._read(video)
        if self._video is not video:
            return
        self._offer()
        if self._player.viewer.path:
            self._show(self.shown)
        else:
            self.show_version(self.newest)

    def _place_in(self, made: Version, before: Version | None) -> int:
        """Return the frame of the first scene that differs; where the person was, without one."""
        if before is None:
            return 0
        differing = {ChangeKind.EDITED, ChangeKind.ADDED}
        changed = {
            change.scene_id
            for change in compare_scenes(before.scenes, made.scenes)
            if change.kind in differing
        }
        starts = [scene.first_frame for scene in made.scenes if scene.scene_id in changed]
        return starts[0] if starts else min(self._player.frame, made.frames - 1)

    async def _read(self, video: Video) -> None:
        listed = await self._versions.list(video.id)
        posters = await asyncio.to_thread(
            lambda: tuple(self._versions.files(video.id, one.number).poster for one in listed)
        )
        if self._video is video:
            self._listed, self._posters = listed, posters

    def version(self, number: int) -> Version | None:
        """Return a version by number; None when there is none."""
        return next((one for one in self._listed if one.number == number), None)

    # What is on screen

    def show_version(self, number: int, *, frame: int = 0) -> None:
        """Open a version in the player."""
        version = self.version(number)
        if version is None or self._video is None:
            return
        files = self._versions.files(self._video.id, number)
        self._player.load(files, version, frame=frame)
        self._info.show_version(version, files.video)
        self._show(number)

    def show_film(self, path: str) -> None:
        """Open the film of a single scene and play it."""
        self._player.load_file(path)
        self._player.viewer.play()
        self._show(0)

    def show_rendering(self) -> None:
        """Say that scenes are on their way, where nothing can be watched yet."""
        if not self._player.viewer.path:
            self._player.clear(RENDERING)

    def end_rendering(self) -> None:
        """Say what to do where a render has ended without anything to watch."""
        if not self._player.viewer.path:
            self._player.clear(NOT_RENDERED)

    def show_neighbour(self, direction: int) -> None:
        """Show the next newer (1) or older (-1) version."""
        numbers = [one.number for one in self._listed]
        if self.shown in numbers:
            place = numbers.index(self.shown) - direction
            if 0 <= place < len(numbers):
                self.show_version(numbers[place], frame=self._player.frame)
        else:
            self.show_version(self.newest)

    def _show(self, number: int) -> None:
        self.shown = number
        self._show_stack()
        self.shown_changed.emit(number)

    def _show_stack(self) -> None:
        self._model.show_versions(self._listed, self._posters, self.shown)
        self._stack.show_current(self.shown)

    # What changed

    def _compare_usual(self) -> None:
        """Compare the two newest versions, or the only one with the text as it is now."""
        self._offer()
        if len(self._listed) > 1:
            self._changes.choose(self._listed[1].number, self._listed[0].number)
        self.compare()

    def _offer(self) -> None:
        writable = self._video is not None and self._video.kind is not SourceKind.FOOTAGE
        self._changes.offer(self._listed, writable=writable)

    def text_changed(self) -> None:
        """Compare again where the text as it is now is one of the two, and somebody looks."""
        if self._changes.isVisible() and self._changes.chosen()[1] == NOW:
            self.compare()

    def compare(self) -> None:
        """Show what differs between the two chosen versions."""
        older, newer = self._changes.chosen()
        video = self._video
        if video is None or not older or video.kind is SourceKind.FOOTAGE:
            self._changes.show_nothing("Once there is a version, this shows what changed since.")
            return
        tasks.start(self, self._compare(video, older, newer), "compare versions")

    async def _compare(self, video: Video, older: int, newer: int) -> None:
        number = None if newer == NOW else newer
        changes = await self._versions.changes(video.id, older, number)
        if self._video is video and self._changes.chosen() == (older, newer):
            self._changes.show_changes(changes)

    def compare_from(self, number: int) -> None:
        """Show what changed from a version to the text as it is now."""
        self._changes.choose(number, NOW)
        self.compare()
