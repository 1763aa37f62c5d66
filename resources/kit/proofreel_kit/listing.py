"""Code, read in the order in which it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from manim import (
    DL,
    ORIGIN,
    RIGHT,
    UP,
    Code,
    FadeIn,
    LaggedStart,
    Mobject,
    Rectangle,
    RoundedRectangle,
    VGroup,
)

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError
from proofreel_kit.fonts import mono
from proofreel_kit.look import Look
from proofreel_kit.text import set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

_DIM = 0.35
BASE = 48.0
"""Points at which code is set before it is scaled."""
ADVANCE = 0.6
"""Width of a letter of the monospaced font, in ems."""
PITCH = 0.75
"""Units between lines as Manim sets code at that size."""
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
        broken = [_broken(line, columns) for line in self.lines]
        pieces = iter(self._set([part for parts in broken for part in parts], look))
        em, pitch = size / 72, size / 72 * LEADING
        rows, y = VGroup(), 0.0
        for index, parts in enumerate(broken):
            number = set_text(
                f"{index + 1}", look, size=size * 0.85, width=2, colour=look.muted,
            ).set_opacity(0.8)  # fmt: skip
            number.shift(np.array([(gutter - 2) * ADVANCE * em, y, 0.0]) - number.get_corner(DL))
            number.shift((number.width + 0.02) * -RIGHT)
            words = VGroup()
            for _part in parts:
                line = next(pieces).scale(size / BASE, about_point=ORIGIN)
                words.add(line.shift([gutter * ADVANCE * em, y, 0.0]))
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
        size = min(look.size("code") * 1.2, width / (longest + gutter), tall)
        if size >= LEAST or longest <= MOST_COLUMNS:
            return size, longest
        columns = max(MOST_COLUMNS, int(width / LEAST) - gutter)
        return min(LEAST, width / (columns + gutter)), columns

    def _set(self, lines: list[str], look: Look) -> list[Mobject]:
        """Return the lines at BASE points, each with the start of its baseline at the origin."""
        code = Code(
            code_string="\n".join([*lines, "H"]),  # the letter tells where the baselines are
            language=self.language,
            formatter_style="github-dark" if look.theme == "dark" else "friendly",
            add_line_numbers=False,
            background_config={"stroke_width": 0, "fill_opacity": 0},
            paragraph_config={"font": mono(), "font_size": BASE},
        )
        *shown, last = code.code_lines
        start = last.get_corner(DL)
        for index, line in enumerate(shown):
            line.shift(-start - (len(shown) - index) * PITCH * UP)
        return shown

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


def _broken(line: str, columns: int) -> list[str]:
    """Break a line of code at spaces, or where it must be; what follows is indented deeper."""
    indent = len(line) - len(line.lstrip())
    parts, rest = [], line
    while len(rest) > columns:
        cut = rest.rfind(" ", indent + 8, columns + 1)
        cut = cut if cut > 0 else columns
        parts.append(rest[:cut])
        rest = " " * min(indent + 4, max(indent, columns // 2)) + rest[cut:].lstrip()
    return [*parts, rest]


def _numbers(step: str, count: int) -> set[int]:
    numbers: set[int] = set()
    for part in step.split(","):
        match = re.fullmatch(r"\s*(\d+)(?:-(\d+))?\s*", part)
        last = int(match[2] or match[1]) if match else 0
        if match is None or not 1 <= int(match[1]) <= last <= count:
            raise BlockError(f'“{step}” names no lines of this code. Write hl="1;2-3".')
        numbers.update(range(int(match[1]) - 1, last))
    return numbers
