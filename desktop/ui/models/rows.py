"""What rows of the studio's lists answer when a view or a screen reader asks."""

from typing import Any, Protocol

from PySide6.QtCore import Qt

ROW_ROLE = Qt.ItemDataRole.UserRole
"""Gives the row itself, for delegates that paint it."""


class Row(Protocol):
    """A row that can be read."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""

    @property
    def tip(self) -> str:
        """What is said under the pointer."""


def row_data(row: Row, role: int) -> Any:  # noqa: ANN401 - Qt's own type
    """Return what ``QAbstractItemModel.data`` answers for a row."""
    match role:
        case ROW_ROLE.value:
            return row
        case Qt.ItemDataRole.DisplayRole.value:
            return row.name
        case Qt.ItemDataRole.AccessibleTextRole.value:
            return row.spoken
        case Qt.ItemDataRole.ToolTipRole.value:
            return row.tip
    return None
