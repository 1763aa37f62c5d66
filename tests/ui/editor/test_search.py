import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.ui.editor import search
from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.theme import Theme
from tests.ui.editor.conftest import PYTHON, STORYBOARD, until

TEXT = "one two\nOne three\none\n"


@pytest.fixture
def opened(editor: SourceEditor) -> SourceEditor:
    editor.load(TEXT, STORYBOARD)
    editor.open_replace()
    QTest.keyClicks(editor.find_bar.words, "one")
    return editor


def chosen(editor: SourceEditor) -> tuple[int, str]:
    cursor = editor.area.textCursor()
    return cursor.selectionStart(), cursor.selectedText()


async def test_typing_goes_to_the_first_match_and_counts(opened: SourceEditor) -> None:
    assert chosen(opened) == (0, "one")
    assert opened.find_bar.count.text() == "1 of 3"
    QTest.keyClick(opened.find_bar.words, Qt.Key.Key_Return)
    assert chosen(opened) == (8, "One")
    assert opened.find_bar.count.text() == "2 of 3"
    QTest.keyClick(opened.find_bar.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    opened.find_next(-1)
    assert opened.find_bar.count.text() == "3 of 3"  # around the beginning
    opened.find_next(1)
    assert opened.find_bar.count.text() == "1 of 3"  # and around the end


async def test_options_narrow_what_is_found(opened: SourceEditor) -> None:
    opened.find_bar.case.click()
    assert opened.find_bar.count.text() == "1 of 2"
    opened.find_bar.words.setText("tw")
    assert opened.find_bar.count.text() == "1 of 1"
    opened.find_bar.whole.click()
    assert opened.find_bar.count.text() == "Nothing found"
    assert not opened.find_bar.next.isEnabled()
    opened.find_bar.words.clear()
    assert opened.find_bar.count.text() == ""


async def test_an_unreadable_pattern_is_explained_until_it_is_mended(opened: SourceEditor) -> None:
    opened.find_bar.regex.click()
    opened.find_bar.words.setText("o(n")
    assert "cannot be read" in opened.find_bar.count.text()
    assert opened.find_bar.count.property("role") == "danger"
    assert not opened.find_bar.replace_every.isEnabled()
    opened.area.moveCursor(opened.area.textCursor().MoveOperation.Down)
    assert "cannot be read" in opened.find_bar.count.text()
    opened.find_bar.words.setText("o(n)")
    assert opened.find_bar.count.text().endswith("of 3")
    assert opened.find_bar.count.property("role") == "caption"
    opened.find_bar.words.setText("zzz")
    assert opened.find_bar.count.text() == "Nothing found"


async def test_replacing_goes_from_match_to_match(opened: SourceEditor) -> None:
    QTest.keyClicks(opened.find_bar.by, "1")
    QTest.keyClick(opened.find_bar.by, Qt.Key.Key_Return)
    assert opened.text() == "1 two\nOne three\none\n"
    assert chosen(opened)[1] == "One"
    opened.find_bar.replace_one.click()
    opened.find_bar.replace_one.click()
    assert opened.text() == "1 two\n1 three\n1\n"
    assert opened.find_bar.count.text() == "Nothing found"


async def test_replacing_a_match_by_itself_does_not_stay_there(opened: SourceEditor) -> None:
    opened.find_bar.by.setText("one")
    opened.find_bar.replace_one.click()
    assert chosen(opened)[0] == 8


async def test_replacing_all_is_one_step_back(opened: SourceEditor) -> None:
    seen: list[bool] = []
    opened.edited.connect(lambda: seen.append(True))
    opened.find_bar.by.setText("x")
    opened.find_bar.replace_every.click()
    assert opened.text() == "x two\nx three\nx\n"
    assert seen == [True]
    opened.area.undo()
    assert opened.text() == TEXT


async def test_more_matches_than_are_counted_are_all_replaced(
    opened: SourceEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST", 2)
    opened.find_bar.words.setText("o")
    assert opened.find_bar.count.text() == "1 of 2+"
    opened.find_bar.by.setText("0")
    opened.find_bar.replace_every.click()
    assert opened.text() == "0ne tw0\n0ne three\n0ne\n"


async def test_tab_goes_from_field_to_field_and_over_the_buttons(opened: SourceEditor) -> None:
    bar = opened.find_bar
    visited: list[QWidget | None] = []
    widget: QWidget | None = bar.words
    for _ in range(9):
        widget = widget.nextInFocusChain() if widget else None
        visited.append(widget)
    assert visited[0] is bar.by
    assert visited[3:] == [bar.case, bar.whole, bar.regex, bar.previous, bar.next, bar.close_button]


async def test_what_is_typed_is_counted_soon(opened: SourceEditor) -> None:
    opened.area.setFocus()
    opened.area.moveCursor(opened.area.textCursor().MoveOperation.End)
    QTest.keyClicks(opened.area, "one one ")
    await until(lambda: opened.find_bar.count.text() == "5 matches")


async def test_a_step_right_after_typing_uses_the_new_text(opened: SourceEditor) -> None:
    opened.area.moveCursor(opened.area.textCursor().MoveOperation.Start)
    QTest.keyClicks(opened.area, "xx ")
    opened.find_next(1)
    assert chosen(opened) == (3, "one")


async def test_escape_closes_and_gives_the_keyboard_back(opened: SourceEditor) -> None:
    QTest.keyClick(opened.find_bar.words, Qt.Key.Key_Escape)
    assert opened.find_bar.isHidden()
    assert opened.focusWidget() is opened.area
    opened.open_find()
    assert opened.find_bar.words.selectedText() == "one"
    opened.area.setFocus()
    QTest.keyClick(opened.area, Qt.Key.Key_Escape)
    assert opened.find_bar.isHidden()
    opened.find_next(1)  # goes on without the bar
    assert chosen(opened) == (8, "One")


async def test_finding_next_without_words_asks_for_them(editor: SourceEditor) -> None:
    editor.load(TEXT, PYTHON)
    editor.find_next(1)
    assert editor.find_bar.isVisible()


async def test_the_selected_word_is_looked_for(editor: SourceEditor) -> None:
    editor.load(TEXT, STORYBOARD)
    editor.area.setTextCursor(editor.area.cursor_at(1, 5))
    for _ in range(3):
        QTest.keyClick(editor.area, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    editor.open_find()
    assert editor.find_bar.words.text() == "two"
    assert editor.find_bar.count.text() == "1 of 1"


async def test_a_text_that_is_only_read_offers_no_replacing(opened: SourceEditor) -> None:
    opened.set_read_only(True)
    assert not opened.find_bar.replace_one.isEnabled()
    assert not opened.find_bar.by.isEnabled()
    opened.search._replace_all()
    opened.search._replace()
    assert opened.text() == TEXT
    opened.set_read_only(False)
    assert opened.find_bar.replace_one.isEnabled()


async def test_another_text_is_searched_anew(opened: SourceEditor) -> None:
    opened.load("one\n", PYTHON)
    assert opened.find_bar.count.text() in {"1 match", "1 of 1"}
    opened.search.close()
    opened.load("\n\none", PYTHON)
    opened.find_next(1)
    assert chosen(opened) == (2, "one")


async def test_matches_are_lit_only_where_they_are_seen(editor: SourceEditor, theme: Theme) -> None:
    editor.load("word word\n" * 3000, PYTHON)
    editor.open_find()
    editor.find_bar.words.setText("word")
    assert editor.find_bar.count.text() == "1 of 6000"
    lit = editor.area.extraSelections()
    assert 20 < len(lit) < 300
    editor.area.verticalScrollBar().setValue(1500)
    first = min(mark.cursor.blockNumber() for mark in editor.area.extraSelections())
    assert 1400 < first <= 1500
    editor.search.close()
    assert not editor.area.extraSelections()


async def test_every_control_of_the_bar_has_a_name(opened: SourceEditor) -> None:
    bar = opened.find_bar
    for control in (bar.words, bar.by, bar.case, bar.whole, bar.regex, bar.previous, bar.next):
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
