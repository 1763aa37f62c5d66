"""The way to the transfer engine: started when it is needed, told of every change.

What it has to know (destinations, their keys, limits) is looked up before each call that depends
on it, and told again when anybody has changed it, another window or the command line included.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable

from desktop.config.settings import TransferSettings
from desktop.domain.errors import InvalidInput, StudioError, Unavailable
from desktop.domain.events import EventBus, SettingsChanged, TransferEngineChanged
from desktop.domain.rates import parse_timetable
from desktop.domain.transfers import Limits
from desktop.services.destinations import Destinations, Known
from desktop.services.settings import SettingsService
from desktop.services.transfer_engine import Backlog, TransferEngine

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000

PARTING = 3.0
"""Seconds the engine has to hear that we leave."""


class EngineLink:
    """One client's connection to the engine."""

    def __init__(
        self,
        engine: TransferEngine,
        destinations: Destinations,
        settings: SettingsService,
        bus: EventBus,
        look: Callable[[], Backlog],
    ) -> None:
        self._engine = engine
        self._destinations = destinations
        self._settings = settings
        self._bus = bus
        self._look = look
        self._turn = asyncio.Lock()
        self._told: tuple[Known, Limits] | None = None
        self._troubles: dict[str, Unavailable] = {}
        self._background: asyncio.Task[None] | None = None
        self._again = False
        self._unsubscribe = (
            engine.subscribe(bus.publish),
            bus.subscribe(SettingsChanged, lambda _event: self.tell_soon()),
            bus.subscribe(TransferEngineChanged, self._engine_changed),
        )
        self.connected = False

    async def backlog(self) -> Backlog:
        """Look at what is there without starting anything."""
        return await asyncio.to_thread(self._look)

    def take_up(self) -> None:
        """Let what was left unfinished go on; looks for it in the background."""
        self._in_background(self._take_up)

    async def _take_up(self) -> None:
        backlog = await self.backlog()
        if backlog.unfinished or backlog.process:
            await self._tell()

    async def close(self) -> None:
        """Leave the engine; what it has to do it does without us."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        if self._background is not None:
            self._background.cancel()
            await asyncio.gather(self._background, return_exceptions=True)
        if self.connected:
            with contextlib.suppress(TimeoutError, StudioError):
                async with asyncio.timeout(PARTING):
                    await self._engine.close()

    async def connect(self) -> TransferEngine:
        """Return the engine, started if need be; raises Unavailable.

        What it has to know it is told soon; enough for what looks at transfers or stops them.
        """
        await self._start()
        if self._told is None:
            self.tell_soon()
        return self._engine

    async def _start(self) -> None:
        async with self._turn:
            if not self.connected:
                await self._engine.start()
                self.connected = True

    async def ready(self, destination_ids: Iterable[str] = ()) -> TransferEngine:
        """Return the engine, which knows everything as it is now.

        Raises NotFound for a destination that does not exist, Unavailable when its keys cannot be
        read; may wait for a person whom the keyring asks for its password.
        """
        wanted = tuple(dict.fromkeys(destination_ids))
        for destination_id in wanted:
            await self._destinations.get(destination_id)
        await self._start()
        known, limits = await self.situation()
        async with self._turn:
            if self._told != (known, limits):
                keys, self._troubles = await self._destinations.keys(known)
                await self._engine.use(known.destinations, keys, limits)
                self._told = known, limits
        for destination_id in wanted:
            if destination_id in self._troubles:
                self._told = None  # the keyring may be open the next time
                raise self._troubles[destination_id]
        return self._engine

    async def situation(self) -> tuple[Known, Limits]:
        """Return destinations and limits as they are now."""
        known = await self._destinations.known()
        return known, limits_of(self._settings.current.transfers, known)

    def tell_soon(self) -> None:
        """Tell a running engine what was changed, without waiting for it."""
        if self.connected:
            self._in_background(self._tell)

    def _engine_changed(self, event: TransferEngineChanged) -> None:
        """Tell an engine that was started again what holds now, not what was told long ago."""
        if event.running:
            self._told = None
            self.tell_soon()

    async def _tell(self) -> None:
        self._again = True
        while self._again:
            self._again = False
            await self.ready()

    def _in_background(self, work: Callable[[], Awaitable[None]]) -> None:
        if self._background is not None and not self._background.done():
            self._again = True
            return
        loop = asyncio.get_running_loop()
        self._background = loop.create_task(self._quietly(work), name="tell the transfer engine")

    async def _quietly(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what nobody waits for; when the engine cannot be had, whoever listens is told."""
        try:
            await work()
        except StudioError as error:
            log.warning("The transfer engine could not be told: %s", error)
            self._bus.publish(TransferEngineChanged(running=False, message=str(error)))


def limits_of(settings: TransferSettings, known: Known) -> Limits:
    """Return the limits that settings and destinations say; hours nobody can read are left out."""
    try:
        timetable = parse_timetable(settings.timetable)
    except InvalidInput as error:
        log.warning("The timetable in the settings is not used: %s", error)
        timetable = ()
    rates = ((one.destination.id, one.rate_limit) for one in known.kept)
    return Limits(
        connections=settings.connections,
        rate=round(settings.rate_limit_mb * MEGABYTE),
        destinations=tuple((key, rate) for key, rate in rates if rate),
        timetable=timetable,
    )
