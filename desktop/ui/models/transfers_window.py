"""The part of the list of transfers that is in memory; a row is found by the id that moves."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from desktop.domain.transfers import Transfer

PAGE = 100
"""Rows fetched at once: a few screens."""

KEPT = 12
"""Pages in memory; a history of any length costs no more than these."""


class TransferWindow:
    """Rows of a list by number; most of them are not here."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, list[Transfer]] = OrderedDict()
        self._rows: dict[str, int] = {}
        self.total = 0

    def clear(self) -> None:
        """Forget everything."""
        self._pages.clear()
        self._rows.clear()
        self.total = 0

    def put(self, page: int, transfers: Sequence[Transfer]) -> None:
        """Keep one page; the one not looked at for the longest time goes when there are many."""
        self._drop(page)
        self._pages[page] = list(transfers)
        for place, transfer in enumerate(transfers):
            self._rows[transfer.id] = page * PAGE + place
        while len(self._pages) > KEPT:
            self._drop(next(iter(self._pages)))

    def _drop(self, page: int) -> None:
        for transfer in self._pages.pop(page, ()):
            row = self._rows.get(transfer.id)
            if row is not None and row // PAGE == page:
                del self._rows[transfer.id]

    def get(self, row: int) -> Transfer | None:
        """Return the transfer in a row; None when its page is not here."""
        page, place = divmod(row, PAGE)
        transfers = self._pages.get(page)
        if transfers is None or place >= len(transfers):
            return None
        self._pages.move_to_end(page)
        return transfers[place]

    def update(self, transfer: Transfer) -> int | None:
        """Take over how a transfer stands now; return its row, None when it is not here."""
        row = self._rows.get(transfer.id)
        if row is not None:
            page, place = divmod(row, PAGE)
            self._pages[page][place] = transfer
        return row

    def recent(self, most: int) -> tuple[int, ...]:
        """Return the numbers of the pages looked at last, newest first."""
        return tuple(reversed(self._pages))[:most]

    def keep_only(self, pages: Sequence[int]) -> None:
        """Forget all pages but these; the others are read again when they are looked at."""
        for page in [page for page in self._pages if page not in pages]:
            self._drop(page)

    def rows(self) -> Iterator[tuple[int, Transfer]]:
        """Yield (row, transfer) of everything that is here, by row."""
        for page in sorted(self._pages):
            for place, transfer in enumerate(self._pages[page]):
                yield page * PAGE + place, transfer

    def row_of(self, transfer_id: str) -> int | None:
        """Return the row of a transfer; None when it is not here."""
        return self._rows.get(transfer_id)
