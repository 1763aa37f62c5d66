"""What each construct of the language is read as."""

import pytest

from desktop.domain.picture import Aspect
from desktop.domain.storyboard import (
    Block,
    Bullets,
    Equation,
    Fence,
    Image,
    MathEngine,
    Narration,
    Paragraph,
    Theme,
)
from desktop.rendering.storyboard.parse import parse

WHOLE = """---
title: Limits
theme: light
aspect: 9:16
accent: "#aa00ff"
math: typst
captions: off
description: "What: a limit"
tags: [calculus, school]
---

An introduction that is not shown.

## First {layout=split duration=12}

> It comes closer
> and closer.

- One

## Second
"""


def blocks(body: str) -> tuple[Block, ...]:
    """Return the blocks of a scene; its heading is line 1."""
    parsed = parse(f"## A scene\n{body}")
    assert parsed.problems == ()
    [scene] = parsed.storyboard.scenes
    return scene.blocks


def test_the_head_says_how_the_whole_video_looks() -> None:
    board = parse(WHOLE).storyboard
    assert (board.title, board.theme, board.aspect) == ("Limits", Theme.LIGHT, Aspect.TALL)
    assert (board.accent, board.maths, board.captions) == ("#aa00ff", MathEngine.TYPST, False)
    assert (board.description, board.tags) == ("What: a limit", ("calculus", "school"))


def test_scenes_have_titles_options_lines_and_their_exact_text() -> None:
    first, second = parse(WHOLE).storyboard.scenes
    assert (first.title, first.options, first.line) == (
        "First",
        {"layout": "split", "duration": "12"},
        14,
    )
    assert first.source.startswith("## First {layout")
    assert first.source.endswith("- One\n\n")
    assert (second.title, second.line, second.source) == ("Second", 21, "## Second\n")


def test_everything_has_a_default() -> None:
    board = parse("## One\n").storyboard
    assert (board.theme, board.aspect, board.maths) == (Theme.DARK, Aspect.WIDE, MathEngine.AUTO)
    assert (board.accent, board.captions, board.tags) == ("", True, ())


def test_the_first_heading_is_the_title_when_the_head_names_none() -> None:
    assert parse("# About limits\n\n## One\n").storyboard.title == "About limits"
    assert parse("---\ntitle: Head\n---\n# Text\n").storyboard.title == "Head"


def test_the_head_may_come_after_empty_lines() -> None:
    assert parse("\n\n---\ntitle: Late\n---\n").storyboard.title == "Late"


def test_choices_are_read_in_any_case() -> None:
    board = parse("---\ntheme: Light\ncaptions: No\nmath: LaTeX\n---\n").storyboard
    assert (board.theme, board.captions, board.maths) == (Theme.LIGHT, False, MathEngine.LATEX)


def test_a_title_over_two_lines_is_one_line() -> None:
    assert parse("---\ntitle: |\n  One\n  two\n---\n").storyboard.title == "One two"


@pytest.mark.parametrize(
    ("heading", "title", "options"),
    [
        ("## Plain", "Plain", {}),
        ("##   Spaced   ", "Spaced", {}),
        ("  ## Indented", "Indented", {}),
        ("## Closed ##", "Closed", {}),
        ("## Euler: $e^{i\\pi}$", "Euler: $e^{i\\pi}$", {}),
        ("## The set {1, 2}", "The set {1, 2}", {}),
        ("## C# or F#", "C# or F#", {}),
        ("## Euler's day {id=x-1}", "Euler's day", {"id": "x-1"}),
        ("## A {layout='A1:F8 G1:L8'}", "A", {"layout": "A1:F8 G1:L8"}),
        ('## A {note="with {braces}"}', "A", {"note": "with {braces}"}),
        ("## A {layout = split}", "A", {"layout": "split"}),
    ],
)
def test_headings_have_titles_and_options(
    heading: str, title: str, options: dict[str, str]
) -> None:
    [scene] = parse(heading).storyboard.scenes
    assert (scene.title, scene.options) == (title, options)


def test_a_quote_is_narration_and_an_empty_line_in_it_divides_it() -> None:
    assert blocks("> One\n> two.\n>\n> Three.\n> \n") == (
        Narration("One two.", 2),
        Narration("Three.", 5),
    )


def test_a_quote_without_words_is_nothing() -> None:
    assert blocks(">\n\n>   \n") == ()


def test_lines_of_text_are_one_paragraph() -> None:
    assert blocks("One\ntwo\n\nThree\n") == (Paragraph("One two", 2), Paragraph("Three", 5))


def test_a_lower_heading_is_a_paragraph_of_its_own() -> None:
    assert blocks("### Aside ###\ntext\n#tagged\n") == (
        Paragraph("Aside ###", 2),
        Paragraph("text #tagged", 3),
    )


def test_a_rule_is_nothing_and_ends_a_paragraph() -> None:
    assert blocks("One\n---\nTwo\n* * *\n") == (Paragraph("One", 2), Paragraph("Two", 4))


@pytest.mark.parametrize("mark", ["-", "*", "+"])
def test_points_are_one_list(mark: str) -> None:
    assert blocks(f"{mark} One\n{mark} Two\n") == (
        Bullets(("One", "Two"), (0, 0), False, 2, (2, 3)),
    )


@pytest.mark.parametrize("step", ["  ", "   ", "    ", "\t"])
def test_points_are_nested_by_any_indent(step: str) -> None:
    [block] = blocks(f"- a\n{step}- b\n{step}- c\n- d\n{step}- e\n")
    assert isinstance(block, Bullets)
    assert block.levels == (0, 1, 1, 0, 1)


