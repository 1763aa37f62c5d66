"""Drives the real window through every page and state and saves a picture of each.

For looking at the whole product at once: after a change of style, before a release, for the
README. Run it on a library made for it; it adds videos.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from desktop.services.services import Services
from desktop.ui import tasks
from desktop.ui.main_window import MainWindow
from desktop.ui.tour_stops import stops

log = logging.getLogger(__name__)

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


async def run_tour(
    window: MainWindow,
    services: Services,
    folder: Path,
    said: Callable[[str], None] = log.info,
) -> Tour:
    """Visit every stop and save its pictures into ``folder``; returns what was saved and failed.

    ``said`` hears the name of each stop. The window must be shown and a loop running.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    tour = Tour(window, services, folder)
    for name, visit in stops():
        said(name)
        await _visit(tour, name, visit)
    return tour


async def _visit(tour: Tour, name: str, visit: Callable[[Tour], Awaitable[None]]) -> None:
    try:
        await visit(tour)
    except Exception as error:
        log.exception("The stop %s failed", name)
        tour.failures.append(f"{name}: {error}")
    finally:
        for dialog in _open_dialogs(tour.window):
            dialog.reject()


def _open_dialogs(window: QWidget) -> list[QDialog]:
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def _with_dialogs(window: QWidget) -> QPixmap:
    """Return a picture of the window with its dialogs in the middle, as a desktop shows them."""
    picture = window.grab()
    painter = QPainter(picture)
    for dialog in _open_dialogs(window):
        layer = dialog.grab()
        corner = window.rect().center() - QPoint(dialog.width() // 2, dialog.height() // 2)
        painter.drawPixmap(corner, layer)
    painter.end()
    return picture


async def visit(
    window: MainWindow, services: Services, folder: Path, said: Callable[[str], None]
) -> int:
    """Make a tour, tell ``said`` how it goes, and return the exit code."""
    tour = await run_tour(window, services, folder, said)
    for failure in tour.failures:
        said(f"Not reached: {failure}")
    said(f"{len(tour.pictures)} pictures are in {folder}")
    return 1 if tour.failures else 0
