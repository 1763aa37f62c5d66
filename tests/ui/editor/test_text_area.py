from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.theme import Theme
from tests.ui.editor.conftest import PYTHON, STORYBOARD

Key = Qt.Key
Modifier = Qt.KeyboardModifier
NONE = Modifier.NoModifier


async def test_enter_and_tab_follow_the_kind_of_text(editor: SourceEditor) -> None:
    editor.load("", PYTHON)
    QTest.keyClicks(editor.area, "def f():")
    QTest.keyClick(editor.area, Key.Key_Return)
    QTest.keyClicks(editor.area, "x")
    assert editor.text() == "def f():\n    x"
    editor.load("- a", STORYBOARD)
    editor.go_to_line(1, 4)
    QTest.keyClick(editor.area, Key.Key_Return)
    QTest.keyClick(editor.area, Key.Key_Tab)
    assert editor.text() == "- a\n-   "
    QTest.keyClick(editor.area, Key.Key_Backtab, Modifier.ShiftModifier)
    assert editor.text() == "- a\n-   "


async def test_prose_wraps_and_code_does_not(editor: SourceEditor) -> None:
    long = "word " * 200
    editor.load(long, STORYBOARD)
    assert editor.area.document().firstBlock().layout().lineCount() > 1
    assert not editor.area.horizontalScrollBar().maximum()
    editor.load(long, PYTHON)
    assert editor.area.lineWrapMode() is QPlainTextEdit.LineWrapMode.NoWrap
    QApplication.processEvents()
    assert editor.area.horizontalScrollBar().maximum()


@pytest.mark.parametrize(
    ("key", "modifier", "text"),
    [
        (Key.Key_Space, NONE, " "),
        (Key.Key_K, NONE, "k"),
        (Key.Key_Question, Modifier.ShiftModifier, "?"),
        (Key.Key_Left, NONE, ""),
        (Key.Key_Right, Modifier.ShiftModifier, ""),
        (Key.Key_Home, NONE, ""),
        (Key.Key_Z, Modifier.ControlModifier, "\x1a"),
    ],
)
async def test_keys_of_writing_are_no_shortcuts_of_the_page(
    editor: SourceEditor, key: Qt.Key, modifier: Qt.KeyboardModifier, text: str
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier, text)
    event.ignore()
    QApplication.sendEvent(editor.area, event)
    assert event.isAccepted()


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Key.Key_F, Modifier.ControlModifier),
        (Key.Key_F8, NONE),
        (Key.Key_G, Modifier.ControlModifier),
        (Key.Key_Slash, Modifier.ControlModifier),
    ],
)
async def test_shortcuts_of_the_page_stay_shortcuts(
    editor: SourceEditor, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    event.ignore()
    QApplication.sendEvent(editor.area, event)
    assert not event.isAccepted()


async def test_a_text_that_is_only_read_gives_letters_to_the_page_and_moves_its_cursor(
    editor: SourceEditor,
) -> None:
    editor.load("ab\ncd", PYTHON)
    editor.set_read_only(True)
    space = QKeyEvent(QEvent.Type.ShortcutOverride, Key.Key_Space, NONE, " ")
    space.ignore()
    QApplication.sendEvent(editor.area, space)
    assert not space.isAccepted()
    QTest.keyClicks(editor.area, "x")
    QTest.keyClick(editor.area, Key.Key_Return)
    editor.toggle_comment()
    QTest.keyClick(editor.area, Key.Key_Down)
    assert editor.text() == "ab\ncd"
    assert editor.line() == 2
    editor.set_read_only(False)
    QTest.keyClicks(editor.area, "x")
    assert editor.text() == "ab\nxcd"


@pytest.fixture
def between(qtbot: QtBot, theme: Theme) -> Iterator[tuple[SourceEditor, QPushButton, QPushButton]]:
    window, editor = QWidget(), SourceEditor()
    before, after = QPushButton("before"), QPushButton("after")
    layout = QVBoxLayout(window)
    for widget in (before, editor, after):
        layout.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    editor.area.setFocus()
    yield editor, before, after
    window.close()


async def test_escape_and_tab_leave_the_text(
    between: tuple[SourceEditor, QPushButton, QPushButton],
) -> None:
    editor, before, after = between
    QTest.keyClick(editor.area, Key.Key_Escape)
    QTest.keyClick(editor.area, Key.Key_Tab)
    assert after.hasFocus()
    assert editor.text() == ""
    editor.area.setFocus()
    QTest.keyClick(editor.area, Key.Key_Escape)
    QTest.keyClick(editor.area, Key.Key_Backtab, Modifier.ShiftModifier)
    assert before.hasFocus()
    editor.area.setFocus()
    QTest.keyClick(editor.area, Key.Key_Escape)
    QTest.keyClicks(editor.area, "a")
    QTest.keyClick(editor.area, Key.Key_Tab)
    assert editor.area.hasFocus()
    assert editor.text() == "a "


async def test_copying_keeps_every_character(editor: SourceEditor) -> None:
    text = "a\u00a0b\u2029c\n😀"
    editor.load(text, STORYBOARD)
    editor.area.selectAll()
    data = editor.area.createMimeDataFromSelection()
    assert data.text() == text
    editor.load("", PYTHON)
    editor.area.insertFromMimeData(data)
    assert editor.text() == "a\u00a0b\nc\n😀"  # a new paragraph, as everywhere else


async def test_pasting_brings_plain_text_with_plain_ends(editor: SourceEditor) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("a\r\nb\rc\0")
    editor.load("", STORYBOARD)
    editor.area.insertFromMimeData(data)
    assert editor.text() == "a\nb\nc"
    editor.area.undo()
    assert editor.text() == ""


async def test_files_are_left_to_the_window(editor: SourceEditor) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("film.mp4")])
    data.setText("film.mp4")
    assert not editor.area.canInsertFromMimeData(data)
    picture = QMimeData()
    assert not editor.area.canInsertFromMimeData(picture)


def turn(editor: SourceEditor, angle: int, modifier: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(editor.area.viewport(), event)


async def test_the_wheel_scrolls_and_with_control_changes_the_size(editor: SourceEditor) -> None:
    editor.load("x\n" * 500, PYTHON)
    size = editor.text_size()
    turn(editor, 120, Modifier.ControlModifier)
    assert editor.text_size() == size + 1
    turn(editor, -120, Modifier.ControlModifier)
    assert editor.text_size() == size
    for _ in range(4):
        turn(editor, 30, Modifier.ControlModifier)  # as touchpads do
    assert editor.text_size() == size + 1
    assert editor.area.verticalScrollBar().value() == 0
    turn(editor, -120, NONE)
    assert editor.area.verticalScrollBar().value() > 0
