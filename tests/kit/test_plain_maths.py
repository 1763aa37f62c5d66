"""Formulas in caption files."""

import pytest
from proofreel_kit.captions import spoken
from proofreel_kit.plain_maths import maths_in_words


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("x^2 + y^2 = r^2", "x² + y² = r²"),
        ("pi/2 <= theta", "π/2 ≤ θ"),
        (r"\frac{1}{2} \cdot \pi", "1/2 · π"),
        ("frac(a + b, 2)", "(a + b)/2"),
        ("sqrt(2) approx 1.41", "√(2) ≈ 1.41"),
        ("sum_(k=0)^n k", "∑_(k=0)ⁿ k"),
        ("x_1, x_2, dots", "x₁, x₂, …"),
        ('v = "distance" / t', "v = distance / t"),
        ("Delta x -> 0", "Δ x → 0"),
        ("e^(-x)", "e^(-x)"),
        (r"\text{area} = x^{10}", "area = x¹⁰"),
        ("a", "a"),
    ],
)
def test_a_formula_reads_as_people_write_it_in_a_message(source: str, read: str) -> None:
    assert maths_in_words(source) == read


def test_narration_reads_without_its_marks() -> None:
    assert spoken("The **area** is $pi r^2$, as `area(r)` says.") == (
        "The area is π r², as area(r) says."
    )
