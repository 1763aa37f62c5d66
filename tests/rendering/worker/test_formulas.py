"""Scenes written for LaTeX are drawn where there is none, and their parts are found again."""

from pathlib import Path

import manim
import pytest
from manim import RED, WHITE, MathTex, Tex
from manim.mobject.text import tex_mobject

from desktop.rendering.worker import formulas
from tests.rendering.worker.conftest import Run


@pytest.fixture(autouse=True)
def no_latex(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make every machine one without LaTeX."""
    before = vars(tex_mobject)["tex_to_svg_file"]
    monkeypatch.setitem(vars(tex_mobject), "tex_to_svg_file", before)
    monkeypatch.setenv("PATH", str(tmp_path))
    formulas.adapt()


def drawn(mobject: manim.Mobject) -> int:
    return len(mobject.family_members_with_points())


def test_each_string_becomes_a_part_with_its_own_glyphs() -> None:
    formula = MathTex("a^2", "+", "b^2", "=", "c^2")
    assert [drawn(part) for part in formula] == [2, 1, 2, 1, 2]
    assert [part.tex_string for part in formula] == ["a^2", "+", "b^2", "=", "c^2"]
    lefts = [float(part.get_left()[0]) for part in formula]
    assert lefts == sorted(lefts)


def test_parts_are_spaced_as_in_one_formula() -> None:
    split, whole = MathTex("a", "+", "b"), MathTex("a + b")
    assert split.width == pytest.approx(whole.width, rel=0.01)
    assert split.height == pytest.approx(whole.height, rel=0.01)


def test_a_part_is_coloured_by_what_it_says() -> None:
    formula = MathTex(r"f(x) = x^2", substrings_to_isolate=["x"])
    formula.set_color_by_tex("x", RED)
    colors = [glyph.get_fill_color() for glyph in formula.family_members_with_points()]
    assert colors.count(manim.ManimColor(RED)) == 2
    assert len(colors) == 7


def test_what_nobody_coloured_has_the_colour_of_the_formula() -> None:
    formula = MathTex("x", "+ 1")
    assert {glyph.get_fill_color() for glyph in formula.family_members_with_points()} == {
        manim.ManimColor(WHITE)
    }


def test_parts_that_are_no_formulas_by_themselves_are_set_together() -> None:
    formula = MathTex(r"e^{i", r"\pi}", "+ 1 = 0")
    assert drawn(formula) == 7
    assert len(formula) == 3


@pytest.mark.parametrize(
    ("source", "glyphs"),
    [
        (r"\frac{a}{b}", 3),
        (r"\sqrt{x + 1}", 5),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", 6),
        (r"\sum_{k=1}^{n} k", 6),
        (r"\text{if } n, m > 0", 7),
    ],
)
def test_lines_of_fractions_and_roots_are_drawn_like_letters(source: str, glyphs: int) -> None:
    formula = MathTex(source)
    filled = [one for one in formula.family_members_with_points() if one.get_fill_opacity() > 0]
    assert len(filled) >= glyphs
    assert all(one.get_stroke_width() == 0 for one in filled)


def test_a_text_keeps_its_words_upright_and_its_formulas_in_place() -> None:
    text = Tex(r"Area is $\pi r^2$, \textbf{always}")
    assert drawn(text) == len("Areais") + 3 + 1 + len("always")


def test_what_manim_builds_from_formulas_can_be_built() -> None:
    axes = manim.Axes(x_range=[0, 3], y_range=[0, 2]).add_coordinates()
    assert drawn(axes) > 5
    assert drawn(manim.Matrix([[1, 2], [3, r"\pi"]])) == 4 + 2
    brace = manim.Brace(manim.Square())
    assert drawn(brace.get_text("side")) == 4
    assert drawn(brace.get_tex("n + 1")) == 3
    assert drawn(manim.DecimalNumber(-3.25)) == 5
    assert drawn(manim.BulletedList("One", "Two")) == 3 + 3 + 2


def test_a_formula_that_cannot_be_converted_says_what_to_write(run: Run) -> None:
    (event,) = run(r"MathTex(r'\unheardof{x}')")
    assert event["event"] == "failed"
    assert r"“\unheardof” is not known without LaTeX" in event["message"]


def test_scenes_with_transforms_of_parts_are_drawn(run: Run) -> None:
    body = """
first, second = MathTex("a", "+", "b"), MathTex("b", "+", "a")
self.add(first)
self.play(TransformMatchingTex(first, second), run_time=0.5)
counter = Integer(0)
self.add(counter)
self.play(ChangeDecimalToValue(counter, 9), run_time=0.5)
"""
    *_progress, event = run(body, mode="render")
    assert event["event"] == "done"


def test_latex_sets_formulas_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("latex", "dvisvgm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n", "utf-8")
        program.chmod(0o755)
    original = object()
    monkeypatch.setitem(vars(tex_mobject), "tex_to_svg_file", original)
    formulas.adapt()
    assert vars(tex_mobject)["tex_to_svg_file"] is original
