"""The scenes of the open video at the left: to go to, render, move and take away."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from typing_extensions import override

from desktop.services.values import OutlineScene
from desktop.ui.models.rows import ROW_ROLE
from desktop.ui.models.scenes import SceneRow, ScenesModel
from desktop.ui.pages.studio.row_list import Index, RowList
from desktop.ui.pages.studio.scene_card import SceneDelegate
from desktop.ui.pages.studio.thumbnails import Thumbnails

HINT = "The scenes of the text appear here, each with a picture of its newest render."


class SceneList(RowList):
    """Shows a ``ScenesModel``."""

    chosen = Signal(str)
    """The person went to a scene: its id."""
    opened = Signal(str)
    """The person double-clicked a scene or pressed Return on it."""
    menu_wanted = Signal(str, QPoint)
    """A context menu for a scene, at a place on the screen."""
    removal_wanted = Signal(str)
    """The person wants to take a scene out: its id."""

    def __init__(self, model: ScenesModel, thumbnails: Thumbnails) -> None:
        self._quiet = False
        super().__init__(model, thumbnails, "Scenes", HINT)
        self._scenes = model
        self.setItemDelegate(SceneDelegate(thumbnails, self))
        self.clicked.connect(lambda index: self.chosen.emit(_id(index)))
        self.doubleClicked.connect(lambda index: self.opened.emit(_id(index)))
        self.returned.connect(lambda index: self.opened.emit(_id(index)))
        self.menu_asked.connect(lambda index, at: self.menu_wanted.emit(_id(index), at))

    @property
    def current(self) -> OutlineScene | None:
        """The selected scene; None without one."""
        row = self.currentIndex().data(ROW_ROLE)
        return row.scene if isinstance(row, SceneRow) else None

    def show_current(self, scene_id: str) -> None:
        """Select a scene without telling anybody; an unknown id selects none."""
        self._quiet = True
        self.show_row(self._scenes.row_of(scene_id))
        self._quiet = False

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
        if scene is not None and event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit(scene.id)
        else:
            super().keyPressEvent(event)


def _id(index: Index) -> str:
    row = index.data(ROW_ROLE)
    return row.scene.id if isinstance(row, SceneRow) else ""
