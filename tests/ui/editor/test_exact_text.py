import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QPlainTextDocumentLayout

from desktop.ui.editor.exact_text import (
    Disguise,
    column,
    place,
    raw_text,
    rewrite,
    smallest_change,
    units,
    with_plain_ends,
)

NASTY = "a\u00a0b\u2028c\u2029d\ufdd0\ufdd1\ufdd2\ufffc\0\x0b\x0c\x1c\x85\ufeff😀e\u0301\t \n\n"
texts = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(NASTY)))


def document(text: str = "") -> QTextDocument:
    made = QTextDocument()
    made.setDocumentLayout(QPlainTextDocumentLayout(made))
    made.setPlainText(text)
    return made


@given(texts)
def test_any_text_comes_out_of_a_document_as_it_went_in(qapp: QApplication, text: str) -> None:
    text = with_plain_ends(text)
    disguise = Disguise(text)
    assert disguise.take_off(raw_text(document(disguise.put_on(text)))) == text


@pytest.mark.parametrize("text", ["", "\n", "a", "a\n", "\n\na\n\n", NASTY, NASTY * 2])
def test_the_end_of_a_text_stays_as_it_is(qapp: QApplication, text: str) -> None:
    disguise = Disguise(text)
    assert disguise.take_off(raw_text(document(disguise.put_on(text)))) == text


def test_line_ends_become_line_feeds() -> None:
    assert with_plain_ends("a\r\nb\rc\n\r") == "a\nb\nc\n\n"


@given(texts, texts)
def test_the_smallest_change_leads_from_one_text_to_the_other(old: str, new: str) -> None:
    change = smallest_change(old, new)
    encoded = old.encode("utf-16-le")
    made = encoded[: 2 * change.start] + change.text.encode("utf-16-le") + encoded[2 * change.end :]
    assert made.decode("utf-16-le") == new


def test_the_smallest_change_touches_no_more_than_it_must() -> None:
    change = smallest_change("one two three", "one 2 three")
    assert (change.start, change.end, change.text) == (4, 7, "2")
    repeated = smallest_change("aaa", "aaaa")
    assert repeated.end - repeated.start == 0
    assert repeated.text == "a"
    assert smallest_change("😀x", "😀y").start == 2


@given(texts, texts)
def test_rewriting_is_one_step_that_can_be_undone(qapp: QApplication, old: str, new: str) -> None:
    disguise = Disguise(old + new)
    old, new = (disguise.put_on(with_plain_ends(text)) for text in (old, new))
    made = document(old)
    changed = rewrite(made, new)
    assert raw_text(made) == new
    assert (changed is None) == (old == new)
    made.undo()
    assert raw_text(made) == old
    assert not made.isUndoAvailable()


def test_places_count_characters_and_qt_counts_units(qapp: QApplication) -> None:
    made = document("x\n😀b c")
    block = made.findBlockByNumber(1)
    assert units("😀b") == 3
    assert place(block, 2) == block.position() + 2
    assert place(block, 99) == made.characterCount() - 1
    cursor = QTextCursor(made)
    cursor.setPosition(place(block, 3))
    assert column(cursor) == 3
