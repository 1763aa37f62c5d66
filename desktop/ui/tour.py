"""Drives the real window through every page and state and saves a picture of each.

For looking at the whole product at once: after a change of style, before a release, for the
README. Run it on a library made for it; it adds videos.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from desktop.services.services import Services
from desktop.ui.main_window import MainWindow
from desktop.ui.tour_camera import Tour, open_dialogs
from desktop.ui.tour_stops import stops

log = logging.getLogger(__name__)


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
        for dialog in open_dialogs(tour.window):
            dialog.reject()


async def visit(
    window: MainWindow, services: Services, folder: Path, said: Callable[[str], None]
) -> int:
    """Make a tour, tell ``said`` how it goes, and return the exit code."""
    tour = await run_tour(window, services, folder, said)
    for failure in tour.failures:
        said(f"Not reached: {failure}")
    said(f"{len(tour.pictures)} pictures are in {folder}")
    return 1 if tour.failures else 0
