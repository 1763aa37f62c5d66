"""Colours of text: one set for each scheme of the window, readable on the editor's grounds.

The tokens have colours for areas and states; words of a language need more of them, and nobody
but the editor uses these.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QFont, QTextCharFormat

from desktop.ui.tokens import DARK, LIGHT, Tokens, tokens


class Role(StrEnum):
    """What a word is; the value names its colour in ``Syntax``."""

    PLAIN = "plain"
    KEYWORD = "keyword"
    NAME = "name"
    BUILTIN = "builtin"
    DECORATOR = "decorator"
    STRING = "string"
    NUMBER = "number"
    COMMENT = "comment"
    MARK = "mark"
    HEADING = "heading"
    ATTRIBUTE = "attribute"
    NARRATION = "narration"
    MATHS = "maths"
    STRONG = "strong"
    EMPHASIS = "emphasis"


@dataclass(frozen=True, slots=True)
class Syntax:
    """The colours of one scheme, as ``#rrggbb``."""

    plain: str
    keyword: str
    name: str
    """Functions and classes where they are defined."""
    builtin: str
    decorator: str
    string: str
    number: str
    comment: str
    mark: str
    """Signs that structure the text: quotes, bullets, fences, operators."""
    heading: str
    attribute: str
    narration: str
    maths: str
    ground: str
    band: str
    """Behind the line of the cursor."""
    landing: str
    """Behind a line that was just jumped to."""
    match: str
    """Behind a found text; ``plain`` is readable on it."""
    bracket: str
    """Behind the bracket at the cursor and its partner."""

    @property
    def strong(self) -> str:
        """Bold prose keeps the colour of text."""
        return self.plain

    @property
    def emphasis(self) -> str:
        """Slanted prose keeps the colour of text."""
        return self.plain


DARK_SYNTAX = Syntax(
    plain=DARK.text,
    keyword="#c79bf2",
    name="#7db4ff",
    builtin="#6fd0c8",
    decorator="#e2b86b",
    string="#a3d49a",
    number="#f0a878",
    comment="#939bab",
    mark="#a2a8b5",
    heading=DARK.accent_text,
    attribute="#6fd0c8",
    narration="#e6d3a8",
    maths="#f0a6c4",
    ground=DARK.surface,
    band=DARK.raised,
    landing=DARK.selected,
    match="#4a4120",
    bracket=DARK.outline,
)

LIGHT_SYNTAX = Syntax(
    plain=LIGHT.text,
    keyword="#7c2fb8",
    name="#1d5cb8",
    builtin="#0b6b6b",
    decorator="#845400",
    string="#2b6a2d",
    number="#a0430a",
    comment="#5f6675",
    mark="#596070",
    heading=LIGHT.accent_text,
    attribute="#0b6b6b",
    narration="#6b4c0c",
    maths="#a3246a",
    ground=LIGHT.surface,
    band=LIGHT.hover,
    landing=LIGHT.selected,
    match="#fbecae",
    bracket=LIGHT.outline,
)

_BOLD = {Role.HEADING, Role.STRONG}
_ITALIC = {Role.EMPHASIS, Role.COMMENT}


def syntax(scheme: Tokens | None = None) -> Syntax:
    """Return the colours that go with the scheme in force, or with ``scheme``."""
    return DARK_SYNTAX if (scheme or tokens()).dark else LIGHT_SYNTAX


def formats() -> Mapping[Role, QTextCharFormat]:
    """Return how each role looks in the scheme in force."""
    return _formats(syntax())


@functools.cache
def _formats(colors: Syntax) -> Mapping[Role, QTextCharFormat]:
    return {role: _format(colors, role) for role in Role}


def _format(colors: Syntax, role: Role) -> QTextCharFormat:
    result = QTextCharFormat()
    result.setForeground(QColor(getattr(colors, role.value)))
    if role in _BOLD:
        result.setFontWeight(QFont.Weight.Bold)
    result.setFontItalic(role in _ITALIC)
    return result
