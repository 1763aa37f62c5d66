"""Formulas and derivations."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from manim import (
    DOWN,
    RIGHT,
    UP,
    FadeIn,
    Mobject,
    TransformMatchingShapes,
    VGroup,
    VMobject,
    Write,
)

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.maths import formula

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\\begin|\\end|\\.|[()\[\]{}&]')
ALONE = 1.15
"""A formula that stands by itself is this much larger than the rows of a derivation."""


class Equation(Block):
    """One formula, written by an invisible hand."""

    def __init__(self, source: str) -> None:
        self.source = source

    @property
    def seconds(self) -> float:
        return 4.0

    def build(self, room: Area, look: Look) -> VMobject:
        mobject = formula(self.source, look)
        mobject.scale(look.size("maths") * ALONE / 48)
        mobject.role_name = "Formula"
        return fit(mobject, room.width, room.height)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        glyphs = len(mobject.family_members_with_points())
        scene.play(Write(mobject), run_time=min(2.4, 0.9 + 0.05 * glyphs))


class Derivation(Block):
    """Rows that follow from one another, aligned at ``&``."""

    def __init__(self, rows: tuple[str, ...]) -> None:
        self.rows = [row for row in rows if row.strip()]
        if not self.rows:
            raise BlockError("The derivation is empty. Write a formula on each of its rows.")

    @property
    def seconds(self) -> float:
        return 2.0 + 2.0 * len(self.rows)

    def build(self, room: Area, look: Look) -> VGroup:
        group, y = VGroup(), 0.0
        scale = look.size("maths") / 48
        for index, source in enumerate(self.rows):
            sides = [
                formula(side, look, row=index) if side else VMobject() for side in _sides(source)
            ]
            row = VGroup(*sides).scale(scale)
            y = _align_row(row, y, scale, first=not index)
            row.role_name = f"Row {index + 1}"
            group.add(row)
        return fit(group, room.width, room.height)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        dimmed = scene.look.muted
        scene.play(Write(mobject[0]), run_time=1.3)
        for before, row in pairwise(mobject):
            scene.pause(0.5)
            source = before[-1].copy()
            scene.play(
                before.animate.set_color(dimmed),
                *([FadeIn(row[0])] if row[0].has_points() or len(row[0]) else []),
                TransformMatchingShapes(source, row[-1]),
                run_time=1.2,
            )
            scene.remove(source)
            scene.add(row)


def _sides(source: str) -> tuple[str, str]:
    """Split a row where it is aligned; one without a mark is all on the right."""
    marks = _marks(source)
    if not marks:
        return "", source.strip()
    ends = [*marks[1:], len(source)]
    right = " ".join(source[mark + 1 : end] for mark, end in zip(marks, ends, strict=True))
    return source[: marks[0]].strip(), right.strip()


def _marks(source: str) -> list[int]:
    """Return where a row is aligned: at each ``&`` that is not inside cases or a matrix."""
    marks, depth = [], 0
    for piece in _PIECE.finditer(source):
        if piece[0] in {"(", "[", "{", r"\begin"}:
            depth += 1
        elif piece[0] in {")", "]", "}", r"\end"}:
            depth = max(0, depth - 1)
        elif piece[0] == "&" and not depth:
            marks.append(piece.start())
    return marks


def _align_row(row: VGroup, y: float, scale: float, *, first: bool) -> float:
    """Put a row's sides left and right of the alignment, below ``y``; returns its lower edge.

    Rows without tall parts stand at equal distances, whatever their exponents reach up to.
    """
    gap, high, low = 0.1 * scale, 0.0 if first else 0.5 * scale, 0.16 * scale
    for side, sign in zip(row, (-1, 1), strict=True):
        if not len(side.family_members_with_points()):
            continue
        below = side.drop * side.height
        high, low = max(high, side.height - below), max(low, below)
        side.shift(-side.get_bottom() + below * DOWN)
        edge = side.get_right() if sign < 0 else side.get_left()
        side.shift((gap * sign - float(edge[0])) * RIGHT)
    row.shift((y - high) * UP)
    return y - high - low - 0.3 * scale
