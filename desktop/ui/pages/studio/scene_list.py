"""The scenes of the open video at the left: to go to, render, move and take away."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView
from typing_extensions import override

from desktop.services.values import OutlineScene
from desktop.ui.models.scenes import ROW_ROLE, SceneRow, ScenesModel
from desktop.ui.pages.studio.painting import paint_hint
from desktop.ui.pages.studio.scene_card import SceneDelegate
from desktop.ui.pages.studio.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex

HINT = "The scenes of the text appear here, each with a picture of its newest render."


class SceneList(QListView):
    """Shows a ``ScenesModel``."""

    chosen = Signal(str)
    """The person went to a scene: its id."""
    opened = Signal(str)
    """The person double-clicked a scene or pressed Return on it."""
    menu_wanted = Signal(str, QPoint)
    """A context menu for a scene, at a place on the screen."""
    removal_wanted = Signal(str)

    def __init__(self, model: ScenesModel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._model = model
        self._quiet = False
        self.setModel(model)
        self.setItemDelegate(SceneDelegate(thumbnails, self))
        self.setAccessibleName("Scenes")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        thumbnails.came.connect(self.viewport().update)
        self.doubleClicked.connect(lambda index: self.opened.emit(_id(index)))
        self.clicked.connect(lambda index: self.chosen.emit(_id(index)))

    @property
    def current(self) -> OutlineScene | None:
        """The selected scene; None without one."""
        row = self.currentIndex().data(ROW_ROLE)
        return row.scene if isinstance(row, SceneRow) else None

    def show_current(self, scene_id: str) -> None:
        """Select a scene without telling anybody; an unknown id selects none."""
        place = self._model.row_of(scene_id)
        self._quiet = True
        self.setCurrentIndex(QModelIndex() if place is None else self._model.index(place))
        self._quiet = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_hint(self, HINT)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._quiet = True  # the click tells, once
        super().mousePressEvent(event)
        self._quiet = False

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._quiet = True  # Qt selects a row then; coming here is not going there
        super().focusInEvent(event)
        self._quiet = False

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._quiet and self.hasFocus() and current.isValid():
            self.chosen.emit(_id(current))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        scene = self.current
        if scene is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(scene.id)
        elif scene is not None and event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit(scene.id)
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if index.isValid():
            place = self.visualRect(index).center() if keyboard else event.pos()
            self.menu_wanted.emit(_id(index), self.viewport().mapToGlobal(place))


def _id(index: Index) -> str:
    row = index.data(ROW_ROLE)
    return row.scene.id if isinstance(row, SceneRow) else ""
