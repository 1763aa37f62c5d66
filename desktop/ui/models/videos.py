"""Videos for the library's views: a result of any size, of which only a window is read."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from typing_extensions import override

from desktop.domain.library import SearchPage, SearchQuery, Video
from desktop.services.library import LibraryService
from desktop.ui import tasks
from desktop.ui.models import videos_text as say
from desktop.ui.models.videos_window import PAGE, VideoWindow

Index = QModelIndex | QPersistentModelIndex

VIDEO_ROLE = Qt.ItemDataRole.UserRole
SNIPPET_ROLE = Qt.ItemDataRole.UserRole + 1
PROJECT_ROLE = Qt.ItemDataRole.UserRole + 2

COLUMNS = ("Title", "Project", "Status", "Length", "Changed")

MIME = "application/x-proofreel-videos"
"""Ids of dragged videos, one a line."""

WANTED = 4
"""Pages waiting to be read; rows that were scrolled past are forgotten."""


class VideosModel(QAbstractTableModel):
    """The rows of one query; asks the library for a page when a row of it is painted."""

    arrived = Signal()
    """The first page of the newest query is here; nothing of older ones will come."""
    refreshed = Signal()
    """Rows may hold other videos than before, after a change of the library."""

    def __init__(self, library: LibraryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._window = VideoWindow()
        self._projects: dict[str, str] = {}
        self._asked = SearchQuery()
        self._searching: asyncio.Task[None] | None = None
        self._wanted: list[int] = []
        self._reading = False
        self._stale = False
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._read_wanted)
        self.query = SearchQuery()
        self.loaded = False

    # What the page asks of it

    def show_query(self, query: SearchQuery) -> None:
        """Show what matches ``query``; the old rows stay until the first page is here."""
        self._asked = replace(query, limit=PAGE, offset=0)
        self._wanted.clear()
        if self._searching is not None:
            self._searching.cancel()  # stops the database, too, so that nothing queues up
        self._searching = tasks.start(self, self._begin(self._asked), "search the library")

    def refresh(self) -> None:
        """Read what is on screen again; rows keep their places as far as they can."""
        if not self.loaded:
            self.show_query(self._asked)
        elif self._reading:
            self._stale = True
        else:
            tasks.start(self, self._reread(self.query), "refresh the library")

    def name_projects(self, titles: dict[str, str]) -> None:
        """Take the titles of projects by id."""
        if titles != self._projects:
            self._projects = titles
            self._touched(0, self.rowCount() - 1)

    def project_title(self, project_id: str) -> str:
        """Return the title of a project; empty while it is unknown."""
        return self._projects.get(project_id, "")

    @property
    def total(self) -> int:
        """How many videos match."""
        return self._window.total

    def video(self, row: int) -> Video | None:
        """Return the video of a row; None when it was not read yet."""
        return self._window.get(row)

    def row_of(self, video_id: str) -> int | None:
        """Return the row of a video; None when it is not among those read."""
        return self._window.row_of(video_id)

    async def ids(self, rows: Sequence[int]) -> tuple[str, ...]:
        """Return the ids of the videos in ``rows``, reading those that are not here."""
        return tuple(video.id for video in await self.videos(rows))

    async def videos(self, rows: Sequence[int]) -> tuple[Video, ...]:
        """Return the videos in ``rows``, reading those that are not here."""
        query = self.query
        found = {row: video for row in rows if (video := self._window.get(row))}
        for page in sorted({row // PAGE for row in rows if row not in found}):
            result = await self._library.search(replace(query, limit=PAGE, offset=page * PAGE))
            if query is not self.query:
                return ()
            found |= {page * PAGE + place: video for place, video in enumerate(result.videos)}
        return tuple(found[row] for row in rows if row in found)

    # Reading

    async def _begin(self, query: SearchQuery) -> None:
        page = await self._library.search(query)
        if query is not self._asked:
            return
        self.beginResetModel()
        self.query = query
        self.loaded = True
        self._window.clear()
        self._window.total = page.total
        self._window.put(0, page.videos, page.snippets)
        self.endResetModel()
        self.arrived.emit()

    def _want(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted = [*self._wanted, page][-WANTED:]
        if not self._reading:
            self._later.start()

    def _read_wanted(self) -> None:
        if self._wanted and not self._reading:
            self._reading = True
            tasks.start(self, self._read_pages(), "read the library")

    async def _read_pages(self) -> None:
        try:
            while self._wanted:
                await self._read(self._wanted.pop(), self.query)
        finally:
            self._reading = False
        self._go_on()

    def _go_on(self) -> None:
        """Do what had to wait for the reading that has ended."""
        if self._stale:
            self._stale = False
            self.refresh()
        else:
            self._read_wanted()

    async def _read(self, page: int, query: SearchQuery) -> None:
        result = await self._page(page)
        if query is not self.query:
            return
        self._window.put(page, result.videos, result.snippets)
        self._resize(result.total)
        self._touched(page * PAGE, page * PAGE + len(result.videos) - 1)

    async def _reread(self, query: SearchQuery) -> None:
        self._reading = True
        try:
            pages = self._window.recent(2) or (0,)
            results = {page: await self._page(page) for page in pages}
        finally:
            self._reading = False
        if query is self.query:
            self._window.keep_only(pages)
            for page, result in results.items():
                self._window.put(page, result.videos, result.snippets)
            self._resize(results[pages[0]].total)
            self._touched(0, self.total - 1)
            self.refreshed.emit()
        self._go_on()

    async def _page(self, page: int) -> SearchPage:
        return await self._library.search(replace(self.query, limit=PAGE, offset=page * PAGE))

    def _resize(self, total: int) -> None:
        before = self._window.total
        if total > before:
            self.beginInsertRows(QModelIndex(), before, total - 1)
            self._window.total = total
            self.endInsertRows()
        elif total < before:
            self.beginRemoveRows(QModelIndex(), total, before - 1)
            self._window.total = total
            self.endRemoveRows()

    def _touched(self, first: int, last: int) -> None:
        last = min(last, self.total - 1)
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    # What views ask of it

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self._window.total

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        video = self._window.get(index.row())
        if video is None:
            self._want(index.row() // PAGE)
            return None
        if role == SNIPPET_ROLE:
            return say.excerpt(self._window.snippet(index.row()), video.kind)
        return _answer(video, self._projects.get(video.project_id, ""), index.column(), role)

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = COLUMNS[section] == "Length"
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        ids = [video.id for row in rows if (video := self._window.get(row))]
        data = QMimeData()
        data.setData(MIME, "\n".join(ids).encode())
        return data

    @override
    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction


def _answer(video: Video, project: str, column: int, role: int) -> object:
    if role == VIDEO_ROLE:
        return video
    if role == PROJECT_ROLE:
        return project
    if role == Qt.ItemDataRole.DisplayRole:
        return _cell(video, project, column)
    if column == 0:
        return _of_title(video, project, role)
    if role == Qt.ItemDataRole.TextAlignmentRole and COLUMNS[column] == "Length":
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    return None


def _of_title(video: Video, project: str, role: int) -> str | None:
    """Return what the first column has beside its text."""
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return say.spoken(video, project)
    return video.title if role == Qt.ItemDataRole.ToolTipRole else None


def _cell(video: Video, project: str, column: int) -> str:
    match COLUMNS[column]:
        case "Title":
            return video.title
        case "Project":
            return project
        case "Status":
            return say.STATUSES[video.status]
        case "Length":
            return say.length(video)
        case _:
            return say.when(video.updated_at, datetime.now(UTC))
