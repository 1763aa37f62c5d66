"""The versions of the open video, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from desktop.domain.library import Version
from desktop.domain.picture import Quality, clock
from desktop.ui.models.rows import row_data

Index = QModelIndex | QPersistentModelIndex

QUALITIES = {Quality.DRAFT: "Draft", Quality.FINAL: "Final"}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version as the stack shows it."""

    version: Version
    poster: str
    """Path of its poster; empty when there is none."""
    playing: bool = False
    """The player shows it."""

    @property
    def name(self) -> str:
        """How it is called."""
        return f"Version {self.version.number}"

    @property
    def facts(self) -> str:
        """Quality and length."""
        return f"{QUALITIES[self.version.quality]} · {clock(self.version.seconds)}"

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        return f"{self.name}, {self.facts}, {self.tip}"

    @property
    def tip(self) -> str:
        """What is said under the pointer."""
        return self.version.note


class VersionsModel(QAbstractListModel):
    """Versions never change; new ones come on top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[VersionRow, ...] = ()

    def show_versions(
        self, versions: Sequence[Version], posters: Sequence[str], playing: int
    ) -> None:
        """Take versions, newest first, a poster for each, and the number that plays."""
        rows = tuple(
            VersionRow(version, poster, version.number == playing)
            for version, poster in zip(versions, posters, strict=True)
        )
        if [row.version.id for row in rows] == [row.version.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rows(self) -> tuple[VersionRow, ...]:
        """Return every row, newest first."""
        return self._rows

    def version(self, number: int) -> Version | None:
        """Return a version by number; None when there is none."""
        return next((row.version for row in self._rows if row.version.number == number), None)

    def row_of(self, number: int) -> int | None:
        """Return the 0-based place of a version; None when it is not there."""
        numbers = [row.version.number for row in self._rows]
        return numbers.index(number) if number in numbers else None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return row_data(self._rows[index.row()], role) if index.isValid() else None
