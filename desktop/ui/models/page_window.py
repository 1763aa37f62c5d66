"""The part of a long list that is in memory: whole pages, the least recently used go first."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    """What has an id by which it is found again when it moves."""

    @property
    def id(self) -> str:
        """Unlike that of every other row."""


R = TypeVar("R", bound=Row)


class PageWindow(Generic[R]):
    """Rows of a list by number; most of them are not here.

    Rows are read by pages of ``page`` rows, of which ``kept`` stay in memory.
    """

    def __init__(self, page: int, kept: int) -> None:
        self._page = page
        self._kept = kept
        self._pages: OrderedDict[int, list[R]] = OrderedDict()
        self._rows: dict[str, int] = {}
        self.total = 0

    def clear(self) -> None:
        """Forget everything."""
        self._pages.clear()
        self._rows.clear()
        self.total = 0

    def put(self, page: int, rows: Sequence[R]) -> None:
        """Keep one page; the one not looked at for the longest time goes when there are many."""
        self._drop(page)
        self._pages[page] = list(rows)
        for place, one in enumerate(rows):
            self._rows[one.id] = page * self._page + place
        while len(self._pages) > self._kept:
            self._drop(next(iter(self._pages)))

    def _drop(self, page: int) -> None:
        for one in self._pages.pop(page, ()):
            row = self._rows.get(one.id)
            if row is not None and row // self._page == page:
                del self._rows[one.id]

    def get(self, row: int) -> R | None:
        """Return what is in a row; None when its page is not here."""
        page, place = divmod(row, self._page)
        rows = self._pages.get(page)
        if rows is None or place >= len(rows):
            return None
        self._pages.move_to_end(page)
        return rows[place]

    def update(self, one: R) -> int | None:
        """Take over how a row stands now; return its number, None when it is not here."""
        row = self._rows.get(one.id)
        if row is not None:
            page, place = divmod(row, self._page)
            self._pages[page][place] = one
        return row

    def has(self, page: int) -> bool:
        """Whether a page is here."""
        return page in self._pages

    def recent(self, most: int) -> tuple[int, ...]:
        """Return the numbers of the pages looked at last, newest first."""
        return tuple(reversed(self._pages))[:most]

    def keep_only(self, pages: Sequence[int]) -> None:
        """Forget all pages but these; the others are read again when they are looked at."""
        for page in [page for page in self._pages if page not in pages]:
            self._drop(page)

    def rows(self) -> Iterator[tuple[int, R]]:
        """Yield (number, row) of everything that is here, by number."""
        for page in sorted(self._pages):
            for place, one in enumerate(self._pages[page]):
                yield page * self._page + place, one

    def row_of(self, row_id: str) -> int | None:
        """Return the number of a row; None when it is not here."""
        return self._rows.get(row_id)
