import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.domain.errors import Problem, Severity
from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.theme import Theme
from desktop.ui.tokens import DARK, LIGHT
from tests.ui.editor.conftest import PYTHON, tip

TEXT = "first\n    second line  \n\n😀 fourth\n"

# What the offscreen platform says of every tooltip.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


def underlined(editor: SourceEditor) -> list[tuple[str, str]]:
    return [
        (mark.cursor.selectedText(), mark.format.underlineColor().name())
        for mark in editor.area.extraSelections()
        if mark.format.underlineStyle() is QTextCharFormat.UnderlineStyle.WaveUnderline
    ]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (2, None, "second line"),
        (2, 12, "line"),
        (2, 99, "e"),
        (4, 3, "fourth"),
        (99, None, None),
        (3, None, None),
    ],
)
async def test_the_words_of_a_problem_are_underlined(
    editor: SourceEditor, line: int, column: int | None, words: str | None
) -> None:
    editor.load(TEXT, PYTHON)
    editor.show_problems([Problem("Bad.", line, column=column)])
    assert [text for text, _ in underlined(editor)] == ([words] if words else [])


async def test_problems_of_the_whole_text_and_gone_ones_leave_no_mark(
    editor: SourceEditor,
) -> None:
    editor.load(TEXT, PYTHON)
    editor.show_problems([Problem("No scene."), Problem("Bad.", 1)])
    assert len(underlined(editor)) == 1
    editor.show_problems([])
    assert not underlined(editor)
    assert not editor._problems.by_line()


async def test_underlines_move_with_their_words(editor: SourceEditor) -> None:
    editor.load(TEXT, PYTHON)
    editor.show_problems([Problem("Bad.", 2, "Mend it.")])
    QTextCursor(editor.area.document()).insertText("new\nnew\n")
    assert underlined(editor)[0][0] == "second line"
    assert list(editor.area.gutter._problems) == [4]
    editor.go_to_problem(1)
    assert editor.line() == 4


async def test_a_line_shows_the_worst_of_its_problems_and_tells_all(editor: SourceEditor) -> None:
    editor.load(TEXT, PYTHON)
    odd = Problem("Odd.", 1, "Look.", Severity.WARNING)
    editor.show_problems([odd, Problem("Bad.", 1)])
    assert editor._problems.by_line() == {1: (Severity.ERROR, "Odd. Look.\nBad.")}


async def test_underlines_take_the_colours_of_the_scheme(
    editor: SourceEditor, theme: Theme
) -> None:
    editor.load(TEXT, PYTHON)
    editor.show_problems([Problem("Odd.", 1, severity=Severity.WARNING), Problem("Bad.", 2)])
    assert [color for _, color in underlined(editor)] == [DARK.warning, DARK.danger]
    theme.choose("light")
    assert [color for _, color in underlined(editor)] == [LIGHT.warning, LIGHT.danger]


async def test_f8_goes_round_and_says_what_is_wrong(editor: SourceEditor) -> None:
    editor.load("a\nb\nc\nd\n", PYTHON)
    editor.show_problems([Problem("Last.", 4), Problem("Second.", 2)])
    visited = []
    for direction in (1, 1, 1, -1, -1):
        editor.go_to_problem(direction)
        visited.append((editor.line(), tip()))
    expected = ["Second.", "Last.", "Second.", "Last.", "Second."]
    assert [text for _, text in visited] == expected
    assert [line for line, _ in visited] == [2, 4, 2, 4, 2]
    QToolTip.hideText()
    editor.show_problems([])
    editor.go_to_problem(1)
    assert editor.line() == 2


async def test_underlined_words_explain_themselves(editor: SourceEditor) -> None:
    editor.load("fine\nbad words\n", PYTHON)
    editor.show_problems([Problem("Bad.", 2, "Mend it.")])
    viewport = editor.area.viewport()
    spot = editor.area.cursorRect(editor.area.cursor_at(2, 3)).center()
    for at, text in ((spot, "Bad. Mend it."), (QPoint(spot.x(), 14), "")):
        event = QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at))
        QApplication.sendEvent(viewport, event)
        if text:
            assert tip() == text
        assert editor.area.explain_at(editor.area.cursorForPosition(at).position()) == text
    QToolTip.hideText()
