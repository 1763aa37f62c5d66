"""What was read is written back to the letter; what was made as values is read back the same."""

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.picture import Aspect
from desktop.domain.storyboard import (
    Bullets,
    Equation,
    Fence,
    Image,
    MathEngine,
    Narration,
    Paragraph,
    SceneSpec,
    Storyboard,
    Theme,
)
from desktop.rendering.storyboard.parse import parse, without_text
from desktop.rendering.storyboard.write import write, write_scene

LETTERS = string.ascii_letters + string.digits + "äßéλ中"
WORD = st.text(LETTERS, min_size=1, max_size=8)
WORDS = st.lists(
    WORD | st.sampled_from(["$x^2$", "a:b", "(c)", "it's", 'say "so"', "#1", "50%", "a|b"]),
    min_size=1,
    max_size=5,
).map(" ".join)
TEXT = st.builds("{} {}".format, WORD, WORDS)
VALUE = st.text(LETTERS + " :;,.%-'={}/", min_size=1, max_size=12).map(str.strip).filter(bool)
NAMES = st.from_regex(r"[a-z_][a-z0-9_-]{0,6}", fullmatch=True)
OPTIONS = st.dictionaries(NAMES, VALUE | WORD.map('a "{}"'.format), max_size=3)
BODY = st.lists(WORDS | st.sampled_from(["", "  in", "```", "~~~~", "## no scene", "$$"]))
ROW = st.lists(st.sampled_from(["a", "&=", "\\frac{1}{2}", "x_{i}", "\\text{b}", "+"]), min_size=1)


def bullets() -> st.SearchStrategy[Bullets]:
    def build(items: list[tuple[str, int]], ordered: bool) -> Bullets:
        levels = (0, *(level for _, level in items[1:]))
        nested = levels if any(levels) else ()
        return Bullets(tuple(text for text, _ in items), nested, ordered)

    items = st.lists(st.tuples(TEXT, st.integers(0, 1)), min_size=1, max_size=4)
    return st.builds(build, items, st.booleans())


BLOCKS = st.one_of(
    st.builds(Narration, TEXT),
    st.builds(Paragraph, TEXT),
    bullets(),
    st.builds(Equation, st.lists(ROW.map(" ".join), min_size=1, max_size=3).map(tuple)),
    st.builds(Image, WORD.map("{} (1).png".format), TEXT, OPTIONS),
    st.builds(
        Fence,
        st.sampled_from(["python", "plot", "manim", "c++", "steps"]),
        BODY.map("\n".join),
        OPTIONS,
    ),
)
SCENES = st.builds(SceneSpec, TEXT, st.lists(BLOCKS, max_size=5).map(tuple), OPTIONS)
STORYBOARDS = st.builds(
    Storyboard,
    TEXT,
    st.lists(SCENES, max_size=3).map(tuple),
    st.sampled_from(Theme),
    st.sampled_from(Aspect),
    st.sampled_from(MathEngine),
    st.sampled_from(["", "#00ff7F"]),
    st.booleans(),
    TEXT | st.just(""),
    st.lists(WORD, unique=True, max_size=3).map(tuple),
)


@given(STORYBOARDS)
def test_a_storyboard_made_as_values_is_read_back_the_same(board: Storyboard) -> None:
    parsed = parse(write(board))
    assert without_text(parsed.storyboard) == board


@given(STORYBOARDS)
def test_what_was_written_is_written_again_the_same(board: Storyboard) -> None:
    text = write(board)
    assert write(parse(text).storyboard) == text


@given(st.text())
def test_any_text_is_written_back_to_the_letter(text: str) -> None:
    assert write(parse(text).storyboard) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "## a",
                "- b",
                "\n",
                "\r\n",
                "\r",
                "\t",
                "```",
                "```c",
                "$$",
                "---",
                "\ufeff",
                " ",
                "x",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_text_that_looks_like_a_storyboard_is_written_back_to_the_letter(text: str) -> None:
    assert write(parse(text).storyboard) == text


@pytest.mark.parametrize("place", ["resources/samples", "resources/templates"])
def test_every_sample_and_template_is_written_back_to_the_letter(
    place: str, request: pytest.FixtureRequest
) -> None:
    found = sorted((request.config.rootpath / place).rglob("*.md"))
    assert found
    for path in found:
        text = path.read_text("utf-8")
        assert write(parse(text).storyboard) == text


def test_a_scene_added_to_a_text_begins_on_its_own_line() -> None:
    board = parse("## One\n- a").storyboard
    longer = replace(board, scenes=(*board.scenes, SceneSpec("Two", (Paragraph("Text"),))))
    assert write(longer) == "## One\n- a\n\n## Two\n\nText\n\n"


def test_a_scene_that_was_changed_as_values_is_written_anew_and_the_others_stay() -> None:
    board = parse("---\ntitle: A\n---\n\n##  One\n-  a\n\n##  Two\n-  b\n").storyboard
    first, second = board.scenes
    changed = replace(first, blocks=(Bullets(("c",)),), source="")
    text = write(replace(board, scenes=(changed, second)))
    assert text == "---\ntitle: A\n---\n\n## One\n\n- c\n\n##  Two\n-  b\n"


def test_a_fence_is_longer_than_those_inside_it() -> None:
    scene = SceneSpec("A", (Fence("markdown", "````python\nx\n````"),))
    assert "\n`````markdown\n" in write_scene(scene)


def test_values_with_both_kinds_of_quotes_stay_readable() -> None:
    text = write_scene(SceneSpec("A", (), {"note": """it's "so" """}))
    [scene] = parse(text).storyboard.scenes
    assert scene.options == {"note": "it's ”so” "}
