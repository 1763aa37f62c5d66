"""The engine as services see it: found or started, spoken to, and started again when it is lost.

Nothing here moves bytes or knows AWS's library. Every call may be asked twice, since an engine may
die after it did what it was asked and before it said so: calls that add things carry the ids they
are to have.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from ulid import ULID

from desktop.cloud.credentials import AccessKeys
from desktop.domain.errors import StudioError, Unavailable
from desktop.domain.events import Event, TransferEngineChanged
from desktop.domain.transfers import (
    Destination,
    DestinationCheck,
    DownloadRequest,
    Limits,
    Moment,
    ObjectCheck,
    Remnant,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)
from desktop.transfers import wire
from desktop.transfers.engine.place import Place, is_taken
from desktop.transfers.engine.starting import launch, put_down
from desktop.transfers.session import Dismissed, Lost, Session

log = logging.getLogger(__name__)

R_ = TypeVar("R_")

IDLE = 20.0
"""Seconds an engine stays that has nothing to do and no clients."""

CALL_SECONDS = 30.0
"""How long a call may take, a new start of the engine included."""

SERVICE_SECONDS = 120.0
"""The same for calls that ask a service."""

REACH_SECONDS = 30.0
"""How long an engine may take to answer: a cold disk is slow to load AWS's library."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 15.0
"""Seconds between attempts to start an engine that keeps dying; doubled each time."""

LONG_LIFE = 5.0
"""Seconds after which an engine that dies is started again at once."""


