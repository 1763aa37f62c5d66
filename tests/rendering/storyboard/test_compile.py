"""Scenes become code: the same code each time, line by line, and safe whatever is in the text."""

import ast
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.config.paths import resource_dir
from desktop.domain.errors import Severity
from desktop.rendering.reading import SourceScene
from desktop.rendering.storyboard.kinds import OPTIONS
from desktop.rendering.storyboard.read import read_storyboard

EVERY_BLOCK = r"""---
title: Every block
math: typst
---

## First {layout=split duration=12.50s transition=slide}

> Say $\frac{1}{2}$ of it.

Some text with `$code$` and \$5.

- One
- Two: $x^2$
  - Three

1. Four

$$ a = b $$

$$
a &= \sqrt{b} \\
&= c
$$

![A *cat*](cat.png){width=60%}

```python hl=1;2
x = "$1"
y = {"a": '''b'''}
```

```chart kind=bar unit=%
Apples: 12

highlight Apples
```

## Second {heading=off}

```manim
# a comment
shape = Circle()

self.add(shape)
```
"""


def scenes(text: str) -> list[SourceScene]:
    reading = read_storyboard(text)
    assert [found for found in reading.problems if found.severity is Severity.ERROR] == []
    return list(reading.scenes)


def calls(code: str) -> list[tuple[str, list[object], dict[str, object]]]:
    """Return the calls of ``self`` in a scene's code: name, values and options."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            assert isinstance(call.func, ast.Attribute)
            values: list[object] = [ast.literal_eval(value) for value in call.args]
            options = {str(key.arg): ast.literal_eval(key.value) for key in call.keywords}
            found.append((call.func.attr, values, options))
    return found


def test_every_block_is_a_call_of_the_kit() -> None:
    assert calls(scenes(EVERY_BLOCK)[0].code) == [
        ("page", ["split"], {}),
        ("heading", ["First"], {}),
        ("say", ["Say $frac(1, 2)$ of it."], {}),
        ("paragraph", ["Some text with `$code$` and \\$5."], {}),
        ("bullets", ["One", "Two: $x^(2)$", "Three"], {"levels": [0, 0, 1]}),
        ("bullets", ["Four"], {"ordered": True}),
        ("equation", ["a = b"], {}),
        ("derivation", ["a & = sqrt(b)", "& = c"], {}),
        ("image", ["cat.png"], {"caption": "A *cat*", "width": "60%"}),
        (
            "code",
            ['x = "$1"', "y = {\"a\": '''b'''}"],
            {"language": "python", "hl": "1;2"},
        ),
        ("chart", ["Apples: 12", "highlight Apples"], {"kind": "bar", "unit": "%"}),
        ("close", [], {"transition": "slide", "duration": 12.5}),
    ]


def test_hand_written_code_stands_as_it_is_and_brings_manim_along() -> None:
    code = scenes(EVERY_BLOCK)[1].code
    assert "from manim import *\nfrom proofreel_kit import KitScene, Look\n" in code
    assert "        # a comment\n        shape = Circle()\n\n        self.add(shape)\n" in code
    assert "heading" not in code


def test_formulas_stay_latex_where_latex_sets_them() -> None:
    [scene] = read_storyboard("## A\n$$ \\nope{x} $$\n- $\\frac12$\n", latex=True).scenes
    assert [values for _, values, _ in calls(scene.code)][2:4] == [["\\nope{x}"], ["$\\frac12$"]]
    assert 'maths="latex"' in scene.code


def test_the_storyboard_may_choose_what_sets_formulas() -> None:
    text = "---\nmath: {}\n---\n## A\n- a\n"
    assert 'maths="typst"' in read_storyboard(text.format("typst"), latex=True).module
    assert 'maths="latex"' in read_storyboard(text.format("latex"), latex=False).module


def test_the_look_of_the_video_is_in_every_scene() -> None:
    head = '---\ntheme: light\naspect: 1:1\naccent: "#aa00FF"\ncaptions: no\n---\n'
    look = (
        'LOOK = Look(theme="light", aspect="1:1", accent="#aa00FF", maths="typst", captions=False)'
    )
    for scene in scenes(head + "## A\n- a\n## B\n- b\n"):
        assert look in scene.code.splitlines()


def test_the_same_text_gives_the_same_code() -> None:
    assert read_storyboard(EVERY_BLOCK) == read_storyboard(EVERY_BLOCK)


def test_a_scene_has_the_same_code_wherever_it_stands() -> None:
    head, first, second = re.split(r"(?m)^(?=## )", EVERY_BLOCK)
    before = {scene.title: scene.code for scene in scenes(head + first + second)}
    after = {scene.title: scene.code for scene in scenes(f"{head}\n\n{second}## New\n- a\n{first}")}
    assert {title: after[title] for title in before} == before


def test_editing_one_scene_changes_the_code_of_no_other() -> None:
    before = scenes(EVERY_BLOCK)
    after = scenes(EVERY_BLOCK.replace("1. Four", "1. Five\n2. Six"))
    assert before[0].code != after[0].code
    assert before[1].code == after[1].code


def test_every_line_of_code_leads_back_to_its_line() -> None:
    lines = EVERY_BLOCK.split("\n")
    origins = {
        "self.say(": "> Say",
        '"Two: ': "- Two",
        '"Three"': "  - Three",
        '"a & = ': "a &= ",
        '"& = c"': "&= c",
        'self.image("cat.png"': "![A",
        '"y = {': "y = {",
        '"highlight Apples"': "highlight Apples",
        'language="python"': "```python",
        "self.close(transition": "## First",
        "shape = Circle()": "shape = Circle()",
        "class SecondScene": "## Second",
    }
    found = set()
    for scene in scenes(EVERY_BLOCK):
        code = scene.code.split("\n")
        assert len(code) == len(scene.line_map)
        for text, number in zip(code, scene.line_map, strict=True):
            for start, origin in origins.items():
                if text.strip().startswith(start):
                    assert lines[number - 1].startswith(origin), (text, number)
                    found.add(start)
            assert number == 0 or scene.line <= number <= scene.end_line
    assert found == set(origins)


@given(
    st.integers(0, 40), st.lists(st.sampled_from(["x = 1", "", "if x:\n    pass", "'''\na\n'''"]))
)
def test_the_lines_of_hand_written_code_are_those_of_the_text(
    before: int, statements: list[str]
) -> None:
    text = "\n" * before + "## A\n```manim\n" + "\n".join([*statements, "y = 2"]) + "\n```\n"
    lines = text.split("\n")
    [scene] = scenes(text)
    for code, number in zip(scene.code.split("\n"), scene.line_map, strict=True):
        if number > scene.line:
            assert code.strip() == lines[number - 1].strip()


@given(st.text())
def test_what_is_in_a_text_cannot_leave_its_string(text: str) -> None:
    words = " ".join(text.split()) or "x"
    assume(not words.startswith("```"))
    [scene] = scenes(f"## A\n```python\n{words}\n```\n")
    assert ("code", [words], {"language": "python"}) in calls(scene.code)


@pytest.mark.parametrize(
    "words",
    [
        'a "quoted" word',
        '"""',
        "'''\\",
        "ends with \\",
        "{braces} {0} %s %(x)s",
        'tr"""icky\\" + __import__("os")',
        "tab\there, \\n no newline",
        "emoji 🎬, line\u2028separator",
        "</script>",
    ],
)
def test_marks_of_python_in_a_text_are_text(words: str) -> None:
    text = f"## {words}\n> {words}\n\n- {words}\n\n```steps\n{words}\n```\n![{words}](a.png)\n"
    reading = read_storyboard(text)
    [scene] = reading.scenes
    found = calls(scene.code)
    assert [values for _, values, _ in found[1:5]] == [[words]] * 4
    assert found[5] == ("image", ["a.png"], {"caption": words})
    assert ast.get_docstring(ast.parse(scene.code).body[-1], clean=False) == words  # type: ignore[arg-type]
    ast.parse(reading.module)


