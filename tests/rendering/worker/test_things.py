"""What is on screen, in an editor's words."""

from collections.abc import Callable

import manim
import numpy as np
import pytest
from manim import DOWN, RIGHT, UP

from desktop.rendering.worker.things import LONGEST_NAME, Kind, renamed
from tests.rendering.worker.conftest import thing, things


def test_a_text_is_one_thing_with_a_box_for_each_glyph() -> None:
    text = thing(manim.Text("two words"))
    assert (text.kind, text.name, len(text.parts)) == (Kind.TEXT, "“two words”", 8)
    assert text.width > text.height > 0


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: manim.Text("a\n b"), "“a b”"),
        (lambda: manim.MarkupText("<b>bold</b>"), "“<b>bold</b>”"),
        (lambda: manim.Paragraph("one", "two"), "“one two”"),
        (lambda: manim.MathTypst("x + 1"), "“x + 1”"),
        (lambda: manim.Integer(7, mob_class=manim.Text), "“7”"),
        (manim.RoundedRectangle, "a rounded rectangle"),
        (manim.Ellipse, "an ellipse"),
        (manim.Line, "a line"),
        (lambda: manim.DashedLine(manim.ORIGIN, RIGHT * 0.04), "a line"),
        (lambda: manim.FunctionGraph(np.sin), "a curve"),
        (lambda: manim.NumberLine(include_ticks=False), "an axis"),
    ],
)
def test_things_are_called_what_an_editor_calls_them(
    make: Callable[[], manim.Mobject], name: str
) -> None:
    assert things(make())[0].name == name


def test_long_texts_are_named_by_their_beginning() -> None:
    name = thing(manim.Text("word " * 20, font_size=10)).name
    assert name.startswith("“word word")
    assert name.endswith("…”")
    assert len(name) == LONGEST_NAME + 2


def test_a_role_names_everything_below_it() -> None:
    group = manim.VGroup(manim.Text("one"), manim.VGroup(manim.Square()))
    group.role_name = "Bullet 3"
    assert [found.name for found in things(group)] == ["Bullet 3", "Bullet 3"]


def test_what_nobody_can_see_is_not_there() -> None:
    unseen = [
        manim.Text("faint").set_opacity(0.1),
        manim.Square(stroke_width=0),
        manim.Square(stroke_opacity=0.1, fill_opacity=0.1),
        manim.VMobject(),
        manim.ImageMobject(np.zeros((4, 4, 4), np.uint8)),
    ]
    assert not things(*unseen)


def test_the_parts_of_a_listing_have_names() -> None:
    listing = manim.Code(code_string="a = 1\nb = 2", language="python")
    texts = [found.name for found in things(listing) if found.kind is Kind.TEXT]
    assert texts == ["the column of line numbers", "the code"]


def test_the_lines_of_a_grid_are_no_things_but_its_numbers_are() -> None:
    grid = manim.NumberPlane(
        x_range=[-1, 1], y_range=[-1, 1], axis_config={"label_constructor": manim.Text}
    )
    grid.x_axis.add_numbers()
    assert {found.kind for found in things(grid)} == {Kind.TEXT}


def test_an_object_that_is_added_twice_is_one_thing() -> None:
    square = manim.Square()
    assert len(things(square, manim.VGroup(square))) == 1


def test_later_and_higher_things_are_drawn_over_others() -> None:
    first, second = manim.Square(), manim.Circle()
    below, above = things(first, second)
    assert below.order < above.order
    first.set_z_index(1)
    above, below = things(first, second)
    assert below.order < above.order


def test_only_full_fills_and_full_pictures_are_opaque() -> None:
    solid = np.full((4, 4, 4), 255, np.uint8)
    glass = solid.copy()
    glass[..., 3] = 120
    opaque = [
        thing(manim.Square(fill_opacity=1)).opaque,
        thing(manim.Square(fill_opacity=0.4)).opaque,
        thing(manim.Square()).opaque,
        thing(manim.ImageMobject(solid)).opaque,
        thing(manim.ImageMobject(glass)).opaque,
    ]
    assert opaque == [True, False, False, True, False]


def test_a_text_that_became_another_is_named_by_what_it_says_now() -> None:
    one, two = manim.Text("before"), manim.Text("after")
    transform = manim.Transform(one, two)
    moved = one.animate.shift(UP + DOWN)
    group = manim.AnimationGroup(transform, manim.FadeIn(manim.Square()))
    assert list(renamed([group])) == [(id(one), "“after”")]
    assert not list(renamed([manim.FadeIn(one), moved.build()]))
