"""The places of the library, for its left side: all videos, each project, the trash."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from desktop.domain.library import Project
from desktop.ui.models.videos import MIME
from desktop.ui.models.videos_text import count

Index = QModelIndex | QPersistentModelIndex

PLACE_ROLE = Qt.ItemDataRole.UserRole

ALL, PROJECT, HEADING, TRASH = "all", "project", "heading", "trash"


@dataclass(frozen=True, slots=True)
class Place:
    """One row: where videos can be."""

    kind: str
    title: str
    project_id: str = ""
    videos: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same when titles and counts change."""
        return self.kind, self.project_id


class ProjectsModel(QAbstractListModel):
    """Places with counts; videos can be dropped on projects and on the trash."""

    dropped = Signal(object, object)
    """Carries the ``Place`` and a tuple of video ids."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[Place, ...] = ()

    def show_places(
        self, projects: Sequence[Project], counts: dict[str, int], trashed: int
    ) -> None:
        """Take projects, videos by project id, and how many videos are in the trash."""
        rows = [
            Place(ALL, "All videos", videos=sum(counts.values())),
            Place(TRASH, "Trash", videos=trashed),
            Place(HEADING, "Projects"),
            *(Place(PROJECT, one.title, one.id, counts.get(one.id, 0)) for one in projects),
        ]
        if tuple(rows) == self._places:
            return
        if [row.key for row in rows] == [row.key for row in self._places]:
            self._places = tuple(rows)
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._places = tuple(rows)
        self.endResetModel()

    def places(self) -> tuple[Place, ...]:
        """Return every row from top to bottom."""
        return self._places

    def projects(self) -> tuple[Place, ...]:
        """Return the projects by title."""
        return tuple(place for place in self._places if place.kind == PROJECT)

    def row_of(self, kind: str, project_id: str = "") -> int | None:
        """Return the row of a place; None when it has gone."""
        keys = [place.key for place in self._places]
        key = (kind, project_id)
        return keys.index(key) if key in keys else None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._places)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = self._places[index.row()]
        if role == PLACE_ROLE:
            return place
        if role == Qt.ItemDataRole.DisplayRole:
            return place.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return place.title if place.kind == HEADING else f"{place.title}, {count(place.videos)}"
        if role == Qt.ItemDataRole.ToolTipRole and place.kind == PROJECT:
            return place.title
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._places[index.row()].kind == HEADING:
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        takes = self._places[index.row()].kind in {PROJECT, TRASH}
        return usual | Qt.ItemFlag.ItemIsDropEnabled if takes else usual

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME]

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        takes = parent.isValid() and self._places[parent.row()].kind in {PROJECT, TRASH}
        return takes and data.hasFormat(MIME)

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        ids = tuple(bytes(data.data(MIME).data()).decode().split())
        if ids:
            self.dropped.emit(self._places[parent.row()], ids)
        # Moving is the library's business: the view that dragged must not remove its rows.
        return False
