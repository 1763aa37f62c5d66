"""How uploads end: cancelled, paused, gone, changed underneath, too large."""

from dataclasses import replace

import pytest

from desktop.domain.faults import FaultKind
from desktop.domain.transfers import TransferState
from desktop.domain.uploads import Part
from desktop.transfers import commands as c
from desktop.transfers import machine
from desktop.transfers import steps as s
from desktop.transfers.machine import Phase
from desktop.transfers.uploading.taking_up import agree
from tests.transfers.simulated import KEY
from tests.transfers.turns import acknowledged, until
from tests.transfers.world import World

S, K = TransferState, FaultKind


def test_cancelling_repeats_the_abort_while_parts_are_held(world: World) -> None:
    acknowledged(world, 2)
    upload_id = world.run.transfer.upload_id
    world.tell(s.Cancel())
    for _ in range(2):
        until(world, Phase.ABORTING).answer()
        world.service.uploads[upload_id] = {3: (1,) * 8}  # it came in after the abort
    world.settle()
    assert world.state is S.CANCELLED
    assert upload_id not in world.service.uploads


def test_an_abort_that_never_takes_is_left_to_the_sweep(world: World) -> None:
    acknowledged(world, 1)
    upload_id = world.run.transfer.upload_id
    world.tell(s.Cancel())
    for _ in range(20):
        if world.run.phase is Phase.ABORTING:
            world.answer()
            world.service.uploads[upload_id] = {3: (1,) * 8}
        else:
            world.one_step()
    assert world.state is S.CANCELLED
    assert upload_id in {orphan.upload_id for orphan in world.ledger.orphans()}
    world.drain()
    assert upload_id not in world.service.uploads


def test_an_id_that_comes_while_paused_is_kept(world: World) -> None:
    until(world, Phase.CREATING)
    world.tell(s.Pause(hard=False))
    world.answer()
    assert world.state is S.PAUSED
    assert world.ledger.row(world.id).upload_id
    world.settle()
    assert world.state is S.DONE
    assert world.service.made == 1


def test_an_id_that_comes_while_cancelling_is_aborted(world: World) -> None:
    until(world, Phase.CREATING)
    upload_id = world.service.create(world.upload.nonce, world.now)
    world.question = None  # its answer was on its way when it was cancelled
    world.tell(s.Cancel())
    world.tell(s.Created(upload_id))
    world.settle()
    assert world.state is S.CANCELLED
    assert not world.service.uploads


def test_an_upload_that_is_removed_over_and_over_ends(world: World) -> None:
    for _ in range(300):
        if world.run.phase is Phase.SENDING:
            world.lose_upload()
        if not world.one_step():
            break
    assert world.state is S.FAILED
    assert world.service.made <= 6


def test_a_completion_that_comes_while_paused_counts(world: World) -> None:
    until(world, Phase.COMPLETING)
    world.tell(s.Pause())
    assert world.question is not None, "completing is not cut"
    world.answer()
    world.settle()
    assert world.state is S.DONE


def test_resuming_before_a_cut_is_answered_begins_once(world: World) -> None:
    acknowledged(world, 1)
    world.start_part(0)
    world.tell(s.Pause(hard=False))
    world.tell(s.Resume())
    world.tell(s.Begin())
    assert not world.flights
    assert isinstance(world.question, c.LookAtSource)
    world.settle()
    assert world.state is S.DONE


def test_a_changed_file_leaves_its_parts_to_be_aborted_and_is_sent_when_asked(
    world: World,
) -> None:
    acknowledged(world, 2)
    world.file.write((100, *world.file.blocks[1:]))
    world.start_part(0)
    world.end_part(0, None, True)
    assert world.state is S.SOURCE_CHANGED
    nonce = world.upload.nonce
    world.drain()
    assert not world.service.uploads
    world.retry()
    world.settle()
    assert world.state is S.DONE
    assert world.service.objects[KEY].blocks[0] == 100
    assert world.upload.nonce != nonce


def test_a_touched_file_is_compared_with_every_part(world: World) -> None:
    acknowledged(world, 3)
    world.file.touch()
    world.start_part(0)
    world.end_part(0, None, True)
    until(world, Phase.PROVING)
    assert world.question == c.ProveParts((1, 2, 3, 4))
    world.settle()
    assert world.state is S.DONE
    assert world.service.made == 1


def test_a_file_with_its_old_time_but_other_contents_is_found_out(world: World) -> None:
    acknowledged(world, 3)
    world.file.write((100, *world.file.blocks[1:]), restore_mtime=True)
    world.settle()
    assert world.state is S.SOURCE_CHANGED


def test_a_file_that_is_touched_over_and_over_ends(world: World) -> None:
    acknowledged(world, 3)
    for _ in range(300):
        world.file.touch()
        if not world.one_step():
            break
    assert world.state is S.SOURCE_CHANGED


def test_a_file_that_is_too_large_says_so(world: World) -> None:
    until(world, Phase.LOOKING)
    world.question = None
    huge = replace(world.file.source, size=60 * 10**12)
    world.tell(s.Looked(huge))
    assert world.state is S.FAILED
    assert "50 TB" in world.run.transfer.reason


def test_what_a_person_arranged_is_in_the_lane(world: World) -> None:
    world.run = machine.arranged(world.run, priority=3, position=9, rate_limit=100)
    lane = machine.lane(world.run, world.now)
    assert (lane.priority, lane.position) == (3, 9)
    assert world.run.transfer.rate_limit == 100


def test_what_is_over_is_not_begun(world: World) -> None:
    world.settle()
    for event in (s.Begin(), s.Woke(), s.Resume(), s.Pause(), s.Cancel()):
        world.tell(event)
    assert world.state is S.DONE
    assert world.question is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Part(1, 5, "e", "c"), Part(1, 5, "e", "c"), True),
        (Part(1, 5, "e", "c"), Part(1, 6, "e", "c"), False),
        (Part(1, 5, "e", ""), Part(1, 5, "e", "c"), True),
        (Part(1, 5, "", "c"), Part(1, 5, "e", "c"), True),
        (Part(1, 5, "x", "c"), Part(1, 5, "e", "c"), False),
        (Part(1, 5, "", "c"), Part(1, 5, "e", ""), False),
        (Part(1, 5), Part(1, 5), False),
    ],
)
def test_parts_agree_only_by_something_that_both_say(one: Part, other: Part, same: bool) -> None:
    assert agree(one, other) is same
    assert agree(other, one) is same
