"""An icon that stands by itself and follows the colours of the window."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.ui.icons import paint_icon
from desktop.ui.tokens import tokens


class Glyph(QWidget):
    """Paints an icon in the colour its role has at that moment; a pixmap would keep the old one."""

    def __init__(self, name: str, role: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._role = role
        self.setFixedSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self.rect(), self._name, tokens().color(self._role))
        painter.end()
