"""Connections go to who is most urgent, then to who got least; nobody starves, no tail drags on."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.transfers.scheduler import Choice, Lane, Scheduler, Turn, admit

MIB = 2**20


def a_lane(id_: str, *, priority: int = 0, position: int = 0, parts: int = 1000) -> Lane:
    numbers = tuple(range(1, min(parts, 32) + 1))
    return Lane(id_, priority, position, 8 * MIB, numbers, left=parts)


class Files:
    """Files that send parts which take as long as they are told to."""

    def __init__(self, *lanes: Lane, connections: int) -> None:
        self.lanes = {lane.id: lane for lane in lanes}
        self.next = {lane.id: 1 for lane in lanes}
        self.got = {lane.id: 0 for lane in lanes}
        self.scheduler = Scheduler()
        self.connections = connections
        self.flying: list[Choice] = []
        self.now = 0.0

    def fill(self) -> list[Choice]:
        begun = []
        while choice := self.scheduler.choose(
            list(self.lanes.values()), self.connections, self.now
        ):
            begun.append(choice)
            self.flying.append(choice)
            lane = self.lanes[choice.id]
            self.got[choice.id] += 1
            ready = tuple(n for n in lane.ready if n != choice.number)
            ready += (max((*lane.ready, choice.number)) + 1,)
            sending = tuple({*lane.sending, choice.number})
            self.lanes[choice.id] = replace(lane, ready=ready, sending=sending)
        return begun

    def end(self, choice: Choice) -> None:
        self.flying.remove(choice)
        lane = self.lanes[choice.id]
        sending = tuple(n for n in lane.sending if n != choice.number)
        self.lanes[choice.id] = replace(lane, sending=sending)
        self.scheduler.ended(choice, self.now, sent=True)


def test_no_more_connections_are_used_than_there_may_be() -> None:
    files = Files(a_lane("a"), a_lane("b"), connections=5)
    assert len(files.fill()) == 5
    assert files.scheduler.connections == 5
    assert not files.fill()


def test_every_running_file_gets_a_connection_before_one_gets_two() -> None:
    files = Files(a_lane("a", priority=5), a_lane("b"), a_lane("c"), connections=4)
    assert [choice.id for choice in files.fill()] == ["a", "b", "c", "a"]


def test_a_higher_priority_gets_all_the_rest() -> None:
    files = Files(a_lane("a"), a_lane("urgent", priority=1), connections=8)
    files.fill()
    assert files.got == {"a": 1, "urgent": 7}


@settings(max_examples=15)
@given(st.integers(2, 6), st.integers(3, 6), st.integers(0, 10**6))
def test_files_of_one_priority_get_the_same_bytes(count: int, each: int, seed: int) -> None:
    chance = Random(seed)
    files = Files(*(a_lane(f"f{n}") for n in range(count)), connections=count * each)
    for _ in range(300):
        files.now += 1.0
        files.fill()
        files.end(chance.choice(files.flying))
    got = files.got.values()
    assert max(got) - min(got) <= 3


def test_a_file_that_comes_later_does_not_make_up_for_the_past() -> None:
    files = Files(a_lane("old"), connections=4)
    for _ in range(40):
        files.fill()
        files.end(files.flying[0])
    files.lanes["new"] = a_lane("new")
    files.got["new"] = 0
    before = files.got["old"]
    for _ in range(40):
        files.fill()
        files.end(files.flying[0])
    assert files.got["old"] - before >= 15


def test_a_file_whose_last_parts_fit_is_finished_first() -> None:
    scheduler = Scheduler()
    lanes = [a_lane("long"), replace(a_lane("ends", parts=3), position=1)]
    chosen = [scheduler.choose(lanes, 8, 0.0) for _ in range(2)]
    assert {choice.id for choice in chosen if choice} == {"long", "ends"}
    third = scheduler.choose(lanes, 8, 0.0)
    assert third is not None
    assert third.id == "ends"


def _four_quick_parts(scheduler: Scheduler) -> Lane:
    lane = replace(a_lane("a", parts=6), ready=(1, 2, 3, 4, 5))
    for number in range(1, 5):
        choice = scheduler.choose([replace(lane, ready=(number,))], 8, 0.0)
        assert choice is not None
        scheduler.ended(choice, 1.0, sent=True)
    last = scheduler.choose([replace(lane, ready=(5,))], 8, 1.0)
    assert last == Choice("a", 5)
    return replace(lane, ready=(), sending=(5,), left=1)


def test_a_part_that_takes_three_times_as_long_is_sent_a_second_time_once() -> None:
    scheduler = Scheduler()
    lane = _four_quick_parts(scheduler)
    assert scheduler.slow_at([lane]) == 4.0
    assert scheduler.choose([lane], 8, 3.9) is None
    assert scheduler.choose([lane], 8, 4.1) == Choice("a", 5, duplicate=True)
    assert scheduler.choose([lane], 8, 9.0) is None
    assert scheduler.slow_at([lane]) is None


def test_no_part_is_sent_twice_while_there_is_anything_else() -> None:
    scheduler = Scheduler()
    lane = _four_quick_parts(scheduler)
    other = a_lane("b")
    choice = scheduler.choose([lane, other], 8, 10.0)
    assert choice is not None
    assert choice.id == "b"
    assert scheduler.choose([lane], 2, 10.0) is None, "there is no idle connection"


def a_turn(
    id_: str, *, priority: int = 0, position: int = 0, parts: int = 1, target: str = ""
) -> Turn:
    return Turn(id_, priority, position, target or id_, parts)


def test_who_was_added_first_begins_first_and_few_run_at_once() -> None:
    waiting = [a_turn(f"f{n}", position=n, parts=100) for n in range(10)]
    assert admit(waiting, [], 8) == ("f0",)
    assert admit(waiting[1:], [replace(waiting[0], parts=4)], 8) == ("f1",)


def test_many_small_files_run_side_by_side() -> None:
    waiting = [a_turn(f"f{n:02}", position=n) for n in range(50)]
    assert len(admit(waiting, [], 8)) == 8


def test_what_is_urgent_begins_at_once() -> None:
    running = [a_turn("long", parts=1000)]
    assert admit([a_turn("other")], running, 8) == ()
    assert admit([a_turn("urgent", priority=1)], running, 8) == ("urgent",)
    assert admit([a_turn("urgent", priority=1)], running, 1) == (), "not without a connection"


def test_two_files_never_go_to_one_place_at_the_same_time() -> None:
    running = [a_turn("one", target="bucket/key")]
    waiting = [a_turn("two", target="bucket/key"), a_turn("three", position=1)]
    assert admit(waiting, running, 8) == ("three",)


@pytest.mark.parametrize("connections", [1, 2, 32])
def test_no_more_files_begin_than_there_are_connections(connections: int) -> None:
    waiting = [a_turn(f"f{n}", priority=n) for n in range(100)]
    assert len(admit(waiting, [], connections)) <= connections
