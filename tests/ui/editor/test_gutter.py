from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.domain.errors import Problem, Severity
from desktop.ui.editor.gutter import Row
from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.tokens import tokens
from tests.ui.editor.conftest import PYTHON, STORYBOARD, tip

# What the offscreen platform says of every tooltip.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


def row_of(editor: SourceEditor, line: int) -> Row:
    everything = QRect(0, 0, 10, editor.area.viewport().height())
    return next(row for row in editor.area.rows(everything) if row.line == line)


def picture(editor: SourceEditor, line: int) -> QImage:
    row = row_of(editor, line)
    area = QRect(0, row.top, editor.area.gutter.width(), row.bottom - row.top)
    return editor.area.gutter.grab(area).toImage()


def has(image: QImage, color: str) -> bool:
    wanted = QColor(color)
    return any(
        image.pixelColor(x, y) == wanted
        for x in range(image.width())
        for y in range(image.height())
    )


async def test_every_visible_line_has_a_row_where_its_text_is(editor: SourceEditor) -> None:
    editor.load("word " * 100 + "\nshort\n" + "x\n" * 5, STORYBOARD)
    rows = list(editor.area.rows(QRect(0, 0, 10, 10_000)))
    assert [row.line for row in rows] == list(range(1, 9))
    assert all(one.bottom == other.top for one, other in pairwise(rows))
    assert rows[0].bottom - rows[0].top > 1.5 * rows[0].height  # it is wrapped
    middle = (rows[1].top + rows[1].bottom) // 2
    assert editor.area.cursorForPosition(QPoint(5, middle)).blockNumber() == 1
    assert editor.area.line_at(middle) == 2
    assert editor.area.line_at(9_000) is None


async def test_the_gutter_grows_with_the_number_of_lines_and_the_size(
    editor: SourceEditor,
) -> None:
    editor.load("x\n" * 9, PYTHON)
    width = editor.area.gutter.width()
    editor.load("x\n" * 12_000, PYTHON)
    wider = editor.area.gutter.width()
    assert wider > width
    editor.set_text_size(30)
    assert editor.area.gutter.width() > wider
    assert editor.area.viewport().x() >= editor.area.gutter.geometry().right()


async def test_problems_have_icons_in_the_colour_of_their_weight(editor: SourceEditor) -> None:
    editor.load("a\nb\nc\n", PYTHON)
    editor.show_problems([Problem("Bad.", 2), Problem("Odd.", 3, severity=Severity.WARNING)])
    assert has(picture(editor, 2), tokens().danger)
    assert has(picture(editor, 3), tokens().warning)
    assert not has(picture(editor, 1), tokens().danger)


async def test_the_scene_has_a_bar_beside_its_lines(editor: SourceEditor) -> None:
    editor.load("a\nb\nc\nd\n", STORYBOARD)
    editor.show_current_scene((2, 3))
    marked = [has(picture(editor, line), tokens().accent_text) for line in (1, 2, 3, 4)]
    assert marked == [False, True, True, False]
    editor.show_current_scene(None)
    assert not has(picture(editor, 2), tokens().accent_text)


async def test_icons_explain_themselves(editor: SourceEditor) -> None:
    editor.load("a\nb\n", PYTHON)
    editor.show_problems([Problem("Bad.", 2, "Mend it.")])
    gutter = editor.area.gutter
    at = QPoint(6, row_of(editor, 2).top + 3)
    QApplication.sendEvent(gutter, QHelpEvent(QEvent.Type.ToolTip, at, gutter.mapToGlobal(at)))
    assert tip() == "Bad. Mend it."
    QToolTip.hideText()


async def test_a_click_selects_the_line(editor: SourceEditor) -> None:
    editor.load("one\ntwo\nthree", PYTHON)
    for line, chosen in ((2, "two\u2029"), (3, "three")):
        at = QPoint(6, row_of(editor, line).top + 3)
        QTest.mouseClick(editor.area.gutter, Qt.MouseButton.LeftButton, pos=at)
        assert editor.area.textCursor().selectedText() == chosen
