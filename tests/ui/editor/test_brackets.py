import pytest

from desktop.ui.editor.brackets import FARTHEST, bracket_marks, partner_of
from desktop.ui.editor.source_editor import SourceEditor
from tests.ui.editor.conftest import PYTHON, finish_colouring


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("f(a, [b])", 1, 8),
        ("f(a, [b])", 5, 7),
        ("f(\n  x,\n)", 1, 8),
        ("f(')')", 1, 5),
        ("f(  # )\n)", 1, 8),
        ("f('😀', (x))", 1, 11),
        ("f(x]", 1, None),
        (")(", 0, None),
        ("'('  )", 1, None),
        ("abc", 1, None),
    ],
)
async def test_brackets_find_their_partner_both_ways(
    editor: SourceEditor, text: str, one: int, other: int | None
) -> None:
    editor.load(text, PYTHON)
    finish_colouring(editor)
    document = editor.area.document()
    assert partner_of(document, one) == other
    if other is not None:
        assert partner_of(document, other) == one


async def test_the_pair_at_the_cursor_is_marked(editor: SourceEditor) -> None:
    editor.load("f(x) ", PYTHON)
    finish_colouring(editor)
    editor.go_to_line(1, 5)
    marks = editor.area.extraSelections()
    assert sorted(mark.cursor.selectedText() for mark in marks) == ["(", ")"]
    editor.go_to_line(1, 6)
    assert not editor.area.extraSelections()


async def test_a_partner_far_away_is_not_looked_for(editor: SourceEditor) -> None:
    editor.load("(" + "\n" * (FARTHEST + 1) + ")", PYTHON)
    assert partner_of(editor.area.document(), 0) is None
    assert bracket_marks(editor.area.textCursor()) == []
