"""The part of a search's result that is in memory, with where the words were found."""

from collections.abc import Sequence

from typing_extensions import override

from desktop.domain.library import Video
from desktop.ui.models.page_window import PageWindow

PAGE = 60
"""Rows fetched at once: about two screens of posters."""

KEPT = 20
"""Pages in memory; a library of any size costs no more than these."""


class VideoWindow(PageWindow[Video]):
    """The videos of one query that are in memory."""

    def __init__(self) -> None:
        super().__init__(PAGE, KEPT)
        self._snippets: dict[int, dict[str, str]] = {}

    @override
    def clear(self) -> None:
        super().clear()
        self._snippets.clear()

    @override
    def put(self, page: int, rows: Sequence[Video], snippets: dict[str, str] | None = None) -> None:
        """Keep one page, and by video id where the words were found."""
        super().put(page, rows)
        self._snippets[page] = snippets or {}

    @override
    def _drop(self, page: int) -> None:
        super()._drop(page)
        self._snippets.pop(page, None)

    def snippet(self, row: int) -> str:
        """Return where the words were found in a row's video; may be empty."""
        video = self.get(row)
        return self._snippets[row // PAGE].get(video.id, "") if video is not None else ""

    @override
    def row_of(self, row_id: str) -> int | None:
        """Return the row of a video, the first of two while it moves; None when it is not here."""
        return next((row for row, video in self.rows() if video.id == row_id), None)
