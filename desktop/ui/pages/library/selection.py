"""Which videos are selected: rows for the views, ids for the acts, kept while rows move."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, QTimer, Signal

from desktop.domain.library import Video
from desktop.ui.models.videos import COLUMNS, VideosModel

FLAG = QItemSelectionModel.SelectionFlag

REMEMBERED = 500
"""Selections up to this size find their videos again after a change of the library."""

REST_MS = 25
"""Moving through the videos with the keyboard tells only where it rests."""


class Selection(QObject):
    """The selection that the grid and the table share."""

    changed = Signal()
    """Other videos are selected, or those selected have changed."""

    def __init__(self, model: VideosModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._ids: tuple[str, ...] = ()
        self._next = -1
        self._shrinking = False
        # Connected before the selection model, which drops the rows that go.
        model.rowsAboutToBeRemoved.connect(lambda *_: self._shrink(True))
        self.rows_model = QItemSelectionModel(model, self)
        model.rowsRemoved.connect(lambda *_: self._shrink(False))
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.changed)
        self.rows_model.selectionChanged.connect(self._selected)
        model.dataChanged.connect(lambda *_: self._rest.start())
        model.modelReset.connect(self._forget)
        model.refreshed.connect(self._find_again)

    def rows(self) -> tuple[int, ...]:
        """Return the selected rows from top to bottom."""
        spans = self.rows_model.selection()
        ranges = [spans.at(place) for place in range(spans.count())]
        found = {row for span in ranges for row in range(span.top(), span.bottom() + 1)}
        return tuple(sorted(found))

    def videos(self) -> tuple[Video, ...]:
        """Return the selected videos as far as they were read."""
        return tuple(video for row in self.rows() if (video := self._model.video(row)))

    def one(self) -> Video | None:
        """Return the video if exactly one is selected."""
        rows = self.rows()
        return self._model.video(rows[0]) if len(rows) == 1 else None

    async def ids(self) -> tuple[str, ...]:
        """Return the ids of all selected videos; reads those that were not looked at yet."""
        return await self._model.ids(self.rows())

    def select(self, rows: Sequence[int]) -> None:
        """Select rows instead of what is selected; the first becomes the current one."""
        chosen = QItemSelection()
        for row in rows:
            left, right = self._model.index(row, 0), self._model.index(row, len(COLUMNS) - 1)
            chosen.select(left, right)
        if rows:
            current = self._model.index(rows[0], 0)
            self.rows_model.setCurrentIndex(current, FLAG.NoUpdate)
        self.rows_model.select(chosen, FLAG.ClearAndSelect)

    def go_on_from(self, rows: Sequence[int]) -> None:
        """Select what moves up into the first of ``rows`` once its video has gone."""
        self._next = rows[0] if rows else -1

    def _shrink(self, now: bool) -> None:
        """Keep in mind what was selected while rows go: their videos may have moved up."""
        self._shrinking = now

    def _selected(self) -> None:
        self._rest.start()
        if self._shrinking:
            return
        rows = self.rows()
        few = len(rows) <= REMEMBERED
        self._ids = tuple(video.id for video in self.videos()) if few else ()

    def _forget(self) -> None:
        """Another result begins without a selection."""
        self._ids, self._next = (), -1
        self._rest.start()

    def _find_again(self) -> None:
        """Select the same videos where they are now."""
        if not self._ids:
            return
        found = [self._model.row_of(video_id) for video_id in self._ids]
        rows = sorted(row for row in found if row is not None)
        if not rows and self._next >= 0 and self._model.total:
            rows = [min(self._next, self._model.total - 1)]
        self._next = -1
        if tuple(rows) != self.rows():
            self.select(rows)
        elif rows:
            self._selected()
