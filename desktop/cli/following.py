"""What commands that queue transfers do afterwards: wait for them, say how they ended, or pause.

Ctrl+C pauses what was added: nobody who interrupts a command wants it to go on unseen, and nothing
is lost by it. Closing the terminal lets it go on in the background.
"""

import asyncio
import json
from typing import TYPE_CHECKING

from rich.text import Text

from desktop.cli import telling
from desktop.cli.addressing import short
from desktop.cli.reporting import CANCELLED, output, terminal
from desktop.cli.transfer_watch import TransferWatch
from desktop.domain.errors import StudioError
from desktop.domain.transfers import TransferState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from desktop.domain.transfers import Transfer
    from desktop.services.services import Services
    from desktop.services.transfers import TransferService


async def follow(
    services: "Services",
    queue: "Callable[[], Awaitable[tuple[str, ...]]]",
    heading: "Callable[[Sequence[Transfer]], str]",
    *,
    wait: bool,
    as_json: bool,
) -> int:
    """Queue transfers, wait if asked to, and say what became of them; return the exit code.

    ``heading`` says in one line what was queued.
    """
    ids: tuple[str, ...] = ()
    try:
        ids = await queue()
        rows = await _outcome(services, ids, heading, wait=wait)
    except asyncio.CancelledError:
        return await _pause(services.transfers, ids)
    if as_json:
        output().print_json(json.dumps([telling.as_json(row) for row in rows]))
    elif not wait:
        for row in rows:
            output().print(short(row), markup=False)
    return int(wait and any(row.state is not TransferState.DONE for row in rows))


async def _outcome(
    services: "Services",
    ids: "Sequence[str]",
    heading: "Callable[[Sequence[Transfer]], str]",
    *,
    wait: bool,
) -> "tuple[Transfer, ...]":
    transfers, console = services.transfers, terminal()
    rows = tuple([await transfers.get(one) for one in ids])
    console.print(Text(heading(rows)))
    if (await transfers.standing()).paused:
        console.print("All transfers are paused; proofreel transfers resume lets them go on.")
    if not wait:
        console.print("They go on in the background; proofreel transfers shows how far they are.")
        return rows
    with TransferWatch(services.bus, console, rows) as watch:
        ended = await transfers.wait(ids)
        for row in ended:
            watch.say_ended(row)
    return ended


async def _pause(transfers: "TransferService", ids: "Sequence[str]") -> int:
    """Pause what was added, because somebody interrupts; what arrived is kept."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
    console = terminal()
    if not ids:
        console.print("Cancelled before anything was queued.")
        return CANCELLED
    try:
        await transfers.pause(ids)
    except StudioError as error:
        console.print(Text(f"They could not be paused and go on in the background: {error}"))
        return CANCELLED
    console.print("Paused; what had arrived is kept.")
    console.print("  → proofreel transfers resume goes on, proofreel transfers cancel gives it up.")
    return CANCELLED
