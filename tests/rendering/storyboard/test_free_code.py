"""Hand-written Manim in a storyboard reaches Manim as it was written."""

import ast

import pytest

from desktop.domain.errors import Severity
from desktop.domain.storyboard import Fence
from desktop.rendering.storyboard.free_code import FreeCode, read_free_code

INDENT = " " * 8


def read(body: str, line: int = 10) -> FreeCode:
    return read_free_code(Fence("manim", body, {}, line), INDENT)


def strings(lines: tuple[str, ...]) -> list[str]:
    tree = ast.parse("class A:\n    def f(self):\n" + "\n".join(lines))
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


def test_every_line_stands_in_the_method() -> None:
    code = read("x = 1\n\nif x:\n    self.wait()")
    assert code == FreeCode(("        x = 1", "", "        if x:", "            self.wait()"), ())


def test_code_that_is_indented_as_a_whole_is_moved_to_the_left() -> None:
    assert read("    x = 1\n    y = 2").lines == (f"{INDENT}x = 1", f"{INDENT}y = 2")


def test_tabs_indent_and_stay_inside_strings() -> None:
    code = read("if x:\n\tself.say('a\tb')")
    assert code.lines[1] == f"{INDENT}    self.say('a\tb')"


@pytest.mark.parametrize("quote", ['"""', "'''"])
@pytest.mark.parametrize("prefix", ["", "r", "f", "b"])
def test_text_over_many_lines_does_not_change(quote: str, prefix: str) -> None:
    body = f"Code({prefix}{quote}\ndef f():\n    return 1\n\n  x\n{quote})\nself.wait()"
    lines = read(body).lines
    assert lines[1:6] == ("def f():", "    return 1", "", "  x", f"{quote})")
    assert lines[6] == f"{INDENT}self.wait()"
    assert "\ndef f():\n    return 1\n\n  x\n" in [
        value.decode() if isinstance(value, bytes) else value for value in strings(lines)
    ]


def test_an_unusual_escape_is_let_through() -> None:
    assert read(r"MathTex('\d')").problems == ()


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("x = 1\ny = = 2", 12, "Not valid Python"),
        ("x = 1\n  y = 2", 12, "Not valid Python"),
        ("x = (1\ny = 2", 11, "never closed"),
        ("if x:", 11, "after 'if' statement."),
        ("if x:", 11, "Not valid Python"),
        ("a\nb = '''\nc", 12, "Not valid Python"),
        ("await x", 11, "Not valid Python"),
        ("x = 1\nfrom manim import *", 12, "import *"),
        ("x = 1\ny = '\0'", 12, "null byte"),
        ("x = " + "(" * 1000 + ")" * 1000, 11, "Not valid Python"),
        ("x = 1\n\x0cif x:", 12, "leaves the scene"),
        ("self.wait()\nyield x", 12, "yield"),
        ("x = [(yield) for a in b]", 11, "Not valid Python"),
        ("break", 11, "Not valid Python"),
        ("nonlocal x", 11, "Not valid Python"),
    ],
)
def test_code_that_cannot_run_is_named_at_its_line(body: str, line: int, message: str) -> None:
    [problem] = read(body).problems
    assert message in problem.message
    assert problem.line == line
    assert problem.remedy
    assert problem.severity is Severity.ERROR


def test_a_generator_inside_is_no_yield_of_the_scene() -> None:
    assert read("def f():\n    yield 1\nfor x in f():\n    self.wait(x)").problems == ()


def test_a_whole_scene_pasted_in_is_pointed_out() -> None:
    code = read("class A(Scene):\n    def construct(self):\n        self.wait()")
    [problem] = code.problems
    assert problem.severity is Severity.WARNING
    assert problem.line == 11
    assert "construct" in problem.remedy
    assert code.lines


def test_a_class_of_mobjects_is_nothing_unusual() -> None:
    assert read("class Star(VGroup):\n    pass").problems == ()
