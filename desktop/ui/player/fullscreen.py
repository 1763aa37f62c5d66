"""A film on the whole screen, with the same keys as in the window."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.ui.actions import Action
from desktop.ui.widgets.boxes import column


class FullScreen(QWidget):
    """Borrows a widget and shows it alone on the screen; Escape gives it back.

    It is a window of its own, because a window's shortcuts work only in that window and the
    borrowed widget must stay usable by keyboard.
    """

    left = Signal()
    """The person wants back; whoever lent the widget takes it back and deletes this."""

    def __init__(self, content: QWidget, declared: Sequence[Action], screen_of: QWidget) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setWindowTitle("Proofreel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setLayout(column(content, spacing=0))
        self.setScreen(screen_of.screen())
        for action in declared:
            self._add(action)
        leave = QAction("Leave full screen", self)
        leave.setShortcut(QKeySequence(Qt.Key.Key_Escape))
        leave.triggered.connect(lambda *_: self.left.emit())
        self.addAction(leave)

    def _add(self, declared: Action) -> None:
        action = QAction(declared.text, self)
        action.setShortcuts([QKeySequence(keys) for keys in declared.keys])
        action.triggered.connect(lambda *_: declared.run())
        self.addAction(action)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it by the system's means gives the widget back as well."""
        event.ignore()
        self.left.emit()
