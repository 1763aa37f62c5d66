"""What the lists of scenes and versions have in common: rows of one height, Return, a menu."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView
from typing_extensions import override

from desktop.ui.pages.studio.painting import paint_hint
from desktop.ui.pages.studio.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex


class RowList(QListView):
    """Shows rows with thumbnails; says ``hint`` where there are none."""

    returned = Signal(QModelIndex)
    """Return was pressed on a row."""
    menu_asked = Signal(QModelIndex, QPoint)
    """A context menu for a row, at a place on the screen."""

    def __init__(
        self, model: QAbstractItemModel, thumbnails: Thumbnails, name: str, hint: str
    ) -> None:
        super().__init__()
        self._hint = hint
        self.setModel(model)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        thumbnails.came.connect(self.viewport().update)

    def show_row(self, place: int | None) -> None:
        """Select a row, or none."""
        model = self.model()
        self.setCurrentIndex(QModelIndex() if place is None else model.index(place, 0))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_hint(self, self._hint)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.currentIndex()
        if here.isValid() and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.returned.emit(here)
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if index.isValid():
            place = self.visualRect(index).center() if keyboard else event.pos()
            self.menu_asked.emit(index, self.viewport().mapToGlobal(place))