class EngineClient:
    """One library's engine; implements what services ask of it."""

    def __init__(self, folder: Path, *, idle: float = IDLE) -> None:
        """Use the engine of ``folder``, the library's folder for transfers."""
        self._place = Place(folder)
        self._idle = idle
        self._receivers: list[Callable[[Event], None]] = []
        self._told: wire.Use | None = None
        self._session: Session | None = None
        self._changed = asyncio.Condition()
        self._watch: asyncio.Task[None] | None = None
        self._trouble: StudioError | None = None

    async def start(self) -> None:
        """Connect to the engine of this library; start it if none runs."""
        if self._watch is not None and not self._watch.done():
            return
        session = await self._open()
        loop = asyncio.get_running_loop()
        self._watch = loop.create_task(self._keep(session), name="transfer engine")
        self._session = session

    async def close(self) -> None:
        """Leave the engine; it goes on with what it has to do, then ends."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def subscribe(self, receive: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``receive`` on the loop for every transfer event; the result unsubscribes."""
        self._receivers.append(receive)

        def unsubscribe() -> None:
            if receive in self._receivers:
                self._receivers.remove(receive)

        return unsubscribe

    async def use(
        self, destinations: Sequence[Destination], keys: Mapping[str, AccessKeys], limits: Limits
    ) -> None:
        """Tell where things go, with which keys, and how fast; replaces what was told before."""
        self._told = wire.Use(tuple(destinations), dict(keys), limits)
        await self._ask(self._told)

    async def upload(self, requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        """Queue files; return the ids of their transfers, in order."""
        ids = _new_ids(len(requests))
        await self._ask(wire.Upload(ids, tuple(requests)))
        return ids

    async def download(self, requests: Sequence[DownloadRequest]) -> tuple[str, ...]:
        """Queue objects; return the ids of their transfers."""
        ids = _new_ids(len(requests))
        await self._ask(wire.Download(ids, tuple(requests)))
        return ids

    async def page(
        self,
        *,
        text: str = "",
        states: frozenset[TransferState] = frozenset(),
        offset: int = 0,
        limit: int = 200,
    ) -> TransferPage:
        """Return rows in the order of the list: what is not over first, then newest first."""
        return await self._ask(wire.Page(text, states, offset, limit))

    async def get(self, transfer_id: str) -> Transfer:
        """Return one row; raises NotFound."""
        return await self._ask(wire.Get(transfer_id))

    async def history(self, transfer_id: str) -> tuple[Moment, ...]:
        """Return what happened to a transfer, oldest first."""
        return await self._ask(wire.History(transfer_id))

    async def parts(self, transfer_id: str) -> tuple[int, ...]:
        """Return the numbers of the parts that were acknowledged, ascending."""
        return await self._ask(wire.Parts(transfer_id))

    async def pause(self, ids: Sequence[str] | None = None, *, hard: bool = True) -> None:
        """Pause; None: everything, and what is added later as well."""
        await self._ask(wire.Pause(None if ids is None else tuple(ids), hard))

    async def resume(self, ids: Sequence[str] | None = None) -> None:
        """Go on; None: with everything."""
        await self._ask(wire.Resume(None if ids is None else tuple(ids)))

    async def cancel(self, ids: Sequence[str]) -> None:
        """Stop for good, and abort what lies at the service."""
        await self._ask(wire.Cancel(tuple(ids)))

    async def retry(self, ids: Sequence[str]) -> None:
        """Begin again what failed; a changed file is sent as it is now."""
        await self._ask(wire.Retry(tuple(ids)))

    async def forget(self, ids: Sequence[str]) -> None:
        """Remove rows that are over; nothing at the service changes."""
        await self._ask(wire.Forget(tuple(ids)))

    async def move(self, ids: Sequence[str], before: str | None) -> None:
        """Put rows before another one, None: last; they take its priority."""
        await self._ask(wire.Move(tuple(ids), before))

    async def prioritise(self, ids: Sequence[str], priority: int) -> None:
        """Give rows another priority; it counts from the next part on."""
        await self._ask(wire.Prioritise(tuple(ids), priority))

    async def limit(self, ids: Sequence[str], rate: int) -> None:
        """Limit each of these to so many bytes per second; 0: not at all."""
        await self._ask(wire.Limit(tuple(ids), rate))

    async def verify(self, transfer_id: str) -> ObjectCheck:
        """Ask the service whether what was sent is still there, unchanged."""
        return await self._ask(wire.Verify(transfer_id), SERVICE_SECONDS)

    async def remnants(self, destination: str) -> tuple[Remnant, ...]:
        """Return unfinished uploads that lie at a destination."""
        return await self._ask(wire.Remnants(destination), SERVICE_SECONDS)

    async def abort(self, remnant: Remnant) -> None:
        """Abort an unfinished upload and repeat until nothing of it is held."""
        await self._ask(wire.Abort(remnant), SERVICE_SECONDS)

    async def check(self, destination: str) -> DestinationCheck:
        """Try whether a destination can be reached and written to."""
        return await self._ask(wire.Check(destination), SERVICE_SECONDS)

    async def _ask(self, call: wire.Call[R_], seconds: float = CALL_SECONDS) -> R_:
        """Ask, once more if the engine was lost meanwhile; raises Unavailable in the end."""
        await self.start()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    session = await self._reachable()
                    with contextlib.suppress(Lost):
                        return await session.ask(call)
        except TimeoutError as error:
            raise _silent() from error

    async def _reachable(self) -> Session:
        """Return the session, once there is one that is not lost."""
        async with self._changed:
            while self._session is None or self._session.is_lost:
                if self._trouble is not None:
                    raise self._trouble
                if self._watch is None or self._watch.done():
                    raise _silent()
                await self._changed.wait()
            return self._session

    async def _keep(self, session: Session) -> None:
        """Read what the engine says; when it is lost, get it back, more and more patiently."""
        pause = 0.0
        while True:
            began = time.monotonic()
            lost = await self._listen(session)
            if time.monotonic() - began > LONG_LIFE:
                pause = 0.0
            self._tell(TransferEngineChanged(running=False, message=lost))
            await asyncio.sleep(pause)
            session = await self._open_again(pause)
            pause = min(LONGEST_PAUSE, pause * 2 or FIRST_PAUSE)
            await self._use(session)
            self._tell(TransferEngineChanged(running=True))

    async def _listen(self, session: Session) -> str:
        """Hand events on until the session ends; return why it did, for a person."""
        try:
            await session.listen(self._tell)
        except Dismissed as error:
            return str(error) or LOST
        finally:
            await self._use(None)
            await session.close()
        return LOST

    async def _use(self, session: Session | None) -> None:
        async with self._changed:
            self._session = session
            if session is not None:
                self._trouble = None
            self._changed.notify_all()

    async def _open_again(self, pause: float) -> Session:
        """Return a new session, however often it has to be tried."""
        while True:
            try:
                return await self._open()
            except StudioError as error:
                log.warning("No transfer engine: %s", error)
                self._tell(TransferEngineChanged(running=False, message=str(error)))
                async with self._changed:
                    self._trouble = error
                    self._changed.notify_all()
            pause = min(LONGEST_PAUSE, pause * 2 or FIRST_PAUSE)
            await asyncio.sleep(pause)

    async def _open(self) -> Session:
        """Connect, and start an engine if there is none; raises StudioError."""
        session = await self._reach()
        if self._told is not None:
            try:
                await session.introduce(self._told)
            except (Lost, TimeoutError) as error:
                await session.close()
                raise _silent() from error
            except BaseException:
                await session.close()
                raise
        return session

    async def _reach(self) -> Session:
        until = time.monotonic() + REACH_SECONDS
        while True:
            if await asyncio.to_thread(is_taken, self._place):
                session = await self._connect()
                if session is not None:
                    return session
                await asyncio.sleep(0.02)
            else:
                await launch(self._place, self._idle)
            if time.monotonic() > until:
                await self._clear_away()
                raise _silent()

    async def _connect(self) -> Session | None:
        record = await asyncio.to_thread(self._place.read)
        if record is None:
            return None
        try:
            return await Session.open(record)
        except Dismissed as error:
            if str(error):
                raise Unavailable("Transfers are taken care of elsewhere", str(error)) from error
        except (Lost, OSError, TimeoutError):
            log.debug("The engine does not answer yet")
        return None

    async def _clear_away(self) -> None:
        """End an engine that lives and does not answer, so that the next attempt starts another."""
        record = await asyncio.to_thread(self._place.read)
        if record is not None and await asyncio.to_thread(is_taken, self._place):
            await asyncio.to_thread(put_down, record)

    def _tell(self, event: Event) -> None:
        for receive in tuple(self._receivers):
            try:
                receive(event)
            except Exception:
                log.exception("A receiver of %s failed", type(event).__name__)


LOST = "The process that moves files was lost; it is started again and goes on."


def _new_ids(count: int) -> tuple[str, ...]:
    """Return ids that sort in the order in which they were asked for."""
    first = ULID()
    return tuple(str(ULID.from_int(int(first) + place)) for place in range(count))


def _silent() -> Unavailable:
    return Unavailable(
        "Transfers do not answer",
        "The process that moves files could not be reached.",
        "Wait a little; it is started again.",
    )
