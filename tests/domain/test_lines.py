from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.lines import line_count, lines_of, with_lines, with_margin, with_moved

THREE = "a\n\nb\n\n\nc\n"
SPANS = [(1, 1), (3, 3), (6, 6)]

texts = st.text(st.sampled_from("ab \n\r\x0c\u2028"), max_size=30)


def test_a_line_ends_where_editors_end_it() -> None:
    assert line_count("one\x0cstill one\u2028still\x85still\ntwo\r\nthree\rfour") == 4
    assert line_count("") == 0
    assert line_count("\n") == 1


@given(texts)
def test_lines_put_together_are_the_text(text: str) -> None:
    assert lines_of(text, (1, line_count(text))) == text


def test_lines_are_taken_with_their_ends() -> None:
    assert lines_of("a\nb\r\nc", (2, 3)) == "b\r\nc"


def test_an_empty_place_has_no_lines() -> None:
    assert lines_of("a\nb\n", (2, 1)) == ""


def test_lines_are_replaced_and_the_others_kept() -> None:
    assert with_lines("a\nb\nc\n", (2, 2), "x\ny\n") == "a\nx\ny\nc\n"


def test_a_replacement_without_an_end_does_not_run_into_the_next_line() -> None:
    assert with_lines("a\nb\n", (1, 1), "x") == "x\nb\n"


def test_the_last_line_need_not_end() -> None:
    assert with_lines("a\nb", (2, 2), "x") == "a\nx"


def test_what_is_put_after_the_end_begins_a_line() -> None:
    assert with_lines("a\nb", (3, 2), "c\n") == "a\nb\nc\n"


def test_something_is_put_into_an_empty_text() -> None:
    assert with_lines("", (1, 0), "a\n") == "a\n"


def test_nothing_in_the_place_of_lines_takes_them_out() -> None:
    assert with_lines("a\nb\nc\n", (2, 3), "") == "a\n"


def test_moving_down_changes_places_and_keeps_what_is_between() -> None:
    assert with_moved(THREE, SPANS, 0, 1) == ("b\n\na\n\n\nc\n", 3)


def test_moving_up_is_the_way_back() -> None:
    moved, first = with_moved(THREE, SPANS, 2, 1)
    assert (moved, first) == ("a\n\nc\n\n\nb\n", 3)


def test_moving_to_the_top_keeps_what_is_above() -> None:
    assert (
        with_moved("# top\n" + THREE, [(2, 2), (4, 4), (7, 7)], 1, 0)[0] == "# top\nb\n\na\n\n\nc\n"
    )


def test_a_text_without_an_end_has_none_after_a_move() -> None:
    assert with_moved("a\n\nb", [(1, 1), (3, 3)], 1, 0) == ("b\n\na", 1)


def test_parts_without_anything_between_change_places_too() -> None:
    assert with_moved("## a\n1\n## b\n2\n3\n", [(1, 2), (3, 5)], 1, 0) == (
        "## b\n2\n3\n## a\n1\n",
        1,
    )


@given(
    st.lists(st.sampled_from(["x\n", "## é\n\nq\n", "z\r\n"]), min_size=2, max_size=5),
    st.lists(st.sampled_from(["", "\n", "\n\n<!-- -->\n"]), min_size=5, max_size=5),
    st.data(),
)
def test_moving_there_and_back_gives_the_same_bytes(
    parts: list[str], gaps: list[str], data: st.DataObject
) -> None:
    text, spans, line = "", [], 1
    for part, gap in zip(parts, gaps, strict=False):
        count = line_count(part)
        spans.append((line, line + count - 1))
        text += part + gap
        line += count + line_count(gap)
    place = data.draw(st.integers(0, len(parts) - 1))
    target = data.draw(st.integers(0, len(parts) - 1))
    moved, first = with_moved(text, spans, place, target)
    assert lines_of(moved, (first, first + line_count(parts[place]) - 1)) == parts[place]
    order = list(range(len(parts)))
    order.insert(target, order.pop(place))
    lengths = [line_count(parts[one]) for one in order]
    there, line = [], 1
    for length, gap in zip(lengths, gaps, strict=False):
        there.append((line, line + length - 1))
        line += length + line_count(gap)
    assert with_moved(moved, there, target, place)[0] == text


def test_a_margin_is_the_blank_lines_after() -> None:
    assert with_margin(THREE, (1, 1)) == (1, 2)
    assert with_margin(THREE, (3, 3)) == (3, 5)


def test_at_the_end_a_margin_is_the_blank_lines_before() -> None:
    assert with_margin(THREE, (6, 6)) == (4, 6)
    assert with_margin(THREE + "\n \n", (6, 6)) == (4, 8)


def test_a_neighbour_is_no_margin() -> None:
    assert with_margin("## a\n1\n## b\n", (1, 2)) == (1, 2)
