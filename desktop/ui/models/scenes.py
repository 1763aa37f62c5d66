"""The scenes of the open video in order, each with its state and how far its render is."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from desktop.services.values import OutlineScene, SceneState
from desktop.ui.models.rows import row_data

Index = QModelIndex | QPersistentModelIndex

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

    @property
    def name(self) -> str:
        """What it is called."""
        return self.scene.title

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        return f"Scene {self.number}: {self.name}, {self.words}"

    @property
    def tip(self) -> str:
        """What is said under the pointer."""
        return "\n".join([self.name, *(str(one) for one in self.scene.problems)])


class ScenesModel(QAbstractListModel):
    """Scenes keep their row while their text is edited; only added and removed ones move others."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SceneRow] = []
        self._places: dict[str, int] = {}
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
        before, after = [row.scene.id for row in self._rows], [row.scene.id for row in rows]
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        self._exchange(head, len(before) - head - tail, rows[head : len(rows) - tail])
        self._take(rows)

    def _exchange(self, place: int, removed: int, added: Sequence[SceneRow]) -> None:
        """Put rows in the place of others; those around them are not disturbed."""
        if removed:
            self.beginRemoveRows(QModelIndex(), place, place + removed - 1)
            self._keep([*self._rows[:place], *self._rows[place + removed :]])
            self.endRemoveRows()
        if added:
            self.beginInsertRows(QModelIndex(), place, place + len(added) - 1)
            self._keep([*self._rows[:place], *added, *self._rows[place:]])
            self.endInsertRows()

    def clear(self) -> None:
        """Forget every scene."""
        self.beginResetModel()
        self._keep([])
        self._on_screen = ""
        self.endResetModel()

    def begin_render(self, only: str = "") -> None:
        """Show all scenes as waiting for their render, or only the one with this id."""
        self._take(
            [
                replace(row, waiting=only in {"", row.scene.id}, done=0, total=0)
                for row in self._rows
            ]
        )

    def show_progress(self, scene_id: str, done: int, total: int) -> None:
        """Show how many frames of a scene are drawn; 0 of 0 while it is being measured."""
        self._change(scene_id, lambda row: replace(row, waiting=True, done=done, total=total))

    def end_scene(self, scene_id: str) -> None:
        """Show that a scene's render has ended, well or not."""
        self._change(scene_id, _at_rest)

    def end_render(self) -> None:
        """Show that nothing renders any more."""
        self._take([_at_rest(row) for row in self._rows])

    def show_on_screen(self, scene_id: str) -> None:
        """Mark the scene the player shows; an empty id marks none."""
        before, self._on_screen = self._on_screen, scene_id
        self._change(before, lambda row: replace(row, on_screen=False))
        self._change(scene_id, lambda row: replace(row, on_screen=True))

    def rows(self) -> tuple[SceneRow, ...]:
        """Return every row from top to bottom."""
        return tuple(self._rows)

    def row_of(self, scene_id: str) -> int | None:
        """Return the 0-based place of a scene; None when it is not there."""
        return self._places.get(scene_id)

    def scene(self, scene_id: str) -> OutlineScene | None:
        """Return a scene by id; None when it is not there."""
        place = self.row_of(scene_id)
        return None if place is None else self._rows[place].scene

    def at_line(self, line: int) -> OutlineScene | None:
        """Return the scene a 1-based line of the text belongs to; None before the first one."""
        place = bisect_right(self._rows, line, key=lambda row: row.scene.line)
        return self._rows[place - 1].scene if place else None

    def _change(self, scene_id: str, change: Callable[[SceneRow], SceneRow]) -> None:
        place = self.row_of(scene_id)
        if place is not None:
            rows = list(self._rows)
            rows[place] = change(rows[place])
            self._take(rows)

    def _take(self, rows: list[SceneRow]) -> None:
        """Take new values for all rows and tell which differ."""
        differing = [
            n for n, (one, two) in enumerate(zip(self._rows, rows, strict=True)) if one != two
        ]
        self._keep(rows)
        if differing:
            self.dataChanged.emit(self.index(differing[0]), self.index(differing[-1]))

    def _keep(self, rows: list[SceneRow]) -> None:
        self._rows = rows
        self._places = {row.scene.id: place for place, row in enumerate(rows)}

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return row_data(self._rows[index.row()], role) if index.isValid() else None


def _at_rest(row: SceneRow) -> SceneRow:
    return replace(row, waiting=False, done=0, total=0)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many ids both begin with."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
