"""Puts the engine together and runs it: everything that knows AWS's library is behind this."""

import asyncio
import contextlib
import logging
import time
from datetime import datetime

from desktop.domain.errors import StudioError
from desktop.domain.transfers import Limits
from desktop.transfers.engine.books import Books
from desktop.transfers.engine.desk import PAUSED, BrokenDesk, Desk
from desktop.transfers.engine.errands import Errands, Tools
from desktop.transfers.engine.floor import Floor, Means
from desktop.transfers.engine.life import Life
from desktop.transfers.engine.lines import Lines
from desktop.transfers.engine.news import News
from desktop.transfers.engine.partials import Partials
from desktop.transfers.engine.place import Place
from desktop.transfers.engine.pulse import Pulse
from desktop.transfers.engine.reach import Reach
from desktop.transfers.engine.sources import Sources
from desktop.transfers.engine.stores import Stores
from desktop.transfers.engine.sweeping import Sweeper
from desktop.transfers.engine.trials import Trials
from desktop.transfers.rate import Limiter

log = logging.getLogger(__name__)

GRACE = 1.0
"""Seconds in which what was acknowledged is written down before the end."""


def run(place: Place, idle: float) -> int:
    """Serve one library until there is nothing left to do."""
    try:
        asyncio.run(_run(place, idle))
    except Exception:
        log.exception("The engine broke down")
        return 1
    return 0


async def _run(place: Place, idle: float) -> None:
    try:
        books = await Books.open(place.ledger)
    except StudioError as error:
        log.warning("The ledger cannot be used: %s", error)
        await Life(place, BrokenDesk(error), lambda: True, idle).run()
        return
    try:
        await _work(place, books, idle)
    finally:
        await books.close()


class _Over(Exception):
    """There is nothing left to do."""


async def _work(place: Place, books: Books, idle: float) -> None:
    tools = Tools(
        books.ledger,
        Stores(Trials(books.ledger)),
        Sources(place.temporary),
        Partials(),
        Limiter(time.monotonic, datetime.now, Limits()),
    )
    errands = Errands(tools)
    try:
        async with asyncio.TaskGroup() as group:
            means = Means(books, errands, Lines(), News(), Reach(group), group)
            await _serve(place, Floor(means), idle)
    except* _Over:
        pass
    finally:
        errands.close()


async def _serve(place: Place, floor: Floor, idle: float) -> None:
    """Take up what there is, and serve clients until the end; raises _Over then."""
    means = floor.means
    unfinished = await means.books.ask(means.books.ledger.recover)
    means.errands.tools.sources.keep_compressed(frozenset(item.id for item in unfinished))
    floor.paused = bool(await means.books.ask(means.books.ledger.note, PAUSED))
    floor.begin(unfinished)
    pulse, sweeper = Pulse(floor), Sweeper(means.books, means.errands)
    desk = Desk(means.books, floor, pulse, sweeper)
    means.group.create_task(pulse.run(), name="pulse")
    means.group.create_task(sweeper.run(), name="sweeper")
    await Life(place, desk, lambda: not (floor.busy or sweeper.busy), idle).run()
    await _leave_in_order(floor)
    raise _Over


async def _leave_in_order(floor: Floor) -> None:
    """Cut what moves; keep what was acknowledged, and what served well, for the next time."""
    floor.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE):
            for track in tuple(floor.tracks.values()):
                await track.settled()
            for name, connections in floor.means.lines.found.items():
                await floor.means.books.remember(name, connections=connections)
