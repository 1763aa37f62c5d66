import pytest

from desktop.ui.editor.colors import Role
from desktop.ui.editor.source_editor import SourceEditor
from tests.ui.editor.conftest import PYTHON, STORYBOARD, all_roles, finish_colouring

Words = list[list[tuple[str, Role]]]


def story(editor: SourceEditor, text: str) -> Words:
    editor.load(text, STORYBOARD)
    finish_colouring(editor)
    return all_roles(editor.area.document())


async def test_python_has_colours(editor: SourceEditor) -> None:
    editor.load("@dec\nclass A(Scene):\n    x = 'a'", PYTHON)
    finish_colouring(editor)
    first, second, third = all_roles(editor.area.document())
    assert first == [("@dec", Role.DECORATOR)]
    assert ("class", Role.KEYWORD) in second
    assert ("A", Role.NAME) in second
    assert ("'a'", Role.STRING) in third


async def test_front_matter_shows_settings_and_values(editor: SourceEditor) -> None:
    mark, title, note, end, prose = story(editor, "---\ntitle: Why: 3\n# note\n---\n---\n")[:5]
    assert mark == end == [("---", Role.MARK)]
    assert title == [("title", Role.ATTRIBUTE), (":", Role.MARK), (" Why: 3", Role.STRING)]
    assert note == [("# note", Role.COMMENT)]
    assert prose == [("---", Role.MARK)]  # a rule, no second head


async def test_three_dashes_further_down_begin_no_front_matter(editor: SourceEditor) -> None:
    assert story(editor, "\n---\ntitle: x")[2] == []


async def test_a_scene_ends_an_unclosed_head_or_formula(editor: SourceEditor) -> None:
    assert story(editor, "---\ntitle: x\n## One")[2] == [("## One", Role.HEADING)]
    assert story(editor, "$$\na\n## One")[2] == [("## One", Role.HEADING)]


async def test_headings_have_attributes_and_formulas(editor: SourceEditor) -> None:
    (line,) = story(editor, '## One $x_1$ {layout=split id="a b"}')
    assert line == [
        ("## One ", Role.HEADING),
        ("$x_1$", Role.MATHS),
        (" ", Role.HEADING),
        ("{", Role.MARK),
        ("layout", Role.ATTRIBUTE),
        ("=", Role.MARK),
        ("split", Role.STRING),
        (" ", Role.MARK),
        ("id", Role.ATTRIBUTE),
        ("=", Role.MARK),
        ('"a b"', Role.STRING),
        ("}", Role.MARK),
    ]
    assert story(editor, "## Sets $\\{1\\}$ {1}")[0][-1] == (" {1}", Role.HEADING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> Say $x$ now", [(">", Role.MARK), (" Say ", Role.NARRATION), ("$x$", Role.MATHS),
                           (" now", Role.NARRATION)]),
        ("- a `b` c", [("-", Role.KEYWORD), ("`b`", Role.STRING)]),
        ("  12. **b** *c*", [("  12.", Role.KEYWORD), ("**b**", Role.STRONG),
                           ("*c*", Role.STRONG)]),
        ("costs \\$5 and \\$6", []),
        ("snake_case_name and 2*3*4", []),
        ("<!-- note -->", [("<!-- note -->", Role.COMMENT)]),
        ("* * *", [("* * *", Role.MARK)]),
        ("$$ a $$ rest", [("$$ a $$", Role.MATHS)]),
        ("![cap](a.png)", [("![", Role.MARK), ("cap", Role.STRONG), ("](", Role.MARK),
                           ("a.png", Role.STRING), (")", Role.MARK)]),
    ],
)  # fmt: skip
async def test_lines_of_a_scene(
    editor: SourceEditor, text: str, expected: list[tuple[str, Role]]
) -> None:
    same = {Role.EMPHASIS: Role.STRONG, Role.PLAIN: Role.STRONG}  # one colour, told by weight
    (line,) = story(editor, text)
    assert [(word, same.get(role, role)) for word, role in line] == expected


async def test_a_formula_over_several_lines_ends_at_its_sign(editor: SourceEditor) -> None:
    lines = story(editor, "$$\n# a &= b\n$$\n# Title")
    assert [line[0][1] for line in lines] == [Role.MATHS] * 3 + [Role.HEADING]


@pytest.mark.parametrize("kind", ["python", "manim"])
async def test_programs_in_fences_have_the_colours_of_their_language(
    editor: SourceEditor, kind: str
) -> None:
    lines = story(editor, f'```{kind} hl=1\nx = """a\n## b\n"""\n```\n## Next')
    assert (kind, Role.KEYWORD) in lines[0]
    assert ("hl", Role.ATTRIBUTE) in lines[0]
    assert lines[2] == [("## b", Role.STRING)]
    assert lines[4] == [("```", Role.MARK)]
    assert lines[5] == [("## Next", Role.HEADING)]


async def test_other_fences_show_labels_and_numbers(editor: SourceEditor) -> None:
    lines = story(editor, "~~~chart kind=bar\nYour pairs: 22.5\n```\nb2 3\n~~~\n- x")
    assert lines[1] == [("Your pairs", Role.ATTRIBUTE), (":", Role.MARK), ("22.5", Role.NUMBER)]
    assert lines[2] == []  # another sign does not close it
    assert lines[3] == [("3", Role.NUMBER)]
    assert lines[5] == [("-", Role.KEYWORD)]


async def test_typing_a_fence_recolours_what_follows(editor: SourceEditor) -> None:
    editor.load("\nreturn 1\n", STORYBOARD)
    assert all_roles(editor.area.document())[1] == []
    editor.replace("```python\nreturn 1\n")
    finish_colouring(editor)
    assert ("return", Role.KEYWORD) in all_roles(editor.area.document())[1]


@pytest.mark.parametrize("name", ["pythagoras", "birthdays", "bubble-sort"])
async def test_the_samples_are_coloured_throughout(editor: SourceEditor, name: str) -> None:
    from desktop.config.paths import resource_dir

    text = (resource_dir() / "samples" / name / "storyboard.md").read_text(encoding="utf-8")
    lines = story(editor, text)
    for line, words in zip(text.split("\n"), lines, strict=True):
        if line.startswith(("## ", "> ", "```", "- ", "$$")):
            assert words, line
