"""Where the window was and what it showed, kept beside the settings."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QMainWindow

FIRST_SIZE = QSize(1280, 800)
SMALLEST_SIZE = QSize(960, 600)


class WindowLayout:
    """Reads and writes ``window.ini``."""

    def __init__(self, folder: Path) -> None:
        self._store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def restore(self, window: QMainWindow) -> None:
        """Put the window where it was; a first window gets a size that fits small screens."""
        window.setMinimumSize(SMALLEST_SIZE)
        geometry = self._store.value("geometry")
        if not (isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)):
            window.resize(FIRST_SIZE)

    def save(self, window: QMainWindow, page_id: str, video_id: str) -> None:
        """Remember the window, its page and its video."""
        self._store.setValue("geometry", window.saveGeometry())
        self._store.setValue("page", page_id)
        self._store.setValue("video", video_id)
        self._store.sync()

    @property
    def page_id(self) -> str:
        """The page shown last; empty at the first start."""
        return str(self._store.value("page", ""))

    @property
    def video_id(self) -> str:
        """The video opened last; empty when there was none."""
        return str(self._store.value("video", ""))
