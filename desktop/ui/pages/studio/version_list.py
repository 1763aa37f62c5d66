"""The version stack: every result that was ever made, newest first."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QFont, QPainter
from typing_extensions import override

from desktop.domain.library import Version
from desktop.ui.icons import paint_icon
from desktop.ui.models.rows import ROW_ROLE
from desktop.ui.models.versions import VersionRow, VersionsModel
from desktop.ui.models.videos_text import when
from desktop.ui.pages.studio.row_delegate import RowDelegate
from desktop.ui.pages.studio.row_list import Index, RowList
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.painting import paint_text
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, CAPTION, SPACE_2, tokens

HEIGHT = 60
PICTURE = QSize(78, 44)

HINT = "Every render makes a version. You can watch each, compare it, and go back to it."


class VersionDelegate(RowDelegate[VersionRow]):
    """Paints versions."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(VersionRow, thumbnails, HEIGHT, PICTURE, parent)

    @override
    def poster(self, row: VersionRow) -> str:
        return row.poster

    @override
    def paint_words(self, painter: QPainter, line: QRect, row: VersionRow) -> None:
        _paint_words(painter, line, row)


def _paint_words(painter: QPainter, line: QRect, row: VersionRow) -> None:
    bold = text_font(BODY, QFont.Weight.DemiBold)
    paint_text(painter, line, row.name, "text", bold)
    painter.setFont(bold)
    used = painter.fontMetrics().horizontalAdvance(row.name) + SPACE_2
    moment = when(row.version.created_at, datetime.now(UTC))
    facts = f"{row.facts} · {moment}"
    if row.playing:
        mark = QRect(line.right() - 13, line.y() + 3, 14, 14)
        paint_icon(painter, mark, "play-circle-fill", tokens().color("accent_text"))
    paint_text(painter, line.adjusted(used, 0, -18, 0), facts, "muted", text_font(CAPTION))
    note = row.version.note or "No note"
    paint_text(painter, line.translated(0, 20), note, "muted", text_font(CAPTION))


class VersionList(RowList):
    """Shows a ``VersionsModel``."""

    chosen = Signal(int)
    """The person wants to see a version: its number."""
    menu_wanted = Signal(int, QPoint)
    """A context menu for a version, at a place on the screen."""

    def __init__(self, model: VersionsModel, thumbnails: Thumbnails) -> None:
        super().__init__(model, thumbnails, "Versions", HINT)
        self._versions = model
        self.setItemDelegate(VersionDelegate(thumbnails, self))
        self.clicked.connect(lambda index: self.chosen.emit(_number(index)))
        self.returned.connect(lambda index: self.chosen.emit(_number(index)))
        self.menu_asked.connect(lambda index, at: self.menu_wanted.emit(_number(index), at))

    @property
    def current(self) -> Version | None:
        """The selected version; None without one."""
        row = self.currentIndex().data(ROW_ROLE)
        return row.version if isinstance(row, VersionRow) else None

    def show_current(self, number: int) -> None:
        """Select a version without telling anybody; an unknown number selects none."""
        self.show_row(self._versions.row_of(number))


def _number(index: Index) -> int:
    row = index.data(ROW_ROLE)
    return row.version.number if isinstance(row, VersionRow) else 0
