"""The process ends, a fault comes, a person stops it: at every single step of an upload."""

from collections.abc import Callable, Iterator

import pytest

from desktop.domain.faults import FaultKind
from desktop.domain.transfers import TransferState
from desktop.storage.ledger import Ledger
from desktop.transfers import steps as s
from tests.transfers.simulated import KEY, Object
from tests.transfers.world import World

MULTI, WHOLE = 33, 3
"""Sizes in MiB: five parts, and one request."""

NEVER = {FaultKind.NO_OBJECT, FaultKind.NO_UPLOAD, FaultKind.EXISTS}
"""Faults that are only told when they are true."""

Disturb = Callable[[World], None]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path_factory.mktemp("crashes") / "transfers.db")
    ledger._connection.execute("PRAGMA synchronous = OFF")  # other tests are about the disk
    yield ledger
    ledger.close()


class Sweep:
    """Disturbs an upload at its first step, then another at its second, and so on."""

    made = 0

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def world(self, size: int) -> World:
        Sweep.made += 1
        return World(self.ledger, f"S{Sweep.made:06}", tuple(range(1, size + 1)), replaces=False)

    def each_step(self, size: int, disturb: Disturb) -> Iterator[World]:
        for steps in range(200):
            world = self.world(size)
            going = all(world.one_step() for _ in range(steps))
            if not going:
                return
            disturb(world)
            world.settle()
            yield world


@pytest.fixture
def sweep(ledger: Ledger) -> Sweep:
    return Sweep(ledger)


def nothing_left(world: World) -> None:
    world.drain()
    assert not world.service.uploads
    assert not [orphan for orphan in world.ledger.orphans() if world.id in orphan.upload_id]


@pytest.mark.parametrize("size", [MULTI, WHOLE])
@pytest.mark.parametrize("landed", [True, False])
def test_a_crash_at_any_step_loses_nothing(sweep: Sweep, size: int, landed: bool) -> None:
    worlds = 0
    for world in sweep.each_step(size, lambda world: world.crash([landed] * 6)):
        worlds += 1
        assert world.state is TransferState.DONE
        assert world.service.objects[KEY].blocks == world.file.blocks
        nothing_left(world)
    assert worlds >= 5


@pytest.mark.parametrize("landed", [True, False])
def test_crashes_at_all_steps_of_one_upload_lose_nothing(sweep: Sweep, landed: bool) -> None:
    world = sweep.world(MULTI)
    for steps in range(1, 60):
        for _ in range(steps):
            world.one_step()
        world.crash([landed] * 6)
    world.settle()
    assert world.service.objects[KEY].blocks == world.file.blocks
    nothing_left(world)


@pytest.mark.parametrize("size", [MULTI, WHOLE])
@pytest.mark.parametrize("lost", [True, False])
@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind not in NEVER])
def test_a_fault_at_any_step_ends_well_or_says_why(
    sweep: Sweep, size: int, kind: FaultKind, lost: bool
) -> None:
    def disturb(world: World) -> None:
        if not world.answer(kind, lost=lost):
            world.end_part(0, kind, lost)

    for world in sweep.each_step(size, disturb):
        assert world.state in {
            TransferState.DONE,
            TransferState.FAILED,
            TransferState.SOURCE_CHANGED,
        }
        if world.state is TransferState.FAILED:
            assert world.run.transfer.reason
            world.retry()
            world.settle()
        if world.state is not TransferState.SOURCE_CHANGED:
            assert world.state is TransferState.DONE
            assert world.service.objects[KEY].blocks == world.file.blocks
        nothing_left(world)


@pytest.mark.parametrize("size", [MULTI, WHOLE])
@pytest.mark.parametrize("kind", [FaultKind.NETWORK, FaultKind.SERVER, FaultKind.TIMEOUT])
def test_a_fault_that_stays_waits_or_fails_but_never_spins(
    sweep: Sweep, size: int, kind: FaultKind
) -> None:
    def disturb(world: World) -> None:
        for _ in range(60):
            world.now += 60.0
            if not (world.answer(kind) or world.end_part(0, kind, False) or world.start_part(0)):
                world.tell(s.Woke())

    for world in sweep.each_step(size, disturb):
        if kind is FaultKind.SERVER and world.state is TransferState.FAILED:
            world.retry()
            world.settle()
        assert world.state is TransferState.DONE
        nothing_left(world)


