"""Functions as people type them."""

import numpy as np
import pytest
from proofreel_kit.curves import range_of, visible_parts
from proofreel_kit.expressions import ExpressionError, parse_expression

AT = np.array([0.5, 1.0, 2.0])


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("2x", 2 * AT),
        ("x^2", AT**2),
        ("-x^2", -(AT**2)),
        ("x²", AT**2),
        ("2(x+1)(x-1)", 2 * (AT + 1) * (AT - 1)),
        ("x sin(x)", AT * np.sin(AT)),
        ("2pi x", 2 * np.pi * AT),
        ("exp(-x)/e", np.exp(-AT) / np.e),
        ("log(100)", np.full(3, 2.0)),
        ("ln(e) + sqrt(4)", np.full(3, 3.0)),
        ("3", np.full(3, 3.0)),
        ("1.5e2 x", 150 * AT),
    ],
)
def test_a_formula_means_what_people_mean(source: str, wanted: np.ndarray) -> None:
    assert np.allclose(parse_expression(source)(AT), wanted)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("y + 1", "“y” is not known"),
        ("2 +", "not a complete formula"),
        ("sin", "in parentheses"),
        ("sin x", "in parentheses"),
        ("x if x else 1", ""),
        ("__import__('os')", ""),
        ("x.__class__", ""),
        ("[x]", ""),
        ("x" * 400, "longer than 300"),
        ("(" * 250 + "x" + ")" * 40, ""),
        ("'text'", ""),
    ],
)
def test_anything_else_is_refused(source: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(source)(AT)
    assert said in str(caught.value)


def test_earlier_functions_may_be_called() -> None:
    square = parse_expression("x^2")
    assert np.allclose(parse_expression("f(x) + f(2)", {"f": square})(AT), AT**2 + 4)


def test_a_formula_without_a_value_gives_no_warning_and_no_number() -> None:
    values = parse_expression("sqrt(x)/x")(np.array([-1.0, 0.0, 4.0]))
    assert not np.isfinite(values[:2]).any()
    assert values[2] == 0.5


def test_a_curve_is_cut_at_poles_and_at_the_edges() -> None:
    x = np.linspace(-1, 1, 201)
    with np.errstate(divide="ignore"):
        parts = visible_parts(x, 1 / x, (-10.0, 10.0))
    assert len(parts) == 2
    assert all(np.abs(y).max() <= 10 for _, y in parts)


def test_a_range_shows_curves_whole_and_is_not_ruled_by_poles() -> None:
    parabola = range_of([parse_expression("x^2")], (-3, 3), [])
    assert parabola[0] <= 0
    assert parabola[1] >= 8
    assert range_of([parse_expression("1/x")], (-1, 1), [])[1] < 1000
