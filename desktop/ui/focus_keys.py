"""Keeps a control's own keys for the control that has the focus.

Pages use single keys as shortcuts: Space plays, the arrows step. Qt asks shortcuts first and most
controls do not object, so without this a focused button could not be pressed with the keyboard,
nor a tab be turned to.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QTabBar,
    QWidget,
)
from typing_extensions import override

Key = Qt.Key

PRESSING = {Key.Key_Space, Key.Key_Return, Key.Key_Enter}
ENDS = {Key.Key_Home, Key.Key_End}

OWN_KEYS: tuple[tuple[type[QWidget], set[Key]], ...] = (
    (QAbstractButton, PRESSING),
    (QComboBox, PRESSING | ENDS),
    (QTabBar, {Key.Key_Left, Key.Key_Right, *ENDS}),
    (QAbstractItemView, ENDS),
)


class FocusKeys(QObject):
    """Watches whichever control has the focus."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and own_keys(new):
            new.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and isinstance(watched, QWidget) and event.key() in own_keys(watched):
                event.accept()
                return True
        return False


def own_keys(control: QWidget) -> set[Key]:
    """Return the keys a control keeps for itself while it has the focus."""
    return next((keys for kind, keys in OWN_KEYS if isinstance(control, kind)), set())
