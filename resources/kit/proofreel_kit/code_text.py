"""Lines of code in colours, letter by letter on a grid.

Manim's own Code sets all lines as one text, which fails when a font joins signs such as ``<=``
into one glyph, and cuts off what is longer than its canvas.
"""

import re
from itertools import groupby

import numpy as np
from manim import DL, ManimColor, VGroup
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token
from pygments.util import ClassNotFound

from proofreel_kit.errors import BlockError
from proofreel_kit.fonts import mono
from proofreel_kit.look import Look
from proofreel_kit.text import BASE, measured

ADVANCE = 0.6
"""Width of a letter of the monospaced font, in ems."""

Colours = list[ManimColor]


def colours_of(lines: list[str], language: str, look: Look) -> list[Colours]:
    """Return the colour of every letter of every line."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        raise BlockError(f"There is no language “{language}”. Write python, for example.") from None
    rows: list[Colours] = [[]]
    for kind, text in lexer.get_tokens("\n".join(lines)):
        colour = _colour(kind, look)
        for number, part in enumerate(text.split("\n")):
            if number:
                rows.append([])
            rows[-1].extend([colour] * len(part))
    shown = [*rows, *([] for _ in lines)][: len(lines)]
    return [
        (row + [look.text] * len(line))[: len(line)] for row, line in zip(shown, lines, strict=True)
    ]


def set_code(line: str, colours: Colours, size: float) -> VGroup:
    """Return a line with the start of its baseline at the origin; ``size`` is in points."""
    row, column, edge = VGroup(), ADVANCE * size / 72, 0.0
    scale = size / BASE
    for match in re.finditer(r"\S+", line):
        at = match.start()
        for colour, letters in groupby(range(at, match.end()), lambda index: colours[index]):
            places = list(letters)
            word = line[places[0] : places[-1] + 1]
            start, advance, drop, glyphs = measured(word, mono(), "NORMAL", "NORMAL")
            x = max(places[0] * column, edge)
            shown = glyphs.copy().set_color(colour).scale(scale)
            corner = np.array([x + start * scale, -drop * scale, 0.0])
            row.add(shown.shift(corner - shown.get_corner(DL)))
            edge = x + advance * scale * 0.9
    return row


def _colour(kind: object, look: Look) -> ManimColor:
    accent, second, third, fourth, fifth = look.companions
    for family, colour in (
        (Comment, look.muted),
        (String, third),
        (Number, second),
        (Operator.Word, accent),
        (Keyword, accent),
        (Name.Function, fifth),
        (Name.Class, fifth),
        (Name.Decorator, fourth),
        (Name.Tag, accent),
    ):
        if kind in family:
            return colour
    return look.muted if kind in Token.Punctuation else look.text
