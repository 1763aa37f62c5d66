"""Frames, seconds and timecode say the same, at every rate that films have."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.picture import (
    Aspect,
    Quality,
    clock,
    frame_size,
    frames_to_seconds,
    parse_timecode,
    profile_for,
    seconds_to_frame,
    timecode,
)

FILM, NTSC, NTSC60 = Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)
RATES = st.sampled_from([*map(Fraction, (1, 10, 24, 25, 30, 50, 60, 120)), FILM, NTSC, NTSC60])
FRAMES = st.integers(0, 24 * 3600 * 60)


@given(FRAMES, RATES)
def test_a_frame_is_on_screen_at_the_time_it_begins(frame: int, rate: Fraction) -> None:
    assert seconds_to_frame(frames_to_seconds(frame, rate), rate) == frame


@given(FRAMES, RATES, st.floats(0.01, 0.99))
def test_a_frame_is_on_screen_until_the_next_begins(
    frame: int, rate: Fraction, part: float
) -> None:
    assert seconds_to_frame(float((frame + Fraction(part)) / rate), rate) == frame


@given(FRAMES, RATES)
def test_later_frames_begin_later(frame: int, rate: Fraction) -> None:
    assert frames_to_seconds(frame + 1, rate) > frames_to_seconds(frame, rate)


@given(FRAMES, RATES)
def test_a_timecode_names_its_frame(frame: int, rate: Fraction) -> None:
    assert parse_timecode(timecode(frame, rate), rate) == frame


@given(FRAMES, RATES)
def test_a_frame_number_names_itself(frame: int, rate: Fraction) -> None:
    assert parse_timecode(f" {frame} ", rate) == frame


@pytest.mark.parametrize(
    ("frame", "rate", "text"),
    [
        (0, FILM, "00:00:00:00"),
        (23, FILM, "00:00:00:23"),
        (24, FILM, "00:00:01:00"),
        (1799, NTSC, "00:00:59:29"),
        (1800, NTSC, "00:01:00:00"),
        (107892, NTSC, "00:59:56:12"),
        (90_000, Fraction(25), "01:00:00:00"),
        (100 * 3600 * 25, Fraction(25), "100:00:00:00"),
    ],
)
def test_timecode_counts_frames_and_drops_none(frame: int, rate: Fraction, text: str) -> None:
    assert timecode(frame, rate) == text


@pytest.mark.parametrize(
    ("seconds", "rate", "frame"),
    [
        (1.0, FILM, 23),
        (1.001, FILM, 24),
        (3600.0, NTSC, 107892),
        (0.0, NTSC, 0),
        (-3.0, NTSC, 0),
        (2.0, Fraction(30), 60),
    ],
)
def test_seconds_are_of_the_clock_not_of_the_timecode(
    seconds: float, rate: Fraction, frame: int
) -> None:
    assert seconds_to_frame(seconds, rate) == frame


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("42", 42),
        ("0:07", 210),
        ("02:10", 3900),
        ("90:00", 162_000),
        ("1:00:00", 108_000),
        ("00:00:01:05", 35),
        ("12.5s", 375),
        ("0s", 0),
    ],
)
def test_a_place_can_be_written_in_several_ways(text: str, frame: int) -> None:
    assert parse_timecode(text, Fraction(30)) == frame


@pytest.mark.parametrize(
    "text",
    [
        "", "s", "abc", "-1", "-1s", "infs", "nans", "1e3s", "1:2:3:4:5", ":", "1:", "1:60", "1.5",
        "1:60:00", "00:00:01:30", "1_000", "+3", "0:-1", "1 2", "9" * 50, "9" * 50 + "s",
    ],
)  # fmt: skip
def test_what_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the value is the message
        parse_timecode(text, Fraction(30))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (723, "12:03"), (3723, "1:02:03"), (-1, "0:00")],
)
def test_durations_are_written_as_editors_read_them(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@given(st.sampled_from(Aspect), st.integers(100, 2200))
def test_both_sides_are_even_and_in_proportion(aspect: Aspect, short: int) -> None:
    width, height = frame_size(aspect, short)
    assert width % 2 == height % 2 == 0
    assert abs(min(width, height) - short) <= 1
    across, down = map(int, aspect.value.split(":"))
    assert abs(width * down - height * across) <= 2 * max(across, down)


@pytest.mark.parametrize(
    ("aspect", "size"),
    [(Aspect.WIDE, (1920, 1080)), (Aspect.TALL, (1080, 1920)), (Aspect.SQUARE, (1080, 1080))],
)
def test_finals_have_the_usual_sizes(aspect: Aspect, size: tuple[int, int]) -> None:
    profile = profile_for(aspect, Quality.FINAL)
    assert (profile.width, profile.height, profile.fps) == (*size, 60)


def test_drafts_are_smaller_and_quicker_than_finals() -> None:
    draft, final = (profile_for(Aspect.WIDE, quality) for quality in Quality)
    assert draft.width < final.width
    assert draft.fps < final.fps
    assert draft.crf > final.crf


def test_settings_decide_over_size_and_rate() -> None:
    profile = profile_for(Aspect.SQUARE, Quality.DRAFT, short_side=360, fps=12)
    assert (profile.width, profile.height, profile.fps) == (360, 360, 12)
