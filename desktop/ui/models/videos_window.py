"""The part of a long list that is in memory: whole pages, the least recently used go first."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from desktop.domain.library import Video

PAGE = 60
"""Rows fetched at once: about two screens of posters."""

KEPT = 20
"""Pages in memory; a library of any size costs no more than these."""


class VideoWindow:
    """Rows of a result by number; most of them are not here."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, tuple[Video, ...]] = OrderedDict()
        self._snippets: dict[int, dict[str, str]] = {}
        self.total = 0

    def clear(self) -> None:
        """Forget everything."""
        self._pages.clear()
        self._snippets.clear()
        self.total = 0

    def put(self, page: int, videos: Sequence[Video], snippets: dict[str, str]) -> None:
        """Keep one page; the one not looked at for the longest time goes when there are many."""
        self._pages[page] = tuple(videos)
        self._pages.move_to_end(page)
        self._snippets[page] = snippets
        while len(self._pages) > KEPT:
            gone, _ = self._pages.popitem(last=False)
            del self._snippets[gone]

    def get(self, row: int) -> Video | None:
        """Return the video in a row; None when its page is not here."""
        page, place = divmod(row, PAGE)
        videos = self._pages.get(page)
        if videos is None or place >= len(videos):
            return None
        self._pages.move_to_end(page)
        return videos[place]

    def snippet(self, row: int) -> str:
        """Return where the words were found in a row's video; may be empty."""
        page, place = divmod(row, PAGE)
        videos = self._pages.get(page, ())
        return self._snippets[page].get(videos[place].id, "") if place < len(videos) else ""

    def has(self, page: int) -> bool:
        """Whether a page is here."""
        return page in self._pages

    def recent(self, most: int) -> tuple[int, ...]:
        """Return the numbers of the pages looked at last, newest first."""
        return tuple(reversed(self._pages))[:most]

    def keep_only(self, pages: Sequence[int]) -> None:
        """Forget all pages but these; the others are read again when they are looked at."""
        for page in [page for page in self._pages if page not in pages]:
            del self._pages[page]
            del self._snippets[page]

    def rows(self) -> Iterator[tuple[int, Video]]:
        """Yield (row, video) of everything that is here, by row."""
        for page in sorted(self._pages):
            for place, video in enumerate(self._pages[page]):
                yield page * PAGE + place, video

    def row_of(self, video_id: str) -> int | None:
        """Return the row of a video; None when it is not here."""
        return next((row for row, video in self.rows() if video.id == video_id), None)
