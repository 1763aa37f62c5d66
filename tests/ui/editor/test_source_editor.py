from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.library import SourceKind
from desktop.ui.actions import MENUS, Action, ActionRegistry
from desktop.ui.editor.exact_text import with_plain_ends
from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.theme import Theme
from desktop.ui.tokens import BODY, CAPTION
from tests.ui.editor.conftest import PYTHON, STORYBOARD, finish_colouring, until
from tests.ui.editor.test_exact_text import NASTY, texts

LINES = "\n".join(f"line {number}" for number in range(1, 301))


@pytest.fixture
def edits(editor: SourceEditor) -> list[bool]:
    seen: list[bool] = []
    editor.edited.connect(lambda: seen.append(True))
    return seen


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(texts)
def test_every_text_comes_back_as_it_was_loaded(editor: SourceEditor, text: str) -> None:
    for kind in (PYTHON, STORYBOARD):
        editor.load(text, kind)
        assert editor.text() == with_plain_ends(text)
    editor.replace(NASTY)
    editor.area.undo()
    assert editor.text() == with_plain_ends(text)


async def test_only_changes_of_the_person_are_edits(
    editor: SourceEditor, edits: list[bool], theme: Theme
) -> None:
    editor.load(LINES, PYTHON)
    editor.load(LINES, STORYBOARD)
    theme.choose("light")
    finish_colouring(editor)
    editor.go_to_line(20)
    assert not edits
    QTest.keyClicks(editor.area, "ab")
    assert len(edits) == 2
    editor.area.undo()
    assert len(edits) == 3
    editor.replace(editor.text())
    assert len(edits) == 3
    editor.replace("other")
    assert len(edits) == 4


async def test_loading_forgets_how_the_last_text_was_edited(editor: SourceEditor) -> None:
    editor.load("a", PYTHON)
    QTest.keyClicks(editor.area, "b")
    editor.load("c", PYTHON)
    editor.area.undo()
    assert editor.text() == "c"


async def test_replacing_is_one_step_and_keeps_the_place(editor: SourceEditor) -> None:
    editor.load(LINES, PYTHON)
    editor.go_to_line(150, 3)
    scroll = editor.area.verticalScrollBar().value()
    editor.replace(LINES.replace("line 1\n", "x\n").replace("line 300", "y"))
    assert editor.line() == 150
    assert editor.area.spot().column == 3
    assert editor.area.verticalScrollBar().value() == scroll
    editor.area.undo()
    assert editor.text() == LINES
    editor.go_to_line(150)
    editor.replace("new\n" + LINES)
    assert editor.line() == 151  # the same words


async def test_loading_may_keep_the_place(editor: SourceEditor) -> None:
    editor.load(LINES, PYTHON)
    editor.go_to_line(150, 4)
    scroll = editor.area.verticalScrollBar().value()
    editor.load(LINES + "\nmore", PYTHON, keep_place=True)
    assert (editor.line(), editor.area.spot().column) == (150, 4)
    assert editor.area.verticalScrollBar().value() == scroll
    editor.load("short", PYTHON, keep_place=True)
    assert editor.line() == 1
    editor.load(LINES, PYTHON)
    assert editor.line() == 1


async def test_lines_are_told_when_they_change(editor: SourceEditor) -> None:
    told: list[int] = []
    editor.line_changed.connect(told.append)
    editor.load("a\nb\nc", PYTHON)
    editor.go_to_line(3)
    editor.go_to_line(3, 2)
    QTest.keyClick(editor.area, Qt.Key.Key_Up)
    editor.load("x", PYTHON)
    assert told == [3, 2, 1]


async def test_going_to_a_line_shows_it_in_the_middle_and_lights_it(editor: SourceEditor) -> None:
    editor.load(LINES, PYTHON)
    editor.go_to_line(200, 6)
    assert editor.line() == 200
    middle = editor.area.viewport().height() / 2
    assert abs(editor.area.cursorRect().center().y() - middle) < 40
    assert editor.focusWidget() is editor.area
    assert editor.area._landing.isActive()
    lit = editor.area.viewport().grab().toImage()
    await until(lambda: not editor.area._landing.isActive())
    assert editor.area.viewport().grab().toImage() != lit
    editor.go_to_line(10_000)
    assert editor.line() == 300
    editor.go_to_line(0)
    assert editor.line() == 1
    editor.area._landing.stop()


async def test_the_text_is_written_in_the_typeface_of_code_at_its_size(
    editor: SourceEditor,
) -> None:
    assert QFontInfo(editor.area.font()).family() == "JetBrains Mono"
    assert editor.area.font().pixelSize() == BODY
    editor.resize_text(3)
    assert editor.area.font().pixelSize() == editor.text_size() == BODY + 3
    for _ in range(9):
        editor.resize_text(-1)
    assert editor.text_size() == CAPTION
    editor.resize_text(0)
    assert editor.area.font().pixelSize() == BODY