def test_numbered_points_are_ordered() -> None:
    [block] = blocks("1. One\n2. Two\n")
    assert isinstance(block, Bullets)
    assert block.ordered
    assert block.items == ("One", "Two")


def test_a_point_goes_on_in_indented_lines() -> None:
    [block] = blocks("- One\n  and more\n- Two\n")
    assert isinstance(block, Bullets)
    assert block.items == ("One and more", "Two")
    assert block.lines == (2, 4)


def test_empty_lines_between_points_do_not_divide_a_list() -> None:
    [block] = blocks("- One\n\n\n- Two\n\n  - Three\n\n")
    assert isinstance(block, Bullets)
    assert block.lines == (2, 5, 7)


def test_another_mark_begins_another_list() -> None:
    found = blocks("- One\n* Two\n\n1. Three\n")
    assert [block.items for block in found if isinstance(block, Bullets)] == [
        ("One",),
        ("Two",),
        ("Three",),
    ]


def test_a_list_ends_at_text_and_at_a_block_inside_it() -> None:
    points, text, code = blocks("- One\nText\n\n  ```python\n  x = 1\n  ```\n")
    assert isinstance(points, Bullets)
    assert text == Paragraph("Text", 3)
    assert code == Fence("python", "  x = 1", {}, 5)


@pytest.mark.parametrize(
    ("text", "rows", "lines"),
    [
        ("$$ a = b $$", ("a = b",), (2,)),
        ("$$\na = b\n$$", ("a = b",), (3,)),
        ("$$\na &= b \\\\\n\n&= c \\\\\n$$", ("a &= b", "&= c"), (3, 5)),
        ("$$ a \\\\ b $$", ("a", "b"), (2, 2)),
        ("$$\na +\n  b\n$$", ("a + b",), (3,)),
        ("$$\na \\\\[4pt] b \\\\* c\n$$", ("a", "b", "c"), (3, 3, 3)),
        ("$$\n\\begin{align*}\na &= b \\\\\n&= c\n\\end{align*}\n$$", ("a &= b", "&= c"), (4, 5)),
        (
            "$$\n\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} \\\\\nx_{\\substack{a \\\\ b}}\n$$",
            ("\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}", "x_{\\substack{a \\\\ b}}"),
            (3, 4),
        ),
        (
            "$$ \\left\\{ \\begin{aligned} a \\\\ b \\end{aligned} \\right. $$",
            ("\\left\\{ \\begin{aligned} a \\\\ b \\end{aligned} \\right.",),
            (2,),
        ),
    ],
)
def test_formulas_have_rows_and_each_its_line(
    text: str, rows: tuple[str, ...], lines: tuple[int, ...]
) -> None:
    assert blocks(text) == (Equation(rows, 2, lines),)


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("![A cat](cat.png)", Image("cat.png", "A cat", {}, 2)),
        ("![](a b.svg){width=60%}", Image("a b.svg", "", {"width": "60%"}, 2)),
        ("![](cat (1).png)", Image("cat (1).png", "", {}, 2)),
        ("![A [big] cat](cat.png)", Image("cat.png", "A [big] cat", {}, 2)),
    ],
)
def test_pictures_have_a_place_a_caption_and_options(text: str, image: Image) -> None:
    assert blocks(text) == (image,)


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ("```plot x=-3:3\nf(x) = x\n```", Fence("plot", "f(x) = x", {"x": "-3:3"}, 2)),
        ("~~~steps\none\n\ntwo\n~~~", Fence("steps", "one\n\ntwo", {}, 2)),
        ("````python\n```\n````", Fence("python", "```", {}, 2)),
        ("```python {hl=1}\n## no scene\n```", Fence("python", "## no scene", {"hl": "1"}, 2)),
        ("``` chart kind='bar'\na: 1\n`````", Fence("chart", "a: 1", {"kind": "bar"}, 2)),
        ("```table\n~~~\n```", Fence("table", "~~~", {}, 2)),
        ("```python\n```", Fence("python", "", {}, 2)),
    ],
)
def test_fenced_blocks_have_a_kind_options_and_a_body(text: str, fence: Fence) -> None:
    assert blocks(text) == (fence,)


def test_comments_are_not_shown_and_may_hold_whole_scenes() -> None:
    parsed = parse("## One\n<!-- a -->\nText\n<!--\n## Hidden\n- point\n-->\n## Two\n")
    first, second = parsed.storyboard.scenes
    assert first.blocks == (Paragraph("Text", 3),)
    assert (second.title, second.line) == ("Two", 8)
    assert parsed.problems == ()


def test_a_scene_heading_in_a_block_is_part_of_the_block() -> None:
    [scene] = parse("## One\n```python\n## a comment\n```\n").storyboard.scenes
    assert scene.title == "One"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_any_system_mean_the_same(end: str) -> None:
    plain, other = parse(WHOLE).storyboard, parse(WHOLE.replace("\n", end)).storyboard
    assert [scene.blocks for scene in plain.scenes] == [scene.blocks for scene in other.scenes]
    assert [scene.line for scene in plain.scenes] == [scene.line for scene in other.scenes]


def test_a_byte_order_mark_is_no_text() -> None:
    assert parse(f"\ufeff{WHOLE}").storyboard.title == "Limits"
    assert parse("\ufeff## One").storyboard.scenes[0].title == "One"


def test_an_empty_text_is_an_empty_storyboard() -> None:
    parsed = parse("")
    assert parsed.storyboard.scenes == ()
    assert parsed.problems == ()
