"""A notice of the desktop, for who works in another window when something long has ended."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

SECONDS = 10


def notify_desktop(window: QWidget, title: str, text: str) -> bool:
    """Mark the window in the task bar and show a notice where the desktop has them.

    Return whether there was one. The icon it comes from stays no longer than the notice.
    """
    QApplication.alert(window)
    if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
        return False
    icon = QSystemTrayIcon(window.windowIcon(), window)
    icon.messageClicked.connect(lambda: _come_forward(window))
    icon.show()
    icon.showMessage(title, text, window.windowIcon(), SECONDS * 1000)
    QTimer.singleShot(SECONDS * 1000, icon, icon.deleteLater)
    return True


def _come_forward(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
