"""The rail at the left: one button for each workspace."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QWidget
from typing_extensions import override

from desktop.ui.icons import paint_icon
from desktop.ui.theme import text_font
from desktop.ui.tokens import CAPTION, RADIUS, SPACE_2, SPACE_3, tokens
from desktop.ui.widgets.boxes import column
from desktop.ui.widgets.labels import native_keys

WIDTH = 76


class RailButton(QAbstractButton):
    """Icon above a name; the open workspace is marked by accent and shape, not by colour only."""

    def __init__(self, name: str, glyph: str, keys: str) -> None:
        super().__init__()
        self._glyph = glyph
        self.setText(name)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  {native_keys(keys)}" if keys else name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 2 * SPACE_2, 56)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().adjusted(1, 1, -1, -1)
        ground = "selected" if self.isChecked() else "hover" if self.underMouse() else ""
        painter.setPen(scheme.color("accent_text") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(scheme.color(ground) if ground else Qt.BrushStyle.NoBrush)
        if ground or self.hasFocus():
            painter.drawRoundedRect(area, RADIUS + 2, RADIUS + 2)
        color = scheme.color("text" if self.isChecked() or self.underMouse() else "muted")
        glyph = f"{self._glyph}-fill" if self.isChecked() else self._glyph
        mark = scheme.color("accent_text") if self.isChecked() else color
        paint_icon(painter, QRect((self.width() - 22) // 2, 9, 22, 22), glyph, mark)
        painter.setFont(text_font(CAPTION, QFont.Weight.Medium))
        painter.setPen(color)
        words = QRect(0, 33, self.width(), 18)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Rail(QFrame):
    """Buttons of the workspaces, and below them those of the rest (settings)."""

    chosen = Signal(str)
    """Id of the page the person wants to see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Workspaces")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        self._top = column(spacing=SPACE_2)
        self._bottom = column(spacing=SPACE_2)
        self.setLayout(
            column(self._top, None, self._bottom, margins=(SPACE_2, SPACE_3, SPACE_2, SPACE_3))
        )

    def add(self, page_id: str, name: str, glyph: str, keys: str, *, at_end: bool) -> None:
        """Add the button of a page; ``at_end`` puts it to the bottom."""
        made = RailButton(name, glyph, keys)
        made.clicked.connect(lambda: self.chosen.emit(page_id))
        self._buttons[page_id] = made
        self._group.addButton(made)
        (self._bottom if at_end else self._top).addWidget(made)

    def mark(self, page_id: str) -> None:
        """Show which page is open; an id without a button marks none."""
        self._group.setExclusive(False)
        for key, made in self._buttons.items():
            made.setChecked(key == page_id)
        self._group.setExclusive(page_id in self._buttons)
