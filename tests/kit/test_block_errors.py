"""What cannot be shown is refused with the row it is on and what to write instead."""

from typing import Any

import pytest
from proofreel_kit import BlockError, Look
from proofreel_kit.blocks import BlockMethods

from tests.kit.conftest import page

CASES: list[tuple[str, tuple[str, ...], dict[str, Any], int, str]] = [
    ("title_card", ("",), {}, 0, "Write the title"),
    ("paragraph", ("",), {}, 0, "Write a sentence"),
    ("bullets", (), {}, 0, "at least one point"),
    ("equation", ("",), {}, 0, "between"),
    ("equation", ("frac(1",), {}, 0, "Check its braces"),
    ("derivation", ("", " "), {}, 0, "on each of its rows"),
    ("derivation", ("a", "frac(1"), {}, 1, "Check its braces"),
    ("code", ("",), {}, 0, "at least one line"),
    ("code", ("x = 1",), {"hl": "3"}, 0, 'hl="1;2-3"'),
    ("code", ("x = 1",), {"language": "klingon"}, 0, "Write python"),
    ("plot", (), {}, 0, "f(x) = x^2"),
    ("plot", ("f(x) = x^2", "tangent g 1"), {}, 1, "Write g(x) = … first"),
    ("plot", ("f(x) = 2 +",), {}, 0, "not a complete formula"),
    ("plot", ("f(x) = x", "point 9, 99"), {}, 1, "Make the ranges"),
    ("plot", ("f(x) = x", "circle 3"), {}, 1, "It knows"),
    ("plot", ("f(x) = x",), {"x": "3"}, 0, "range such as -3:3"),
    ("plot", ("f(x) = x",), {"z": "3"}, 0, "It knows x, y"),
    ("chart", (), {}, 0, "Name: 12"),
    ("chart", ("a: 1", "b: many"), {}, 1, "must be a number"),
    ("chart", ("a: 5", "b: -1"), {}, 1, "Use kind=line"),
    ("chart", ("a: 5",), {"kind": "donut"}, 0, "Use bar, column, line, pie"),
    ("chart", ("a: 5", "b: 9"), {"max": "6"}, 1, "Raise max"),
    ("chart", ("a: 5", "highlight c"), {}, 1, "The chart has a"),
    ("table", (), {}, 0, "divided by |"),
    ("table", ("a | b", "1 | 2 | 3"), {}, 1, "Remove a |"),
    ("table", ("a | b", "1 | 2", "highlight row 7"), {}, 2, "The table has 1"),
    ("array", (), {}, 0, "first line"),
    ("array", ("1 2", "spin 0"), {}, 1, "Use compare, swap"),
    ("array", ("1 2", "swap 0 5"), {}, 1, "from 0 to 1"),
    ("steps", (" ",), {}, 0, "one on each line"),
    ("tree", (), {}, 0, "Write its root"),
    ("tree", ("a", "b"), {}, 1, "Indent it"),
    ("tree", ("a", "highlight z"), {}, 1, "in the tree"),
    ("graph", (), {}, 0, "A -> B"),
    ("graph", ("A -> B", "A -> : 3"), {}, 1, "Write A -> B"),
    ("graph", ("A -> A",), {}, 0, "joined to itself"),
    ("graph", ("A -> B", "highlight C"), {}, 1, "above this line"),
    ("timeline", (), {}, 0, "1637"),
    ("timeline", ("1637: a", "then"), {}, 1, "a colon"),
    ("timeline", ("1637: a", "highlight 1700"), {}, 1, "Nothing on the timeline"),
    ("compare", ("a | b",), {}, 0, "then points"),
    ("compare", ("a",), {}, 0, "two or three"),
    ("compare", ("a | b", "1 | 2 | 3"), {}, 1, "but 2 are compared"),
    ("quote", ("-- Nobody",), {}, 0, "Write its words"),
    ("outro", ("",), {}, 0, "Write the title"),
    ("image", ("nowhere.png",), {}, 0, "beside the storyboard"),
]


class Built(BlockMethods):  # type: ignore[misc]  # the kit ships no types
    """Builds what it is asked to show."""

    def show(self, block: Any) -> None:
        block.build(page(Look()), Look())


@pytest.mark.parametrize(("method", "lines", "options", "row", "said"), CASES)
def test_a_wrong_line_is_refused_with_its_row_and_a_remedy(
    method: str, lines: tuple[str, ...], options: dict[str, Any], row: int, said: str
) -> None:
    with pytest.raises(BlockError) as caught:
        getattr(Built(), method)(*lines, **options)
    assert said in str(caught.value)
    assert caught.value.row == row


@pytest.mark.parametrize(
    ("given", "said"), [({"theme": "sepia"}, "dark, light"), ({"aspect": "4:3"}, "16:9")]
)
def test_a_look_that_does_not_exist_names_those_that_do(given: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Look(**given)