@pytest.mark.parametrize("title", ['"""', "\\", "a\x01b\x00", "", "Why?", "{x}"])
def test_any_title_of_the_video_gives_a_module(title: str) -> None:
    module = ast.parse(read_storyboard(f"# {title}\n\n## A\n- a\n").module)
    assert (ast.get_docstring(module) or "").endswith(
        "Made with Proofreel; plain manim renders it."
    )


def undefined(code: str) -> set[str]:
    """Return the global names that a module uses and does not define or import by name."""
    tree = ast.parse(code)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return used - stored - defined - imported - {"self"}


def test_the_code_of_a_scene_stands_alone() -> None:
    first, second = scenes(EVERY_BLOCK)
    assert undefined(first.code) == set()
    assert undefined(second.code) == {"Circle"}
    modules = re.findall(r"(?m)^(?:from|import) (\S+)", first.code + second.code)
    assert set(modules) == {"proofreel_kit", "numpy", "manim"}


def test_the_module_holds_all_scenes_under_different_names() -> None:
    text = "\n".join(f"## {title}\n- a\n" for title in ["A", "a", "A!", "Kit", "素数", "Scene"])
    reading = read_storyboard(text)
    classes = [
        node.name for node in ast.parse(reading.module).body if isinstance(node, ast.ClassDef)
    ]
    assert classes == [scene.class_name for scene in reading.scenes]
    assert len(set(classes)) == 6
    assert "KitScene" not in classes


def test_options_that_are_not_known_do_not_reach_the_kit() -> None:
    text = "## A\n```chart class=1 max-x=2 kind=pie\na: 1\n```\n![](a.png){at=B2}\n"
    reading = read_storyboard(text)
    found = calls(reading.scenes[0].code)
    assert ("chart", ["a: 1"], {"kind": "pie"}) in found
    assert ("image", ["a.png"], {"caption": ""}) in found


def test_pictures_are_listed_once() -> None:
    [scene] = scenes("## A\n![](b.png)\n\n![](a.png)\n\n![](b.png)\n")
    assert scene.assets == ("b.png", "a.png")


def test_a_formula_too_large_for_a_text_is_named() -> None:
    [found] = read_storyboard("## A\n- so $\\boxed{x}$\n").problems
    assert "cannot stand in a text" in found.message
    assert found.line == 2


def test_prices_are_no_formulas() -> None:
    text = "## A\n- From $5 to $10, or \\$3 and \\$4\n- `echo $A $B`\n"
    [_, _, (_, values, _), _] = calls(scenes(text)[0].code)
    assert values == ["From $5 to $10, or \\$3 and \\$4", "`echo $A $B`"]


def test_a_formula_nested_without_end_is_named_and_does_not_crash() -> None:
    text = f"## A\n$$ {'{' * 5000} {'}' * 5000} $$\n"
    [found] = read_storyboard(text).problems
    assert "nested" in found.message


def test_every_block_that_can_be_written_is_a_method_of_the_kit() -> None:
    path = resource_dir() / "kit" / "proofreel_kit" / "blocks.py"
    methods = {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    wanted = set(OPTIONS) - {"title", "manim"}
    assert wanted | {"title_card", "paragraph", "bullets", "equation", "code", "image"} <= methods
