"""Matching what is typed against names, as command palettes do."""

import itertools
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """How well a query fits a text, and where."""

    score: float
    """Higher is better."""
    places: tuple[int, ...]
    """Indexes of the matched characters."""


def match(query: str, text: str) -> Match | None:
    """Match the letters of ``query`` in order; None when they are not all there.

    Whole words and beginnings of words count more than letters in the middle, runs more than
    scattered letters, short texts more than long ones.
    """
    target = text.casefold() if len(text.casefold()) == len(text) else text.lower()
    whole = _whole(query.casefold().strip(), text, target)
    if whole is not None:
        return whole
    letters = query.casefold().replace(" ", "")
    found = _scattered(letters, text, target, words=True) or _scattered(
        letters, text, target, words=False
    )
    if found is None:
        return None
    runs = sum(after == before + 1 for before, after in itertools.pairwise(found))
    starts = sum(_at_word(text, place) for place in found)
    return Match(6.0 * starts + 3.0 * runs - len(text) / 100, found)


def _whole(query: str, text: str, target: str) -> Match | None:
    """Match ``query`` as it stands, at the beginning of a word."""
    starts = [found.start() for found in re.finditer(re.escape(query), target)] if query else []
    start = next((place for place in starts if _at_word(text, place)), None)
    if start is None:
        return None
    first = 10 if start == 0 else 0
    return Match(100.0 + first - len(text) / 100, tuple(range(start, start + len(query))))


def _at_word(text: str, index: int) -> bool:
    return index == 0 or not text[index - 1].isalnum()


def _scattered(letters: str, text: str, target: str, *, words: bool) -> tuple[int, ...] | None:
    """Find each letter in turn; ``words`` prefers beginnings of words to the next place.

    That may overshoot ("at" in "a bat, the"), so the caller tries again without.
    """
    places: list[int] = []
    begin = 0
    for letter in letters:
        following = [i for i in range(begin, len(target)) if target[i] == letter]
        if not following:
            return None
        place = following[0]
        in_run = bool(places) and place == places[-1] + 1
        if words and not in_run:
            place = next((i for i in following if _at_word(text, i)), place)
        places.append(place)
        begin = place + 1
    return tuple(places)
