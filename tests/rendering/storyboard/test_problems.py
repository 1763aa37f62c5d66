"""Whatever is wrong is named at its line, in an editor's words, with what to do about it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import Problem, Severity
from desktop.rendering.reading import SourceReading
from desktop.rendering.storyboard.read import read_storyboard

PATIENCE = 5.0
"""Seconds; ten times what 10,000 lines take here."""


def problem(text: str) -> Problem:
    """Return the only problem of a text."""
    [found] = read_storyboard(text).problems
    return found


def scene(body: str) -> str:
    return f"## A scene\n{body}\n"


@pytest.mark.parametrize(
    ("head", "line", "message", "remedy"),
    [
        ("title: A", 1, "not closed", "---"),
        ("title: A\ntheme: pink\n---", 3, "“theme” cannot be “pink”", "dark or light"),
        ("aspect: 4:3\n---", 2, "“aspect” cannot be “4:3”", "16:9 or 9:16 or 1:1"),
        ("math: word\n---", 2, "“math” cannot be “word”", "auto"),
        ("captions: perhaps\n---", 2, "“captions” cannot be", "true"),
        ("theme:\n---", 2, "“theme” has no value", "dark"),
        ("accent: blue\n---", 2, "“blue” is no colour", '"#3b82f6"'),
        ("accent: #aa00ff\n---", 2, "“accent” has no value", "quotes"),
        ("title: A\n\ntitel: B\n---", 4, "“titel” is not known", "“title”"),
        ("voice: Anna\n---", 2, "“voice” is not known", "Known are title"),
        ("title: A\ntitle: B\n---", 3, "set twice", "Remove"),
        ("title: [a, b]\n---", 2, "takes one value", "title: …"),
        ("title: a: b\n---", 2, "not valid YAML", "quotes"),
        ("title: A\n\tx: 1\n---", 3, "not valid YAML", "per line"),
        ("title: 'A\ntheme: dark\n---", 3, "not valid YAML", "quotes"),
        ("- a\n- b\n---", 2, "no list of settings", "title: …"),
        ("title: A\ndescription: \0\n---", 3, "YAML forbids", "Remove"),
        ("tags: " + "[" * 1500 + "\n---", 1, "too deeply", "flat"),
    ],
)
def test_a_bad_head_is_named_at_its_line(head: str, line: int, message: str, remedy: str) -> None:
    found = problem(f"---\n{head}\n\n## One\n- point\n")
    assert found.line == line
    assert message in found.message
    assert remedy in found.remedy


def test_a_bad_head_costs_no_scene() -> None:
    for head in ("title: 'A", "theme: pink\n---", "title: A"):
        [found] = read_storyboard(f"---\n{head}\n## One\n- point\n").scenes
        assert not found.broken


def test_lines_are_counted_with_empty_ones_before_the_head() -> None:
    assert problem("\n\n---\ntheme: pink\n---\n## One\n").line == 4


@pytest.mark.parametrize(
    ("body", "line", "message", "remedy"),
    [
        ("```plto\nf(x) = x\n```", 2, "“plto” is not known", "Did you mean “plot”?"),
        ("```Chart\na: 1\n```", 2, "“Chart” is not known", "Did you mean “chart”?"),
        ("```pyhton\nx\n```", 2, "“pyhton” is not known", "Did you mean “python”?"),
        ("```qqqq\nx\n```", 2, "“qqqq” is not known", "Known are title"),
        ("```\nx\n```", 2, "has no name", "python"),
        ("text\n\n```steps\n\n```", 4, "“steps” is empty", "Write its lines"),
        ("```python hl=9\nx\n```", 2, "no lines “9”", "one line"),
        ("```python hl=2-1\nx\ny\n```", 2, "no lines “2-1”", "2 lines"),
        ("```python hl=a\nx\n```", 2, "“a” names no lines", "hl=1;2-3"),
        ("```chart kind=cake\na: 1\n```", 2, "“kind” cannot be “cake”", "bar, column, line"),
        ("```chart max=lots\na: 1\n```", 2, "“max” cannot be “lots”", "number"),
        ("```chart\na: 1\nb: many\n```", 4, "“b: many” is no line", "Apples: 12"),
        ("```chart\na 1\n```", 3, "“a 1” is no line", "Apples: 12"),
        ("```plot x=3\nf(x) = x\n```", 2, "“x” cannot be “3”", "-3:3"),
        ("```plot y=3:-3\nf(x) = x\n```", 2, "“y” cannot be “3:-3”", "smaller"),
        ("```title\na\nb\n\nc\n```", 6, "two lines", "one line about it"),
        ("![](../cat.png)", 2, "no picture of this video", "Drop the picture"),
        ("![](C:/cat.png)", 2, "no picture of this video", "Drop the picture"),
        ("![](cat.png){width=wide}", 2, "“width” cannot be “wide”", "60%"),
        ("```steps\na\n", 2, "never closed", "```"),
        ("~~~~steps\na\n~~~\n", 2, "never closed", "~~~~"),
        ("$$\na = b\n", 2, "never closed", "$$"),
        ("text\n\n$$ a\n```python\nx\n```", 4, "never closed", "$$"),
        ("$$ $$", 2, "is empty", "between"),
        ("$$\na &= b \\\\\n\\fraq{1}{2}\n$$", 4, "“\\fraq” is not known", "“\\frac”"),
        ("- One\n- $\\nope$\n", 3, "“\\nope” is not known", "LaTeX"),
        ("```table\na | b\n$\\nope$ | c\n```", 4, "“\\nope” is not known", "LaTeX"),
    ],
)
def test_an_error_in_a_scene_is_named_at_its_line(
    body: str, line: int, message: str, remedy: str
) -> None:
    found = problem(scene(body))
    assert found.severity is Severity.ERROR
    assert found.line == line
    assert message in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("body", "line", "message", "remedy"),
    [
        ("```chart colour=red\na: 1\n```", 2, "“chart” has no option “colour”", "kind, unit, max"),
        ("```steps x=1\na\n```", 2, "“steps” has no option “x”", "no options"),
        ("```chart bar\na: 1\n```", 2, "“bar” is not understood", "name=value"),
        ("![](cat.png){at=B2}", 2, "“image” has no option “at”", "width"),
        ("![](cat.png){big}", 2, "“big” is not understood", "name=value"),
        ("$$ a $$ and more", 2, "not shown", "own line"),
        ("So $$a$$ it is", 2, "shown as text", "own line"),
        ("- One\n-\n- Two", 3, "is empty", "after its mark"),
        ("- a\n  - b\n    - c", 4, "two levels", "Indent it less"),
        ("##No space", 2, "shown as text", "space after ##"),
        ("| a | b |\n|---|---|", 2, "shown as text", "```table"),
        ("<!-- a --> b", 2, "not shown", "own line"),
    ],
)
def test_what_is_hardly_meant_so_is_a_warning_and_does_not_stop(
    body: str, line: int, message: str, remedy: str
) -> None:
    reading = read_storyboard(scene(body))
    [found] = reading.problems
    assert found.severity is Severity.WARNING
    assert found.line == line
    assert message in found.message
    assert remedy in found.remedy
    assert not reading.scenes[0].broken


@pytest.mark.parametrize(
    ("options", "message", "remedy"),
    [
        ("layout=wide", "“layout” cannot be “wide”", "full, split, stack"),
        ('layout=""', "“layout” cannot be “”", "full, split, stack"),
        ("layout=A1:Z9", "“layout” cannot be “A1:Z9”", "A1:F8"),
        ("duration=long", "“duration” cannot be “long”", "seconds"),
        ("duration=601", "“duration” cannot be “601”", "600"),
        ("duration=0", "“duration” cannot be “0”", "seconds"),
        ("transition=wipe", "“transition” cannot be “wipe”", "fade, slide, cut"),
        ("heading=no", "“heading” cannot be “no”", "on or off"),
        ("id=../x", "“id” cannot be “../x”", "letters"),
        ("colour=red", "no option “colour”", "layout, duration"),
    ],
)
def test_wrong_options_of_a_scene_are_named_at_its_heading(
    options: str, message: str, remedy: str
) -> None:
    found = problem(f"\n## A scene {{{options}}}\n- point\n")
    assert found.line == 2
    assert message in found.message
    assert remedy in found.remedy


def test_options_that_are_half_understood_are_pointed_out() -> None:
    found = problem("## A {layout=split wide}\n- point\n")
    assert (found.line, found.severity) == (1, Severity.WARNING)
    assert "“wide” is not understood" in found.message


def test_an_id_that_is_none_names_no_scene() -> None:
    [found] = read_storyboard("## A {id=../x}\n- point\n").scenes
    assert found.explicit_id == ""


def test_two_scenes_of_the_same_id_are_pointed_out_at_the_second() -> None:
    found = problem("## A {id=x}\n- a\n\n## B {id=x}\n- b\n")
    assert (found.line, found.severity) == (4, Severity.WARNING)
    assert found.remedy


def test_a_scene_without_a_title_is_pointed_out() -> None:
    reading = read_storyboard("## One\n- a\n\n##\n- b\n")
    [found] = reading.problems
    assert (found.line, found.severity) == (4, Severity.WARNING)
    assert len(reading.scenes) == 2


def test_a_forgotten_fence_costs_its_own_scene_only() -> None:
    text = "## One\n```python\nx = 1\n\n## Two\n```chart\na: 1\n```\n\n## Three\n- b\n"
    reading = read_storyboard(text)
    assert [found.title for found in reading.scenes] == ["One", "Two", "Three"]
    assert [found.broken for found in reading.scenes] == [True, False, False]
    [found] = reading.problems
    assert found.line == 2
    assert "class OneScene" not in reading.module
    assert "class TwoScene" in reading.module


def test_a_fence_forgotten_before_the_first_scene_is_named() -> None:
    found = problem("Intro\n```python\nx\n\n## One\n- a\n")
    assert found.line == 2


def test_a_comment_that_never_ends_hides_one_line_only() -> None:
    reading = read_storyboard("## One\n<!-- note\n- a\n\n## Two\n- b\n")
    [found] = reading.problems
    assert found.line == 2
    assert [found.title for found in reading.scenes] == ["One", "Two"]


def test_a_broken_scene_has_no_code_and_the_others_keep_theirs() -> None:
    reading = read_storyboard("## One\n```nope\nx\n```\n\n## Two\n- b\n")
    one, two = reading.scenes
    assert (one.code, one.line_map, one.broken) == ("", (), True)
    assert one.problems == (reading.problems[0],)
    assert not two.broken
    assert two.problems == ()


def test_problems_are_sorted_by_line() -> None:
    text = "---\ntheme: pink\n---\n## One\n```nope\nx\n```\n## Two {x=1}\n$$ \\nope $$\n"
    assert [found.line for found in read_storyboard(text).problems] == [2, 5, 8, 9]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        "Just some words that are no storyboard at all.",
        "\x00\x01\x02PNG\r\n\x1a\n" + "\ufffd" * 400 + "\x7f\x1b[0m",
        '{"json": [1, 2, 3]}\n',
        "<html><body><h1>Title</h1></body></html>",
        "from manim import *\n\nclass A(Scene):\n    pass\n",
    ],
)
def test_what_is_no_storyboard_says_how_to_begin_one(text: str) -> None:
    reading = read_storyboard(text)
    assert reading.scenes == ()
    [found] = [found for found in reading.problems if "no scene" in found.message]
    assert found.severity is Severity.WARNING
    assert "## " in found.remedy


def long_texts() -> dict[str, str]:
    return {
        "scenes": "".join(f"## Scene {n}\n> Say {n}.\n- a\n- $x^{n}$\n\n" for n in range(2000)),
        "same title": "## Same\n- a\n" * 5000,
        "one list": "## One\n" + "- point\n" * 10_000,
        "empty lines": "## One\n- a\n" + "\n" * 10_000,
        "open blocks": "## One\n```python\n" * 5000,
        "open marks": "## One\n```python\n~~~steps\n" * 3300,
        "open comments": "<!-- a\n" * 10_000,
        "open formulas": "## One\n$$ a\n" * 5000,
        "one formula": "## One\n$$\n" + "a &= b \\\\\n" * 10_000 + "$$\n",
        "head": "---\n" + "title: a\n" * 10_000,
        "paragraphs": "## One\n" + "word\n" * 10_000,
        "bare headings": "##\n" * 10_000,
        "hand-written": "## One\n```manim\n" + "self.wait()\n" * 10_000 + "```\n",
    }


@pytest.mark.parametrize("name", long_texts())
def test_ten_thousand_lines_are_read_while_one_waits(name: str) -> None:
    text = long_texts()[name]
    began = time.process_time()
    read_storyboard(text)
    assert time.process_time() - began < PATIENCE


def _consistent(reading: SourceReading, text: str) -> None:
    count = text.count("\n") + text.replace("\r\n", "").count("\r") + 1
    for found in reading.problems:
        assert found.message
        assert found.line is None or 1 <= found.line <= count
    for one in reading.scenes:
        assert one.broken == (not one.code)
        assert len(one.line_map) == (one.code.count("\n") + 1 if one.code else 0)
        compile(one.code, one.class_name, "exec")
    compile(reading.module, "module", "exec")


@given(st.text())
def test_any_text_is_read_without_an_exception(text: str) -> None:
    _consistent(read_storyboard(text), text)


PIECES = [
    "## ", "# ", "- ", "  - ", "1. ", "> ", "$$", "$", "```", "```python", "```manim", "```plot ",
    "```chart", "~~~", "---", "![](", ")", "{", "}", "=", "layout=split", "x=1", "<!--", "-->",
    "\\frac", "\\begin{cases}", "\\end{cases}", "&", "\\\\", '"', "'", "\\", "\t", "\f", "\r",
    "title: a", "word", "if x:", "self.wait()", "'''", "#", "|", ":", "é", "\u2028", "\0",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.just("\n"), max_size=40).map("".join))
def test_text_that_looks_like_a_storyboard_is_read_without_an_exception(text: str) -> None:
    _consistent(read_storyboard(text), text)
