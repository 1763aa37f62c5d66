"""Speeds and hours are read as they are written, and written as they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import InvalidInput
from desktop.domain.rates import (
    EVERY_DAY,
    LEAST,
    MOST,
    parse_rate,
    parse_timetable,
    write_rate,
    write_timetable,
)
from desktop.domain.transfers import RateWindow

RATES = st.just(0) | st.integers(LEAST, MOST)

WINDOWS = st.builds(
    RateWindow,
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    start=st.integers(0, 24 * 60 - 1),
    end=st.integers(1, 24 * 60),
    rate=RATES,
).filter(lambda window: window.start != window.end)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("5M", 5_000_000),
        ("5m", 5_000_000),
        ("5MB/s", 5_000_000),
        ("1.5M", 1_500_000),
        (" 500 k ", 500_000),
        ("1Mi", 1 << 20),
        ("2MiB/s", 2 << 20),
        ("1g", 10**9),
        ("123456", 123_456),
        ("off", 0),
        ("0", 0),
        ("none", 0),
    ],
)
def test_speeds_are_read_as_people_write_them(text: str, rate: int) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "fast", "-5M", "5T", "5 M M", "1", "999", "0.5k", "1e9", "5M;", "9" * 20 + "G"]
)
def test_what_is_no_speed_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match="5M"):
        parse_rate(text)


@given(RATES)
def test_a_speed_that_was_written_is_read_as_the_same(rate: int) -> None:
    assert parse_rate(write_rate(rate)) == rate


def test_hours_are_read_with_days_and_without() -> None:
    assert parse_timetable("Mon-Fri 09:00-17:00 2M; 22:00-06:30 off") == (
        RateWindow((0, 1, 2, 3, 4), 9 * 60, 17 * 60, 2_000_000),
        RateWindow(EVERY_DAY, 22 * 60, 6 * 60 + 30, 0),
    )


def test_days_may_be_named_singly_and_go_past_the_end_of_the_week() -> None:
    assert parse_timetable("sat,sun,wed 00:00-24:00 1M")[0].days == (2, 5, 6)
    assert parse_timetable("Sat-Mon 00:00-24:00 1M")[0].days == (0, 5, 6)


def test_no_hours_are_none() -> None:
    assert parse_timetable("") == ()
    assert parse_timetable(" ; ") == ()
    assert write_timetable(()) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Mon",
        "Mon 9-17 2M",
        "Mon 09:00-17:60 2M",
        "Mon 24:00-12:00 2M",
        "Mon 09:00-25:00 2M",
        "Mon 09:00-09:00 2M",
        "Mon-Fre 09:00-17:00 2M",
        "Mon 09:00-17:00 fast",
        "Mon 09:00-17:00 2M extra",
        "- 09:00-17:00 2M",
    ],
)
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_timetable(text)


@given(st.lists(WINDOWS, max_size=4))
def test_hours_that_were_written_are_read_as_the_same(windows: list[RateWindow]) -> None:
    assert parse_timetable(write_timetable(windows)) == tuple(windows)
