"""The column left of the text: line numbers, problems, and the scene the film is in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.domain.errors import Severity
from desktop.ui.editor.colors import syntax
from desktop.ui.editor.tips import show_tip
from desktop.ui.icons import paint_icon
from desktop.ui.tokens import SPACE_1, SPACE_2, tokens

BAR = 3
"""Width of the scene's bar."""
FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One visible line: its 1-based number and where it is."""

    line: int
    top: int
    height: int
    """Of its first visual line; wrapped lines are higher."""
    bottom: int


class Numbered(Protocol):
    """The text area as its gutter sees it."""

    def line_count(self) -> int:
        """Return the number of lines."""

    def current_line(self) -> int:
        """Return the 1-based line of the cursor."""

    def rows(self, area: QRect) -> Iterator[Row]:
        """Yield the visible lines that touch ``area``."""

    def line_at(self, y: int) -> int | None:
        """Return the 1-based line at a height."""

    def select_line(self, line: int) -> None:
        """Select a whole line."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll."""


class Gutter(QWidget):
    """Painted beside the text area, which tells it the visible rows."""

    def __init__(self, area: Numbered, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = area
        self._problems: Mapping[int, tuple[Severity, str]] = {}
        self._scene: tuple[int, int] | None = None
        self.setAccessibleName("Line numbers")

    def show_problems(self, problems: Mapping[int, tuple[Severity, str]]) -> None:
        """Show an icon at each of these lines, with a tooltip."""
        if problems != self._problems:
            self._problems = problems
            self.update()

    def show_scene(self, span: tuple[int, int] | None) -> None:
        """Show a bar beside these lines, both included."""
        if span != self._scene:
            self._scene = span
            self.update()

    @property
    def icon_side(self) -> int:
        """Side of a problem's icon in pixels; it grows with the text."""
        return max(12, QFontMetrics(self.font()).ascent() + 2)

    @override
    def sizeHint(self) -> QSize:
        digits = max(FEWEST_DIGITS, len(str(self._area.line_count())))
        numbers = QFontMetrics(self.font()).horizontalAdvance("9" * digits)
        return QSize(SPACE_1 + self.icon_side + SPACE_1 + numbers + SPACE_2 + BAR + SPACE_1, 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.fillRect(event.rect(), tokens().color("surface"))
        here = self._area.current_line()
        for row in self._area.rows(event.rect()):
            self._paint_row(painter, row, current=row.line == here)
        painter.end()

    def _paint_row(self, painter: QPainter, row: Row, *, current: bool) -> None:
        scheme = tokens()
        if current:
            painter.fillRect(0, row.top, self.width(), row.bottom - row.top, syntax().band)
        if self._scene and self._scene[0] <= row.line <= self._scene[1]:
            left = self.width() - BAR - SPACE_1
            painter.fillRect(left, row.top, BAR, row.bottom - row.top, scheme.color("accent_text"))
        painter.setPen(scheme.color("text" if current else "muted"))
        box = QRect(0, row.top, self.width() - BAR - SPACE_1 - SPACE_2, row.height)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, flags, str(row.line))
        if row.line in self._problems:
            self._paint_problem(painter, row, self._problems[row.line][0])

    def _paint_problem(self, painter: QPainter, row: Row, severity: Severity) -> None:
        error = severity is Severity.ERROR
        side = self.icon_side
        box = QRect(SPACE_1, row.top + (row.height - side) // 2, side, side)
        color = tokens().color("danger" if error else "warning")
        paint_icon(painter, box, "warning-circle-fill" if error else "warning-fill", color)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._explain(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def _explain(self, where: QPoint, on_screen: QPoint) -> None:
        line = self._area.line_at(where.y())
        found = self._problems.get(line) if line else None
        show_tip(on_screen, found[1] if found else "", self)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._area.line_at(int(event.position().y()))
        if line and event.button() == Qt.MouseButton.LeftButton:
            self._area.select_line(line)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._area.wheelEvent(event)
