import pytest
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication

from desktop.ui.editor.editing import (
    PYTHON_COMMENT,
    STORYBOARD_COMMENT,
    CommentStyle,
    break_line,
    indent,
    outdent,
    toggle_comment,
)
from desktop.ui.editor.exact_text import raw_text


def cursor_in(text: str) -> QTextCursor:
    """Return a cursor at ``|``, or a selection between two of them."""
    document = QTextDocument()
    parts = text.split("|")
    document.setPlainText("".join(parts))
    document.clearUndoRedoStacks()
    cursor = QTextCursor(document)
    cursor.setPosition(len(parts[0]))
    if len(parts) == 3:
        cursor.setPosition(len(parts[0] + parts[1]), QTextCursor.MoveMode.KeepAnchor)
    cursor.keep = document  # the document lives as long as its cursor
    return cursor


def text_of(cursor: QTextCursor) -> str:
    text = raw_text(cursor.document())
    return f"{text[: cursor.position()]}|{text[cursor.position() :]}"


def undone(cursor: QTextCursor) -> str:
    cursor.document().undo()
    assert not cursor.document().isUndoAvailable()
    return raw_text(cursor.document())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    x = 1|", "    x = 1\n    |"),
        ("def f():|", "def f():\n    |"),
        ("f(|", "f(\n    |"),
        ("if x:  # why|", "if x:  # why\n    |"),
        ("    return x|", "    return x\n|"),
        ("    passage = 1|", "    passage = 1\n    |"),
        ("  |  x", "  \n  |  x"),
        ("|", "\n|"),
    ],
)
def test_enter_keeps_or_changes_the_indentation_of_python(
    qapp: QApplication, before: str, after: str
) -> None:
    cursor = cursor_in(before)
    break_line(cursor, python=True, step=4)
    assert text_of(cursor) == after
    assert undone(cursor) == before.replace("|", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- a|", "- a\n- |"),
        ("  * a|b", "  * a\n  * |b"),
        ("> say|", "> say\n> |"),
        (">say|", ">say\n>|"),
        ("9. a|", "9. a\n10. |"),
        ("2) a|", "2) a\n3) |"),
        ("- |", "|"),
        ("x\n> |", "x\n|"),
        ("plain|", "plain\n|"),
        ("  plain|", "  plain\n  |"),
        ("|- a", "\n|- a"),
        ("-5 degrees|", "-5 degrees\n|"),
    ],
)
def test_enter_goes_on_with_lists_and_quotes_until_one_is_left_empty(
    qapp: QApplication, before: str, after: str
) -> None:
    cursor = cursor_in(before)
    break_line(cursor, python=False, step=2)
    assert text_of(cursor) == after
    assert undone(cursor) == before.replace("|", "")


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("|x", 4, "    |x"),
        ("ab|", 4, "ab  |"),
        ("ab|", 2, "ab  |"),
        ("|a\n\n  b|", 2, "  a\n\n    b"),
        ("|a\n|b", 4, "    a\nb"),
    ],
)
def test_tab_moves_to_the_next_step_or_moves_lines(
    qapp: QApplication, before: str, step: int, after: str
) -> None:
    cursor = cursor_in(before)
    indent(cursor, step)
    assert raw_text(cursor.document()) == after.replace("|", "")
    assert undone(cursor) == before.replace("|", "")


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("      x|", 4, "  x"),
        ("  x|", 4, "x"),
        ("\tx|", 4, "x"),
        ("|    a\n  b\nc|", 2, "  a\nb\nc"),
        ("x|", 4, "x"),
    ],
)
def test_shift_tab_moves_lines_back_by_up_to_a_step(
    qapp: QApplication, before: str, step: int, after: str
) -> None:
    cursor = cursor_in(before)
    outdent(cursor, step)
    assert raw_text(cursor.document()) == after


@pytest.mark.parametrize(
    ("style", "text", "commented"),
    [
        (PYTHON_COMMENT, "|  a\n\n    b|", "  # a\n\n  #   b"),
        (PYTHON_COMMENT, "x = '#'|", "# x = '#'"),
        (STORYBOARD_COMMENT, "- a|", "<!-- - a -->"),
        (STORYBOARD_COMMENT, "|> 😀\n- b|", "<!-- > 😀 -->\n<!-- - b -->"),
    ],
)
def test_commenting_out_and_in_gives_the_same_text_again(
    qapp: QApplication, style: CommentStyle, text: str, commented: str
) -> None:
    cursor = cursor_in(text)
    cursor.select(QTextCursor.SelectionType.Document)
    toggle_comment(cursor, style)
    assert raw_text(cursor.document()) == commented
    cursor.select(QTextCursor.SelectionType.Document)
    toggle_comment(cursor, style)
    assert raw_text(cursor.document()) == text.replace("|", "")


def test_half_commented_lines_are_commented_once_more(qapp: QApplication) -> None:
    cursor = cursor_in("|# a\nb|")
    toggle_comment(cursor, PYTHON_COMMENT)
    assert raw_text(cursor.document()) == "# # a\n# b"
    empty = cursor_in("\n|\n")
    toggle_comment(empty, PYTHON_COMMENT)
    assert raw_text(empty.document()) == "\n\n"


def test_a_comment_without_a_space_comes_in_again(qapp: QApplication) -> None:
    cursor = cursor_in("#a|")
    toggle_comment(cursor, PYTHON_COMMENT)
    assert raw_text(cursor.document()) == "a"
    tight = cursor_in("<!--a-->|")
    toggle_comment(tight, STORYBOARD_COMMENT)
    assert raw_text(tight.document()) == "a"
