"""Code, read in the order in which it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from manim import (
    DL,
    UP,
    FadeIn,
    LaggedStart,
    Mobject,
    Rectangle,
    RoundedRectangle,
    VGroup,
)

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block
from proofreel_kit.code_text import ADVANCE, colours_of, set_code
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

_DIM = 0.35
LEADING = 1.55
LEAST = 19.0
"""Points below which long lines are rather broken."""
MOST_COLUMNS = 30
"""Columns that always have room on one line at the smallest size."""
_PAD = 0.42


class Listing(Block):
    """Lines of code; ``hl`` such as ``1;2-3`` lights up lines one step after the other."""

    def __init__(self, lines: tuple[str, ...], language: str, hl: str) -> None:
        kept = [line.expandtabs(4).rstrip() for line in lines]
        if not any(kept):
            raise BlockError("The code is empty. Write at least one line.")
        self.lines = kept
        self.language = language
        self.steps = [_numbers(step, len(lines)) for step in hl.split(";") if step.strip()]

    @property
    def seconds(self) -> float:
        return 2.0 + 0.8 * len(self.lines)

    def build(self, room: Area, look: Look) -> VGroup:
        """Return panel, bar of the current line, and rows of number and text."""
        gutter = len(str(len(self.lines))) + 2
        size, columns = self._size(room, look, gutter)
        colours = colours_of(self.lines, self.language, look)
        em, pitch = size / 72, size / 72 * LEADING
        rows, y = VGroup(), 0.0
        for index, (line, tints) in enumerate(zip(self.lines, colours, strict=True)):
            number = set_text(
                f"{index + 1}", look, size=size * 0.85, width=2, colour=look.muted,
            ).set_opacity(0.8)  # fmt: skip
            edge = (gutter - 2) * ADVANCE * em - number.width - 0.02
            number.shift(np.array([edge, y, 0.0]) - number.get_corner(DL))
            words = VGroup()
            for start, end, indent in _broken(line, columns):
                part = set_code(line[start:end], tints[start:end], size)
                words.add(part.shift([(gutter + indent) * ADVANCE * em, y, 0.0]))
                y -= pitch
            row = VGroup(number, words)
            row.role_name = f"Code line {index + 1}"
            rows.add(row)
        panel = self._panel(rows, look, em)
        return fit(VGroup(panel, rows), room.width, room.height)

    def _size(self, room: Area, look: Look, gutter: int) -> tuple[float, int]:
        """Return the size in points, and the columns after which lines are broken."""
        longest = max(len(line) for line in self.lines)
        width = (room.width - 2 * _PAD) * 72 / ADVANCE
        tall = (room.height - 2 * _PAD) / len(self.lines) * 72 / LEADING
        wide = min(look.size("code") * 1.2, width / (longest + gutter))
        if wide >= min(LEAST, tall) or longest <= MOST_COLUMNS:
            return min(wide, tall), longest
        columns = max(MOST_COLUMNS, int(width / LEAST) - gutter)
        return min(LEAST, width / (columns + gutter)), columns

    def _panel(self, rows: VGroup, look: Look, em: float) -> VGroup:
        width, height = rows.width + 2 * _PAD, rows.height + 2 * _PAD
        back = RoundedRectangle(corner_radius=0.14, width=width, height=height)
        back.set_fill(look.surface, 1).set_stroke(look.line, 1.5).move_to(rows)
        bar = Rectangle(width=width - 0.04, height=em * LEADING).set_stroke(width=0)
        bar.set_fill(look.accent_colour, 0).move_to(back)
        return VGroup(back, bar)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        (back, bar), rows = mobject
        scene.play(FadeIn(back), run_time=0.4)
        scene.play(
            LaggedStart(*(FadeIn(row, shift=0.08 * UP) for row in rows), lag_ratio=0.25),
            run_time=min(2.0, 0.5 + 0.15 * len(rows)),
        )
        for step in self.steps:
            scene.pause(0.6)
            scene.play(*self._light(bar, rows, step), run_time=0.5)
            scene.pause(0.7)
        if self.steps:
            scene.play(
                bar.animate.set_fill(opacity=0),
                *(row.animate.set_opacity(1.0) for row in rows),
                run_time=0.5,
            )

    def _light(self, bar: Mobject, rows: VGroup, step: set[int]) -> list[object]:
        """Return the animations that move the light to the lines of a step."""
        lit = VGroup(*(rows[number] for number in sorted(step)))
        target = bar.copy().set_fill(opacity=0.16)
        target.stretch_to_fit_height(lit.height + 0.16).set_y(float(lit.get_center()[1]))
        if not bar.get_fill_opacity():
            bar.become(target.copy().set_fill(opacity=0))
        dimming = (
            row.animate.set_opacity(1.0 if number in step else _DIM)
            for number, row in enumerate(rows)
        )
        return [bar.animate.become(target), *dimming]


def _broken(line: str, columns: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and extra indent of the parts of a line, broken at spaces if it can be."""
    first = len(line) - len(line.lstrip())
    deeper = min(first + 4, max(first, columns // 2))
    start, indent = 0, 0
    while start + columns - indent < len(line):
        most = start + columns - indent
        cut = line.rfind(" ", start + max(4, columns // 3), most + 1)
        end = cut if cut > 0 else most
        yield start, end, indent
        start = end + len(line[end:]) - len(line[end:].lstrip())
        indent = min(deeper, columns // 2)
    yield start, len(line), indent


def _numbers(step: str, count: int) -> set[int]:
    numbers: set[int] = set()
    for part in step.split(","):
        match = re.fullmatch(r"\s*(\d+)(?:-(\d+))?\s*", part)
        last = int(match[2] or match[1]) if match else 0
        if match is None or not 1 <= int(match[1]) <= last <= count:
            raise BlockError(f'“{step}” names no lines of this code. Write hl="1;2-3".')
        numbers.update(range(int(match[1]) - 1, last))
    return numbers
