"""Whatever happens, in whatever order, and wherever the process ends: nothing wrong is published.

Crashes come at every step; the run is made again from the real ledger. At the end the world heals,
and every upload has to come to an end that leaves nothing behind.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from desktop.domain.faults import FaultKind
from desktop.domain.transfers import TransferState
from desktop.storage.ledger import Ledger
from desktop.transfers import steps as s
from tests.transfers.simulated import KEY, Object, changed
from tests.transfers.world import World

FAULTS = st.sampled_from(list(FaultKind))
PLACES = st.integers(0, 40)

ids = itertools.count()


class Uploads(RuleBasedStateMachine):
    """One upload in a world of faults."""

    ledger: Ledger
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.confirmed = (("", ""), 0)

    @initialize(
        size=st.sampled_from([17, 33, 40, 15, 1, 0]),
        replaces=st.booleans(),
        taken=st.sampled_from([False, False, True]),
        steps=st.integers(0, 25),
    )
    def begin(self, size: int, replaces: bool, taken: bool, steps: int) -> None:
        blocks = tuple(range(1, size + 1))
        self.world = World(type(self).ledger, f"T{next(ids):06}", blocks, replaces=replaces)
        if taken:
            self.world.service.objects[KEY] = Object((999,), "somebody")
        self.foreign = {(999,)} if taken else set()
        self.all_goes_well_for_a_while(steps)

    @rule(choice=PLACES)
    def a_part_begins(self, choice: int) -> None:
        self.world.start_part(choice)

    @rule()
    def a_slow_part_is_sent_twice(self) -> None:
        self.world.start_duplicate()

    @rule(place=PLACES)
    def a_part_arrives(self, place: int) -> None:
        self.world.end_part(place, None, True)

    @rule(place=PLACES, fault=FAULTS, landed=st.booleans())
    def a_part_fails(self, place: int, fault: FaultKind, landed: bool) -> None:
        if fault is FaultKind.NO_UPLOAD:
            self.world.lose_upload()
        self.world.end_part(place, fault, landed)

    @rule()
    def it_is_answered(self) -> None:
        self.world.answer()

    @rule(steps=st.integers(1, 12))
    def all_goes_well_for_a_while(self, steps: int) -> None:
        for _ in range(steps):
            if not self.world.one_step():
                return

    @rule(fault=FAULTS)
    def it_is_answered_by_a_fault(self, fault: FaultKind) -> None:
        if fault is FaultKind.NO_UPLOAD:
            self.world.lose_upload()
        if fault in {FaultKind.NO_OBJECT, FaultKind.EXISTS, FaultKind.SOURCE_GONE}:
            return  # these are only told truly
        self.world.answer(fault)

    @rule(fault=st.sampled_from([FaultKind.NETWORK, FaultKind.TIMEOUT, FaultKind.SERVER]))
    def the_answer_is_lost(self, fault: FaultKind) -> None:
        self.world.answer(fault, lost=True)

    @rule(landed=st.lists(st.booleans(), min_size=6, max_size=6), steps=st.integers(0, 6))
    def the_process_ends(self, landed: list[bool], steps: int) -> None:
        if self.world.run.owed is not None:
            self.confirmed = (("", ""), 0)  # what could not be written is found out again
        self.world.crash(landed)
        self.all_goes_well_for_a_while(steps)

    @precondition(lambda self: not self.world.state.over)
    @rule(
        event=st.sampled_from([s.Pause(), s.Pause(hard=False), s.Cancel(), s.Resume(), s.Begin()])
    )
    def a_person_does_something(self, event: s.Happened) -> None:
        self.world.tell(event)

    @precondition(lambda self: self.world.state.over)
    @rule(over=st.sampled_from([None, True]))
    def a_person_retries(self, over: bool | None) -> None:
        self.world.retry(replace_object=over)

    @precondition(lambda self: self.world.file.blocks)
    @rule(place=PLACES, how=st.sampled_from(["write", "restore", "touch", "cut", "gone", "back"]))
    def the_file_is_changed(self, place: int, how: str) -> None:
        file = self.world.file
        file.gone = how == "gone"
        if how in {"write", "restore"}:
            file.write(changed(file.blocks, place), restore_mtime=how == "restore")
        elif how == "touch":
            file.touch()
        elif how == "cut":
            file.write(file.blocks[:20])

    @rule(saves=st.integers(1, 3))
    def the_disk_is_full(self, saves: int) -> None:
        self.world.disk_full = saves

    @rule(whole=st.booleans())
    def the_bucket_forgets(self, whole: bool) -> None:
        if whole:
            self.world.lose_upload()
        else:
            self.world.lose_part()

    @invariant()
    def the_object_is_whole_or_not_ours(self) -> None:
        if not hasattr(self, "world"):
            return
        made = self.world.service.objects.get(KEY)
        if made is None or made.nonce == "somebody":
            return
        assert made.blocks in self.world.file.snapshots, "a mixture was published"

    @invariant()
    def done_means_there(self) -> None:
        if not hasattr(self, "world") or self.world.state is not TransferState.DONE:
            return
        made = self.world.service.objects[KEY]
        assert made.nonce == self.world.upload.nonce
        assert self.world.run.transfer.confirmed == len(made.blocks) * 2**20

    @invariant()
    def what_was_there_stays_unless_it_may_be_replaced(self) -> None:
        if not hasattr(self, "world") or not self.foreign:
            return
        if not self.world.upload.request.replace:
            assert self.world.service.objects[KEY].blocks in self.foreign

    @invariant()
    def confirmed_never_goes_back(self) -> None:
        if not hasattr(self, "world"):
            return
        row, upload = self.world.run.transfer, self.world.upload
        name, before = self.confirmed
        if name == (row.upload_id, upload.nonce) and not self.world.excused:
            assert row.confirmed >= before or row.state.over
        self.confirmed = ((row.upload_id, upload.nonce), row.confirmed)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        world.file.gone = False
        world.settle()
        assert world.state.over
        self.the_object_is_whole_or_not_ours()
        self.done_means_there()
        if world.state is TransferState.FAILED:
            world.tell(s.Cancel())
            world.settle()
        world.drain()
        assert not world.service.uploads, "something is left at the service"
        assert not world.ledger.orphans()


@pytest.fixture
def uploads() -> Iterator[type[Uploads]]:
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    ledger = Ledger.open(folder / "transfers.db")
    ledger._connection.execute("PRAGMA synchronous = OFF")  # other tests are about the disk
    yield type("UploadsHere", (Uploads,), {"ledger": ledger})
    ledger.close()
    shutil.rmtree(folder)


def test_nothing_wrong_is_published_and_nothing_is_left_behind(uploads: type[Uploads]) -> None:
    _explore(uploads, examples=100, steps=20)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_nothing_wrong_is_published_however_long_one_looks(uploads: type[Uploads]) -> None:
    _explore(uploads, examples=5000, steps=40)


def _explore(uploads: type[Uploads], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        uploads,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
