"""A file gets its name only when all of it is what the service has; broken off at every step."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Direction, DownloadRequest, Transfer, TransferState
from desktop.domain.uploads import Download, ObjectSeen, Part
from desktop.storage.ledger import Ledger
from desktop.transfers import commands as c
from desktop.transfers import download_machine as machine
from desktop.transfers import steps as s
from desktop.transfers.plan import MIB

SIZE = 33 * MIB
S = TransferState


class Disk:
    """The unfinished file, part by part, and the one with the name."""

    def __init__(self) -> None:
        self.partial: dict[int, str] | None = None
        self.named: str | None = None


class World:
    """Runs one download of an object whose parts are its ETag and their number."""

    made = 0

    def __init__(self, ledger: Ledger, *, size: int = SIZE, replaces: bool = False) -> None:
        World.made += 1
        self.id = f"D{World.made:05}"
        self.ledger, self.disk, self.now = ledger, Disk(), 1000.0
        self.seen = ObjectSeen(size, "etag-1", "crc64nvme:etag-1")
        request = DownloadRequest("d", "k", "/out.mp4", replace=replaces)
        row = Transfer(
            self.id, Direction.DOWNLOAD, "/out.mp4", "d", "bucket", "k", 0, S.QUEUED, 0.0
        )
        (stored,) = ledger.add([Download(row, request)])
        assert isinstance(stored, Download)
        self.run = machine.open_run(stored)
        self.question: c.Asking | None = None
        self.flying: list[tuple[int, str]] = []
        self.fetched: list[int] = []
        self.damage: set[int] = set()
        self.disk_full = 0

    @property
    def state(self) -> TransferState:
        return self.run.transfer.state

    def tell(self, event: s.Happened) -> None:
        self.run, commands = machine.step(self.run, event, self.now)
        assert sum(isinstance(one, c.Save) for one in commands) <= 1
        for command in commands:
            if isinstance(command, c.Save):
                if self.disk_full:
                    self.disk_full -= 1
                    fault = Fault(FaultKind.DISK_FULL, "The disk is full.")
                    self.tell(s.SaveFailed(fault, command))
                    return
                self.ledger.save(command)
            elif isinstance(command, c.Asking):
                assert self.question is None
                self.question = command
            elif isinstance(command, c.Cut):
                self.cut()

    def cut(self) -> None:
        flying, self.flying = self.flying, []
        question, self.question = self.question, None
        for number, _etag in flying:
            self.tell(s.PartCut(number, MIB))
        if question is not None:
            self.tell(s.RequestCut())

    def answer(self, fault: FaultKind | None = None) -> bool:
        question, self.question = self.question, None
        if question is None:
            return False
        self.tell(s.Failed(Fault(fault, f"{fault}.")) if fault else self.truth(question))
        return True

    def truth(self, question: c.Asking) -> s.Happened:
        match question:
            case c.HeadObject():
                return s.Headed(self.seen)
            case c.OpenPartial():
                fresh = self.disk.partial is None
                self.disk.partial = self.disk.partial or {}
                return s.PartialOpened(fresh)
            case c.VerifyFile():
                return s.FileVerified(self.right(), self.seen.checksum)
            case c.PublishFile():
                return self.publish(question.replace)
            case c.RemovePartial():
                self.disk.partial = None
                return s.PartialRemoved()
            case _:
                return s.Ready()

    def publish(self, replaces: bool) -> s.Happened:
        if self.disk.named is not None and not replaces:
            return s.Failed(Fault(FaultKind.EXISTS, "There is one."))
        assert self.right(), "a wrong file got the name"
        self.disk.named, self.disk.partial = self.run.transfer.etag, None
        return s.Published()

    def right(self) -> bool:
        parts = self.disk.partial or {}
        seen = self.run.download.seen
        assert seen is not None
        count = 0 if not seen.size else self.run.plan.count
        return parts == {n: f"{seen.etag}/{n}" for n in range(1, count + 1)}

    def start_part(self) -> bool:
        ready = machine.lane(self.run, self.now).ready
        if not ready:
            return False
        assert ready[0] not in self.ledger.load(self.id).parts, "fetched twice"
        seen = self.run.download.seen
        assert seen is not None
        self.flying.append((ready[0], seen.etag))
        self.tell(s.PartStarted(ready[0]))
        return True

    def end_part(self, fault: FaultKind | None = None) -> bool:
        if not self.flying:
            return False
        number, etag = self.flying.pop(0)
        if fault is None and etag != self.seen.etag:
            fault = FaultKind.EXISTS  # 412: what was asked for is not there any more
        if fault is not None:
            self.tell(s.PartFailed(number, Fault(fault, f"{fault}."), MIB))
            return True
        assert self.disk.partial is not None
        damaged = number in self.damage
        self.damage.discard(number)
        self.disk.partial[number] = "damaged" if damaged else f"{etag}/{number}"
        self.fetched.append(number)
        self.tell(s.PartFetched(Part(number, self.run.plan.length(number), "", "c")))
        return True

    def crash(self) -> None:
        self.flying, self.question = [], None
        stored = self.ledger.load(self.id)
        assert isinstance(stored, Download)
        self.run = machine.open_run(stored)

    def one_step(self) -> bool:
        self.now += 1.0
        if self.answer() or self.end_part() or self.start_part():
            return True
        self.now += 1000.0
        if self.state.over and self.run.owed is None:
            return False
        wake: s.Happened = s.Begin()
        if self.state is S.PAUSED:
            wake = s.Resume()
        elif self.state in {S.WAITING_NETWORK, S.WAITING_RETRY} or self.run.owed is not None:
            wake = s.Woke()
        self.tell(wake)
        return True

    def settle(self) -> None:
        for _ in range(1000):
            if not self.one_step():
                return
        raise AssertionError(f"It does not come to an end: {self.run}")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path_factory.mktemp("downloads") / "transfers.db")
    ledger._connection.execute("PRAGMA synchronous = OFF")  # other tests are about the disk
    yield ledger
    ledger.close()


def each_step(ledger: Ledger, disturb: Callable[[World], Any], **options: Any) -> Iterator[World]:
    for steps in range(100):
        world = World(ledger, **options)
        if not all(world.one_step() for _ in range(steps)):
            return
        disturb(world)
        world.settle()
        yield world


@pytest.mark.parametrize("size", [SIZE, 8 * MIB, 1, 0])
def test_an_object_becomes_a_file(ledger: Ledger, size: int) -> None:
    world = World(ledger, size=size)
    world.settle()
    assert world.state is S.DONE
    assert world.disk.named == "etag-1"
    row = ledger.row(world.id)
    assert (row.state, row.confirmed, row.checksum) == (S.DONE, size, "crc64nvme:etag-1")


def test_a_crash_at_any_step_fetches_nothing_twice(ledger: Ledger) -> None:
    for world in each_step(ledger, World.crash):
        assert world.disk.named == "etag-1"
        # Only what was on its way, or just landed and not yet written down.
        assert len(world.fetched) <= 6


@pytest.mark.parametrize("kind", FaultKind)
def test_a_fault_at_any_step_ends_well_or_says_why(ledger: Ledger, kind: FaultKind) -> None:
    def disturb(world: World) -> None:
        if not world.answer(kind):
            world.end_part(kind)

    for world in each_step(ledger, disturb):
        if world.state is S.FAILED:
            assert world.run.transfer.reason
            world.tell(s.Retry("", replace=True))
            world.settle()
        assert world.state is S.DONE
        assert world.disk.named == "etag-1"


@pytest.mark.parametrize("kind", [FaultKind.NETWORK, FaultKind.NAME, FaultKind.TIMEOUT])
def test_being_offline_is_waited_for(ledger: Ledger, kind: FaultKind) -> None:
    def disturb(world: World) -> None:
        for _ in range(50):
            world.now += 60.0
            if not (world.answer(kind) or world.end_part(kind) or world.start_part()):
                world.tell(s.Woke())

    for world in each_step(ledger, disturb):
        assert world.state is S.DONE


@pytest.mark.parametrize("hard", [True, False])
def test_pausing_at_any_step_keeps_what_is_there(ledger: Ledger, hard: bool) -> None:
    def disturb(world: World) -> None:
        world.tell(s.Pause(hard=hard))
        assert world.state in {S.PAUSED, S.DONE}

    for world in each_step(ledger, disturb):
        assert world.state is S.DONE
        assert len(world.fetched) == 5


def test_cancelling_at_any_step_leaves_no_file(ledger: Ledger) -> None:
    for world in each_step(ledger, lambda world: world.tell(s.Cancel())):
        assert world.disk.partial is None
        assert world.state in {S.CANCELLED, S.DONE}
        assert (world.disk.named is not None) == (world.state is S.DONE)
        assert not ledger.load(world.id).parts


def test_an_object_that_changes_at_any_step_is_never_mixed(ledger: Ledger) -> None:
    def disturb(world: World) -> None:
        world.seen = ObjectSeen(SIZE, "etag-2", "crc64nvme:etag-2")

    names = set()
    for world in each_step(ledger, disturb):
        assert world.state is S.DONE
        names.add(world.disk.named)
    assert names == {"etag-1", "etag-2"}, "whole, and that of before or after"


def test_a_damaged_part_is_found_and_all_is_fetched_again(ledger: Ledger) -> None:
    world = World(ledger)
    world.damage = {3}
    world.settle()
    assert world.state is S.DONE
    assert world.run.transfer.sent_again == SIZE
    assert any(moment.kind == "again" for moment in ledger.history(world.id))


def test_an_object_that_is_always_damaged_fails(ledger: Ledger) -> None:
    world = World(ledger)
    for _ in range(1000):
        world.damage = {3}
        if not world.one_step():
            break
    assert world.state is S.FAILED
    assert world.disk.named is None


def test_an_unfinished_file_that_is_gone_is_fetched_anew(ledger: Ledger) -> None:
    def disturb(world: World) -> None:
        world.crash()
        world.disk.partial = None

    for world in each_step(ledger, disturb):
        assert world.state is S.DONE


def test_a_file_that_is_there_is_only_replaced_when_asked_to(ledger: Ledger) -> None:
    world = World(ledger)
    world.disk.named = "mine"
    world.settle()
    assert world.state is S.FAILED
    assert world.disk.named == "mine"
    world.tell(s.Retry("", replace=True))
    world.settle()
    assert world.state is S.DONE
    assert world.disk.named == "etag-1"
    assert len(world.fetched) == 5, "what was fetched was kept"


def test_a_full_disk_at_any_step_is_waited_for(ledger: Ledger) -> None:
    def disturb(world: World) -> None:
        world.disk_full = 3
        for _ in range(12):
            world.one_step()

    for world in each_step(ledger, disturb):
        assert world.state is S.DONE
        assert ledger.row(world.id).state is S.DONE


def test_a_resumed_download_says_from_where(ledger: Ledger) -> None:
    world = World(ledger)
    while len(world.fetched) < 3:
        world.one_step()
    world.crash()
    world.settle()
    assert world.run.transfer.resumed_from == 24 * MIB
