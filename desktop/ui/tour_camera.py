"""What the stops of a tour work with: the window, the services, and a camera."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from desktop.services.services import Services
from desktop.ui import tasks
from desktop.ui.main_window import MainWindow

SCHEMES = ("dark", "light")
SIZES = (QSize(1280, 800), QSize(1920, 1200))
PATIENCE = 20.0
"""Seconds to wait for tasks before a picture is taken all the same."""


@dataclass(slots=True)
class Tour:
    """What the stops of a tour work with."""

    window: MainWindow
    services: Services
    folder: Path
    pictures: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """One sentence for each stop that could not be reached."""

    async def settle(self, seconds: float = 0.15) -> None:
        """Wait until nothing runs any more, then ``seconds`` for what is painted later."""
        others = [task for task in tasks.running() if task is not asyncio.current_task()]
        if others:
            await asyncio.wait(others, timeout=PATIENCE)
        await asyncio.sleep(seconds)

    async def take(self, name: str) -> None:
        """Save pictures of the window as it is now, in every scheme and size."""
        for size in SIZES:
            self.window.resize(size)
            for scheme in SCHEMES:
                self.window.theme.choose(scheme)
                await asyncio.sleep(0.15)
                path = self.folder / f"{name}-{scheme}-{size.width()}x{size.height()}.png"
                picture = _with_dialogs(self.window)
                await asyncio.to_thread(picture.toImage().save, str(path))
                self.pictures.append(path)


def open_dialogs(window: QWidget) -> list[QDialog]:
    """Return the dialogs that are open over the window."""
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def _with_dialogs(window: QWidget) -> QPixmap:
    """Return a picture of the window with its dialogs in the middle, as a desktop shows them."""
    picture = window.grab()
    painter = QPainter(picture)
    for dialog in open_dialogs(window):
        layer = dialog.grab()
        corner = window.rect().center() - QPoint(dialog.width() // 2, dialog.height() // 2)
        painter.drawPixmap(corner, layer)
    painter.end()
    return picture
