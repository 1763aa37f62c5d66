"""What happens by the clock: progress, speeds, waking from sleep, and notes for after a crash."""

import asyncio
import logging
import time
from dataclasses import dataclass, field

from desktop.domain.events import TransfersProgressed
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Totals, Transfer, TransferState
from desktop.storage.ledger import NotWritten
from desktop.transfers.engine.floor import Floor
from desktop.transfers.engine.meters import Meter
from desktop.transfers.engine.track import Track

log = logging.getLogger(__name__)

BEAT = 0.1
"""Seconds between two looks while something moves."""

REST = 0.5
"""The same while nothing does."""

SLEPT = 5.0
"""Seconds missing between two looks after which the computer must have slept."""

NOTE = 1.0
"""Seconds between two notes of what is on its way."""

ASLEEP = Fault(FaultKind.NETWORK, "The computer was asleep.")

_WAITS = {
    TransferState.QUEUED,
    TransferState.PAUSED,
    TransferState.WAITING_NETWORK,
    TransferState.WAITING_RETRY,
}
_FAILED = {TransferState.FAILED, TransferState.SOURCE_CHANGED}


@dataclass(slots=True)
class _Gauge:
    """What was last seen of a transfer."""

    meter: Meter = field(default_factory=Meter)
    confirmed: int = 0
    shown: tuple[int, int] = (0, 0)
    moved: int = 0


class Pulse:
    """Looks at everything that moves, ten times a second."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._gauges: dict[str, _Gauge] = {}
        self._whole = Meter()
        self._sum = 0
        self._totals = Totals()
        self._counts: dict[TransferState, int] = {}
        self._noted: dict[str, int] = {}
        self._noted_at = 0.0
        self._clocks = (time.time(), time.monotonic())

    async def totals(self) -> Totals:
        """All transfers together as they stand; speeds are those of the last look."""
        await self._count()
        return self._totalled(None)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            moving = any(track.attempts for track in self._floor.tracks.values())
            await asyncio.sleep(BEAT if moving else REST)
            try:
                self._wake_after_sleep()
                await self.look()
            except Exception:
                log.exception("Progress could not be looked at")

    def _wake_after_sleep(self) -> None:
        """Reopen every connection after a sleep: the other side has given them up.

        The clock that counts without sleep and the one on the wall differ then; on systems where
        both go on, this loop has been away.
        """
        before, self._clocks = self._clocks, (time.time(), time.monotonic())
        wall, counted = (now - then for now, then in zip(self._clocks, before, strict=True))
        if abs(wall - counted) < SLEPT and counted < REST + SLEPT:
            return
        log.info("Awake again after %.0f s", max(wall, counted))
        self._floor.means.errands.tools.stores.close_idle()
        for track in tuple(self._floor.tracks.values()):
            track.cut(ASLEEP)
            track.wake_early()
        self._floor.look()

    async def look(self) -> None:
        """See what moved since the last time, and tell of it."""
        now = time.monotonic()
        moved = [row for track in self._floor.tracks.values() if (row := self._seen(track, now))]
        for gone in self._gauges.keys() - self._floor.tracks.keys():
            del self._gauges[gone]
        for name in {track.row.destination for track in self._floor.tracks.values()}:
            self._measure(name, now)
        await self._count()
        totals = self._totalled(now)
        if moved or totals != self._totals:
            self._totals = totals
            self._floor.means.news.tell(TransfersProgressed(tuple(moved), totals))
        await self._note(now)

    def _seen(self, track: Track, now: float) -> Transfer | None:
        """Return the row of a transfer if something of it moved."""
        gauge = self._gauges.setdefault(track.id, _Gauge())
        row, in_flight = track.row, track.in_flight
        if row.confirmed < gauge.confirmed:
            gauge.meter.rest()  # it was begun anew
        gauge.confirmed = row.confirmed
        if track.attempts:
            before = gauge.meter.position
            track.speed = gauge.meter.read(row.confirmed + in_flight, now)
            self._sum += max(0, gauge.meter.position - before) if before else 0
        else:
            gauge.meter.rest()
            track.speed = 0.0
        shown, gauge.shown = gauge.shown, (row.confirmed, in_flight)
        return track.shown() if shown != gauge.shown else None

    def _measure(self, destination: str, now: float) -> None:
        """Let the number of connections follow what moves."""
        floor = self._floor
        connections = floor.means.lines.of(destination)
        attempts = [
            attempt
            for track in floor.tracks.values()
            if track.row.destination == destination
            for attempt in track.attempts
            if attempt.size
        ]
        connections.rate_limited(floor.means.errands.tools.limiter.rate_for(destination))
        connections.moved(sum(attempt.newly_moved() for attempt in attempts))
        before = connections.limit
        if connections.tick(now, len(attempts)) > before:
            floor.look()

    async def _count(self) -> None:
        if not self._floor.changed:
            return
        self._floor.changed = False
        books = self._floor.means.books
        try:
            self._counts = await books.ask(books.ledger.counts)
        except NotWritten as error:
            log.warning("Transfers were not counted: %s", error)

    def _totalled(self, now: float | None) -> Totals:
        """Add up; without a time the speed is not measured anew."""
        floor = self._floor
        rows = [track.row for track in floor.tracks.values()]
        over = sum(n for state, n in self._counts.items() if not state.over and state not in _WAITS)
        if now is None:
            speed = self._totals.speed
        else:
            speed = self._whole.read(self._sum, now) if any(self._moving()) else 0.0
        left = sum(max(0, row.size - row.confirmed) for row in rows)
        left += sum(row.size for row in floor.waiting.values())
        return Totals(
            active=over,
            waiting=sum(n for state, n in self._counts.items() if state in _WAITS),
            failed=sum(n for state, n in self._counts.items() if state in _FAILED),
            speed=speed,
            seconds_left=left / speed if speed > 1.0 else None,
            rate_limit=floor.means.errands.tools.limiter.rate,
            connections=sum(1 for _ in self._moving()),
            paused=floor.paused,
        )

    def _moving(self) -> list[int]:
        return [
            attempt.size
            for track in self._floor.tracks.values()
            for attempt in track.attempts
            if attempt.size
        ]

    async def _note(self, now: float) -> None:
        """Write down how much is on its way: after a crash, that is what is sent again."""
        if now - self._noted_at < NOTE:
            return
        moving = {t.id: t.in_flight for t in self._floor.tracks.values() if t.attempts}
        gone = dict.fromkeys(self._noted.keys() - moving.keys(), 0)
        self._noted_at = now
        if moving == self._noted:
            return
        self._noted = moving
        books = self._floor.means.books
        try:
            await books.ask(books.ledger.note_in_flight, moving | gone)
        except NotWritten as error:
            log.warning("What is on its way was not noted: %s", error)
