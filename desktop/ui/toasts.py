"""Short notices at the bottom of the window, with the way back where there is one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_6, tokens
from desktop.ui.widgets.boxes import column, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import key_cap, label

SECONDS = 6
"""How long a notice stays; twice as long when it offers something."""

MOST = 3
"""Notices at the same time; older ones give way."""


class Toast(QFrame):
    """One notice."""

    def __init__(self, text: str, action: str, act: Callable[[], object] | None, keys: str) -> None:
        super().__init__()
        self.setProperty("surface", "overlay")
        self.setAccessibleName(text)
        self._act = act
        picture = Glyph("arrow-counter-clockwise" if act else "check-circle", "muted", 18)
        self.message = label(text)
        parts: list[QWidget] = [picture, self.message]
        if act is not None:
            parts.append(button(action, self.accept, kind="link"))
        if keys:
            parts.append(key_cap(keys))
        parts.append(tool_button("x", "Dismiss", self.close))
        self.setLayout(row(*parts, spacing=SPACE_2, margins=(SPACE_3, 6, 6, 6)))
        shadow = QGraphicsDropShadowEffect(blurRadius=24, xOffset=0, yOffset=6)
        shadow.setColor(tokens().color("stage"))
        self.setGraphicsEffect(shadow)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.close)
        self._timer.start(SECONDS * 1000 * (2 if act else 1))

    def accept(self) -> None:
        """Do what the notice offers and close it."""
        if self._act is not None:
            self._act()
        self.close()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()


class ToastArea(QWidget):
    """Floats above ``host`` and stacks notices at its bottom, centred."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._stack: QVBoxLayout = column(spacing=SPACE_2, margins=(SPACE_6,) * 4)
        self.setLayout(self._stack)
        self.hide()
        host.installEventFilter(self)

    def show_toast(
        self, text: str, action: str = "", act: Callable[[], object] | None = None, keys: str = ""
    ) -> Toast:
        """Show a notice; ``action`` names and ``act`` does what it offers."""
        for old in self.toasts()[: 1 - MOST]:
            old.close()
        toast = Toast(text, action, act, keys)
        toast.destroyed.connect(self._arrange_later)
        self._stack.addWidget(toast, 0, Qt.AlignmentFlag.AlignHCenter)
        toast.show()  # or its first picture would be as high as nothing
        self._arrange()
        return toast

    def toasts(self) -> list[Toast]:
        """Return the notices on screen, oldest first."""
        return self.findChildren(Toast, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def _arrange_later(self) -> None:
        QTimer.singleShot(0, self, self._arrange)

    def _arrange(self) -> None:
        host = self._host
        if not self.toasts():
            self.hide()
            return
        self.adjustSize()
        size = self.sizeHint()
        self.setGeometry(
            (host.width() - size.width()) // 2,
            host.height() - size.height(),
            size.width(),
            size.height(),
        )
        self.show()
        self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._arrange()
        return super().eventFilter(watched, event)
