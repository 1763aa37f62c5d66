"""What the clock promises, for all rates, parts and times."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.playback.clock import FASTEST, SLOWEST, Clock, Range, nearest_rate

seconds = st.floats(0, 500, allow_nan=False)
rates = st.floats(SLOWEST, FASTEST) | st.floats(-FASTEST, -SLOWEST)


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    length = draw(st.floats(0.5, 300))
    marked = None
    if draw(st.booleans()):
        start = draw(st.floats(0, length * 0.9))
        marked = Range(start, draw(st.floats(start + length * 0.05, length)))
    return Clock(
        begun=draw(seconds),
        origin=draw(st.floats(0, length)),
        rate=draw(rates),
        whole=Range(0, length),
        marked=marked,
        loop=draw(st.booleans()),
    )


@given(clocks(), seconds)
def test_the_position_is_always_inside_the_film(clock: Clock, later: float) -> None:
    assert 0 <= clock.at(clock.begun + later) <= clock.whole.end


@given(clocks(), seconds)
def test_a_change_of_rate_does_not_jump(clock: Clock, later: float) -> None:
    now = clock.begun + later
    for rate in (clock.rate / 2, -clock.rate) if not clock.loop else (clock.rate / 2,):
        after, before = clock.at_rate(rate, now).at(now), clock.at(now)
        assert math.isclose(after, before, abs_tol=1e-6)


@given(clocks(), seconds, seconds)
def test_time_does_not_run_against_the_rate(clock: Clock, one: float, other: float) -> None:
    assume(not clock.loop)
    early, late = (clock.at(clock.begun + at) for at in sorted((one, other)))
    assert (late - early) * clock.rate >= 0


@given(clocks(), st.lists(st.floats(0.001, 0.5), max_size=40))
def test_asking_often_or_seldom_gives_the_same_position(clock: Clock, steps: list[float]) -> None:
    now = clock.begun
    for step in steps:
        now += step
        clock.at(now)
    free = clock.origin + clock.rate * (now - clock.begun)
    if clock.part.start < min(free, clock.origin) and max(free, clock.origin) < clock.part.end:
        assert math.isclose(clock.at(now), free, abs_tol=1e-6)


@given(clocks(), seconds)
def test_a_loop_stays_in_the_marked_part_once_it_got_there(clock: Clock, later: float) -> None:
    assume(clock.loop and clock.part.start < clock.origin < clock.part.end)
    position = clock.at(clock.begun + later)
    assert clock.part.start - 1e-6 <= position <= clock.part.end + 1e-6
    assert not clock.ended(clock.begun + later)


@given(clocks())
def test_a_loop_takes_as_long_as_its_part(clock: Clock) -> None:
    assume(clock.loop and clock.part.start < clock.origin < clock.part.end)
    turn = clock.part.seconds / abs(clock.rate)
    once, twice = (clock.at(clock.begun + turn * times) for times in (1, 2))
    distance = abs(once - twice)
    assert min(distance, clock.part.seconds - distance) < 1e-6


@given(clocks())
def test_playing_ends_when_it_has_to_and_stays_there(clock: Clock) -> None:
    assume(not clock.loop)
    last = clock.at(clock.begun + 10_000)
    assert clock.ended(clock.begun + 10_000)
    assert last in {0.0, clock.whole.end, clock.part.start, clock.part.end}
    assert math.isclose(clock.at(clock.when(last)), last, abs_tol=1e-6)


@given(clocks(), st.floats(0, 100))
def test_the_end_shows_the_last_frame_and_not_the_one_after(clock: Clock, later: float) -> None:
    shown = clock.inside(clock.begun + later)
    assert abs(shown - clock.at(clock.begun + later)) < 1e-5 + 1e-9
    if clock.rate > 0 and clock.origin < clock.part.end:
        assert shown < clock.part.end


def test_a_playhead_behind_the_marked_part_plays_to_the_end_of_the_film() -> None:
    clock = Clock(0, 8, 1, Range(0, 10), Range(2, 4), loop=True)
    assert clock.at(1.5) == 9.5
    assert clock.at(2.5) == 2.5


@given(st.floats(-100, 100).filter(lambda rate: abs(rate) > 0.001))
def test_rates_are_brought_into_their_limits(rate: float) -> None:
    allowed = nearest_rate(rate)
    assert SLOWEST <= abs(allowed) <= FASTEST
    assert allowed * rate > 0
