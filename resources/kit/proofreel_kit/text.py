"""Setting text: words measured once, then broken, scaled and placed on shared baselines.

A word is one Pango text (or one inline formula). Breaking and fitting happen on numbers, so that
finding the size at which a text fits its area costs nothing.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from manim import DL, ManimColor, Text, VGroup, VMobject

from proofreel_kit import fonts
from proofreel_kit.glyphs import lightened
from proofreel_kit.inline import Word, words_of
from proofreel_kit.look import Look
from proofreel_kit.maths import formula

BASE = 48.0
"""Points at which words are measured."""
EM = BASE / 72
"""Units of an em at that size."""
LEADING = 1.38
_SPACE = 0.27
"""Width of a space, in ems."""
_MATHS_SCALE = 1.35
"""Makes the letters of formulas as tall as those of the words beside them."""
_ORIGIN = 30.0
"""Where Manim's Pango begins a line, in its own pixels."""
_PIXEL = 0.05


@dataclass
class Piece:
    """A measured word: lengths in units at BASE points, relative to its start on the baseline."""

    mobject: VMobject
    start: float
    """Space before the ink."""
    advance: float
    rise: float
    drop: float
    """How far the ink reaches below the baseline."""
    spaced: bool


def set_text(  # noqa: PLR0913  each is a decision of the caller
    source: str,
    look: Look,
    *,
    size: float,
    width: float,
    height: float = float("inf"),
    colour: ManimColor | None = None,
    weight: str = "NORMAL",
    align: str = "left",
    balance: bool = False,
    role: str = "",
    row: int = 0,
) -> VGroup:
    """Return a text in lines no longer than ``width``, smaller than ``size`` where it must be.

    ``size`` is in points. ``balance`` makes the lines about equally long. The result is a group
    of lines, each a group of words; ``font_points`` is the size it came out at.
    """
    pieces = [_piece(word, look, colour or look.text, weight, row) for word in words_of(source)]
    scale = _fitting_scale(pieces, size / BASE, width, height)
    limit = width / scale
    lines = break_lines(pieces, limit)
    if balance and len(lines) > 1:
        lines = break_lines(pieces, _balanced(pieces, limit, len(lines)))
    group = _place(lines, scale, align)
    group.font_points = scale * BASE
    if role:
        group.role_name = role
    return group


def line_height(size: float) -> float:
    """Return the distance between baselines at a size in points, in units."""
    return size / 72 * LEADING


def smaller(size: float, height: float, room: float) -> float:
    """Return the size at which to try again what was too high for its room.

    Words that wrap take up height with the square of their size.
    """
    return size * min(0.97, max(0.5, (room / height) ** 0.5 * 1.01))


def baseline(word: VMobject) -> float:
    """Return the y of the line a word or formula stands on."""
    return float(word.get_bottom()[1] + getattr(word, "drop", 0.0) * word.height)


def first_baseline(text: VGroup) -> float:
    """Return the y of the first baseline of a set text."""
    return baseline(text[0][0]) if len(text) and len(text[0]) else float(text.get_bottom()[1])


def last_baseline(text: VGroup) -> float:
    """Return the y of the last baseline of a set text."""
    return baseline(text[-1][0]) if len(text) and len(text[-1]) else float(text.get_bottom()[1])


def break_lines(pieces: list[Piece], limit: float) -> list[list[Piece]]:
    """Break pieces into lines no longer than a limit; a longer piece has its own line."""
    lines: list[list[Piece]] = []
    used = 0.0
    for group in _glued(pieces):
        length = sum(piece.advance for piece in group)
        if lines and used + _gap(group[0]) + length <= limit:
            used += _gap(group[0]) + length
            lines[-1].extend(group)
        else:
            lines.append(list(group))
            used = length
    return lines


def _glued(pieces: list[Piece]) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and not piece.spaced:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _gap(piece: Piece) -> float:
    return _SPACE * EM if piece.spaced else 0.0


def _fitting_scale(pieces: list[Piece], wanted: float, width: float, height: float) -> float:
    """Return the largest scale up to the wanted one at which the lines fit."""
    scale = wanted
    for _ in range(40):
        lines = break_lines(pieces, width / scale)
        widest = max((_length(line) for line in lines), default=0.0) * scale
        tall = sum(_line_box(line)[0] + _line_box(line)[1] for line in lines) * scale
        if widest <= width + 1e-6 and tall <= height + 1e-6:
            return scale
        scale *= 0.94
    return scale


