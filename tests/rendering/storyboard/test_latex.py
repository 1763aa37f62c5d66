"""LaTeX-style formulas become Typst that compiles and means the same."""

import random

import pytest
import typst

from desktop.rendering.storyboard.latex import FormulaError, to_typst
from desktop.rendering.storyboard.symbols import (
    ACCENTS,
    BRACES,
    DELIMITERS,
    FONTS,
    FUNCTIONS,
    NEGATED,
    SYMBOLS,
)

TABLE = [
    # fractions, roots, scripts
    (r"\frac{a}{b}", "frac(a, b)"),
    (r"\frac12", "frac(1, 2)"),
    (r"\dfrac{1}{1 + \frac{1}{x}}", "frac(1, 1 + frac(1, x))"),
    (r"\frac{f(a, b)}{c; d}", "frac(f ( a \\, b ), c \\; d)"),
    (r"\sqrt{2}", "sqrt(2)"),
    (r"\sqrt 2", "sqrt(2)"),
    (r"\sqrt[3]{x + 1}", "root(3, x + 1)"),
    (r"\sqrt{\sqrt{x}}", "sqrt(sqrt(x))"),
    ("x^2", "x^(2)"),
    ("x^12", "x^(1) 2"),
    ("x^{12}_i", "x^(12)_(i)"),
    ("x_i^{n+1}", "x_(i)^(n + 1)"),
    ("f'(x) + x''^2", "f' ( x ) + x''^(2)"),
    ("{}_1", '""_(1)'),
    ("^2", '""^(2)'),
    ("e^{-x^2}", "e^(- x^(2))"),
    ("2^{2^{2}}", "2^(2^(2))"),
    (r"\binom{n}{k}", "binom(n, k)"),
    # sums, products, integrals, limits
    (r"\sum_{i=1}^{n} i^2", "sum_(i = 1)^(n) i^(2)"),
    (r"\prod_{p} (1 - p^{-s})", "product_(p) ( 1 - p^(- s) )"),
    (r"\int_0^\infty f\,dx", "integral_(0)^(infinity) f thin d x"),
    (r"\oint_C", "integral.cont_(C)"),
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "lim_(x -> 0) frac(sin x, x)"),
    (r"\sum_{\substack{i<n \\ j<m}}", "sum_(i < n \\  j < m)"),
    (r"\operatorname{rank} A", 'op("rank") A'),
    (r"\operatorname*{argmin}_x f", 'op("argmin", limits: #true)_(x) f'),
    # Greek, relations, arrows
    (r"\alpha\beta \Gamma", "alpha beta Gamma"),
    (r"\epsilon \varepsilon \phi \varphi", "epsilon.alt epsilon phi.alt phi"),
    (r"a \le b \neq c \approx d", "a <= b != c approx d"),
    (r"x \in \mathbb{R} \setminus \emptyset", "x in bb(R) without emptyset"),
    (r"a \not= b \not\in C", "a != b in.not C"),
    (r"A \Rightarrow B \iff C", "A => B <==> C"),
    ("x := 3 <= 4", "x := 3 <= 4"),
    (r"3 \equiv 1 \pmod{2}", "3 equiv 1 quad ( mod 2 )"),
    (r"\alpha*b", "alpha * b"),
    # accents, fonts, braces
    (r"\vec{v} \hat x \bar{ab}", "arrow(v) hat(x) overline(a b)"),
    (r"\mathbf{x} \mathcal L \mathrm{d}x", "bold(x) cal(L) upright(d) x"),
    (r"\underbrace{a+b}_{2}", "underbrace(a + b, 2)"),
    (r"\overbrace{a}^{n} + \underbrace{b}", "overbrace(a, n) + underbrace(b)"),
    (r"A \xrightarrow{f} B", "A stretch(->)^(f) B"),
    (r"a \overset{!}{=} b", "a limits(=)^(!) b"),
    # brackets
    (r"\left( \frac{a}{b} \right)", "lr( paren.l frac(a, b) paren.r )"),
    (r"\left[ 0, 1 \right)^2", "lr( bracket.l 0 \\, 1 paren.r )^(2)"),
    (r"\left. x \right|_0^1", "lr( x bar.v )_(0)^(1)"),
    (r"\left\{ x \middle| x > 0 \right\}", "lr( brace.l x mid(bar.v) x > 0 brace.r )"),
    (r"\left\langle u, v \right\rangle", "lr( chevron.l u \\, v chevron.r )"),
    (r"\left( \left[ x \right] \right)", "lr( paren.l lr( bracket.l x bracket.r ) paren.r )"),
    (r"\bigl( x \bigr)", "( x )"),
    ("[0, 1)", "[ 0 \\, 1 )"),
    (r"\frac{(a}{b)}", "frac(\\( a, b \\))"),
    ("x^(", "x^(\\()"),
    ("|x| |y|", "|x| |y|"),
    (r"\|v\|", "‖v‖"),
    (r"P(A \mid B)", "P ( A | B )"),
    # words
    (r"x \text{ if } y", 'x" if "y'),
    (r"5\text{cm}", '5"cm"'),
    (r"v_\text{max}", 'v_("max")'),
    (r"\text{50\% of \{it\}}", '"50% of {it}"'),
    (r'\text{a "b" \c}', '"a \\"b\\" \\\\c"'),
    (r"\text{for $x > 0$}", '"for "x > 0'),
    (r"\textbf{not} \mbox{ok}", 'bold("not")"ok"'),
    # matrices, cases, rows
    (r"\begin{matrix} 1 & 2 \end{matrix}", "mat(delim: #none, 1, 2)"),
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", 'mat(delim: "(", a, b; c, d)'),
    (r"\begin{bmatrix} 1 \\ 2 \\ \end{bmatrix}", 'mat(delim: "[", 1; 2)'),
    (r"\begin{vmatrix} & 1 \\ a, b & \end{vmatrix}", 'mat(delim: "|", "", 1; a \\, b, "")'),
    (r"\begin{Bmatrix} 1 \end{Bmatrix}", 'mat(delim: "{", 1)'),
    (r"\begin{Vmatrix} 1 \end{Vmatrix}", 'mat(delim: "‖", 1)'),
    (r"\begin{array}{cc|c} 1 & 2 & 3 \end{array}", "mat(delim: #none, augment: #2, 1, 2, 3)"),
    (
        r"\begin{cases} x & \text{if } x > 0 \\ -x & \text{else} \end{cases}",
        'cases(x & "if "x > 0, - x & "else")',
    ),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a & = b \\  & = c"),
    (
        r"\left\{ \begin{aligned} a &= b \\ c &= d \end{aligned} \right.",
        "lr( brace.l mat(delim: #none, a & = b; c & = d) )",
    ),
    ("a &= b", "a & = b"),
    # characters that mean something to Typst
    ("a / b", "a \\/ b"),
    (r"\# \$ \% \& \_ \{ \}", "\\# \\$ % \\& \\_ \\{ \\}"),
    ('@ ` " # $', '\\@ \\` \\" \\# \\$'),
    ("a:b, √2", "a : b \\, \\√ 2"),
    (r"\boxed{E}", "#box(stroke: 0.6pt, inset: 4pt, $ E $)"),
    (r"\displaystyle x \; y \! z", "x thick y z"),
]


