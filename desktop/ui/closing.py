"""The end of the window: ask, save, stop what runs, then go.

Nothing is torn down before everything is saved: when a text cannot be, the window stays as it is
and says so, and the person may still leave without it.
"""

import asyncio
import logging
from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from desktop.domain.errors import StudioError, Unavailable
from desktop.domain.transfers import Totals, TransferState
from desktop.services.transfers import TransferService
from desktop.ui import dialogs, tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.models.transfers_text import RUNNING, WAITING, count
from desktop.ui.navigation import FinishingPage, SavingPage
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

log = logging.getLogger(__name__)

SECONDS = 5.0
"""How long one page may take to save, or to end what it runs."""

LEAVING = (
    "Uploads do not need this window: they go on in the background until everything is sent. "
    "Paused ones wait until you let them go on."
)

GOING = (RUNNING | WAITING) - {TransferState.PAUSED}


async def may_close(window: QWidget, *, rendering: bool) -> bool:
    """Ask the person when closing would stop a render."""
    return not rendering or await dialogs.confirm(
        window,
        "Stop rendering and quit?",
        "Scenes that are complete are kept; the rest is drawn again the next time.",
        "Quit",
    )


async def transfers_settled(window: QWidget, transfers: TransferService, totals: Totals) -> bool:
    """Ask what becomes of transfers under way; false when the person would rather stay.

    They do not need the window: unless they are paused they go on without it.
    """
    if totals.paused or not totals.active + totals.waiting:
        return True
    number = await _going_on(transfers)
    if not number:
        return True
    going = count(number)
    sheet = Sheet(
        window,
        f"{going} {'is' if going.startswith('1 ') else 'are'} not finished",
        label(LEAVING, "muted", wrap=True),
        width=520,
    )
    pausing: list[bool] = []

    def pause() -> None:
        pausing.append(True)
        sheet.accept()

    sheet.buttons.addWidget(button("Stay", sheet.reject))
    sheet.buttons.addWidget(button("Pause and quit", pause))
    sheet.add_buttons("Go on in the background", cancel="")
    if not await dialogs.finished(sheet):
        return False
    if pausing:
        await transfers.pause()
    return True


async def _going_on(transfers: TransferService) -> int:
    """Return how many transfers are neither over nor paused; none when nobody knows."""
    try:
        return (await transfers.page(states=GOING, limit=1)).total
    except StudioError:
        return 0


async def saved(window: QWidget, pages: Iterable[QWidget]) -> bool:
    """Let every page save; where one cannot, ask whether to leave all the same."""
    failures = [await _save(page) for page in pages if isinstance(page, SavingPage)]
    failed = [failure for failure in failures if failure is not None]
    return not failed or await _leave_anyway(window, failed[0])


async def _save(page: SavingPage) -> StudioError | None:
    try:
        async with asyncio.timeout(SECONDS):
            await page.save()
    except StudioError as error:
        return error
    except TimeoutError:
        return Unavailable("The library does not answer", "Saving took too long.", "Try again.")
    except Exception as error:
        log.exception("%s could not save", type(page).__name__)
        return Unavailable("Saving failed", f"There is a mistake in the program: {error}.")
    return None


async def _leave_anyway(window: QWidget, failure: StudioError) -> bool:
    """Say why something is not saved; true when the person leaves without it."""
    words = [part for part in (failure.detail, failure.remedy) if part]
    sheet = Sheet(
        window,
        "What you wrote last is not saved",
        label(failure.title, "strong", wrap=True),
        *(label(part, "muted", wrap=True) for part in words),
        width=520,
    )
    leaving: list[bool] = []

    def leave() -> None:
        leaving.append(True)
        sheet.reject()

    sheet.buttons.addWidget(button("Quit without saving", leave, kind="danger"))
    sheet.add_buttons("Stay", cancel="")
    await dialogs.finished(sheet)
    return bool(leaving)


async def finish(pages: Iterable[QWidget]) -> None:
    """Let every page end what it runs, then end all tasks; none holds up the others."""
    for page in pages:
        if isinstance(page, FinishingPage):
            try:
                async with asyncio.timeout(SECONDS):
                    await page.finish()
            except Exception:
                log.exception("%s could not finish", type(page).__name__)
    await tasks.stop(SECONDS)
