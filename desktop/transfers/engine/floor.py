"""All transfers that run: whose turn it is, and which part gets a free connection."""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from desktop.domain.errors import StudioError
from desktop.domain.events import TransferChanged
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Transfer, TransferState
from desktop.domain.uploads import Download, Upload
from desktop.transfers import commands, download_machine, machine, steps
from desktop.transfers.engine.books import Books
from desktop.transfers.engine.errands import Errands, attempt_for, part_attempt
from desktop.transfers.engine.glance import OFFLINE, essence, runs, turn
from desktop.transfers.engine.lines import Lines
from desktop.transfers.engine.news import News
from desktop.transfers.engine.reach import Reach
from desktop.transfers.engine.track import Attempt, Run, Track
from desktop.transfers.scheduler import Choice, Lane, Scheduler, admit

log = logging.getLogger(__name__)

SHOWN = 64
"""Waiting transfers that are looked at when one may begin; they are in order."""

COMPLAINTS = {FaultKind.THROTTLED, FaultKind.TIMEOUT}
"""Faults after which there are fewer connections."""

ACKNOWLEDGED = (
    steps.PartSent,
    steps.PartFetched,
    steps.Created,
    steps.Completed,
    steps.WholeSent,
    steps.Published,
)
"""What must not be forgotten by who is about to end."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the floor works with."""

    books: Books
    errands: Errands
    lines: Lines
    news: News
    reach: Reach
    group: asyncio.TaskGroup