def compiled(formulas: list[str]) -> None:
    """Compile formulas with the Typst that sets them; warnings count as errors."""
    source = "\n".join(f"$ {formula} $" for formula in formulas)
    _, warnings = typst.compile_with_warnings(source.encode(), format="svg")
    assert warnings == []


@pytest.mark.parametrize(("latex", "expected"), TABLE)
def test_a_formula_becomes_typst(latex: str, expected: str) -> None:
    assert to_typst(latex) == expected


def test_typst_accepts_every_formula_of_the_table() -> None:
    compiled([to_typst(latex) for latex, _ in TABLE])


def test_typst_knows_every_name_of_the_tables() -> None:
    symbols = [rf"a \{name} b" for name in (*SYMBOLS, *FUNCTIONS)]
    around = [rf"\{name}{{x}}" for name in (*ACCENTS, *FONTS, *BRACES)]
    brackets = [rf"\left{mark} \frac{{x}}{{y}} \right{mark}" for mark in DELIMITERS]
    negated = [rf"a \not{piece} b" for piece in NEGATED]
    compiled([to_typst(latex) for latex in (*symbols, *around, *brackets, *negated)])


def test_typst_accepts_whatever_is_converted_without_an_error() -> None:
    pieces = [
        *"abx12+-=()[]{}|<>/*&^_'\",;:.!?#$@~`%√ ", *(f"\\{name}" for name in SYMBOLS),
        r"\frac", r"\sqrt", r"\left(", r"\right)", r"\text{a b}", r"\\", r"\hat", r"\mathbb",
        r"\begin{cases}", r"\end{cases}", r"\begin{pmatrix}", r"\end{pmatrix}", "{a}", "..", "//",
        r"\not", r"\underbrace", r"\binom", "->", "<=", "/*",
    ]  # fmt: skip
    dice = random.Random(7)  # a fixed sample: each failure comes back
    converted = []
    for _ in range(3000):
        source = "".join(dice.choices(pieces, k=dice.randint(1, 9)))
        try:
            converted.append(f"x {to_typst(source)}")
        except FormulaError:
            continue
    assert len(converted) > 1000
    compiled(converted)


@pytest.mark.parametrize(
    ("latex", "message", "remedy"),
    [
        (r"\fraq{1}{2}", "“\\fraq” is not known", "“\\frac”"),
        (r"\textcolor{red}{x}", "“\\textcolor” is not known", "install LaTeX"),
        (r"\frac{1}", "Something is missing", "at the end"),
        (r"{\frac{1}}", "Something is missing", "before “}”"),
        ("x^", "Something is missing", "at the end"),
        ("x^_2", "Something is missing", "before “_”"),
        ("{x", "closing brace } is missing", "Add it"),
        ("x}", "“}” too many", "Remove it"),
        (r"x \right)", "“\\right” too many", "Remove it"),
        (r"\left( x", "\\left has no \\right", "\\right"),
        (r"\left x \right)", "“x” is no bracket", "dot"),
        (r"x \left", "bracket is missing", "dot"),
        (r"\begin{pmatrix} 1", "\\begin{pmatrix} has no \\end{pmatrix}", "Add it"),
        (r"1 \end{pmatrix}", "has no \\begin{pmatrix}", "Add it"),
        (r"\begin{tikzcd} 1 \end{tikzcd}", "“tikzcd” is not known", "cases or a matrix"),
        (r"\begin{array} 1 \end{array}", "needs its columns", "{cc}"),
        (r"\text{a $x}", "has no partner", "dollar"),
    ],
)
def test_what_cannot_be_converted_is_named_with_a_remedy(
    latex: str, message: str, remedy: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        to_typst(latex)
    assert message in str(caught.value)
    assert remedy in caught.value.remedy


def test_a_formula_cannot_run_typst_code() -> None:
    formula = to_typst(r'#read("/etc/passwd") \text{#read("x")} #import "@preview/a:1"')
    _, warnings = typst.compile_with_warnings(f"$ {formula} $".encode(), format="svg")
    assert warnings == []
    assert "\\#" in formula
