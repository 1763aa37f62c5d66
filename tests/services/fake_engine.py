"""An engine in memory: the same promises as the real one, kept without processes and network.

Files really move, into dictionaries. One transfer runs at a time, in steps of the event loop, so
that tests can look at it in between. ``hold`` stops every byte, as a line that is cut would.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ulid import ULID

from desktop.cloud import checksums
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.values import ChecksumKind
from desktop.domain.errors import InvalidInput, NotFound, Unavailable
from desktop.domain.events import (
    Event,
    TransferBatchEnded,
    TransferChanged,
    TransfersChanged,
    TransfersProgressed,
)
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import (
    Destination,
    DestinationCheck,
    Direction,
    DownloadRequest,
    Limits,
    Moment,
    ObjectCheck,
    Remnant,
    Totals,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)
from tests.services.fake_list import RUNNING, Row, in_order, moved, packed, totals, verified

State = TransferState

STEPS = 4
"""In how many pieces each file moves."""


class FakeEngine:
    """Implements ``TransferEngine``; ``buckets`` is the service, by bucket and key."""

    def __init__(self, buckets: dict[str, dict[str, bytes]] | None = None) -> None:
        self.buckets = {} if buckets is None else buckets
        self.destinations: dict[str, Destination] = {}
        self.keys: dict[str, AccessKeys] = {}
        self.limits = Limits()
        self.starts = self.uses = 0
        self.running = False
        self.refusal: Unavailable | None = None
        """What starting raises."""
        self.faults: list[Fault] = []
        """What the next transfers fail with."""
        self.left: list[Remnant] = []
        self.pauses: list[bool] = []
        """How each pause was asked for: hard or not."""
        self._rows: dict[str, Row] = {}
        self._paused = False
        self._receivers: list[Callable[[Event], None]] = []
        self._work: asyncio.Task[None] | None = None
        self._line = asyncio.Event()
        self._line.set()

    # What tests do to it

    def hold(self) -> None:
        """Let no byte through until ``release``."""
        self._line.clear()

    def release(self) -> None:
        self._line.set()

    def put(self, transfer: Transfer) -> None:
        """Add a row as it is; it does not run."""
        request = UploadRequest(transfer.path, transfer.destination, transfer.key)
        self._rows[transfer.id] = Row(transfer, request, [])
        self._tell(TransfersChanged())

    # What is asked of an engine

    async def start(self) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.starts += 1
        self.running = True
        self._wake()

    async def close(self) -> None:
        self.running = False
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def subscribe(self, receive: Callable[[Event], None]) -> Callable[[], None]:
        self._receivers.append(receive)

        return lambda: self._receivers.remove(receive) if receive in self._receivers else None

    async def use(
        self, destinations: Sequence[Destination], keys: Mapping[str, AccessKeys], limits: Limits
    ) -> None:
        self._must_run()
        self.uses += 1
        self.destinations = {one.id: one for one in destinations}
        kept = {name: key for name, key in self.keys.items() if name in self.destinations}
        self.keys = {
            name: key for name, key in kept.items() if not self.destinations[name].profile
        } | dict(keys)
        self.limits = limits
        self._go()

    async def upload(self, requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        self._must_run()
        for request in requests:
            path = Path(request.path)
            if not path.exists():
                raise NotFound(f"There is no file {path}")
            if not path.is_file():
                raise InvalidInput(f"{path} is no file")
        sizes = [Path(request.path).stat().st_size for request in requests]
        return self._add(Direction.UPLOAD, requests, sizes)

    async def download(self, requests: Sequence[DownloadRequest]) -> tuple[str, ...]:
        self._must_run()
        return self._add(Direction.DOWNLOAD, requests, [0] * len(requests))

    def _add(
        self,
        direction: Direction,
        requests: Sequence[UploadRequest] | Sequence[DownloadRequest],
        sizes: Sequence[int],
    ) -> tuple[str, ...]:
        if not {request.destination for request in requests} <= self.destinations.keys():
            raise InvalidInput("There is no such destination")
        ids = []
        wanted: Sequence[UploadRequest | DownloadRequest] = requests
        for request, size in zip(wanted, sizes, strict=True):
            place = self.destinations[request.destination]
            row = Transfer(
                id=str(ULID()),
                direction=direction,
                path=request.path,
                destination=place.id,
                bucket=place.bucket,
                key=place.prefix + request.key,
                size=size,
                state=State.PAUSED if self._paused else State.QUEUED,
                created_at=time.time(),
                priority=request.priority,
                position=len(self._rows),
                rate_limit=request.rate_limit,
                batch=request.batch,
                upload_id=f"upload-{len(self._rows)}" if direction is Direction.UPLOAD else "",
            )
            self._rows[row.id] = Row(row, request, [Moment(time.time(), "added", "Added")])
            ids.append(row.id)
        self._tell(TransfersChanged())
        self._go()
        return tuple(ids)

    async def page(
        self,
        *,
        text: str = "",
        states: frozenset[TransferState] = frozenset(),
        offset: int = 0,
        limit: int = 200,
    ) -> TransferPage:
        self._must_run()
        found = [
            one
            for one in self._in_order()
            if (not states or one.state in states)
            and text.casefold() in f"{one.key} {one.path}".casefold()
        ]
        return TransferPage(tuple(found[offset : offset + limit]), len(found), self._totals())

    def _in_order(self) -> list[Transfer]:
        return in_order(row.transfer for row in self._rows.values())

    def _totals(self) -> Totals:
        return totals(self._in_order(), self.limits, paused=self._paused)

    async def get(self, transfer_id: str) -> Transfer:
        return self._row(transfer_id).transfer

    async def history(self, transfer_id: str) -> tuple[Moment, ...]:
        return tuple(self._row(transfer_id).moments)

    async def parts(self, transfer_id: str) -> tuple[int, ...]:
        return tuple(range(1, self._row(transfer_id).transfer.parts_done + 1))

    async def pause(self, ids: Sequence[str] | None = None, *, hard: bool = True) -> None:
        self._must_run()
        self.pauses.append(hard)
        if ids is None:
            self._paused = True
        for one in self._chosen(ids):
            if not one.state.over and one.state is not State.CANCELLING:
                self._set(one.id, state=State.PAUSED)

    async def resume(self, ids: Sequence[str] | None = None) -> None:
        self._must_run()
        if ids is None:
            self._paused = False
        for one in self._chosen(ids):
            if one.state is State.PAUSED:
                self._set(one.id, state=State.QUEUED)
        self._go()

    async def cancel(self, ids: Sequence[str]) -> None:
        for one in self._chosen(ids):
            if not one.state.over:
                self._set(one.id, state=State.CANCELLED, finished_at=time.time())

    async def retry(self, ids: Sequence[str]) -> None:
        for one in self._chosen(ids):
            if one.state.over and one.state is not State.DONE:
                if one.fault is not None and one.fault.kind is FaultKind.EXISTS:
                    row = self._rows[one.id]
                    row.request = replace(row.request, replace=True)
                self._set(one.id, state=State.QUEUED, fault=None, reason="", confirmed=0)
        self._go()

    async def forget(self, ids: Sequence[str]) -> None:
        for one in self._chosen(ids):
            if one.state.over:
                del self._rows[one.id]
        self._tell(TransfersChanged())

    async def move(self, ids: Sequence[str], before: str | None) -> None:
        order = [one.id for one in self._in_order() if one.id not in ids]
        place = order.index(before) if before in order else len(order)
        follower = self._rows[before].transfer if before in order else None
        order[place:place] = list(ids)
        for position, transfer_id in enumerate(order):
            row = self._rows[transfer_id]
            moved = transfer_id in ids
            priority = follower.priority if moved and follower else row.transfer.priority
            row.transfer = replace(row.transfer, position=position, priority=priority)
        self._tell(TransfersChanged())

    async def prioritise(self, ids: Sequence[str], priority: int) -> None:
        for one in self._chosen(ids):
            self._set(one.id, priority=priority)
        self._tell(TransfersChanged())

    async def limit(self, ids: Sequence[str], rate: int) -> None:
        for one in self._chosen(ids):
            self._set(one.id, rate_limit=rate)

    async def verify(self, transfer_id: str) -> ObjectCheck:
        return verified(self._row(transfer_id), self.buckets)

    async def remnants(self, destination: str) -> tuple[Remnant, ...]:
        return tuple(one for one in self.left if one.destination == destination)

    async def abort(self, remnant: Remnant) -> None:
        self.left = [one for one in self.left if one.upload_id != remnant.upload_id]

    async def check(self, destination: str) -> DestinationCheck:
        self._must_run()
        if self.destinations[destination].bucket in self.buckets:
            return DestinationCheck(ok=True, region="local", checksums="crc64nvme")
        return DestinationCheck(ok=False, fault=Fault(FaultKind.NO_BUCKET, "There is no bucket."))

    # How it moves things

    def _wake(self) -> None:
        """Go on on the loop there is now, with what was broken off on another one."""
        held, self._line = not self._line.is_set(), asyncio.Event()
        if not held:
            self._line.set()
        for row in self._rows.values():
            if row.transfer.state in RUNNING and (self._work is None or self._work.done()):
                row.transfer = replace(row.transfer, state=State.QUEUED, confirmed=0)

    def _must_run(self) -> None:
        if not self.running:
            raise Unavailable("The engine does not run")

    def _row(self, transfer_id: str) -> Row:
        self._must_run()
        if transfer_id not in self._rows:
            raise NotFound("There is no such transfer")
        return self._rows[transfer_id]

    def _chosen(self, ids: Sequence[str] | None) -> list[Transfer]:
        self._must_run()
        wanted = self._rows if ids is None else ids
        return [self._rows[one].transfer for one in tuple(wanted) if one in self._rows]

    def _tell(self, event: Event) -> None:
        for receive in tuple(self._receivers):
            receive(event)

    def _set(self, transfer_id: str, **changes: Any) -> Transfer:
        row = self._rows[transfer_id]
        row.transfer = replace(row.transfer, **changes)
        if "state" in changes:
            row.moments.append(Moment(time.time(), changes["state"].value, "It changed"))
        self._tell(TransferChanged(row.transfer))
        if row.transfer.state.over:
            self._end_batch(row.transfer.batch)
        return row.transfer

    def _end_batch(self, batch: str) -> None:
        together = [row.transfer for row in self._rows.values() if row.transfer.batch == batch]
        if batch and all(one.state.over for one in together):
            done = [one for one in together if one.state is State.DONE]
            failed = sum(one.state in {State.FAILED, State.SOURCE_CHANGED} for one in together)
            size = sum(one.size for one in done)
            self._tell(TransferBatchEnded(batch, len(done), failed, size))

    def _go(self) -> None:
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._run(), name="fake engine")

    async def _run(self) -> None:
        await asyncio.sleep(0)
        while queued := [one for one in self._in_order() if one.state is State.QUEUED]:
            await self._carry(queued[0].id)

    async def _carry(self, transfer_id: str) -> None:
        row = self._set(transfer_id, state=State.ACTIVE, started_at=time.time())
        request = self._rows[transfer_id].request
        data = self._read(request, row)
        if isinstance(data, Fault):
            self._fail(transfer_id, data)
            return
        for step in range(1, STEPS + 1):
            await self._line.wait()
            await asyncio.sleep(0)
            if not self._is_moving(transfer_id):
                return
            known = self._rows[transfer_id]
            known.transfer = moved(known.transfer, len(data), step, STEPS)
            self._tell(TransfersProgressed((known.transfer,), self._totals()))
        self._finish(transfer_id, request, data)

    def _is_moving(self, transfer_id: str) -> bool:
        return transfer_id in self._rows and self._rows[transfer_id].transfer.state is State.ACTIVE

    def _read(self, request: UploadRequest | DownloadRequest, row: Transfer) -> bytes | Fault:
        if isinstance(request, DownloadRequest):
            gone = Fault(FaultKind.NO_OBJECT, "There is no such object.")
            return self.buckets.get(row.bucket, {}).get(row.key, gone)
        try:
            data = Path(request.path).read_bytes()
        except OSError as error:
            return Fault(FaultKind.SOURCE_GONE, str(error))
        return packed(data) if request.compress else data

    def _finish(
        self, transfer_id: str, request: UploadRequest | DownloadRequest, data: bytes
    ) -> None:
        row = self._rows[transfer_id].transfer
        if self.faults:
            self._fail(transfer_id, self.faults.pop(0))
        elif row.bucket not in self.buckets:
            self._fail(transfer_id, Fault(FaultKind.NO_BUCKET, "There is no bucket."))
        elif not request.replace and self._is_there(request, row):
            self._fail(transfer_id, Fault(FaultKind.EXISTS, "It is there already."))
        else:
            if isinstance(request, DownloadRequest):
                Path(request.path).write_bytes(data)
            else:
                self.buckets[row.bucket][row.key] = data
            checksum = f"crc64nvme:{checksums.of_bytes(data, ChecksumKind.CRC64NVME)}"
            self._set(transfer_id, state=State.DONE, finished_at=time.time(), checksum=checksum)

    def _is_there(self, request: UploadRequest | DownloadRequest, row: Transfer) -> bool:
        if isinstance(request, DownloadRequest):
            return Path(request.path).exists()
        return row.key in self.buckets[row.bucket]

    def _fail(self, transfer_id: str, fault: Fault) -> None:
        self._set(
            transfer_id,
            state=State.FAILED,
            fault=fault,
            reason=fault.message,
            remedy=fault.remedy,
            finished_at=time.time(),
        )
