"""Lines may run beside, under and around a text, but not through it."""

from collections.abc import Callable

import manim
import numpy as np
import pytest
from manim import DOWN, LEFT, ORIGIN, RIGHT, UP

from desktop.rendering.worker.strikes import segments, struck
from desktop.rendering.worker.things import Kind
from tests.rendering.worker.conftest import things

BLACK = np.zeros(3)
WORDS = "several words"


def strikes(*mobjects: manim.Mobject, ground: np.ndarray = BLACK) -> list[tuple[str, str]]:
    found = things(*mobjects)
    texts = [each for each in found if each.kind is Kind.TEXT]
    strokes = [each for each in found if each.kind is not Kind.TEXT]
    covers = [each for each in strokes if each.opaque]
    return [(text.name, line.name) for text, line in struck(texts, strokes, covers, ground)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: manim.Line(LEFT * 5, RIGHT * 5),
        lambda: manim.Line(LEFT * 5 + DOWN * 0.1, RIGHT * 5 + UP * 0.1),
        lambda: manim.Line(UP * 2, DOWN * 2).shift(RIGHT * 0.7),
        lambda: manim.Line(UP * 2 + LEFT, DOWN * 2 + RIGHT).shift(LEFT),
        lambda: manim.Arrow(LEFT * 4, RIGHT * 4),
        lambda: manim.Rectangle(width=4, height=3).shift(LEFT * 2),
        lambda: manim.Circle(2).shift(DOWN * 2),
        lambda: manim.FunctionGraph(lambda x: x / 4),
        lambda: manim.NumberLine(x_range=[-5, 5]),
    ],
)
def test_a_line_through_the_letters_is_found(make: Callable[[], manim.Mobject]) -> None:
    assert strikes(manim.Text(WORDS), make())[0][0] == f"“{WORDS}”"


@pytest.mark.parametrize(
    "make",
    [
        lambda: manim.Line(LEFT * 5, RIGHT * 5).shift(DOWN * 0.6),
        lambda: manim.Line(UP, DOWN).shift(RIGHT * 3),
        lambda: manim.Line(LEFT * 1.5, RIGHT * 1.5),
        lambda: manim.Arrow(LEFT * 5, LEFT * 2.1),
        lambda: manim.Rectangle(width=6, height=2),
        lambda: manim.Line(LEFT * 5, RIGHT * 5, stroke_opacity=0.2),
        lambda: manim.Line(LEFT * 5, RIGHT * 5, color=manim.ManimColor("#303030")),
        lambda: manim.Line(LEFT * 5, RIGHT * 5, stroke_width=0),
        manim.Dot,
        manim.NumberPlane,
    ],
)
def test_a_line_beside_the_letters_or_fainter_than_they_is_not(
    make: Callable[[], manim.Mobject],
) -> None:
    assert not strikes(manim.Text(WORDS), make())


def test_faintness_is_measured_against_the_background() -> None:
    grey = manim.Line(LEFT * 5, RIGHT * 5, color=manim.ManimColor("#d8d8d8"))
    assert strikes(manim.Text(WORDS), grey)
    assert not strikes(manim.Text(WORDS), grey, ground=np.ones(3))


def test_marks_made_on_a_text_are_meant() -> None:
    text = manim.Text(WORDS)
    for mark in (manim.Cross, manim.Underline, manim.SurroundingRectangle, manim.Brace):
        assert not strikes(text, mark(text))
    assert not strikes(text, manim.SurroundingRectangle(text[2:5], buff=0.02))
    assert not strikes(text, manim.Line(text.get_left(), text.get_right()))


def test_a_text_on_its_own_ground_is_not_struck_by_what_is_below() -> None:
    line, text = manim.Line(LEFT * 5, RIGHT * 5), manim.Text(WORDS)
    ground = manim.BackgroundRectangle(text, fill_opacity=1, buff=0.1)
    assert not strikes(line, ground, text)
    assert strikes(ground, line, text)
    assert strikes(line, manim.BackgroundRectangle(text, fill_opacity=0.3), text)


def test_a_name_may_lie_on_what_it_names() -> None:
    assert not strikes(manim.Text("r"), manim.Line(LEFT * 2, RIGHT * 2))


def test_a_curve_is_followed_between_its_corners() -> None:
    start, end = segments(manim.Circle(2).points)
    assert np.linalg.norm(end - start, axis=1).max() < 0.5
    assert np.allclose(np.linalg.norm(start, axis=1), 2, atol=0.01)
    assert {tuple(point) for point in start.round(6)} == {tuple(point) for point in end.round(6)}
    assert not len(segments(np.zeros((0, 3)))[0])
    assert np.allclose(segments(manim.Line(ORIGIN, RIGHT).points)[1][-1], [1, 0])