class Floor:
    """Transfers that run, and those that wait for their turn."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self.tracks: dict[str, Track] = {}
        self.waiting: dict[str, Transfer] = {}
        self._line: deque[str] | None = None
        """Ids of those that wait, in order, and of some that do not any more; None: unsorted."""
        self._opening: dict[str, Transfer] = {}
        self.paused = False
        """Whether nothing begins, because everything was paused at once."""
        self.ended: Callable[[Track], None] = lambda _track: None
        """Told of each transfer that is over."""
        self._scheduler = Scheduler()
        self.changed = True
        """Whether rows changed their state or were added since this was last looked at."""
        self._told: dict[str, tuple[object, ...]] = {}
        self._remembered: dict[str, int] = {}
        self._look: asyncio.Handle | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._began = False
        self._closing = False

    def begin(self, items: Iterable[Upload | Download]) -> None:
        """Take up what is not over; nothing goes before ``ready``."""
        self.changed = True
        for item in items:
            if item.transfer.state is TransferState.QUEUED:
                self._wait(item.transfer)
            elif item.transfer.state is not TransferState.PAUSED:
                self.add(item)

    def ready(self) -> None:
        """Begin, or go on: it is known where things go."""
        self._began = True
        for track in tuple(self.tracks.values()):
            if not track.run.busy and not track.row.state.over:
                if self.paused and track.row.state is not TransferState.CANCELLING:
                    track.post(steps.Pause())
                else:
                    track.post(steps.Begin())
        self.look()

    def add(self, item: Upload | Download) -> Track:
        """Return the track of a transfer, made if there is none."""
        track = self.tracks.get(item.id)
        if track is None:
            track = Track(opened(item), self.means.books, self, self.means.group)
            self.tracks[item.id] = track
            self._told[item.id] = essence(track.row)
            self.means.errands.tools.limiter.limit_file(item.id, track.row.rate_limit)
        return track

    async def open(self, transfer_id: str) -> Track:
        """Return the track of a transfer, from the ledger if it is not here; raises NotFound."""
        track = self.tracks.get(transfer_id)
        if track is None:
            books = self.means.books
            track = self.add(await books.ask(books.ledger.load, transfer_id))
        return track

    @property
    def busy(self) -> bool:
        """Whether something goes on, or will by itself."""
        waits = bool(self.waiting or self._opening) and not self.paused
        return self._began and (waits or any(not t.resting for t in self.tracks.values()))

    def arrange(self, row: Transfer) -> None:
        """Take over what a person changed about a row; the ledger has it already."""
        track = self.tracks.get(row.id)
        if track is not None:
            track.arrange(row)
        elif row.id in self.waiting:
            self._wait(row)

    def close(self) -> None:
        """Begin nothing more and cut what moves; states stay as they are for the next process."""
        self._closing = True
        for track in self.tracks.values():
            track.cut()

    def _post(self, track: Track, event: steps.Happened) -> None:
        """Tell a track what happened; at the end, only what was acknowledged counts."""
        if not self._closing or isinstance(event, ACKNOWLEDGED):
            track.post(event)

    # What tracks ask for

    def ask(self, track: Track, question: commands.Asking) -> None:
        """Answer a question on a thread."""
        attempt = attempt_for(track, question)
        track.attempts.add(attempt)
        self.means.group.create_task(
            self._answer(track, question, attempt), name=f"{type(question).__name__} {track.id}"
        )

    async def _answer(self, track: Track, question: commands.Asking, attempt: Attempt) -> None:
        event = await self.means.errands.ask(track, question, attempt)
        track.attempts.discard(attempt)
        self._complain(track, event)
        self._post(track, event)

    def wait_for_network(self, track: Track, until: float) -> Callable[[], None]:
        """Wake a track when its destination can be reached."""
        destination = self.means.errands.tools.stores.destination(track.row.destination)
        return self.means.reach.wait(destination, until, track.wake)

    def use_checksums(self, track: Track, kind: str) -> None:
        """Remember what an endpoint verifies."""
        name, books = track.row.destination, self.means.books
        self.means.errands.tools.stores.remember(name, kind)
        self.means.group.create_task(
            books.remember(name, checksums=kind), name="remember an endpoint"
        )

    def went_on(self, track: Track) -> None:
        """Tell of what changed, and see who may go next."""
        self._tell(track)
        self.look_after(track)
        self.look()

    def _tell(self, track: Track) -> None:
        now, before = essence(track.row), self._told.get(track.id)
        if now == before:
            return
        self._told[track.id] = now
        self.changed = True
        self.means.news.tell(TransferChanged(track.shown()))
        if track.row.state.over and before is not None and before[0] is not track.row.state:
            self.ended(track)

    def _let_go(self, track: Track) -> None:
        """Keep only the row of what does not run any more."""
        tools = self.means.errands.tools
        tools.sources.end(track.id)
        tools.partials.end(track.id)
        if track.row.state.over:
            if isinstance(track.item, Upload) and track.item.request.compress:
                tools.sources.remove_compressed(track.id)
            tools.limiter.forget_file(track.id)
        self.tracks.pop(track.id, None)
        self._told.pop(track.id, None)
        self._remember_line(track.row.destination)
        if track.row.state is TransferState.QUEUED:
            self._wait(track.row)

    def _remember_line(self, destination: str) -> None:
        """Keep how many connections served a destination, once nothing goes there any more."""
        if self._closing or any(t.row.destination == destination for t in self.tracks.values()):
            return
        found = self.means.lines.found.get(destination, 0)
        if found and found != self._remembered.get(destination):
            self._remembered[destination] = found
            self.means.group.create_task(
                self.means.books.remember(destination, connections=found), name="remember a line"
            )

    # Whose turn it is

    def look(self) -> None:
        """See, soon and once, who may begin and what may be sent."""
        if self._look is None and self._began and not self._closing:
            self._look = asyncio.get_running_loop().call_soon(self._looked)

    def _looked(self) -> None:
        self._look = None
        if not self.paused:
            self._admit()
        self._give()

    def _admit(self) -> None:
        if not self.waiting:
            return
        running = [track.row for track in self.tracks.values() if runs(track.row)]
        running += self._opening.values()
        offline = {t.row.destination for t in self.tracks.values() if t.row.state is OFFLINE}
        able = self._next_in_line(offline)
        if not able:
            return
        most = self.means.lines.most({row.destination for row in (*able, *running)})
        turns = [turn(row) for row in able]
        for transfer_id in admit(turns, [turn(row) for row in running], most):
            self._begin(transfer_id)

    def _next_in_line(self, offline: set[str]) -> list[Transfer]:
        """Return the first that wait, of destinations that can be reached."""
        if self._line is None:
            ordered = sorted(self.waiting.values(), key=lambda r: (-r.priority, r.position, r.id))
            self._line = deque(row.id for row in ordered)
        while self._line and self._line[0] not in self.waiting:
            self._line.popleft()
        there = (self.waiting[name] for name in self._line if name in self.waiting)
        return list(islice((row for row in there if row.destination not in offline), SHOWN))

    def _wait(self, row: Transfer) -> None:
        """Let a transfer wait for its turn, in the order of the list."""
        self.waiting[row.id] = row
        self._line = None

    def _begin(self, transfer_id: str) -> None:
        row = self._opening[transfer_id] = self.waiting.pop(transfer_id)
        self.means.group.create_task(self._open_and_begin(row), name=f"begin {row.id}")

    async def _open_and_begin(self, row: Transfer) -> None:
        try:
            track = await self.open(row.id)
        except StudioError as error:
            log.warning("%s cannot begin: %s", row.id, error)
            return
        finally:
            self._opening.pop(row.id, None)
        if self.paused or track.row.state is not TransferState.QUEUED:
            self.look_after(track)
        else:
            track.post(steps.Begin())

    def look_after(self, track: Track) -> None:
        """Let a track go that was opened and does not run."""
        if track.resting:
            self._let_go(track)

    # Who gets a connection

    def _give(self) -> None:
        lanes = {track.id: lane for track in self.tracks.values() if (lane := self._lane(track))}
        used = Counter(
            track.row.destination
            for track in self.tracks.values()
            for attempt in track.attempts
            if attempt.size
        )
        allowed = self._allowed(lanes.values(), used)
        while choice := self._choose(lanes, used, allowed):
            track = self.tracks[choice.id]
            track.started(choice.number)
            self._send(track, choice)
            used[track.row.destination] += 1
            lane = self._lane(track)
            if lane is None:
                lanes.pop(choice.id)
            else:
                lanes[choice.id] = lane
        self._set_alarm(lanes.values())

    def _lane(self, track: Track) -> Lane | None:
        lane = track.lane()
        if lane is None or not (lane.ready or lane.sending or lane.wake_at):
            return None
        return lane

    def _choose(
        self, lanes: dict[str, Lane], used: Counter[str], allowed: dict[str, int]
    ) -> Choice | None:
        """Return the next part, of destinations that have a connection left."""
        open_lanes = [
            lane
            for lane in lanes.values()
            if used[name := self.tracks[lane.id].row.destination] < allowed[name]
        ]
        if not open_lanes:
            return None
        others = used.total() - self._scheduler.connections
        most = self.means.lines.in_all(allowed.values()) - others
        return self._scheduler.choose(open_lanes, most, time.monotonic())

    def _allowed(self, lanes: Iterable[Lane], used: Counter[str]) -> dict[str, int]:
        """Return the connections to each destination; a few more for the last parts of all."""
        lines, now, left = self.means.lines, time.monotonic(), Counter[str]()
        for lane in lanes:
            left[self.tracks[lane.id].row.destination] += lane.left
        return {
            name: lines.of(name).limit
            if any(row.destination == name for row in self.waiting.values())
            else lines.of(name).limit_for(left[name], now)
            for name in left.keys() | used.keys()
        }

    def _send(self, track: Track, choice: Choice) -> None:
        attempt = part_attempt(track, choice)
        track.attempts.add(attempt)
        self.means.group.create_task(
            self._move(track, choice, attempt), name=f"part {choice.number} of {track.id}"
        )

    async def _move(self, track: Track, choice: Choice, attempt: Attempt) -> None:
        event = await self.means.errands.part(track, choice, attempt)
        track.attempts.discard(attempt)
        sent = isinstance(event, steps.PartSent | steps.PartFetched)
        self._scheduler.ended(choice, time.monotonic(), sent=sent)
        if sent:
            _cut_copies(track, choice)
        self._complain(track, event)
        self._post(track, event)
        self.look()

    def _complain(self, track: Track, event: steps.Happened) -> None:
        if isinstance(event, steps.PartFailed | steps.Failed) and event.fault.kind in COMPLAINTS:
            self.means.lines.of(track.row.destination).complained(time.monotonic())

    def _set_alarm(self, lanes: Iterable[Lane]) -> None:
        """Look again when a part that failed may go, or one has become slow."""
        lanes = tuple(lanes)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        waits = [lane.wake_at - time.time() for lane in lanes if lane.wake_at is not None]
        slow_at = self._scheduler.slow_at(lanes)
        if slow_at is not None:
            waits.append(slow_at - time.monotonic())
        if waits:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(max(0.02, min(waits)), self.look)


def opened(item: Upload | Download) -> Run:
    """Return the run of a transfer by its machine."""
    if isinstance(item, Download):
        return download_machine.open_run(item)
    return machine.open_run(item)


def _cut_copies(track: Track, choice: Choice) -> None:
    """End other copies of a part that has arrived."""
    for other in track.attempts:
        if other.choice is not None and other.choice.number == choice.number:
            other.line.cut()
