"""Transfers for the panel's list: a queue of any length, of which only a window is read.

Rows are read in pages when they are painted; what moves is told by events and touches only the
rows that are on screen. When rows change their places, whatever is selected goes along.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from typing_extensions import override

from desktop.domain.transfers import Totals, Transfer, TransferPage, TransferState
from desktop.services.transfers import TransferService
from desktop.ui import tasks
from desktop.ui.models import transfers_text as say
from desktop.ui.models.transfers_window import PAGE, TransferWindow

Index = QModelIndex | QPersistentModelIndex

TRANSFER_ROLE = Qt.ItemDataRole.UserRole

MIME = "application/x-proofreel-transfers"
"""Ids of dragged transfers, one a line."""

WANTED = 4
"""Pages waiting to be read; rows that were scrolled past are forgotten."""

CHUNK = 2_000
"""Rows read at once for an act on more transfers than are in memory."""

REST_MS = 120
"""Changes of places that come closer together are shown at once."""


@dataclass(frozen=True, slots=True)
class TransferQuery:
    """What the list shows."""

    text: str = ""
    states: frozenset[TransferState] = frozenset()
    """Empty: all."""

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text.strip() or self.states)


class TransfersModel(QAbstractListModel):
    """The rows of one query, in the order in which they have their turn."""

    arrived = Signal()
    """The first page of another query is here."""
    refreshed = Signal()
    """Rows were read again; some may have other places than before."""
    dropped = Signal(object, object)
    """Carries ids that were dragged and the id they shall come before, or None for last."""

    def __init__(self, transfers: TransferService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transfers = transfers
        self._window = TransferWindow()
        self._names: Mapping[str, str] = {}
        self._news: dict[str, Transfer] = {}
        self._wanted: list[int] = []
        self._reading = self._stale = False
        self._asked = TransferQuery()
        self._visible = range(PAGE)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._read_wanted)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.refresh)
        self.query = TransferQuery()
        self.totals = Totals()
        self.loaded = False

    # What the panel asks of it

    def show_query(self, query: TransferQuery) -> None:
        """Show what matches ``query``; the old rows stay until the first page is here."""
        self._asked = query
        self.refresh()

    def refresh(self) -> None:
        """Read what is on screen again; rows keep their places as far as they can."""
        self._rest.stop()
        if self._reading:
            self._stale = True
        else:
            self._reading = True
            tasks.start(self, self._reread(self._asked), "read the transfers")

    def refresh_soon(self) -> None:
        """Read again when changes have come to rest for a moment."""
        if not self._rest.isActive():
            self._rest.start()

    def stop(self) -> None:
        """Read nothing of what was asked for and did not begin yet."""
        self._rest.stop()
        self._later.stop()

    def name_destinations(self, names: Mapping[str, str]) -> None:
        """Take the names of destinations by id."""
        if names != self._names:
            self._names = dict(names)
            self._touch(range(self.total))

    def destination_name(self, transfer: Transfer) -> str:
        """Return what a person calls the place a transfer goes to; its bucket when unknown."""
        return self._names.get(transfer.destination) or transfer.bucket

    def watch(self, first: int, last: int) -> None:
        """Take which rows are on screen: only these tell the view that they have moved."""
        self._visible = range(first, last + 1)

    @property
    def total(self) -> int:
        """How many transfers match."""
        return self._window.total

    def transfer(self, row: int) -> Transfer | None:
        """Return the transfer of a row; None when it was not read yet."""
        return self._window.get(row)

    def row_of(self, transfer_id: str) -> int | None:
        """Return the row of a transfer; None when it is not among those read."""
        return self._window.row_of(transfer_id)

    def visible(self) -> Iterator[Transfer]:
        """Yield the transfers on screen."""
        return (found for row in self._visible if (found := self._window.get(row)))

    async def transfers(self, rows: Sequence[int]) -> tuple[Transfer, ...]:
        """Return the transfers in ``rows``, reading those that are not here."""
        found = {row: one for row in rows if (one := self._window.get(row))}
        for chunk in sorted({row // CHUNK for row in rows if row not in found}):
            page = await self._page(chunk * CHUNK, CHUNK, self.query)
            found |= dict(enumerate(page.transfers, chunk * CHUNK))
        return tuple(found[row] for row in rows if row in found)

    # What happens to transfers

    def progressed(self, transfers: Iterable[Transfer]) -> None:
        """Take over how far transfers are."""
        self._touch(self._take(transfers))

    def changed(self, transfer: Transfer) -> None:
        """Take over a change of one transfer; it may belong to another place now."""
        row = self._window.row_of(transfer.id)
        before = self._window.get(row) if row is not None else None
        self._touch(self._take((transfer,)))
        if before is None or before.state != transfer.state:
            self.refresh_soon()

    def _take(self, transfers: Iterable[Transfer]) -> list[int]:
        rows = []
        for transfer in transfers:
            if self._reading:
                self._news[transfer.id] = transfer  # newer than the page under way
            if (row := self._window.update(transfer)) is not None:
                rows.append(row)
        return sorted(rows)

    def _touch(self, rows: Sequence[int]) -> None:
        shown = [row for row in rows if row in self._visible and row < self.total]
        for first, last in _runs(shown):
            self.dataChanged.emit(self.index(first), self.index(last))

    # Reading

    async def _page(self, offset: int, limit: int, query: TransferQuery) -> TransferPage:
        return await self._transfers.page(
            text=query.text.strip(), states=query.states, offset=offset, limit=limit
        )

    async def _reread(self, query: TransferQuery) -> None:
        self._news.clear()
        fresh = query != self.query or not self.loaded
        pages = (0,) if fresh else self._window.recent(2) or (0,)
        try:
            found = {page: await self._page(page * PAGE, PAGE, query) for page in pages}
        finally:
            self._reading = False
        if query == self._asked:
            self._show(query, found, fresh=fresh)
        self._go_on()

    def _show(
        self, query: TransferQuery, found: Mapping[int, TransferPage], *, fresh: bool
    ) -> None:
        newest = tuple(found.values())[-1]
        self.totals = newest.totals
        if fresh:
            self.beginResetModel()
            self.query, self.loaded = query, True
            self._window.clear()
            self._window.total = newest.total
            self._put(found)
            self.endResetModel()
            self.arrived.emit()
        else:
            self._rearrange(found, newest.total)
        self.refreshed.emit()

    def _put(self, found: Mapping[int, TransferPage]) -> None:
        for page, result in found.items():
            self._window.put(page, result.transfers)
        self._take(tuple(self._news.values()))
        self._news.clear()

    def _rearrange(self, found: Mapping[int, TransferPage], total: int) -> None:
        """Put other rows in place; what is selected and current stays with its transfer."""
        if total > self.total:
            self._resize(total)
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        ids = [one.id if (one := self._window.get(index.row())) else "" for index in kept]
        self._window.keep_only(tuple(found))
        self._put(found)
        rows = [self._window.row_of(key) for key in ids]
        self.changePersistentIndexList(
            kept, [self.index(row) if row is not None else QModelIndex() for row in rows]
        )
        self.layoutChanged.emit()
        if total < self.total:
            self._resize(total)

    def _resize(self, total: int) -> None:
        before = self._window.total
        if total > before:
            self.beginInsertRows(QModelIndex(), before, total - 1)
            self._window.total = total
            self.endInsertRows()
        else:
            self.beginRemoveRows(QModelIndex(), total, before - 1)
            self._window.total = total
            self.endRemoveRows()

    def _want(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted = [*self._wanted, page][-WANTED:]
        if not self._reading:
            self._later.start()

    def _read_wanted(self) -> None:
        if self._wanted and not self._reading:
            self._reading = True
            tasks.start(self, self._read_pages(), "read transfers on screen")

    async def _read_pages(self) -> None:
        self._news.clear()
        query = self.query
        try:
            while self._wanted and query is self.query:
                page = self._wanted.pop()
                result = await self._page(page * PAGE, PAGE, query)
                self._put({page: result})
                self._touch(range(page * PAGE, page * PAGE + len(result.transfers)))
                self._stale |= result.total != self.total
        finally:
            self._reading = False
        self._go_on()

    def _go_on(self) -> None:
        """Do what had to wait for the reading that has ended."""
        if self._stale or self._asked != self.query:
            self._stale = False
            self.refresh()
        else:
            self._read_wanted()

    # What views ask of it

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self._window.total

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        transfer = self._window.get(index.row())
        if transfer is None:
            self._want(index.row() // PAGE)
            return None
        match role:
            case Qt.ItemDataRole.UserRole:
                return transfer
            case Qt.ItemDataRole.DisplayRole:
                return say.name(transfer)
            case Qt.ItemDataRole.AccessibleTextRole:
                return say.spoken(transfer, self.destination_name(transfer), time.time())
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        transfer = self._window.get(index.row())
        usual |= Qt.ItemFlag.ItemNeverHasChildren
        if transfer is None or transfer.state.over:
            return usual
        return usual | Qt.ItemFlag.ItemIsDragEnabled

    # Reordering

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        moving = [one.id for row in rows if (one := self._window.get(row)) and not one.state.over]
        data = QMimeData()
        data.setData(MIME, "\n".join(moving).encode())
        return data

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not data.hasFormat(MIME):
            return False
        ids = bytes(data.data(MIME).data()).decode().split("\n")
        place = parent.row() if row < 0 and parent.isValid() else row
        follower = self._window.get(place) if 0 <= place < self.total else None
        while follower is not None and follower.id in ids:
            place += 1
            follower = self._window.get(place) if place < self.total else None
        before = follower.id if follower is not None and not follower.state.over else None
        self.dropped.emit(tuple(ids), before)
        return False  # the rows go where they belong when the queue says so


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of neighbours in ascending ``rows``."""
    if not rows:
        return
    first = rows[0]
    for one, following in pairwise(rows):
        if following != one + 1:
            yield first, one
            first = following
    yield first, rows[-1]
