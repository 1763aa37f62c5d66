import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.editor.searching import (
    InvalidPattern,
    Query,
    find_all,
    following,
    preceding,
    replace_all,
    replacement,
)


def places(text: str, query: Query) -> list[tuple[int, int]]:
    return [(match.start, match.end) for match in find_all(text, query)]


def test_plain_words_are_found_whatever_their_case_unless_asked() -> None:
    assert places("Aa a.a", Query("a")) == [(0, 1), (1, 2), (3, 4), (5, 6)]
    assert places("Aa a.a", Query("a", case=True)) == [(1, 2), (3, 4), (5, 6)]
    assert places("a.c abc", Query("a.c")) == [(0, 3)]
    assert places("a.c abc", Query("a.c", regex=True)) == [(0, 3), (4, 7)]


def test_whole_words_have_no_letters_beside_them() -> None:
    assert places("so also so_ so.", Query("so", whole_word=True)) == [(0, 2), (12, 14)]
    assert places("née né", Query("né", whole_word=True)) == [(4, 6)]
    assert places("a|b ab", Query("a|b", whole_word=True, regex=True)) == [(0, 1), (2, 3)]


def test_lines_have_beginnings_and_ends() -> None:
    assert places("a\nab\n", Query("^a", regex=True)) == [(0, 1), (2, 3)]
    assert places("a\nab", Query("$", regex=True)) == []  # nothing to select


def test_nothing_is_found_without_words() -> None:
    assert find_all("abc", Query("")) == []


@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "(?P<", "a{2,1}", "\\"])
def test_a_pattern_that_cannot_be_read_says_why(pattern: str) -> None:
    with pytest.raises(InvalidPattern, match=r"\w.+\(character \d+\)"):
        find_all("abc", Query(pattern, regex=True))


def test_a_hopeless_pattern_gives_up_instead_of_hanging() -> None:
    began = time.monotonic()
    find_all("a" * 40 + "b", Query(r"(a+)+$(?<=c)", regex=True))
    assert time.monotonic() - began < 20


def test_groups_come_back_in_the_replacement() -> None:
    query = Query(r"(\w+)=(\w+)?", regex=True)
    first, second = find_all("a=1 b=", query)
    assert replacement(first, query, r"\2:\1 \0 \9\n\t\\") == "1:a a=1 \n\t\\"
    assert replacement(second, query, r"\2|\1") == "|b"
    assert replacement(first, Query("a"), r"\1\n") == r"\1\n"


text_strategy = st.text(st.sampled_from("ab é😀\n"), max_size=30)


@given(text_strategy, text_strategy.filter(bool), text_strategy)
def test_replacing_all_is_what_python_does(text: str, words: str, by: str) -> None:
    query = Query(words, case=True)
    assert replace_all(text, find_all(text, query), query, by) == text.replace(words, by)
    pattern = Query(re.escape(words), case=True, regex=True)
    assert replace_all(text, find_all(text, pattern), pattern, by) == text.replace(words, by)


def test_going_on_wraps_around_the_ends() -> None:
    matches = find_all("a.a.a", Query("a"))
    assert [following(matches, place) for place in (0, 1, 4, 5)] == [0, 1, 2, 0]
    assert [preceding(matches, place) for place in (0, 1, 4, 5)] == [2, 0, 1, 2]
    assert following([], 0) is preceding([], 0) is None
