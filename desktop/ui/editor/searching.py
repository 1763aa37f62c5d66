"""Finding in a text, and what stands in its place afterwards.

Qt's own expressions search: they give up on hopeless patterns instead of hanging, and count
places as documents do.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression, QRegularExpressionMatch

from desktop.ui.editor.exact_text import units

MOST = 20_000
"""Matches that are counted and stepped through while typing; replacing knows no such end."""

_ESCAPE = re.compile(r"\\(\d|[nt\\])")


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for, and how."""

    text: str
    case: bool = False
    whole_word: bool = False
    regex: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One place, in UTF-16 units, and the groups of a regular expression (0 is all of it)."""

    start: int
    end: int
    groups: tuple[str, ...] = ()


class InvalidPattern(ValueError):
    """A regular expression cannot be read; the message says where and why."""


def find_all(text: str, query: Query, most: int | None = None) -> list[Match]:
    """Return the places of a query, in order, up to ``most``; raises ``InvalidPattern``."""
    if not query.text:
        return []
    found = expression(query).globalMatch(text)
    matches: list[Match] = []
    while found.hasNext() and (most is None or len(matches) < most):
        one = found.next()
        if one.capturedLength():
            groups = _groups(one) if query.regex else ()
            matches.append(Match(one.capturedStart(), one.capturedEnd(), groups))
    return matches


def _groups(one: QRegularExpressionMatch) -> tuple[str, ...]:
    return tuple(one.captured(number) for number in range(one.lastCapturedIndex() + 1))


def expression(query: Query) -> QRegularExpression:
    """Return the expression of a query; raises ``InvalidPattern``."""
    pattern = query.text if query.regex else QRegularExpression.escape(query.text)
    if query.whole_word:
        pattern = rf"(?<!\w)(?:{pattern})(?!\w)"
    option = QRegularExpression.PatternOption
    made = QRegularExpression(query.text)
    if query.regex and not made.isValid():
        raise InvalidPattern(f"{made.errorString()} (character {made.patternErrorOffset()}).")
    options = option.MultilineOption | option.UseUnicodePropertiesOption
    if not query.case:
        options |= option.CaseInsensitiveOption
    return QRegularExpression(pattern, options)


def replacement(match: Match, query: Query, text: str) -> str:
    r"""Return what replaces a match: ``\1`` and ``\n`` mean something in regular expressions."""
    if not query.regex:
        return text

    def meant(escape: re.Match[str]) -> str:
        sign = escape[1]
        if sign.isdigit():
            return match.groups[int(sign)] if int(sign) < len(match.groups) else ""
        return {"n": "\n", "t": "\t", "\\": "\\"}[sign]

    return _ESCAPE.sub(meant, text)


def replace_all(text: str, matches: Sequence[Match], query: Query, by: str) -> str:
    """Return ``text`` with every match replaced."""
    wide = units(text) != len(text)
    encoded = text.encode("utf-16-le", "surrogatepass") if wide else b""
    parts, at = [], 0

    def piece(start: int, end: int) -> str:
        if not wide:
            return text[start:end]
        return encoded[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")

    for match in matches:
        parts += [piece(at, match.start), replacement(match, query, by)]
        at = match.end
    return "".join([*parts, piece(at, units(text))])


def following(matches: Sequence[Match], position: int) -> int | None:
    """Return the index of the first match that begins at a position or after it, or the first."""
    if not matches:
        return None
    return bisect_left(matches, position, key=lambda match: match.start) % len(matches)


def preceding(matches: Sequence[Match], position: int) -> int | None:
    """Return the index of the last match that begins before a position, or the last."""
    if not matches:
        return None
    return (bisect_left(matches, position, key=lambda match: match.start) - 1) % len(matches)
