"""Comparisons: two or three things side by side, point against point."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from manim import DOWN, UP, FadeIn, Line, Mobject, RoundedRectangle, VGroup

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import first_baseline, set_text, smaller

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

MOST = 3
PAD = 0.4
GUTTER = 0.45
WIDEST = 5.6
LEAST_SIZE = 14.0


class Comparison(Block):
    """Names divided by ``|``, then points about each; ``highlight NAME`` makes one stand out."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.rows: list[tuple[list[str], int]] = []
        self.chosen = -1
        for row, line in enumerate(lines):
            text = line.strip()
            if text.startswith("highlight ") and "|" not in text:
                self._choose(text.removeprefix("highlight ").strip(), row)
            elif text:
                self._read(text, row)
        if len(self.rows) < 2:
            raise BlockError(
                "The comparison is empty. Write two names divided by |, then points about them."
            )

    def _read(self, text: str, row: int) -> None:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", text)]
        count = len(self.rows[0][0]) if self.rows else len(cells)
        if not self.rows and not 2 <= count <= MOST:
            raise BlockError(f"A comparison is of two or three things, not {count}.", row)
        if len(cells) > count:
            raise BlockError(f"This line has {len(cells)} parts, but {count} are compared.", row)
        self.rows.append(([*cells, *[""] * (count - len(cells))], row))

    def _choose(self, name: str, row: int) -> None:
        names = [head.casefold() for head in self.rows[0][0]] if self.rows else []
        if name.casefold() not in names:
            raise BlockError(f"“{name}” is not among what is compared above this line.", row)
        self.chosen = names.index(name.casefold())

    @property
    def seconds(self) -> float:
        return looking_seconds(*(cell for cells, _ in self.rows for cell in cells))

    def build(self, room: Area, look: Look) -> VGroup:
        """Return cards, and rows of texts that stand on them."""
        self._look = look
        size = look.size("body")
        while True:
            drawn = self._set(room, look, size)
            if drawn.height <= room.height or size <= LEAST_SIZE:
                return fit(drawn, room.width, room.height)
            size = smaller(size, drawn.height, room.height)

    def _set(self, room: Area, look: Look, size: float) -> VGroup:
        count = len(self.rows[0][0])
        width = min(WIDEST, (room.width - GUTTER * (count - 1)) / count)
        rows, y = VGroup(), -PAD
        for number, (cells, row) in enumerate(self.rows):
            texts = VGroup()
            for column, cell in enumerate(cells):
                text = self._cell(number, column, cell, look, size, width - 2 * PAD, row)
                left = column * (width + GUTTER) + PAD
                texts.add(text.move_to([left + text.width / 2, y - text.height / 2, 0]))
            lowest = min(first_baseline(text) for text in texts if len(text))
            for text in texts:
                if len(text):
                    text.shift((lowest - first_baseline(text)) * UP)
            y = float(texts.get_bottom()[1]) - size / 72 * (1.15 if number == 0 else 0.8)
            rows.add(texts)
        height = -y - size / 72 * 0.8 + PAD
        cards = VGroup(
            *(self._card(column, width, height, look, rows[0], size) for column in range(count))
        )
        return VGroup(cards, rows)

    def _cell(
        self, number: int, column: int, cell: str, look: Look, size: float, width: float, row: int
    ) -> VGroup:
        head = number == 0
        return set_text(
            cell, look, size=size * (1.12 if head else 0.95), width=width, row=row,
            weight="SEMIBOLD" if head else "NORMAL",
            colour=look.accent_colour if head and self.chosen in {-1, column} else look.text,
            role=f"{'Name' if head else 'Point'} {number or 1} of column {column + 1}",
        )  # fmt: skip

    def _card(
        self, column: int, width: float, height: float, look: Look, heads: VGroup, size: float
    ) -> VGroup:
        left = column * (width + GUTTER)
        back = RoundedRectangle(corner_radius=0.16, width=width, height=height)
        back.set_fill(look.surface, 1).set_stroke(look.line, 1.5)
        back.move_to([left + width / 2, -height / 2, 0])
        y = float(heads.get_bottom()[1]) - size / 72 * 0.55
        rule = Line([left + PAD, y, 0], [left + width - PAD, y, 0]).set_stroke(look.line, 2)
        return VGroup(back, rule)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        cards, rows = mobject
        scene.play(
            *(FadeIn(card, shift=0.15 * UP) for card in cards), FadeIn(rows[0], shift=0.15 * UP),
            run_time=0.7,
        )  # fmt: skip
        for texts in rows[1:]:
            for text in texts:
                if len(text):
                    scene.play(FadeIn(text, shift=0.1 * DOWN), run_time=0.45)
            scene.pause(0.35)
        if self.chosen >= 0:
            back = cards[self.chosen][0]
            look = self._look
            scene.play(
                back.animate.set_stroke(look.accent_colour, 4).set_fill(look.tint(0.12), 1),
                run_time=0.5,
            )
