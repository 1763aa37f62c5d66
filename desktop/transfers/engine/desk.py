"""What a person may do with transfers, as the engine does it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from desktop.cloud.errors import CloudFault
from desktop.domain.errors import NotFound, StudioError, Unavailable
from desktop.domain.events import Event, TransferBatchEnded, TransfersChanged
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import (
    DestinationCheck,
    Moment,
    ObjectCheck,
    Remnant,
    Transfer,
    TransferPage,
    TransferState,
)
from desktop.domain.uploads import Download, Upload
from desktop.storage.ledger_list import BatchCount
from desktop.transfers import steps, wire
from desktop.transfers.engine import adding, sweeping, verifying
from desktop.transfers.engine.books import Books
from desktop.transfers.engine.floor import Floor
from desktop.transfers.engine.pulse import Pulse
from desktop.transfers.engine.sweeping import Sweeper
from desktop.transfers.engine.track import Track

log = logging.getLogger(__name__)

T_ = TypeVar("T_")

PAUSED = "paused"
"""Name of the note that everything is paused."""

BY_KEYS = {FaultKind.EXPIRED, FaultKind.CREDENTIALS}
"""Faults that new keys may mend."""


class Desk:
    """Answers clients' questions; what changes something waits for its turn."""

    def __init__(self, books: Books, floor: Floor, pulse: Pulse, sweeper: Sweeper) -> None:
        self._books = books
        self._floor = floor
        self._pulse = pulse
        self._sweeper = sweeper
        self._turn = asyncio.Lock()
        self._began = False
        self._group = floor.means.group
        self._tools = floor.means.errands.tools
        self._counted: dict[str, BatchCount] = {}
        """How batches ended, as it was told."""
        floor.ended = self._ended

    def subscribe(self, receive: Callable[[Event], None]) -> Callable[[], None]:
        """Tell of every event; the result unsubscribes."""
        return self._floor.means.news.subscribe(receive)

    async def answer(self, call: wire.Call[Any]) -> object:
        """Carry a call out; raises StudioError."""
        name = type(call)
        if name in self._readings:
            return await self._readings[name](self, call)
        async with self._turn:
            await self._changes[name](self, call)
        return None

    # Reading

    async def _page(self, call: wire.Page) -> TransferPage:
        rows, total = await self._books.ask(
            self._books.ledger.page,
            text=call.text,
            states=call.states,
            offset=call.offset,
            limit=call.limit,
        )
        return TransferPage(tuple(map(self._shown, rows)), total, await self._pulse.totals())

    async def _get(self, call: wire.Get) -> Transfer:
        return self._shown(await self._books.ask(self._books.ledger.row, call.id))

    def _shown(self, row: Transfer) -> Transfer:
        track = self._floor.tracks.get(row.id)
        return track.shown() if track is not None else replace(row, in_flight=0)

    async def _history(self, call: wire.History) -> tuple[Moment, ...]:
        await self._books.ask(self._books.ledger.row, call.id)
        return await self._books.ask(self._books.ledger.history, call.id)

    async def _parts(self, call: wire.Parts) -> tuple[int, ...]:
        return await self._books.ask(self._books.ledger.part_numbers, call.id)

    async def _remnants(self, call: wire.Remnants) -> tuple[Remnant, ...]:
        destination = self._tools.stores.destination(call.destination)
        ledger = self._books.ledger
        known = await self._books.ask(ledger.known_uploads, destination.bucket)

        def look() -> tuple[Remnant, ...]:
            store = self._tools.stores.store(destination.id)
            return sweeping.remnants(store, destination.id, known)

        return await self._asked(look)

    async def _abort(self, call: wire.Abort) -> None:
        """Abort; a transfer of ours that it belongs to is cancelled, which does the same."""
        remnant = call.remnant
        for track in tuple(self._floor.tracks.values()):
            if track.row.upload_id == remnant.upload_id:
                track.post(steps.Cancel())
                return
        store = self._tools.stores.store(remnant.destination)
        await self._asked(lambda: sweeping.abort(store, remnant.key, remnant.upload_id))
        await self._sweeper.settle(remnant)

    async def _check(self, call: wire.Check) -> DestinationCheck:
        store = self._tools.stores.store(call.destination)
        found = await self._asked(store.check)
        if found.checksums:
            await self._books.remember(call.destination, checksums=found.checksums)
        return found

    async def _verify(self, call: wire.Verify) -> ObjectCheck:
        row = verifying.sent(await self._books.ask(self._books.ledger.row, call.id))
        store = self._tools.stores.store(row.destination)
        return await self._asked(lambda: verifying.verify(store, row))

    async def _asked(self, work: Callable[[], T_]) -> T_:
        """Ask a service on a thread; raises what went wrong in words."""
        try:
            return await self._floor.means.errands.run(work)
        except CloudFault as error:
            fault = error.fault
            raise Unavailable("The service did not do it", fault.message, fault.remedy) from error

    # Changing

    async def _use(self, call: wire.Use) -> None:
        renewed = self._tools.stores.use(call.destinations, call.keys)
        self._tools.limiter.use(call.limits)
        self._floor.means.lines.use(call.limits)
        for destination in call.destinations:
            known = await self._books.ask(self._books.ledger.endpoint, destination.id)
            self._tools.stores.remember(destination.id, known.checksums)
            self._floor.means.lines.begin(destination.id, known.connections)
        if not self._began:
            self._began = True
            self._floor.ready()
        await self._try_new_keys(renewed)
        self._floor.look()

    async def _try_new_keys(self, destinations: frozenset[str]) -> None:
        """Retry what failed for want of keys, now that there are others."""
        ledger = self._books.ledger
        rows, _total = await self._books.ask(ledger.page, states=(TransferState.FAILED,))
        failed = [
            row.id
            for row in rows
            if row.destination in destinations and row.fault and row.fault.kind in BY_KEYS
        ]
        await self._retry(wire.Retry(tuple(failed)))

    async def _upload(self, call: wire.Upload) -> None:
        stores, ledger = self._tools.stores, self._books.ledger
        known: dict[str, str] = {}
        for name in {request.destination for request in call.requests}:
            known[name] = (await self._books.ask(ledger.endpoint, name)).checksums
        wanted = [
            (transfer_id, request, stores.destination(request.destination))
            for transfer_id, request in zip(call.ids, call.requests, strict=True)
        ]

        def look() -> list[Upload]:
            return [
                adding.upload(transfer_id, request, where, known[request.destination])
                for transfer_id, request, where in wanted
            ]

        await self._add(await self._floor.means.errands.run(look))

    async def _download(self, call: wire.Download) -> None:
        stores = self._tools.stores
        await self._add(
            [
                adding.download(transfer_id, request, stores.destination(request.destination))
                for transfer_id, request in zip(call.ids, call.requests, strict=True)
            ]
        )

    async def _add(self, items: Sequence[Upload | Download]) -> None:
        """Queue what is not in the ledger yet: a question may be asked twice."""
        ledger = self._books.ledger
        ids = [item.id for item in items]
        known = {row.id for row in await self._books.ask(ledger.rows, ids)}
        new = [item for item in items if item.id not in known]
        if new:
            self._floor.begin(await self._books.ask(ledger.add, new, "Added"))
            self._floor.means.news.tell(TransfersChanged())
            self._floor.look()

    async def _pause(self, call: wire.Pause) -> None:
        if call.ids is None:
            await self._books.ask(self._books.ledger.put_note, PAUSED, "yes")
            self._floor.paused = True
            tracks = [t for t in self._floor.tracks.values() if not t.row.state.over]
        else:
            tracks = await self._opened(call.ids)
        await self._tell_all(tracks, lambda _track: steps.Pause(hard=call.hard))

    async def _resume(self, call: wire.Resume) -> None:
        ids: Iterable[str]
        if call.ids is None:
            await self._books.ask(self._books.ledger.put_note, PAUSED, "")
            self._floor.paused = False
            paused = (TransferState.PAUSED,)
            ids = await self._books.ask(self._books.ledger.ids, states=paused)
        else:
            ids = call.ids
        await self._tell_all(await self._opened(ids), lambda _track: steps.Resume())
        self._floor.look()

    async def _cancel(self, call: wire.Cancel) -> None:
        await self._tell_all(await self._opened(call.ids), lambda _track: steps.Cancel())

    async def _retry(self, call: wire.Retry) -> None:
        await self._tell_all(await self._opened(call.ids), _retrying)
        self._floor.look()

    async def _opened(self, ids: Iterable[str]) -> list[Track]:
        """Return the tracks of transfers; those that wait for their turn wait no longer.

        What another window has taken from the list meanwhile is left out.
        """
        tracks = []
        for transfer_id in ids:
            try:
                track = await self._floor.open(transfer_id)
            except NotFound:
                continue
            self._floor.waiting.pop(transfer_id, None)
            self._counted.pop(track.row.batch, None)
            tracks.append(track)
        return tracks

    async def _tell_all(
        self, tracks: Sequence[Track], event: Callable[[Track], steps.Happened]
    ) -> None:
        """Tell transfers something and wait until it is written down."""
        for track in tracks:
            track.post(event(track))
        for track in tracks:
            await track.settled()

    async def _forget(self, call: wire.Forget) -> None:
        await self._books.ask(self._books.ledger.forget, call.ids)
        self._floor.changed = True
        self._floor.means.news.tell(TransfersChanged())

    async def _move(self, call: wire.Move) -> None:
        await self._books.ask(self._books.ledger.move, call.ids, call.before)
        await self._arranged()

    async def _prioritise(self, call: wire.Prioritise) -> None:
        await self._books.ask(self._books.ledger.prioritise, call.ids, call.priority)
        await self._arranged()

    async def _limit(self, call: wire.Limit) -> None:
        await self._books.ask(self._books.ledger.limit, call.ids, call.rate)
        for transfer_id in call.ids:
            self._tools.limiter.limit_file(transfer_id, call.rate)
        await self._arranged()

    async def _arranged(self) -> None:
        """Take over the order that the ledger has now."""
        ids = [*self._floor.tracks, *self._floor.waiting]
        for row in await self._books.ask(self._books.ledger.rows, ids):
            self._floor.arrange(row)
        self._floor.means.news.tell(TransfersChanged())
        self._floor.look()

    # What happens by itself

    def _ended(self, track: Track) -> None:
        if track.row.batch:
            self._group.create_task(self._count_batch(track.row.batch), name="batch")

    async def _count_batch(self, batch: str) -> None:
        try:
            count = await self._books.ask(self._books.ledger.batch, batch)
        except StudioError as error:
            log.warning("A batch was not counted: %s", error)
            return
        if count.open:
            self._counted.pop(batch, None)
        elif self._counted.get(batch) != count:  # its last two may have ended together
            self._counted[batch] = count
            event = TransferBatchEnded(batch, count.done, count.failed, count.size)
            self._floor.means.news.tell(event)

    _readings: Mapping[type, Callable[["Desk", Any], Awaitable[object]]] = {
        wire.Page: _page,
        wire.Get: _get,
        wire.History: _history,
        wire.Parts: _parts,
        wire.Remnants: _remnants,
        wire.Abort: _abort,
        wire.Check: _check,
        wire.Verify: _verify,
    }
    _changes: Mapping[type, Callable[["Desk", Any], Awaitable[None]]] = {
        wire.Use: _use,
        wire.Upload: _upload,
        wire.Download: _download,
        wire.Pause: _pause,
        wire.Resume: _resume,
        wire.Cancel: _cancel,
        wire.Retry: _retry,
        wire.Forget: _forget,
        wire.Move: _move,
        wire.Prioritise: _prioritise,
        wire.Limit: _limit,
    }


def _retrying(track: Track) -> steps.Retry:
    """Return what a retry means: what was kept because it was there already is replaced now."""
    fault = track.row.fault
    occupied = fault is not None and fault.kind is FaultKind.EXISTS
    return steps.Retry(adding.new_nonce(), replace=True if occupied else None)


class BrokenDesk:
    """Answers everything with the reason why the ledger cannot be used."""

    def __init__(self, reason: StudioError) -> None:
        self._reason = reason

    async def answer(self, _call: wire.Call[Any]) -> object:
        """Raise the reason."""
        raise self._reason

    def subscribe(self, _receive: Callable[[Event], None]) -> Callable[[], None]:
        """Never tell of anything."""
        return lambda: None