@pytest.mark.parametrize("size", [MULTI, WHOLE])
@pytest.mark.parametrize("offline", [True, False])
def test_cancelling_at_any_step_leaves_nothing(sweep: Sweep, size: int, offline: bool) -> None:
    def disturb(world: World) -> None:
        world.tell(s.Cancel())
        while offline and world.answer(FaultKind.NETWORK):
            pass

    for world in sweep.each_step(size, disturb):
        done = KEY in world.service.objects
        assert world.state is (TransferState.DONE if done else TransferState.CANCELLED)
        nothing_left(world)


@pytest.mark.parametrize("size", [MULTI, WHOLE])
@pytest.mark.parametrize("hard", [True, False])
def test_pausing_at_any_step_keeps_what_was_acknowledged(
    sweep: Sweep, size: int, hard: bool
) -> None:
    def disturb(world: World) -> None:
        before = world.run.transfer.confirmed
        world.tell(s.Pause(hard=hard))
        assert world.state in {TransferState.PAUSED, TransferState.DONE}
        world.crash([True] * 6)
        assert world.run.transfer.confirmed >= before

    for world in sweep.each_step(size, disturb):
        assert world.state is TransferState.DONE
        assert world.service.objects[KEY].blocks == world.file.blocks
        nothing_left(world)


@pytest.mark.parametrize("restore", [True, False])
@pytest.mark.parametrize("place", [0, 12, 32])
def test_a_file_written_to_at_any_step_is_never_published_mixed(
    sweep: Sweep, place: int, restore: bool
) -> None:
    def disturb(world: World) -> None:
        blocks = list(world.file.blocks)
        blocks[place] = 1000
        world.file.write(tuple(blocks), restore_mtime=restore)

    outcomes = set()
    for world in sweep.each_step(MULTI, disturb):
        outcomes.add(world.state)
        if world.state is TransferState.DONE:
            assert world.service.objects[KEY].blocks in world.file.snapshots
        else:
            assert world.state is TransferState.SOURCE_CHANGED
            assert KEY not in world.service.objects
        nothing_left(world)
    assert outcomes == {TransferState.DONE, TransferState.SOURCE_CHANGED}


def test_a_touched_file_need_not_be_sent_again(sweep: Sweep) -> None:
    for world in sweep.each_step(MULTI, lambda world: world.file.touch()):
        assert world.state is TransferState.DONE
        nothing_left(world)


@pytest.mark.parametrize("size", [MULTI, WHOLE])
def test_an_object_that_appears_at_any_step_is_not_replaced(sweep: Sweep, size: int) -> None:
    def disturb(world: World) -> None:
        world.service.objects.setdefault(KEY, Object((7,), "somebody"))

    for world in sweep.each_step(size, disturb):
        made = world.service.objects[KEY]
        if world.state is TransferState.FAILED:
            assert world.run.transfer.fault is not None
            assert world.run.transfer.fault.kind is FaultKind.EXISTS
            assert made.blocks == (7,)
            world.retry(replace_object=True)
            world.settle()
            made = world.service.objects[KEY]
        assert world.state is TransferState.DONE
        assert made.blocks == world.file.blocks
        nothing_left(world)


def test_an_upload_that_the_bucket_removes_is_begun_anew(sweep: Sweep) -> None:
    for world in sweep.each_step(MULTI, lambda world: world.lose_upload()):
        assert world.state is TransferState.DONE
        assert world.service.objects[KEY].blocks == world.file.blocks
        nothing_left(world)


def test_a_full_disk_at_any_step_is_waited_for(sweep: Sweep) -> None:
    def disturb(world: World) -> None:
        world.disk_full = 3
        for _ in range(12):
            world.one_step()

    for world in sweep.each_step(MULTI, disturb):
        assert world.state is TransferState.DONE
        stored = world.ledger.row(world.id)
        assert stored.state is TransferState.DONE, "what could not be written was written later"
        nothing_left(world)
