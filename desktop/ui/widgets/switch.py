"""An on/off switch."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from desktop.ui.tokens import tokens


class Switch(QAbstractButton):
    """A checkable button drawn as a switch; Space toggles it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())

    @override
    def sizeHint(self) -> QSize:
        return QSize(40, 24)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, 2, 36, 20)
        fill = "accent" if self.isChecked() else "outline"
        painter.setPen(
            QPen(scheme.color("accent_text"), 2) if self.hasFocus() else Qt.PenStyle.NoPen
        )
        painter.setBrush(scheme.color(fill if self.isEnabled() else "border"))
        painter.drawRoundedRect(track, 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scheme.color("on_accent" if self.isEnabled() else "faint"))
        left = 20.0 if self.isChecked() else 4.0
        painter.drawEllipse(QRectF(left, 4, 16, 16))
        painter.end()
