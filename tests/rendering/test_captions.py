"""Caption files are WebVTT that players accept, timed in the joined video."""

import re

from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.captions import webvtt
from desktop.rendering.jobs import Cue

TIMING = re.compile(r"^(\d\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d\d+):(\d\d):(\d\d)\.(\d{3})$")


def test_cues_move_to_the_place_of_their_scene() -> None:
    text = webvtt([(0.0, [Cue(0.5, 2, "One")]), (61.25, [Cue(0, 1.5, "Two")])])
    assert text == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nOne\n\n00:01:01.250 --> 00:01:02.750\nTwo\n"
    )


def test_a_video_without_cues_still_has_a_valid_file() -> None:
    assert webvtt([]) == "WEBVTT\n"


def test_hours_are_written() -> None:
    assert "01:00:00.000 --> 01:00:02.000" in webvtt([(3600.0, [Cue(0, 2, "Late")])])


def test_markup_is_escaped_and_blank_lines_do_not_end_a_cue() -> None:
    text = webvtt([(0.0, [Cue(0, 1, "if a < b & b --> c:\n\n  stop ")])])
    assert text.endswith("if a &lt; b &amp; b --&gt; c:\nstop\n")


def test_a_cue_ends_where_its_successor_begins() -> None:
    text = webvtt([(0.0, [Cue(0, 5, "One"), Cue(2, 4, "Two")])])
    assert "00:00:00.000 --> 00:00:02.000\nOne" in text
    assert "00:00:02.000 --> 00:00:04.000\nTwo" in text


def test_a_cue_without_text_is_left_out() -> None:
    assert webvtt([(0.0, [Cue(0, 1, " \n "), Cue(1, 2, "Two")])]).count("-->") == 1


@given(
    st.lists(
        st.tuples(st.floats(0, 9000), st.floats(0, 100), st.floats(0, 20), st.text(max_size=30)),
        max_size=12,
    )
)
def test_every_file_is_well_formed(
    given_cues: list[tuple[float, float, float, str]],
) -> None:
    text = webvtt(
        (start, [Cue(offset, offset + length, words)])
        for start, offset, length, words in given_cues
    )
    header, *blocks = text.rstrip("\n").split("\n\n")
    assert header == "WEBVTT"
    ends = 0.0
    for block in blocks:
        timing, *lines = block.split("\n")
        match = TIMING.match(timing)
        assert match
        assert lines
        assert not any("-->" in line or "<" in line for line in lines)
        hours, minutes, seconds, thousandths, *after = map(int, match.groups())
        begins = hours * 3600 + minutes * 60 + seconds + thousandths / 1000
        ended = after[0] * 3600 + after[1] * 60 + after[2] + after[3] / 1000
        assert begins < ended
        assert begins >= ends - 0.0015
        ends = ended
