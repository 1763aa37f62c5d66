"""The open video: its text is saved within half a second of being written, and read at once.

Saving never waits for a pause in the typing: whoever types without stopping would otherwise lose
all of it with the power. Reading takes longer and is done for the newest text only.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import Conflict, NotFound, StudioError
from desktop.domain.library import SourceKind, Video
from desktop.services.authoring import AuthoringService
from desktop.services.library import LibraryService
from desktop.services.values import Outline, SourceDocument
from desktop.ui import tasks

SAVE_MS = 400
"""Between the first change and its save: what a crash may cost."""

RETRY_MS = 4000
"""Between two tries to save on a disk that is full or gone."""


class Session(QObject):
    """One video while it is open; ``read`` gives the text as it stands in the editor."""

    opened = Signal(object)
    """Another video is open: its ``SourceDocument``."""
    outlined = Signal(object)
    """The ``Outline`` of the newest text."""
    replaced = Signal(object)
    """The text was changed elsewhere: the new ``SourceDocument``."""
    clashed = Signal()
    """The text was changed here and elsewhere; ``resolve`` decides."""
    state_changed = Signal(str)
    """Where the text stands: "Saved"."""

    def __init__(
        self,
        library: LibraryService,
        authoring: AuthoringService,
        read: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._authoring = authoring
        self._read = read
        self._document: SourceDocument | None = None
        self._dirty = False
        self._clashing = False
        self._saving = asyncio.Lock()
        self._outlining = False
        self._outline_again = False
        self.video: Video | None = None
        self.outline: Outline | None = None
        self._timer = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._timer.timeout.connect(lambda: tasks.start(self, self._keep(), "save the text"))

    @property
    def video_id(self) -> str:
        """Id of the open video; empty when there is none."""
        return self.video.id if self.video is not None else ""

    @property
    def writable(self) -> bool:
        """Whether the open video has a text."""
        return self.video is not None and self.video.kind is not SourceKind.FOOTAGE

    async def open(self, video_id: str) -> None:
        """Open a video in place of the one that is open, which is saved first.

        While that one clashes with what was written elsewhere, it stays open: ``clashed`` again.
        """
        if not await self.save():
            self.clashed.emit()
            return
        video = await self._library.video(video_id)
        document = await self._authoring.open(video_id)
        self._timer.stop()
        self._dirty = self._clashing = False
        self.video, self._document, self.outline = video, document, None
        self.state_changed.emit("")
        self.opened.emit(document)
        await self.read_outline()

    def touch(self) -> None:
        """Note that the text was changed in the editor."""
        if not self.writable:
            return
        self._dirty = True
        if not self._clashing:
            self.state_changed.emit("Saving…")
        if not self._timer.isActive():
            self._timer.start(SAVE_MS)

    async def _keep(self) -> None:
        await self.save()
        await self.read_outline()

    # Saving

    async def save(self) -> bool:
        """Save what was written; false when it clashes with what was written elsewhere."""
        async with self._saving:
            if not self._dirty or self._document is None:
                return True
            if self._clashing:
                return False
            return await self._save(self._document)

    async def _save(self, document: SourceDocument) -> bool:
        text = self._read()
        self._dirty = False
        try:
            revision = await self._authoring.save(document.video_id, text, document.revision)
        except Conflict:
            self._dirty = self._clashing = True
            self.state_changed.emit("Not saved: changed elsewhere")
            self.clashed.emit()
            return False
        except StudioError:
            self._dirty = True
            self.state_changed.emit("Not saved")
            self._timer.start(RETRY_MS)
            raise
        self._document = replace(document, text=text, revision=revision)
        if not self._dirty:
            self.state_changed.emit("Saved")
        return True

    async def resolve(self, *, keep_mine: bool) -> None:
        """End a clash: save this text over the other, or take the other one."""
        if self._document is None:
            return
        other = await self._authoring.open(self._document.video_id)
        self._clashing = False
        self._document = other
        if keep_mine:
            await self.save()
        else:
            self._take(other)
        await self.read_outline()

    async def look_again(self) -> None:
        """Take over what another window, a command or a restored version has written."""
        known = self._document
        if known is None:
            return
        try:
            self.video = await self._library.video(known.video_id)
            found = await self._authoring.open(known.video_id)
        except NotFound:
            return  # deleted for good; the text stays on screen until another video is opened
        current = self._document
        if current is None or found.video_id != current.video_id:
            return
        if found.revision > current.revision and not self._dirty and not self._saving.locked():
            self._take(found)
            await self.read_outline()

    def _take(self, document: SourceDocument) -> None:
        self._document, self._dirty = document, False
        self.state_changed.emit("Saved")
        self.replaced.emit(document)

    # Reading

    async def read_outline(self) -> None:
        """Read the text as it is now; calls during a reading lead to one more."""
        if self._outlining:
            self._outline_again = True
            return
        self._outlining = True
        try:
            await self._read_until_current()
        finally:
            self._outlining = False

    async def _read_until_current(self) -> None:
        self._outline_again = True
        while self._outline_again and self.writable:
            self._outline_again = False
            video_id = self.video_id
            outline = await self._authoring.outline(video_id, self._read())
            if video_id == self.video_id:
                self.outline = outline
                self.outlined.emit(outline)
                await self._describe(outline)
            else:
                self._outline_again = True

    async def _describe(self, outline: Outline) -> None:
        """Let the library know the shape and length of the video, as it shows them."""
        video, count = self.video, len(outline.scenes)
        if video is None or not count:
            return
        if (video.aspect, video.scene_count) != (outline.aspect, count):
            self.video = replace(video, aspect=outline.aspect, scene_count=count)
            await self._library.describe(video.id, outline.aspect, count)

    async def close(self) -> None:
        """Save what is not saved yet."""
        self._timer.stop()
        await self.save()
