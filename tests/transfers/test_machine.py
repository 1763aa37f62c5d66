"""The turns of an upload that are worth a name of their own, one by one."""

from dataclasses import replace
from typing import get_args

import pytest

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import TransferState
from desktop.domain.uploads import Upload
from desktop.transfers import commands as c
from desktop.transfers import machine
from desktop.transfers import steps as s
from desktop.transfers.machine import Phase
from desktop.transfers.plan import MIB
from tests.transfers.simulated import KEY, Object
from tests.transfers.turns import acknowledged, until
from tests.transfers.world import World

S, K = TransferState, FaultKind


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
    assert isinstance(question, c.CompleteUpload)
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
    assert isinstance(world.question, c.LookAtSource)
    world.answer()
    assert isinstance(world.question, c.ListParts)
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
    assert world.question == c.ProveParts((2,)), "what the ledger knows is not read again"
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
    assert isinstance(world.question, c.RefreshCredentials)
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
        (K.CLOCK, c.CorrectClock(-900.0)),
        (K.REGION, c.FollowRegion("eu-west-1")),
    ],
)
def test_clock_and_region_are_put_right(world: World, kind: FaultKind, question: c.Asking) -> None:
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
    assert isinstance(world.question, c.HeadObject)
    world.answer()
    assert isinstance(world.question, c.CompleteUpload)
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
