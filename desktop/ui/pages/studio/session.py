"""The open video: its text is saved within half a second of being written, and read at once.

Saving never waits for a pause in the typing: whoever types without stopping would otherwise lose
all of it with the power. Reading takes longer and is done for the newest text only.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import Conflict, NotFound, StudioError
from desktop.domain.library import SourceKind, Video
from desktop.services.authoring import AuthoringService
from desktop.services.library import LibraryService
from desktop.services.undo import Undo
from desktop.services.values import Outline, SourceDocument
from desktop.ui import tasks

SAVE_MS = 400
"""Between the first change and its save: what a crash may cost."""

RETRY_MS = 4000
"""Between two tries to save on a disk that is full or gone."""

TRIES = 10
"""Readings after which a text that never stands still is given up for an act that needs it."""

RESCUED = "Recovered texts"
"""Project for the text of a video that was deleted with its project."""


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
    orphaned = Signal()
    """The text was changed here and its video deleted elsewhere; ``rescue`` or ``forget``."""
    recovered = Signal(object)
    """The text is saved, which it could not be before because of this ``StudioError``."""
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
        self._wanted = ""
        self._dirty = self._clashing = False
        self._failure: StudioError | None = None
        self.gone = False
        """Whether the video was deleted elsewhere while its text was not saved."""
        self._saving = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._asked = self._answered = 0
        self._outlined = ""
        self.video: Video | None = None
        self.outline: Outline | None = None
        self.state = ""
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

        While that one waits for a decision, it stays open and the question is put again. What is
        written while the other one is fetched is saved as well; of several videos asked for at
        once, the last is opened.
        """
        self._wanted = video_id
        while video_id != self.video_id:
            if not await self.save():
                return
            video = await self._library.video(video_id)
            document = await self._authoring.open(video_id)
            if self._wanted != video_id:
                return
            if not self._dirty:
                self._begin(video, document)
                await self.read_outline()

    def _begin(self, video: Video, document: SourceDocument) -> None:
        self._timer.stop()
        self._clashing = self.gone = False
        self.video, self._document, self.outline = video, document, None
        self._tell("")
        self.opened.emit(document)

    def touch(self) -> None:
        """Note that the text was changed in the editor."""
        if not self.writable:
            return
        self._dirty = True
        if not self._undecided:
            self._tell("Saving…")
        if not self._timer.isActive():
            self._timer.start(SAVE_MS)

    async def _keep(self) -> None:
        if not self._undecided:  # the question was put already; typing on must not repeat it
            await self.save()
        await self.read_outline()

    def _tell(self, state: str) -> None:
        self.state = state
        self.state_changed.emit(state)

    def stop(self) -> None:
        """Save no more by itself."""
        self._timer.stop()

    # Saving

    @property
    def _undecided(self) -> bool:
        return self._clashing or self.gone

    async def save(self, *, ask: bool = True) -> bool:
        """Save what was written; false when the person has to decide something first.

        ``ask`` puts the question: ``clashed`` or ``orphaned``. Raises StudioError when the text
        cannot be stored; it is tried again after a while.
        """
        async with self._saving:
            if not self._dirty or self._document is None:
                return True
            if not self._undecided and await self._save(self._document):
                return True
        if ask:
            (self.orphaned if self.gone else self.clashed).emit()
        return False

    async def _save(self, document: SourceDocument) -> bool:
        text = self._read()
        self._dirty = False
        try:
            revision = await self._authoring.save(
                document.video_id, text, document.revision, own=True
            )
        except (Conflict, NotFound) as error:
            self._dirty = True
            self._clashing, self.gone = isinstance(error, Conflict), isinstance(error, NotFound)
            self._tell(f"Not saved: {'deleted' if self.gone else 'changed'} elsewhere")
            return False
        except BaseException as error:
            self._dirty = True
            if isinstance(error, StudioError):
                self._failure = error
                self._tell("Not saved")
                self._timer.start(RETRY_MS)
            raise
        self._document = replace(document, text=text, revision=revision)
        if not self._dirty:
            self._tell("Saved")
        if self._failure is not None:
            self.recovered.emit(self._failure)
            self._failure = None
        return True

    # Changes elsewhere

    async def resolve(self, *, keep_mine: bool) -> Undo | None:
        """End a clash: save this text over the other, or take the other one.

        The result brings the text back that was given up; None when nothing clashes any more.
        """
        known = self._document
        if known is None or not self._clashing:
            return None
        other = await self._authoring.open(known.video_id)
        mine = self._read()
        self._clashing, self._document = False, other
        if keep_mine:
            await self.save()
            given_up, done = other.text, "Kept your text over the other one"
        else:
            self._take(other)
            given_up, done = mine, "Took the other text over yours"
        await self.read_outline()
        return Undo(done, lambda: self._put_back(known.video_id, given_up))

    async def _put_back(self, video_id: str, text: str) -> None:
        now = await self._authoring.open(video_id)
        await self._authoring.save(video_id, text, now.revision, own=True)

    async def rescue(self) -> None:
        """Keep the text of a video that was deleted elsewhere as a new video, and open that."""
        video, known, text = self.video, self._document, self._read()
        if video is None or known is None or not self.gone:
            return
        project_id = await self._home(video)
        made = await self._library.create_video(
            project_id, video.title, video.kind, text, aspect=video.aspect, own=known.own
        )
        if self._read() == text:
            self.forget()
        await self.open(made.id)

    async def _home(self, video: Video) -> str:
        """Return the project of a video that is gone, or one where its text will be seen."""
        with contextlib.suppress(NotFound):
            project = await self._library.project(video.project_id)
            if project.trashed_at is None:
                return project.id
        return (await self._library.create_project(RESCUED)).id

    def forget(self) -> None:
        """Let the text of a video go that was deleted elsewhere; it stays on screen until then."""
        self._dirty = self.gone = False
        self._tell("Deleted elsewhere")

    async def look_again(self) -> None:
        """Take over what another window, a command or a restored version has written."""
        known = self._document
        if known is None:
            return
        try:
            video = await self._library.video(known.video_id)
            found = await self._authoring.open(known.video_id)
        except NotFound:
            return  # deleted for good; the text stays on screen until another video is opened
        current = self._document
        if current is None or found.video_id != current.video_id:
            return
        self.video = video
        if found.revision > current.revision and not self._dirty and not self._saving.locked():
            self._take(found)
            await self.read_outline()

    def _take(self, document: SourceDocument) -> None:
        self._document, self._dirty = document, False
        self._tell("Saved")
        self.replaced.emit(document)

    # Reading

    async def read_outline(self) -> None:
        """Read the text as it is now; returns when that is done. Calls meanwhile share one more."""
        self._asked += 1
        turn = self._asked
        async with self._reading:
            if self._answered < turn:
                self._answered = self._asked
                await self._read_once()

    async def _read_once(self) -> None:
        video_id, text = self.video_id, self._read()
        if not self.writable:
            return
        try:
            outline = await self._authoring.outline(video_id, text)
        except NotFound:
            return  # deleted for good; saving the text tells
        if video_id == self.video_id:
            self.outline, self._outlined = outline, text
            self.outlined.emit(outline)
            await self._describe(outline)

    async def exact_outline(self) -> Outline | None:
        """Return the outline whose lines are those of the text right now.

        None when there is no text, or when it is written to without end.
        """
        video_id = self.video_id
        for _ in range(TRIES):
            if not self.writable or video_id != self.video_id:
                return None
            if self.outline is not None and self._outlined == self._read():
                return self.outline
            await self.read_outline()
        return None

    async def _describe(self, outline: Outline) -> None:
        """Let the library know the shape and length of the video, as it shows them."""
        video, count = self.video, len(outline.scenes)
        if video is None or not count:
            return
        if (video.aspect, video.scene_count) != (outline.aspect, count):
            self.video = replace(video, aspect=outline.aspect, scene_count=count)
            with contextlib.suppress(NotFound):
                await self._library.describe(video.id, outline.aspect, count)
