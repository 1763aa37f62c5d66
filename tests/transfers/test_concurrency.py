"""The number of connections finds what a line can carry, gives way, and stays within limits."""

import math
from dataclasses import dataclass, field

import pytest

from desktop.transfers.concurrency import FEWEST, MOST, USUAL, Connections

MIB = 2**20
STEP = 0.05
"""Seconds between two looks of the runner."""


@dataclass
class Link:
    """A line of ``total`` bytes a second, ``each`` per connection, and a wait for every part."""

    total: float = 60 * MIB
    each: float = 6 * MIB
    latency: float = 0.03
    part: float = 8 * MIB
    throttled_above: int = 1000
    now: float = 0.0
    done: float = 0.0
    flying: list[list[float]] = field(default_factory=list)
    """When bytes begin to flow, and bytes left."""
    most: int = 0

    def run(self, connections: Connections, size: float, most: float = 120.0) -> float:
        """Send ``size`` bytes; return the seconds it took."""
        began, left = self.now, size
        while (left > 0 or self.flying) and self.now - began < most:
            while left > 0 and len(self.flying) < self._allowed(connections, left):
                part = min(self.part, left)
                left -= part
                self.flying.append([self.now + self.latency, part])
            self._flow(connections)
            connections.tick(self.now, len(self.flying))
            self.most = max(self.most, len(self.flying))
        return self.now - began

    def _allowed(self, connections: Connections, left: float) -> int:
        if left == math.inf:
            return connections.limit
        return connections.limit_for(math.ceil(left / self.part) + len(self.flying), self.now)

    def _flow(self, connections: Connections) -> None:
        self.now += STEP
        if len(self.flying) > self.throttled_above:
            connections.complained(self.now)
        able = [part for part in self.flying if part[0] <= self.now]
        share = min(self.each, self.total / len(able)) * STEP if able else 0.0
        for part in able:
            moved = min(share, part[1])
            part[1] -= moved
            connections.moved(int(moved))
            self.done += moved
        self.flying = [part for part in self.flying if part[1] > 0]


def share(link: Link, connections: Connections, size: float) -> float:
    return size / link.run(connections, size) / link.total


def test_an_unknown_line_is_filled_within_the_first_256_mib() -> None:
    assert share(Link(), Connections(), 256 * MIB) >= 0.85


def test_a_known_line_is_filled_from_the_beginning() -> None:
    link, connections = Link(), Connections()
    link.run(connections, 2048 * MIB)
    again = Connections(start=connections.found)
    assert share(Link(), again, 256 * MIB) >= 0.92


def test_a_gib_fills_an_unknown_line() -> None:
    assert share(Link(), Connections(), 1024 * MIB) >= 0.92


@pytest.mark.parametrize("needed", [2, 5, 10, 16, 24])
def test_it_settles_near_what_the_line_needs(needed: int) -> None:
    link, connections = Link(total=needed * 6 * MIB), Connections()
    link.run(connections, math.inf, most=120.0)
    assert needed <= connections.limit <= needed * 1.4 + 2


def test_a_line_that_never_gets_enough_gets_all_there_may_be() -> None:
    link, connections = Link(total=1000 * MIB), Connections()
    link.run(connections, math.inf, most=10.0)
    assert connections.limit == MOST


def test_it_follows_a_line_that_becomes_wider() -> None:
    link, connections = Link(total=24 * MIB), Connections()
    link.run(connections, math.inf, most=60.0)
    link.total = 90 * MIB
    link.run(connections, math.inf, most=60.0)
    assert connections.limit >= 13


@pytest.mark.parametrize(
    ("left", "allowed"), [(1000, 10), (16, 10), (15, 15), (12, 12), (10, 10), (3, 10)]
)
def test_the_last_round_takes_a_few_more(left: int, allowed: int) -> None:
    assert Connections(start=10).limit_for(left, 0.0) == allowed
    assert Connections(fixed=10).limit_for(left, 0.0) == 10
    limited = Connections(start=10)
    limited.complained(0.0)
    assert limited.limit_for(9, 1.0) == 7


def test_a_complaint_takes_connections_away_and_none_are_tried_for_a_while() -> None:
    connections = Connections(start=20)
    connections.complained(100.0)
    assert connections.limit == 14
    for tick in range(1, 190):
        connections.moved(MIB)
        assert connections.tick(100.0 + tick * STEP, 14) == 14


def test_complaints_of_many_parts_at_once_count_as_one() -> None:
    connections = Connections(start=20)
    for part in range(20):
        connections.complained(100.0 + part / 100)
    assert connections.limit == 14


def test_a_service_that_throttles_is_not_flooded() -> None:
    link, connections = Link(total=1000 * MIB, throttled_above=12), Connections()
    link.run(connections, math.inf, most=20.0)
    link.most = 0
    link.run(connections, math.inf, most=60.0)
    assert link.most <= 14
    assert connections.limit >= 7


def test_it_never_leaves_the_bounds() -> None:
    connections = Connections(start=1)
    for second in range(0, 100, 2):
        connections.complained(float(second))
        assert FEWEST <= connections.limit <= MOST
    assert Connections(start=500).limit == MOST


def test_a_number_that_a_person_sets_is_used_exactly() -> None:
    link, connections = Link(), Connections(fixed=3)
    link.run(connections, 512 * MIB)
    assert link.most == 3
    connections.fix(0)
    assert connections.limit == USUAL


def test_a_rate_limit_leaves_two_connections_where_two_are_enough() -> None:
    link, connections = Link(), Connections(start=10)
    connections.rate_limited(4 * MIB)
    link.total = 4 * MIB
    link.run(connections, math.inf, most=20.0)
    assert connections.limit == 2
    connections.rate_limited(0)
    assert connections.limit == 10


def test_a_rate_limit_that_needs_more_connections_gets_them() -> None:
    link, connections = Link(total=30 * MIB), Connections(start=10)
    connections.rate_limited(30 * MIB)
    link.run(connections, math.inf, most=20.0)
    assert connections.limit >= 5


def test_nothing_is_concluded_from_connections_that_were_not_used() -> None:
    connections = Connections(start=10)
    for tick in range(400):
        connections.moved(MIB)
        connections.tick(tick * STEP, 2)
    assert connections.limit == 10


def test_what_an_upload_showed_that_ended_while_it_rose_is_worth_remembering() -> None:
    link, connections = Link(), Connections()
    link.run(connections, 256 * MIB)
    assert connections.found == 2 * USUAL
    assert share(Link(), Connections(start=connections.found), 256 * MIB) >= 0.92


def test_a_trial_that_nobody_judged_is_not_remembered() -> None:
    link, connections = Link(), Connections()
    link.run(connections, 64 * MIB)
    assert connections.found == 0
    known = Connections(start=10)
    link.run(known, math.inf, most=3.0)
    assert (known.limit, known.found) == (11, 10)


def test_a_start_far_below_what_a_line_carries_is_made_up_for_soon() -> None:
    link, connections = Link(total=1000 * MIB), Connections(start=8)
    link.run(connections, math.inf, most=25.0)
    assert connections.found >= MOST - 2