@pytest.mark.parametrize(
    ("kind", "text", "line", "commented"),
    [
        (PYTHON, "x = 1", 1, "# x = 1"),
        (STORYBOARD, "> say", 1, "<!-- > say -->"),
        (STORYBOARD, "```python\nx\n```", 2, "```python\n# x\n```"),
        (STORYBOARD, "```manim\nx\n```\ny", 4, "```manim\nx\n```\n<!-- y -->"),
    ],
)
async def test_comments_are_written_as_the_place_wants_them(
    editor: SourceEditor, kind: SourceKind, text: str, line: int, commented: str
) -> None:
    editor.load(text, kind)
    finish_colouring(editor)
    editor.go_to_line(line)
    editor.toggle_comment()
    assert editor.text() == commented
    editor.toggle_comment()
    assert editor.text() == text


async def test_every_act_has_a_key_and_runs(editor: SourceEditor, qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    registry = ActionRegistry()
    made = registry.add(owner, editor.actions())
    editor.load("one\none", PYTHON)
    made["editor.find"].trigger()
    assert editor.find_bar.isVisible()
    assert not editor.find_bar.by.isVisible()
    made["editor.replace"].trigger()
    assert editor.find_bar.by.isVisible()
    editor.find_bar.words.setText("one")
    made["editor.find_next"].trigger()
    assert editor.line() == 2
    made["editor.find_previous"].trigger()
    assert editor.line() == 1
    made["editor.larger"].trigger()
    assert editor.text_size() == BODY + 1
    made["editor.smaller"].trigger()
    made["editor.smaller"].trigger()
    assert editor.text_size() == BODY - 1
    made["editor.usual_size"].trigger()
    assert editor.text_size() == BODY
    made["editor.comment"].trigger()
    assert editor.text() == "# one\none"
    for declared, _ in registry.all():
        assert declared.keys
        assert declared.menu in MENUS


async def test_what_is_said_aloud_names_the_kind_of_text(editor: SourceEditor) -> None:
    editor.load("", PYTHON)
    assert editor.area.accessibleName() == "Manim file"
    editor.load("", STORYBOARD)
    assert editor.area.accessibleName() == "Storyboard"
    assert "Escape" in editor.area.accessibleDescription()


async def test_an_editor_that_goes_takes_its_timers_along(qtbot: QtBot, theme: Theme) -> None:
    made = SourceEditor()
    made.load("def f(): pass\n" * 5000, PYTHON)
    assert made._highlighter.busy
    QTextCursor(made.area.document()).insertText("'''")
    made.deleteLater()


async def test_keys_reach_the_text_or_the_page_as_they_should(qtbot: QtBot, theme: Theme) -> None:
    window, editor, played = QWidget(), SourceEditor(), list[str]()
    layout = QVBoxLayout(window)
    layout.addWidget(editor)
    keys = ("Space", "K", "Left", "Home", "?", "Ctrl+Z")
    page = [Action(f"page.{key}", key, partial(played.append, key), key) for key in keys]
    registry = ActionRegistry()
    registry.add(window, [*editor.actions(), *page])
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    editor.load("", PYTHON)
    editor.area.setFocus()
    QTest.keyClicks(editor.area, "a k?")
    QTest.keyClick(editor.area, Qt.Key.Key_Left)
    QTest.keyClicks(editor.area, "b")
    assert editor.text() == "a kb?"
    QTest.keyClick(editor.area, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.text() == "a k?"
    assert not played
    QTest.keyClick(editor.area, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert editor.text() == "# a k?"
    QTest.keyClick(editor.area, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert editor.find_bar.words.hasFocus()
    QTest.keyClicks(editor.find_bar.words, "k ")
    assert editor.find_bar.words.text() == "k "
    QTest.keyClick(editor.find_bar.words, Qt.Key.Key_Escape)
    editor.set_read_only(True)
    QTest.keyClick(editor.area, Qt.Key.Key_Space)
    assert played == ["Space"]
    window.close()


@pytest.mark.parametrize("read", [True, False])
async def test_edits_of_equal_length_count_and_new_looks_do_not(
    editor: SourceEditor, edits: list[bool], read: bool
) -> None:
    editor.load("def f(): 'a'\n" * 2000, PYTHON)
    for count, text in enumerate(("dxf", "dyf"), 1):
        editor.replace(text + editor.area.source[3:])
        assert len(edits) == count
    if read:
        assert editor.text().startswith("dyf")
    finish_colouring(editor)
    editor.set_text_size(20)
    editor.go_to_line(3)
    assert len(edits) == 2
    assert editor.text().startswith("dyf f")
