"""The turns of an upload that are worth a name of their own, one by one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import get_args

import pytest

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import TransferState
from desktop.domain.uploads import Part, Upload
from desktop.storage.ledger import Ledger
from desktop.transfers import machine
from desktop.transfers import steps as s
from desktop.transfers.machine import Phase
from desktop.transfers.plan import MIB
from desktop.transfers.uploading.taking_up import agree
from tests.transfers.world import KEY, Object, World

S, K = TransferState, FaultKind
numbers = count()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path_factory.mktemp("machine") / "transfers.db")
    ledger._connection.execute("PRAGMA synchronous = OFF")  # other tests are about the disk
    yield ledger
    ledger.close()


def a_world(ledger: Ledger, size: int = 33, *, replaces: bool = False) -> World:
    return World(ledger, f"M{next(numbers):05}", tuple(range(1, size + 1)), replaces=replaces)


@pytest.fixture
def world(ledger: Ledger) -> World:
    return a_world(ledger)


def until(world: World, phase: Phase) -> World:
    """Go on until this answer is waited for."""
    for _ in range(100):
        if world.run.phase is phase:
            return world
        assert world.one_step()
    raise AssertionError(f"never {phase}")


def acknowledged(world: World, parts: int) -> World:
    """Go on until so many parts are acknowledged."""
    until(world, Phase.SENDING)
    while world.run.transfer.parts_done < parts:
        world.start_part(0)
        world.end_part(0, None, True)
    return world


def test_every_answer_in_the_table_is_of_a_question_that_is_asked() -> None:
    questions = {phase for phase, _kind in machine.ANSWERS}
    assert questions == set(Phase) - {Phase.IDLE, Phase.SENDING}
    assert {phase for phase, _kind in machine.FAULTS} <= questions
    assert get_args(machine.Step)[0] is machine.Run


def test_what_is_asked_for_is_known_before_it_is_asked_for(world: World) -> None:
    until(world, Phase.CREATING)
    stored = world.ledger.load(world.id)
    assert isinstance(stored, Upload)
    assert stored.transfer.state is S.CREATING
    assert stored.creating_at == world.upload.creating_at is not None
    world.answer()
    assert world.ledger.row(world.id).upload_id == world.run.transfer.upload_id != ""


def test_the_object_is_asked_for_with_every_part_and_unless_there_is_one(world: World) -> None:
    until(world, Phase.COMPLETING)
    question = world.question
    assert isinstance(question, s.CompleteUpload)
    assert [part.number for part in question.parts] == [1, 2, 3, 4, 5]
    assert question.only_if_new


def test_a_taken_key_is_told_before_anything_is_sent(world: World) -> None:
    world.service.objects[KEY] = Object((1,), "somebody")
    world.settle()
    assert world.state is S.FAILED
    assert not world.service.made
    assert "already" in world.run.transfer.reason


def test_resuming_looks_at_the_file_then_at_the_service(world: World) -> None:
    acknowledged(world, 2).crash([])
    world.tell(s.Begin())
    assert isinstance(world.question, s.LookAtSource)
    world.answer()
    assert isinstance(world.question, s.ListParts)
    world.answer()
    assert machine.lane(world.run, world.now).ready == (3, 4, 5)
    assert world.run.transfer.resumed_from == 16 * MIB


def test_what_was_on_its_way_in_a_crash_counts_as_sent_again(world: World) -> None:
    acknowledged(world, 2)
    world.ledger.note_in_flight({world.id: 6 * MIB})
    world.crash([])
    world.settle()
    assert world.run.transfer.sent_again == 6 * MIB


def test_a_part_that_arrived_unseen_is_adopted_after_a_proof(world: World) -> None:
    acknowledged(world, 1)
    world.start_part(0)
    world.crash([True])
    until(world, Phase.PROVING)
    assert world.question == s.ProveParts((2,)), "what the ledger knows is not read again"
    world.answer()
    assert set(world.ledger.load(world.id).parts) == {1, 2}
    assert any(moment.kind == "adopted" for moment in world.ledger.history(world.id))


def test_a_part_that_is_not_what_the_file_has_is_sent_again(world: World) -> None:
    acknowledged(world, 1).crash([])
    world.service.uploads[world.run.transfer.upload_id][3] = (9,) * 8
    until(world, Phase.SENDING)
    assert machine.lane(world.run, world.now).ready == (2, 3, 4, 5)
    world.settle()
    assert world.service.objects[KEY].blocks == world.file.blocks


def test_a_part_the_service_has_otherwise_is_sent_again(world: World) -> None:
    acknowledged(world, 2).crash([])
    upload_id = world.run.transfer.upload_id
    world.service.uploads[upload_id][2] = (9,) * 8
    world.excused = {(upload_id, 2)}
    world.settle()
    assert world.service.objects[KEY].blocks == world.file.blocks


def test_a_part_of_another_size_is_never_adopted(world: World) -> None:
    acknowledged(world, 1).crash([])
    world.service.uploads[world.run.transfer.upload_id][2] = tuple(range(9, 14))
    until(world, Phase.SENDING)
    assert 2 in machine.lane(world.run, world.now).ready


def test_parts_keep_their_size_whatever_the_plan_would_be_now(world: World) -> None:
    acknowledged(world, 2).crash([])
    world.run = replace(world.run, upload=replace(world.upload, largest_part=5 * MIB))
    world.settle()
    assert world.run.transfer.part_size == 8 * MIB


def test_the_slower_of_two_copies_is_cut_and_counted(world: World) -> None:
    acknowledged(world, 4)
    world.start_part(0)
    world.start_duplicate()
    world.end_part(0, None, True)
    assert not world.flights, "the second one was cut"
    assert world.run.transfer.sent_again == MIB
    world.settle()
    assert world.state is S.DONE


def test_a_part_that_arrived_is_not_sent_again_for_its_slow_copy(world: World) -> None:
    acknowledged(world, 2)
    world.start_part(0)
    world.start_duplicate()
    world.end_part(0, None, True)
    assert world.run.pieces.sending == {3: 1}
    assert machine.lane(world.run, world.now).sending == ()


def test_one_copy_that_fails_leaves_it_to_the_other(world: World) -> None:
    acknowledged(world, 4)
    world.start_part(0)
    world.start_duplicate()
    world.end_part(0, K.SERVER, False)
    assert machine.lane(world.run, world.now + 99).ready == ()
    world.end_part(0, None, True)
    assert world.run.all_there


def test_a_failed_part_waits_and_the_others_go_on(world: World) -> None:
    until(world, Phase.SENDING)
    world.start_part(0)
    world.end_part(0, K.THROTTLED, False)
    wake_at = machine.lane(world.run, world.now).wake_at
    assert wake_at is not None
    assert wake_at >= world.now
    assert machine.lane(world.run, world.now + 99).ready[0] == 1
    assert world.state is S.ACTIVE


def test_one_lost_connection_is_no_lost_network(world: World) -> None:
    until(world, Phase.SENDING)
    for _ in range(4):
        world.start_part(0)
    world.end_part(0, K.NETWORK, False)
    assert world.state is S.ACTIVE
    world.end_part(0, K.NETWORK, False)
    world.end_part(0, K.NETWORK, False)
    assert world.state is S.WAITING_NETWORK
    assert world.run.transfer.attempts == 0, "being offline is no attempt"


def test_time_outs_of_a_first_part_begin_anew_with_smaller_ones(world: World) -> None:
    until(world, Phase.SENDING)
    for _ in range(2):
        world.now += 100.0
        world.start_part(0)
        world.end_part(0, K.TIMEOUT, False)
    world.settle()
    assert world.run.transfer.part_size == 5 * MIB
    assert world.service.objects[KEY].blocks == world.file.blocks
    world.drain()
    assert not world.service.uploads


def test_expired_credentials_are_refreshed_and_nothing_is_lost(world: World) -> None:
    acknowledged(world, 2)
    world.start_part(0)
    world.end_part(0, K.EXPIRED, False)
    assert isinstance(world.question, s.RefreshCredentials)
    assert machine.lane(world.run, world.now).ready == (), "nothing goes meanwhile"
    world.settle()
    assert world.state is S.DONE


def test_credentials_that_cannot_be_refreshed_end_it_and_keep_the_parts(world: World) -> None:
    acknowledged(world, 2)
    world.start_part(0)
    world.end_part(0, K.EXPIRED, False)
    world.answer(K.EXPIRED)
    assert world.state is S.FAILED
    world.retry()
    world.settle()
    assert world.state is S.DONE
    assert world.service.made == 1


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (K.CLOCK, s.CorrectClock(-900.0)),
        (K.REGION, s.FollowRegion("eu-west-1")),
    ],
)
def test_clock_and_region_are_put_right(world: World, kind: FaultKind, question: s.Asking) -> None:
    until(world, Phase.CREATING)
    world.question = None
    fault = Fault(kind, "Words.", region="eu-west-1", clock_offset=-900.0)
    world.tell(s.Failed(fault))
    assert world.question == question
    world.settle()
    assert world.state is S.DONE


def test_what_is_mended_over_and_over_ends(world: World) -> None:
    until(world, Phase.LOOKING)
    for _ in range(200):
        if world.run.phase is Phase.CREATING:
            world.answer(K.CLOCK)
        elif not world.one_step():
            break
    assert world.state is S.FAILED


def test_an_endpoint_without_our_checksums_is_asked_for_others(world: World) -> None:
    until(world, Phase.CREATING).answer(K.UNSUPPORTED)
    until(world, Phase.CREATING).answer(K.UNSUPPORTED)
    until(world, Phase.CREATING)
    assert world.upload.checksums == "md5"
    world.answer(K.UNSUPPORTED)
    assert world.state is S.FAILED


def test_an_endpoint_without_conditions_is_looked_at_by_ourselves(world: World) -> None:
    until(world, Phase.COMPLETING).answer(K.UNSUPPORTED)
    assert isinstance(world.question, s.HeadObject)
    world.answer()
    assert isinstance(world.question, s.CompleteUpload)
    assert not world.question.only_if_new
    world.settle()
    assert world.state is S.DONE


def test_a_lost_answer_to_completing_is_made_up_for_by_the_nonce(world: World) -> None:
    until(world, Phase.COMPLETING).answer(K.SERVER, lost=True)
    assert world.state is S.WAITING_RETRY
    world.file.gone = True
    world.settle()
    assert world.state is S.DONE, "the file is not needed any more"


def test_an_upload_that_is_gone_because_it_was_completed_is_done(world: World) -> None:
    until(world, Phase.COMPLETING).answer(K.NETWORK, lost=True)
    made = world.service.objects.pop(KEY)
    until(world, Phase.RECALLING).answer()  # not there yet: it is still being put together
    until(world, Phase.LISTING)
    world.service.objects[KEY] = made
    world.settle()
    assert world.state is S.DONE
    assert world.service.made == 1


def test_parts_the_service_refuses_are_compared_and_completed(world: World) -> None:
    until(world, Phase.COMPLETING)
    upload_id = world.run.transfer.upload_id
    del world.service.uploads[upload_id][2]
    world.excused = {(upload_id, 2)}
    world.settle()
    assert world.state is S.DONE
    assert world.service.made == 1


def test_an_object_that_is_not_what_was_sent_is_never_called_done(world: World) -> None:
    until(world, Phase.VERIFYING)
    made = world.service.objects[KEY]
    world.service.objects[KEY] = Object((*made.blocks[:-1], 77), made.nonce)
    world.answer()
    assert world.state is S.FAILED
    assert world.run.transfer.fault is not None
    assert world.run.transfer.fault.kind is K.DIGEST
    world.retry(replace_object=True)
    world.settle()
    assert world.state is S.DONE
    assert world.service.objects[KEY].blocks == world.file.blocks


def test_an_object_that_was_replaced_at_once_is_not_ours(world: World) -> None:
    until(world, Phase.VERIFYING)
    world.service.objects[KEY] = Object(world.file.blocks, "somebody")
    world.answer()
    assert world.state is S.FAILED


def test_an_object_that_does_not_show_is_looked_for_some_times(world: World) -> None:
    until(world, Phase.VERIFYING)
    made = world.service.objects.pop(KEY)
    world.answer()
    assert world.state is S.WAITING_RETRY
    world.service.objects[KEY] = made
    world.settle()
    assert world.state is S.DONE


def test_an_object_that_never_shows_fails(world: World) -> None:
    until(world, Phase.VERIFYING)
    del world.service.objects[KEY]
    world.settle()
    assert world.state is S.FAILED


def test_who_may_not_look_is_not_stopped_by_what_is_not_there(world: World) -> None:
    until(world, Phase.PEEKING).answer(K.DENIED)
    acknowledged(world, 2)
    world.lose_upload()
    world.start_part(0)
    world.end_part(0, None, True)
    assert world.run.phase is Phase.MISSING
    world.answer(K.DENIED)
    until(world, Phase.VERIFYING).answer(K.DENIED)
    assert world.state is S.DONE
    assert world.service.objects[KEY].blocks == world.file.blocks


def test_who_may_not_look_leaves_an_object_alone(world: World) -> None:
    until(world, Phase.COMPLETING)
    world.service.objects[KEY] = Object((1,), "somebody")
    until(world, Phase.OCCUPIED).answer(K.DENIED)
    assert world.run.transfer.fault is not None
    assert world.run.transfer.fault.kind is K.EXISTS


def test_an_object_in_the_way_that_goes_does_not_stop_it(world: World) -> None:
    until(world, Phase.COMPLETING)
    world.service.objects[KEY] = Object((1,), "somebody")
    until(world, Phase.OCCUPIED)
    del world.service.objects[KEY]
    world.settle()
    assert world.state is S.DONE


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
    assert isinstance(world.question, s.LookAtSource)
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
    assert world.question == s.ProveParts((1, 2, 3, 4))
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
