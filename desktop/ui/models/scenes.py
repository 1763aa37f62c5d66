"""The scenes of the open video in order, each with its state and how far its render is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from desktop.services.values import OutlineScene, SceneState

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole

WORDS = {
    SceneState.NEW: "New",
    SceneState.CHANGED: "Changed",
    SceneState.FRESH: "Up to date",
    SceneState.FAILED: "Failed",
    SceneState.BROKEN: "Has errors",
}


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One scene as the list shows it."""

    scene: OutlineScene
    number: int
    """1-based place."""
    waiting: bool = False
    """Its render was asked for and has not begun to draw."""
    done: int = 0
    """Frames drawn of ``total``; 0 of 0 while nothing renders."""
    total: int = 0
    on_screen: bool = False
    """The player shows it."""

    @property
    def rendering(self) -> bool:
        """Whether a render of it is under way."""
        return self.waiting or self.total > 0

    @property
    def words(self) -> str:
        """What is said about it in one or two words."""
        if self.total:
            return f"Rendering {100 * self.done // self.total} %"
        if self.waiting:
            return "Waiting"
        return WORDS[self.scene.state]


class ScenesModel(QAbstractListModel):
    """Scenes keep their row while their text is edited; only added and removed ones move others."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SceneRow] = []
        self._on_screen = ""

    def show_scenes(self, scenes: Sequence[OutlineScene]) -> None:
        """Take the scenes of the newest text; renders under way stay visible."""
        known = {row.scene.id: row for row in self._rows}
        rows = [
            replace(known[scene.id], scene=scene, number=number)
            if scene.id in known
            else SceneRow(scene, number, on_screen=scene.id == self._on_screen)
            for number, scene in enumerate(scenes, 1)
        ]
        if [row.scene.id for row in rows] == [row.scene.id for row in self._rows]:
            self._rows = rows
            self._changed(0, len(rows) - 1)
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def clear(self) -> None:
        """Forget every scene."""
        self.beginResetModel()
        self._rows, self._on_screen = [], ""
        self.endResetModel()

    def begin_render(self, only: str = "") -> None:
        """Show all scenes as waiting for their render, or only the one with this id."""
        for place, row in enumerate(self._rows):
            waiting = only in {"", row.scene.id}
            self._put(place, replace(row, waiting=waiting, done=0, total=0))

    def show_progress(self, scene_id: str, done: int, total: int) -> None:
        """Show how many frames of a scene are drawn; 0 of 0 while it is being measured."""
        place = self.row_of(scene_id)
        if place is not None:
            self._put(place, replace(self._rows[place], waiting=True, done=done, total=total))

    def end_scene(self, scene_id: str) -> None:
        """Show that a scene's render has ended, well or not."""
        place = self.row_of(scene_id)
        if place is not None:
            self._put(place, replace(self._rows[place], waiting=False, done=0, total=0))

    def end_render(self) -> None:
        """Show that nothing renders any more."""
        for row in self._rows:
            self.end_scene(row.scene.id)

    def show_on_screen(self, scene_id: str) -> None:
        """Mark the scene the player shows; an empty id marks none."""
        self._on_screen = scene_id
        for place, row in enumerate(self._rows):
            self._put(place, replace(row, on_screen=bool(scene_id) and row.scene.id == scene_id))

    def rows(self) -> tuple[SceneRow, ...]:
        """Return every row from top to bottom."""
        return tuple(self._rows)

    def row_of(self, scene_id: str) -> int | None:
        """Return the 0-based place of a scene; None when it is not there."""
        ids = [row.scene.id for row in self._rows]
        return ids.index(scene_id) if scene_id in ids else None

    def scene(self, scene_id: str) -> OutlineScene | None:
        """Return a scene by id; None when it is not there."""
        place = self.row_of(scene_id)
        return None if place is None else self._rows[place].scene

    def at_line(self, line: int) -> OutlineScene | None:
        """Return the scene a 1-based line of the text belongs to; None before the first one."""
        above = [row.scene for row in self._rows if row.scene.line <= line]
        return above[-1] if above else None

    def _put(self, place: int, row: SceneRow) -> None:
        if row != self._rows[place]:
            self._rows[place] = row
            self._changed(place, place)

    def _changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first), self.index(last))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.scene.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Scene {row.number}: {row.scene.title}, {row.words}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([row.scene.title, *(str(one) for one in row.scene.problems)])
        return None
