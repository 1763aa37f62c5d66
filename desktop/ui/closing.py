"""The end of the window: ask, save, stop what runs, then go."""

import asyncio
import logging
from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from desktop.ui import dialogs, tasks
from desktop.ui.navigation import FinishingPage

log = logging.getLogger(__name__)

SECONDS = 5.0
"""How long pages may take to save before the window closes anyway."""


async def may_close(window: QWidget, *, rendering: bool) -> bool:
    """Ask the person when closing would stop a render."""
    return not rendering or await dialogs.confirm(
        window,
        "Stop rendering and quit?",
        "Scenes that are complete are kept; the rest is drawn again the next time.",
        "Quit",
    )


async def finish(pages: Iterable[QWidget]) -> None:
    """Let every page save, then end all tasks; a page that fails does not hold up the others."""
    for page in pages:
        if isinstance(page, FinishingPage):
            try:
                async with asyncio.timeout(SECONDS):
                    await page.finish()
            except Exception:
                log.exception("%s could not finish", type(page).__name__)
    await tasks.stop(SECONDS)
