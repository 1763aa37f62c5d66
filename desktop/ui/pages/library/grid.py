"""Videos as a wall of posters; moving the pointer across one shows the video's moments."""

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QWidget
from typing_extensions import override

from desktop.ui.models.videos import VIDEO_ROLE
from desktop.ui.pages.library.card import CardDelegate, cell_height
from desktop.ui.pages.library.pictures import Pictures

Index = QModelIndex | QPersistentModelIndex

CELL = 216
"""Pixels a card has at least; wider windows get more cards, then wider ones."""

ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class VideoGrid(QListView):
    """Cards of one size, so that ten thousand cost no more to lay out than ten."""

    opened = Signal(int)
    """Row whose video shall be opened."""
    menu_wanted = Signal(object)
    """Global position at which a menu for the selection shall open."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = CardDelegate(pictures, self)
        self._snippets = False
        self.setItemDelegate(self._cards)
        self.setAccessibleName("Videos")
        self._lay_out_as_wall()
        self._behave()
        pictures.came.connect(self._picture_came)

    def _lay_out_as_wall(self) -> None:
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(48)

    def _behave(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def show_snippets(self, shown: bool) -> None:
        """Make room below the titles for the words that were found."""
        if shown != self._snippets:
            self._snippets = shown
            self._fit_cells()

    def show_projects(self, shown: bool) -> None:
        """Say on every card which project the video is in, or leave it out."""
        if shown != self._cards.names_project:
            self._cards.names_project = shown
            self.viewport().update()

    def _fit_cells(self) -> None:
        room = self.width() - self._gutter()
        columns = max(1, room // CELL)
        width = max(120, room // columns)
        cell = QSize(width, cell_height(width, snippets=self._snippets))
        if cell != self._cards.cell:
            top = self.indexAt(QPoint(width // 2, 8))
            self._cards.cell = cell
            self.setGridSize(cell)
            if top.isValid() and top.row():
                self.scrollTo(top, QAbstractItemView.ScrollHint.PositionAtTop)

    def _gutter(self) -> int:
        """Return the room of the scroll bar, which Qt's wall keeps free, and a pixel more."""
        extent = QStyle.PixelMetric.PM_ScrollBarExtent
        return self.style().pixelMetric(extent, None, self.verticalScrollBar()) + 1

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_cells()
        super().resizeEvent(event)

    @override
    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        # The table shows the same selection, in whole rows.
        return super().selectionCommand(index, event) | QItemSelectionModel.SelectionFlag.Rows

    @override
    def keyboardSearch(self, search: str) -> None:
        """Do nothing: looking through the titles would read the whole library."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        idle = event.buttons() == Qt.MouseButton.NoButton
        self._scrub(event.position().toPoint() if idle else QPoint(-1, -1))

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        # The scroll bar belongs to the view: on the way there the pointer leaves the cards only.
        if event.type() == QEvent.Type.Leave:
            self._scrub(QPoint(-1, -1))
        return super().viewportEvent(event)

    def _scrub(self, at: QPoint) -> None:
        index = self.indexAt(at)
        stage = self._cards.stage(self.visualRect(index)) if index.isValid() else None
        before = self._cards.scrubbed
        if stage is not None and stage.contains(at):
            self._cards.scrubbed = index.row()
            self._cards.share = (at.x() - stage.x()) / max(1, stage.width() - 1)
            self.update(index)
        else:
            self._cards.scrubbed = -1
        if before not in {-1, self._cards.scrubbed} and self.model() is not None:
            self.update(self.model().index(before, 0))

    def _picture_came(self, video_id: str) -> None:
        for index in self.visible():
            video = index.data(VIDEO_ROLE)
            if video is not None and video.id == video_id:
                self.update(index)

    def visible(self) -> list[QModelIndex]:
        """Return the indexes whose cards are on screen."""
        cell = self._cards.cell
        found = {}
        for top in range(cell.height() // 2, self.viewport().height() + cell.height(), 64):
            for left in range(cell.width() // 2, self.viewport().width(), cell.width()):
                index = self.indexAt(QPoint(left, min(top, self.viewport().height() - 1)))
                if index.isValid():
                    found[index.row()] = index
        return list(found.values())
