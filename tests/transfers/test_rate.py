"""Limits hold within one percent, count at once, and follow the clock on the wall."""

import heapq
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from desktop.domain.transfers import Limits, RateWindow
from desktop.transfers.rate import LONGEST_WAIT, Limiter, rate_at

MIB = 2**20
MONDAY_NOON = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - what a clock on the wall shows


class Line:
    """Threads that ask for bytes, on a clock of their own; sleepers wake a little late."""

    def __init__(self, limits: Limits, late: float = 0.0) -> None:
        self.now = 100.0
        self.local = MONDAY_NOON
        self.late = late
        self.limiter = Limiter(lambda: self.now, lambda: self.local, limits)
        self.got: dict[str, int] = {}

    def run(self, seconds: float, threads: dict[str, tuple[str, int]]) -> None:
        """``threads``: name to destination and how many of them."""
        end = self.now + seconds
        waiting = [
            (self.now, n, name) for name, (_d, count) in threads.items() for n in range(count)
        ]
        heapq.heapify(waiting)
        while waiting[0][0] < end:
            self.now, number, name = heapq.heappop(waiting)
            size, wait = self.limiter.gate(threads[name][0], name).grant(MIB)
            self.got[name] = self.got.get(name, 0) + size
            pause = wait + self.late if wait else 0.0001
            heapq.heappush(waiting, (self.now + pause, number, name))
        self.now = end


@pytest.mark.parametrize("rate", [100_000, 5 * MIB, 20 * MIB, 50 * MIB])
@pytest.mark.parametrize("late", [0.0, 0.02])
def test_a_rate_holds_within_one_percent_over_five_seconds(rate: int, late: float) -> None:
    line = Line(Limits(rate=rate), late)
    line.run(5.0, {"a": ("d", 8)})
    assert sum(line.got.values()) / 5.0 == pytest.approx(rate, rel=0.01)


def test_a_new_rate_counts_within_a_quarter_of_a_second() -> None:
    line = Line(Limits(rate=50 * MIB))
    line.run(5.0, {"a": ("d", 8)})
    line.limiter.use(Limits(rate=5 * MIB))
    line.run(0.25, {"a": ("d", 8)})
    line.got.clear()
    line.run(5.0, {"a": ("d", 8)})
    assert line.got["a"] / 5.0 == pytest.approx(5 * MIB, rel=0.01)
    line.limiter.use(Limits(rate=50 * MIB))
    line.got.clear()
    line.run(5.0, {"a": ("d", 8)})
    assert line.got["a"] / 5.0 == pytest.approx(50 * MIB, rel=0.02)


def test_nobody_sleeps_through_a_change() -> None:
    line = Line(Limits(rate=1000))
    line.limiter.gate("d", "a").grant(MIB)
    assert 0 < line.limiter.gate("d", "a").grant(MIB)[1] <= LONGEST_WAIT


def test_limits_of_all_of_a_destination_and_of_a_file_hold_together() -> None:
    line = Line(Limits(rate=20 * MIB, destinations=(("slow", 4 * MIB),)))
    line.limiter.limit_file("f", MIB)
    line.run(5.0, {"f": ("slow", 2), "g": ("slow", 2), "h": ("other", 4)})
    assert line.got["f"] / 5.0 == pytest.approx(MIB, rel=0.02)
    assert (line.got["f"] + line.got["g"]) / 5.0 == pytest.approx(4 * MIB, rel=0.02)
    assert sum(line.got.values()) / 5.0 == pytest.approx(20 * MIB, rel=0.02)
    assert line.limiter.rate_for("slow", "f") == MIB
    assert line.limiter.rate_for("other") == 20 * MIB


def test_without_a_limit_everything_goes_at_once() -> None:
    line = Line(Limits())
    assert line.limiter.gate("d", "a").grant(MIB) == (MIB, 0.0)
    assert line.limiter.rate_for("d") == 0


def test_a_pause_saves_nothing_up() -> None:
    line = Line(Limits(rate=5 * MIB))
    line.run(1.0, {"a": ("d", 4)})
    line.now += 60.0
    line.got.clear()
    line.run(5.0, {"a": ("d", 4)})
    assert line.got["a"] / 5.0 == pytest.approx(5 * MIB, rel=0.02)


def test_a_file_that_is_over_is_forgotten() -> None:
    line = Line(Limits())
    line.limiter.limit_file("f", 10)
    line.limiter.forget_file("f")
    assert line.limiter.gate("d", "f").grant(MIB) == (MIB, 0.0)


NIGHT = RateWindow(days=(0, 1, 2, 3, 4), start=22 * 60, end=6 * 60, rate=0)
OFFICE = RateWindow(days=(0, 1, 2, 3, 4), start=8 * 60, end=18 * 60, rate=MIB)
LIMITS = Limits(rate=5 * MIB, timetable=(OFFICE, NIGHT))


@pytest.mark.parametrize(
    ("day", "hour", "minute", "rate"),
    [
        (23, 7, 59, 5 * MIB),
        (23, 8, 0, MIB),
        (23, 17, 59, MIB),
        (23, 18, 0, 5 * MIB),
        (23, 22, 0, 0),
        (24, 5, 59, 0),
        (24, 6, 0, 5 * MIB),
        (27, 23, 0, 0),
        (28, 3, 0, 0),  # Saturday morning belongs to Friday's night
        (28, 23, 0, 5 * MIB),
        (30, 3, 0, 5 * MIB),  # Monday morning would belong to Sunday's
    ],
)
def test_the_timetable_goes_before_the_rate(day: int, hour: int, minute: int, rate: int) -> None:
    assert rate_at(LIMITS, datetime(2026, 11, day, hour, minute)) == rate  # noqa: DTZ001


def test_a_day_with_25_hours_has_the_hours_on_the_wall() -> None:
    zone = ZoneInfo("Europe/Berlin")
    limits = Limits(timetable=(RateWindow(start=2 * 60, end=3 * 60, rate=7),))
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1)
    assert (rate_at(limits, first), rate_at(limits, second)) == (7, 7)
    assert rate_at(limits, datetime(2026, 10, 25, 3, 0, tzinfo=zone)) == 0


def test_the_timetable_is_followed_while_bytes_go() -> None:
    line = Line(Limits(timetable=(RateWindow(start=12 * 60, end=13 * 60, rate=MIB),)))
    assert line.limiter.rate == MIB
    line.local = MONDAY_NOON.replace(hour=13)
    line.now += 1.1
    assert line.limiter.rate == 0
