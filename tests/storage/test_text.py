"""Whatever is typed becomes an expression the index understands."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.storage import text


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("", ""),
        ("   ", ""),
        ("*+-()", ""),
        ("chain rule", '"chain" "rule" *'),
        ("chain rule ", '"chain" "rule"'),
        ('"chain rule"', '"chain rule"'),
        ('"chain rule" proof', '"chain rule" "proof" *'),
        ('"unclosed quote', '"unclosed" "quote" *'),
        ("a AND b OR NOT c", '"a" "AND" "b" "OR" "NOT" "c" *'),
        ("NEAR(a b)", '"NEAR(a" "b)" *'),
        ("title:x", '"title:x" *'),
    ],
)
def test_words_and_phrases_are_quoted(typed: str, expression: str) -> None:
    assert text.match_expression(typed) == expression


@given(st.text(st.characters(codec=None), max_size=60))
def test_nothing_that_can_be_typed_is_a_syntax_error(typed: str) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (a)")
        connection.execute("INSERT INTO t VALUES (?)", (text.indexable(typed),))
        expression = text.match_expression(typed)
        if expression:
            connection.execute("SELECT * FROM t WHERE t MATCH ?", (expression,)).fetchall()
    connection.close()


def test_more_words_than_help_are_left_out() -> None:
    assert len(text.terms("word " * 1_000)) == text.MAX_WORDS


def test_a_text_cannot_pretend_to_be_a_facet() -> None:
    assert text.indexable(f"{text.MARK}trashed\0\ud800") == " trashed "


@pytest.mark.parametrize(
    ("body", "wanted", "shown"),
    [
        ("the chain rule", ("chain",), "the «chain» rule"),
        ("the Chain\nrule", ("CHAIN",), "the «Chain» rule"),
        ("derivative", ("deriv",), "«deriv»ative"),
        ("unchained", ("chain",), ""),
        ("nothing here", ("chain",), ""),
        ("a (b) c", ("(b)",), ""),
        ("", ("chain",), ""),
        ("text", (), ""),
    ],
)
def test_a_snippet_marks_the_first_place(body: str, wanted: tuple[str, ...], shown: str) -> None:
    assert text.snippet(body, wanted) == shown


def test_a_snippet_is_short_and_says_where_it_was_cut() -> None:
    shown = text.snippet("lead " * 100 + "chain" + " tail" * 100, ("chain",))
    assert "«chain»" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 100