def _balanced(pieces: list[Piece], limit: float, count: int) -> float:
    """Return the shortest limit that needs no more lines."""
    low, high = limit / count * 0.8, limit
    for _ in range(12):
        middle = (low + high) / 2
        lines = break_lines(pieces, middle)
        fits = len(lines) <= count and max(_length(line) for line in lines) <= limit
        low, high = (low, middle) if fits else (middle, high)
    return high


def _length(line: list[Piece]) -> float:
    return sum(piece.advance for piece in line) + sum(_gap(piece) for piece in line[1:])


def _line_box(line: list[Piece]) -> tuple[float, float]:
    """Return how far a line reaches above and below its baseline, room to the next included."""
    above, below = 0.98 * EM, (LEADING - 0.98) * EM
    for piece in line:
        above, below = max(above, piece.rise + 0.12 * EM), max(below, piece.drop + 0.12 * EM)
    return above, below


def _place(lines: list[list[Piece]], scale: float, align: str) -> VGroup:
    widest = max((_length(line) for line in lines), default=0.0)
    group, y = VGroup(), 0.0
    for line in lines:
        above, below = _line_box(line)
        y -= above * scale
        free = (widest - _length(line)) * scale
        x = {"left": 0.0, "center": free / 2, "right": free}[align]
        group.add(_place_line(line, scale, x, y))
        y -= below * scale
    return group


def _place_line(line: list[Piece], scale: float, x: float, y: float) -> VGroup:
    row = VGroup()
    backwards = bool(line) and getattr(line[0].mobject, "backwards", False)
    for index, piece in enumerate(reversed(line) if backwards else line):
        x += _gap(piece) * scale if index else 0.0
        mobject = piece.mobject.scale(scale)
        corner = np.array([x + piece.start * scale, y - piece.drop * scale, 0.0])
        mobject.shift(corner - mobject.get_corner(DL))
        row.add(mobject)
        x += piece.advance * scale
    return row


def _piece(word: Word, look: Look, colour: ManimColor, weight: str, row: int) -> Piece:
    if word.style == "maths":
        mobject = formula(word.text, look, row=row, inline=True).set_color(colour)
        mobject.scale(_MATHS_SCALE)
        drop = mobject.drop * mobject.height
        return Piece(mobject, 0.0, mobject.width, mobject.height - drop, drop, word.spaced)
    heavy = "SEMIBOLD" if word.style == "bold" else weight
    family = fonts.mono() if word.style == "code" else fonts.sans()
    slant = "ITALIC" if word.style == "italic" else "NORMAL"
    start, advance, drop, glyphs = measured(word.text, family, heavy, slant)
    mobject = glyphs.copy().set_color(look.accent_colour if word.style == "code" else colour)
    return Piece(mobject, start, advance, mobject.height - drop, drop, word.spaced)


@cache
def measured(text: str, family: str, weight: str, slant: str) -> tuple[float, float, float, Text]:
    """Return start, advance, drop (units at BASE points) and the glyphs of a word."""
    glyphs = _glyphs(text, family, weight, slant)
    middle, half = glyphs.get_center(), np.array([glyphs.width, glyphs.height, 0.0]) / 2
    start = (float(middle[0]) - _ORIGIN) * _PIXEL - float(half[0])
    below = float(middle[1]) * _PIXEL + float(half[1])
    drop = below - _baseline(family, weight, slant) * _PIXEL
    glyphs.drop = drop / max(glyphs.height, 1e-6)
    glyphs.backwards = unicodedata.bidirectional(text[0]) in {"R", "AL"}
    return max(start, 0.0), max(start, 0.0) + glyphs.width + 0.03 * EM, drop, glyphs.center()


@cache
def _baseline(family: str, weight: str, slant: str) -> float:
    """Return where Pango puts the baseline of a font, in its own pixels from the top."""
    letter = _glyphs("H", family, weight, slant)
    return float(letter.get_center()[1]) + letter.height / 2 / _PIXEL


def _glyphs(text: str, family: str, weight: str, slant: str) -> Text:
    # Manim scales a text about its centre: the centre alone still tells where Pango put it.
    glyphs = Text(
        text,
        font=family,
        weight=weight,
        slant=slant,
        font_size=BASE,
        color="#ffffff",
        should_center=False,
        warn_missing_font=False,
    )
    return lightened(glyphs)
