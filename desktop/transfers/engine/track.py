"""One transfer while it runs: events in one after the other, commands carried out in order.

What a machine wants saved is on the disk before its next command is looked at, and before the next
event is told to it. Only that a part was given a connection is told at once: it leads to no
command, and the next choice depends on it.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from desktop.cloud.line import Line
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Transfer, TransferState
from desktop.domain.uploads import Download, Upload
from desktop.storage.ledger import NotWritten
from desktop.transfers import commands, download_machine, machine, steps
from desktop.transfers.engine.books import Books
from desktop.transfers.scheduler import Choice, Lane

log = logging.getLogger(__name__)

BROKEN = Fault(FaultKind.UNKNOWN, "Something unforeseen; the engine's log says more.")

Run = machine.Run | download_machine.Run


@dataclass(slots=True, eq=False)
class Attempt:
    """A request on its way, and what moved of it."""

    line: Line
    choice: Choice | None = None
    """The part; None for a question."""
    whole: bool = False
    """Whether a whole file goes with it."""
    size: int = 0
    moved: int = 0
    broken_by: Fault | None = None
    """Why we cut it though its machine did not ask for that."""
    _measured: int = 0

    def count(self, change: int) -> None:
        """Take note of bytes that moved; called by its own thread only."""
        self.moved += change

    def newly_moved(self) -> int:
        """Return what moved since this was asked last."""
        now, before = self.moved, self._measured
        self._measured = now
        return max(0, now - before)


class Hands(Protocol):
    """Who carries commands out."""

    def ask(self, track: "Track", question: commands.Asking) -> None:
        """Answer a question, later, by ``track.post``."""

    def wait_for_network(self, track: "Track", until: float) -> Callable[[], None]:
        """Post ``Woke`` when the destination can be reached; the result calls it off."""

    def use_checksums(self, track: "Track", kind: str) -> None:
        """Remember what an endpoint verifies."""

    def went_on(self, track: "Track") -> None:
        """Look at it again: what it was told is on the disk."""


@dataclass(slots=True, eq=False)
class Track:
    """A transfer that runs."""

    run: Run
    books: Books
    hands: Hands
    group: asyncio.TaskGroup
    attempts: set[Attempt] = field(default_factory=set)
    speed: float = 0.0
    _inbox: deque[steps.Happened] = field(default_factory=deque)
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)
    _call_off: Callable[[], None] | None = None
    _durable_upload: str = ""
    _draining: bool = False

    def __post_init__(self) -> None:
        self._quiet.set()
        self._durable_upload = self.row.upload_id

    @property
    def id(self) -> str:
        """Id of the transfer."""
        return self.row.id

    @property
    def row(self) -> Transfer:
        """The row as its machine has it."""
        return self.run.transfer

    @property
    def item(self) -> Upload | Download:
        """Everything the ledger knows of it."""
        run = self.run
        return run.download if isinstance(run, download_machine.Run) else run.upload

    @property
    def in_flight(self) -> int:
        """Bytes that are on their way."""
        return sum(min(attempt.moved, attempt.size) for attempt in self.attempts if attempt.size)

    @property
    def resting(self) -> bool:
        """Whether nothing happens to it unless somebody asks for it."""
        standing = self.row.state.over or self.row.state in {
            TransferState.PAUSED,
            TransferState.QUEUED,
        }
        return standing and not self.run.busy and not self._inbox and not self._draining

    def shown(self) -> Transfer:
        """Return the row as a person sees it: with what moves."""
        row, in_flight = self.row, self.in_flight
        left = max(0, row.size - row.confirmed - in_flight)
        seconds = left / self.speed if self.speed > 1.0 and self.attempts else None
        return replace(row, in_flight=in_flight, speed=self.speed, seconds_left=seconds)

    def lane(self) -> Lane | None:
        """Return what the scheduler may choose from; None while nothing may go."""
        if not self._may_go():
            return None
        run, now = self.run, time.time()
        if isinstance(run, download_machine.Run):
            return download_machine.lane(run, now)
        return machine.lane(run, now)

    def _may_go(self) -> bool:
        """Tell whether everything that parts depend on is on the disk."""
        if isinstance(self.run, download_machine.Run):
            return not self._draining
        return bool(self.row.upload_id) and self.row.upload_id == self._durable_upload

    def started(self, number: int) -> None:
        """Tell the machine that a part was given a connection."""
        asked = self._step(steps.PartStarted(number))
        assert not asked, "a part that starts leads to nothing else"

    def arrange(self, row: Transfer) -> None:
        """Take over what a person changed about the row; the ledger has it already."""
        personal = row.priority, row.position, row.rate_limit
        run = self.run
        if isinstance(run, download_machine.Run):
            self.run = download_machine.arranged(run, *personal)
        else:
            self.run = machine.arranged(run, *personal)

    def post(self, event: steps.Happened) -> None:
        """Tell it what happened, after everything that happened before."""
        self._inbox.append(event)
        if not self._draining:
            self._draining = True
            self._quiet.clear()
            self.group.create_task(self._drain(), name=f"transfer {self.id}")

    async def settled(self) -> None:
        """Wait until everything it was told has been dealt with and saved."""
        await self._quiet.wait()

    async def _drain(self) -> None:
        try:
            while self._inbox:
                await self._hear(self._inbox.popleft())
                if self._inbox:
                    self.hands.went_on(self)
        finally:
            self._draining = False
            self._quiet.set()
        self.hands.went_on(self)

    async def _hear(self, event: steps.Happened) -> None:
        """Do what comes of an event; a fault of ours stops this transfer, not the others."""
        try:
            await self._carry_out(self._step(event))
        except Exception:
            log.exception("%s could not deal with %s", self.id, type(event).__name__)
            if self.run.asked and all(attempt.choice for attempt in self.attempts):
                self._inbox.append(steps.Failed(BROKEN))  # nobody else would answer

    def _step(self, event: steps.Happened) -> tuple[commands.Command, ...]:
        run, now = self.run, time.time()
        if isinstance(run, download_machine.Run):
            self.run, asked = download_machine.step(run, event, now)
        else:
            self.run, asked = machine.step(run, event, now)
        return asked

    async def _carry_out(self, asked: tuple[commands.Command, ...]) -> None:
        for command in asked:
            if isinstance(command, commands.Save):
                if not await self._saved(command):
                    return
            else:
                self._do(command)

    async def _saved(self, entry: commands.Save) -> bool:
        """Save; a failure is the next thing the machine hears of."""
        try:
            await self.books.save(entry)
        except NotWritten as error:
            log.warning("%s was not written: %s", self.id, error)
            self._inbox.appendleft(steps.SaveFailed(error.fault, entry))
            return False
        self._durable_upload = entry.transfer.transfer.upload_id
        return True

    def _do(self, command: commands.Command) -> None:
        match command:
            case commands.Asking():
                self.hands.ask(self, command)
            case commands.Cut():
                self.cut()
            case commands.WaitUntil(at):
                self._wait(self._wake_at(at))
            case commands.WaitForNetwork(at):
                self._wait(self.hands.wait_for_network(self, at))
            case commands.Rest():
                self._wait(None)
            case commands.Tell(moment):
                self.books.tell(self.id, moment)
            case commands.UseChecksums(kind):
                self.hands.use_checksums(self, kind)

    def cut(self, fault: Fault | None = None) -> None:
        """Close every connection; ``fault`` when it is not the machine that asked for it."""
        for attempt in tuple(self.attempts):
            attempt.broken_by = fault
            attempt.line.cut()

    def _wait(self, call_off: Callable[[], None] | None) -> None:
        if self._call_off is not None:
            self._call_off()
        self._call_off = call_off

    def _wake_at(self, at: float) -> Callable[[], None]:
        loop = asyncio.get_running_loop()
        return loop.call_later(max(0.0, at - time.time()), self.wake).cancel

    def wake(self) -> None:
        """Tell it that what it waited for has come."""
        self._call_off = None
        self.post(steps.Woke())

    def wake_early(self) -> None:
        """End a wait now: the computer slept through it."""
        if self._call_off is not None:
            self._call_off()
            self.wake()
