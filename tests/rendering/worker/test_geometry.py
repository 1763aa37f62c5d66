"""When things are in each other's way, one rule at a time."""

import itertools
from collections.abc import Callable

import manim
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import DOWN, LEFT, ORIGIN, RIGHT, UP

from desktop.rendering.worker import geometry
from desktop.rendering.worker.things import Kind, Thing
from tests.rendering.worker.conftest import thing, things

FRAME = (-7.0, -4.0, 7.0, 4.0)


@pytest.mark.parametrize(
    ("side", "way"),
    [("left", LEFT * 7), ("right", RIGHT * 7), ("bottom", DOWN * 4), ("top", UP * 4)],
)
def test_the_side_at_which_something_is_cut_off_is_named(side: str, way: np.ndarray) -> None:
    for mobject in (manim.Text("words"), manim.Square()):
        assert geometry.side_left(thing(mobject.move_to(way)), FRAME) == side


def test_what_is_inside_or_wholly_outside_is_not_cut() -> None:
    for place in (ORIGIN, RIGHT * 6, RIGHT * 9, UP * 6):
        assert not geometry.side_left(thing(manim.Square(1).move_to(place)), FRAME)
    assert geometry.outside(thing(manim.Square(1).move_to(RIGHT * 9)), FRAME)


def test_scenery_and_marks_may_leave_the_frame() -> None:
    for mobject in (manim.Circle(5), manim.Rectangle(width=20, height=1), manim.Dot(RIGHT * 7)):
        assert not geometry.side_left(thing(mobject), FRAME)


def test_many_shapes_that_leave_the_frame_are_a_pattern() -> None:
    squares = things(*[manim.Square().shift(UP * 4) for _ in range(9)])
    assert geometry.is_pattern(squares)
    assert not geometry.is_pattern(squares[:3])


boxes = st.tuples(*[st.floats(-5, 5) for _ in range(2)], *[st.floats(0.1, 3) for _ in range(2)])


@given(st.lists(boxes, max_size=12))
def test_touching_finds_every_pair_once_in_drawing_order(given: list[tuple[float, ...]]) -> None:
    all_things = [
        Thing(
            str(number),
            Kind.TEXT,
            np.array([[x, y, x + width, y + height]]),
            np.zeros((1, 2)),
            (0.0, number),
            None,
            0,
        )
        for number, (x, y, width, height) in enumerate(given)
    ]
    expected = {
        (one.name, other.name)
        for one, other in itertools.combinations(all_things, 2)
        if geometry.boxes_meet(one, other)
    }
    found = [(one.name, other.name) for one, other in geometry.touching(all_things)]
    assert set(found) == expected
    assert len(found) == len(expected)


def collide(one: manim.Mobject, other: manim.Mobject) -> bool:
    below, above = things(one, other)
    return geometry.collide(below, above)


def test_texts_collide_when_their_letters_do() -> None:
    one = manim.Text("first words")
    assert collide(one, manim.Text("second words"))
    assert not collide(one, manim.Text("second words").next_to(one, DOWN, buff=0.05))
    assert not collide(one, manim.Text("second words").next_to(one, RIGHT, buff=0.02))


def test_letters_that_pass_between_letters_do_not_collide() -> None:
    spread = manim.VGroup(manim.Text("A"), manim.Text("B")).arrange(RIGHT, buff=2)
    wide = manim.Text("A        B", font_size=48)
    wide.match_width(spread)
    between = manim.Text("i", font_size=40).move_to(wide)
    assert not collide(wide, between)


def test_a_copy_and_a_shadow_are_one_text_to_the_eye() -> None:
    text = manim.Text("words")
    assert not collide(text, text.copy())
    assert not collide(text.copy().shift(DOWN * 0.04 + RIGHT * 0.04), text)
    assert collide(text, text.copy().shift(DOWN * 0.2 + RIGHT * 0.3))


def test_a_caption_lies_on_a_picture_but_does_not_leave_it() -> None:
    picture = manim.ImageMobject(np.full((9, 16, 3), 90, np.uint8)).set(width=6)
    caption = manim.Text("caption")
    assert not collide(picture, caption)
    assert not collide(picture, picture.copy().shift(RIGHT))
    assert collide(picture, caption.copy().move_to(picture.get_right()))
    assert collide(caption, picture)


def test_letters_below_an_opaque_shape_are_hidden() -> None:
    text = manim.Text("abcdefgh")
    cover = manim.Square(6, fill_opacity=1).next_to(text.get_center(), RIGHT, buff=0)
    below, above = things(text, cover)
    assert list(geometry.hidden(below, [above])) == [False] * 4 + [True] * 4
    above, below = things(cover, text)
    assert not geometry.hidden(below, [above]).any()


def test_a_round_shape_hides_only_what_is_inside_it() -> None:
    dots = np.array([[0.0, 0.0], [0.95, 0.0], [0.9, 0.9]])
    circle = thing(manim.Circle(1, fill_opacity=1))
    assert list(geometry.inside(dots, circle.outline)) == [True, True, False]


@pytest.mark.parametrize(
    ("make", "overflows"),
    [
        (lambda: manim.Rectangle(width=2, height=1), True),
        (lambda: manim.Rectangle(width=8, height=1), False),
        (lambda: manim.Rectangle(width=2, height=1).shift(RIGHT * 2), False),
        (lambda: manim.Circle(0.5), True),
        (lambda: manim.Circle(4), False),
        (lambda: manim.SurroundingRectangle(manim.Text("a long"), buff=0.1), False),
        (lambda: manim.Rectangle(width=2, height=0.1), False),
    ],
)
def test_a_text_overflows_the_box_it_sits_in(
    make: Callable[[], manim.Mobject], *, overflows: bool
) -> None:
    assert geometry.overflows(thing(manim.Text("a long label")), thing(make())) is overflows
