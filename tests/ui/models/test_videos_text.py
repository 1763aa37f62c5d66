from dataclasses import replace
from datetime import UTC, datetime

import pytest

from desktop.domain.library import SourceKind, VideoStatus
from desktop.domain.picture import Aspect
from desktop.ui.models import videos_text as say
from desktop.ui.tokens import tokens
from tests.ui.fakes import video

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC).astimezone()


def test_every_kind_status_and_shape_has_words() -> None:
    assert set(say.STATUSES) == set(VideoStatus)
    assert set(say.KINDS) == set(say.KIND_GLYPHS) == set(SourceKind)
    assert set(say.SHAPES) == set(Aspect)


@pytest.mark.parametrize("status", VideoStatus)
def test_every_status_has_a_colour_of_the_scheme(status: VideoStatus) -> None:
    assert tokens().color(say.status_color(status)).isValid()


def test_failures_stand_out() -> None:
    others = {say.status_color(status) for status in VideoStatus if status != VideoStatus.FAILED}
    assert say.status_color(VideoStatus.FAILED) not in others


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 videos"), (1, "1 video"), (12345, "12,345 videos")]
)
def test_counts_are_words(number: int, words: str) -> None:
    assert say.count(number) == words


def test_nothing_has_a_length_before_it_was_rendered() -> None:
    assert say.length(video("Limits")) == ""
    assert say.length(replace(video("Limits"), duration=63.4)) == "1:03"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON.replace(hour=9, minute=5), "Today 09:05"),
        (NOON.replace(day=23, hour=23), "Yesterday 23:00"),
        (NOON.replace(day=22), "22 Nov"),
        (NOON.replace(year=2024, month=3, day=3), "3 Mar 2024"),
    ],
)
def test_times_are_said_as_people_say_them(moment: datetime, words: str) -> None:
    assert say.when(moment, NOON) == words


def test_a_video_is_one_sentence_for_screen_readers() -> None:
    limits = replace(video("Limits"), status=VideoStatus.FAILED, duration=7)
    assert say.spoken(limits, "Calculus") == "Limits, Calculus, Failed, 0:07"
    assert say.spoken(video("Limits"), "") == "Limits, Empty"


@pytest.mark.parametrize(
    ("snippet", "words"),
    [
        ("## The «slope» - A line > narrated", "The «slope» · A line · narrated"),
        ("…is ## > A «slope»…", "…is · A «slope»…"),
        ("a well-known «slope» #1", "a well-known «slope» #1"),
        ("… - The «slope»", "… · The «slope»"),
    ],
)
def test_found_words_of_a_storyboard_are_shown_without_markup(snippet: str, words: str) -> None:
    assert say.excerpt(snippet, SourceKind.STORYBOARD) == words


def test_found_words_of_code_are_shown_as_they_are_written() -> None:
    assert say.excerpt("if a > «b» - c:  # no", SourceKind.MANIM) == "if a > «b» - c: # no"
