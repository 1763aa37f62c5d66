"""Numbers, words and areas: the arithmetic under every page."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proofreel_kit import BlockError, Look, fonts
from proofreel_kit.area import Area, page_areas
from proofreel_kit.captions import Beat, caption_parts, reading_seconds
from proofreel_kit.errors import number, span
from proofreel_kit.inline import parse_inline, plain_text, words_of
from proofreel_kit.listing import _broken
from proofreel_kit.look import luminance
from proofreel_kit.scales import Axes2D, round_step, ticks, written

PAGE = Area(-6, -2, 12, 5)
RANGE = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("\u22123.5", -3.5),
        ("1,5", 1.5),
        ("1,234.5", 1234.5),
        (" 7 ", 7),
        ("1 000", 1000),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert number(text, "It") == value


@pytest.mark.parametrize("text", ["", "many", "inf", "nan", "1:2"])
def test_what_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(BlockError, match="The height"):
        number(text, "The height")


@pytest.mark.parametrize("text", ["3", "3:1", "2:2", ":", "a:b"])
def test_a_range_goes_from_smaller_to_larger(text: str) -> None:
    with pytest.raises(BlockError):
        span(text, "x")
    assert span("-3:1,5", "x") == (-3, 1.5)


@given(st.floats(1e-6, 1e9), st.integers(1, 20))
def test_steps_are_round_and_few(length: float, most: int) -> None:
    step = round_step(length, most)
    assert length / step <= most * 1.01
    assert f"{step:e}"[0] in "125"


@given(RANGE, st.floats(1e-3, 1e6), st.integers(2, 12))
def test_ticks_lie_within_their_range(low: float, length: float, most: int) -> None:
    found = ticks(low, low + length, most)
    slack = length * 1e-6 + abs(low) * 1e-9
    assert all(low - slack <= value <= low + length + slack for value in found)
    assert len(found) <= most + 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-2.5, "\u22122.5"),
        (12000, "12\u2009000"),
        (0.30000000000000004, "0.3"),
        (5.0, "5"),
    ],
)
def test_numbers_are_written_with_a_real_minus_and_no_needless_zeros(
    value: float, text: str
) -> None:
    assert written(value) == text


def test_axes_map_corners_to_corners() -> None:
    axes = Axes2D((-1, 1), (0, 10), PAGE)
    assert tuple(axes.point(-1, 0)[:2]) == (PAGE.left, PAGE.bottom)
    assert tuple(axes.point(1, 10)[:2]) == (PAGE.right, PAGE.top)
    assert axes.holds(0, 5)
    assert not axes.holds(2, 5)


@pytest.mark.parametrize("layout", ["split", "stack", "A1:F8 G1:L8", "A1:L2 A3:F8 G3:L8"])
def test_the_areas_of_a_layout_lie_on_the_page_and_apart(layout: str) -> None:
    areas = page_areas(layout, PAGE, narrow=False)
    for area in areas:
        assert PAGE.left - 1e-6 <= area.left < area.right <= PAGE.right + 1e-6
        assert PAGE.bottom - 1e-6 <= area.bottom < area.top <= PAGE.top + 1e-6
    for one, two in itertools.combinations(areas, 2):
        beside = one.right <= two.left or two.right <= one.left
        assert beside or one.top <= two.bottom or two.top <= one.bottom


def test_a_split_is_a_stack_where_there_is_no_room_for_columns() -> None:
    assert page_areas("split", PAGE, narrow=True) == page_areas("stack", PAGE, narrow=True)
    with pytest.raises(ValueError, match="full, split, stack"):
        page_areas("diagonal", PAGE, narrow=False)


def test_marks_inside_a_line_are_understood() -> None:
    runs = [(run.text, run.style) for run in parse_inline("A **b** *c* `d` $e^2$ 5 * 3 costs $4")]
    assert ("b", "bold") in runs
    assert ("c", "italic") in runs
    assert ("d", "code") in runs
    assert ("e^2", "maths") in runs
    assert runs[-1][0].endswith("5 * 3 costs $4")
    assert plain_text(r"**a** \*b\*") == "a *b*"


def test_a_comma_stays_with_its_word() -> None:
    words = words_of("**bold**, then")
    assert [(word.text, word.spaced) for word in words] == [
        ("bold", False),
        (",", False),
        ("then", True),
    ]


@given(st.lists(st.sampled_from(["one", "two,", "three.", "four"]), max_size=120))
def test_captions_say_every_word_once_in_order(given_words: list[str]) -> None:
    text = " ".join(given_words)
    for aspect, most in (("16:9", 22), ("9:16", 13)):
        parts = caption_parts(text, Look(aspect=aspect))
        assert " ".join(parts).split() == given_words
        assert all(len(part.split()) <= most for part in parts)


def test_a_caption_stands_longer_the_more_it_says() -> None:
    assert reading_seconds("one") < reading_seconds("one two three four five six")
    beat = Beat.of("One sentence here. " * 12, Look(), 0.0)
    assert beat.more
    assert not beat.may_turn(0.5)
    assert beat.may_turn(60.0)


@given(st.text(st.sampled_from("ab (x)_"), max_size=200), st.integers(12, 60))
def test_code_is_broken_without_losing_a_letter(line: str, columns: int) -> None:
    line = line.rstrip()
    parts = list(_broken(line, columns))
    shown = "".join(line[start:end] for start, end, _indent in parts)
    assert shown.replace(" ", "") == line.replace(" ", "")
    assert all(end - start + indent <= columns for start, end, indent in parts)


def test_short_code_is_left_whole() -> None:
    assert list(_broken("x = 1", 30)) == [(0, 5, 0)]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("role", ["text", "muted", "accent_colour"])
def test_text_can_be_read_on_its_background(theme: str, role: str) -> None:
    look = Look(theme=theme)
    one, other = sorted([luminance(getattr(look, role)), luminance(look.background)])
    assert (other + 0.05) / (one + 0.05) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_curves_have_different_colours(theme: str) -> None:
    assert len({colour.to_hex() for colour in Look(theme=theme).companions}) == 5
    assert len({c.to_hex() for c in Look(theme=theme, accent="#ff0000").companions}) == 5


def test_our_own_fonts_are_found_beside_the_kit() -> None:
    assert fonts.sans() == "Inter"
    assert fonts.mono() == "JetBrains Mono"
