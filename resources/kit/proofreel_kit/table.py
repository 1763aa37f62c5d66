"""Tables: a header over a rule, then rows, with a row or column highlighted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from manim import UP, Create, FadeIn, LaggedStart, Line, Mobject, Rectangle, VGroup

from proofreel_kit.area import Area
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.errors import BlockError
from proofreel_kit.inline import plain_text
from proofreel_kit.look import Look
from proofreel_kit.text import first_baseline, set_text, smaller

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

_NUMBER = re.compile(r"[-+−]?[\d.,\u2009 ]+\s*[%€$°\w]{0,4}")
_HIGHLIGHT = re.compile(r"highlight\s+(row|column)\s+(\S+)\s*", re.IGNORECASE)
PAD = 0.3
LEAST_SIZE = 13.0


class Table(Block):
    """Cells in columns; columns of numbers stand flush right."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.cells: list[list[str]] = []
        self.rows: list[int] = []
        self.highlights: list[tuple[str, int]] = []
        for row, line in enumerate(lines):
            if line.strip():
                self._read(line.strip(), row)
        if not self.cells:
            raise BlockError("The table is empty. Write its header first, cells divided by |.")
        for kind, index, row in self._pending:
            most = len(self.cells) - 1 if kind == "row" else len(self.cells[0])
            if not 1 <= index <= most:
                raise BlockError(f"There is no {kind} {index}. The table has {most}.", row)
            self.highlights.append((kind, index))

    _pending: list[tuple[str, int, int]]

    def _read(self, line: str, row: int) -> None:
        if not self.cells:
            self._pending = []
        match = _HIGHLIGHT.fullmatch(line)
        if match and "|" not in line:
            if not match[2].isdigit():
                raise BlockError(f"“{match[2]}” is not the number of a {match[1]}.", row)
            self._pending.append((match[1].lower(), int(match[2]), row))
            return
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
        if all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            return  # the rule under the header of Markdown tables
        if self.cells and len(cells) > len(self.cells[0]):
            raise BlockError(
                f"This row has {len(cells)} cells, but the header has {len(self.cells[0])}. "
                "Remove a | or name one more column.",
                row,
            )
        wanted = len(self.cells[0]) if self.cells else len(cells)
        self.cells.append([*cells, *[""] * (wanted - len(cells))])
        self.rows.append(row)

    @property
    def seconds(self) -> float:
        return looking_seconds(*(cell for row in self.cells for cell in row))

    def build(self, room: Area, look: Look) -> VGroup:
        size = look.size("body")
        while True:
            table = self._set(room, look, size)
            if table.height <= room.height or size <= LEAST_SIZE:
                return table
            size = smaller(size, table.height, room.height)

    def _set(self, room: Area, look: Look, size: float) -> VGroup:
        widths = self._widths(room.width, look, size)
        texts = [
            [self._cell(r, c, widths[c], look, size) for c in range(len(widths))]
            for r in range(len(self.cells))
        ]
        left = -sum(widths) / 2 - PAD * len(widths)
        rows, rules, y = VGroup(), VGroup(), 0.0
        for r, row in enumerate(texts):
            height = max([text.height for text in row] + [size / 72]) + size / 72 * 0.85
            group, x = VGroup(), left
            flat = all(len(text) <= 1 for text in row)
            for c, text in enumerate(row):
                x += PAD
                self._put(text, c, x, widths[c], y - height / 2)
                if flat and len(text):
                    text.shift((y - height / 2 - 0.36 * size / 72 - first_baseline(text)) * UP)
                x += widths[c] + PAD
                group.add(text)
            rows.add(group)
            y -= height
            rule = Line([left, y, 0], [x, y, 0])
            strong = r == 0
            rules.add(
                rule.set_stroke(look.accent_colour if strong else look.line, 3 if strong else 1.2)
            )
        return VGroup(self._marks(rows, rules, look), rules, rows)

    def _widths(self, limit: float, look: Look, size: float) -> list[float]:
        """Return widths of columns: natural ones, the wide ones narrowed where they must be."""
        natural = []
        for c in range(len(self.cells[0])):
            texts = [self._cell(r, c, 50.0, look, size) for r in range(len(self.cells))]
            natural.append(max(0.3, *(text.width for text in texts)) + 0.02)
        free = limit - 2 * PAD * len(natural)
        if sum(natural) > free:
            cap = _cap(natural, free)
            return [min(width, cap) for width in natural]
        spare = min(0.8, (free - sum(natural)) / len(natural))
        return [width + spare for width in natural]

    def _cell(self, r: int, c: int, width: float, look: Look, size: float) -> VGroup:
        lit = ("row", r) in self.highlights or (("column", c + 1) in self.highlights)
        return set_text(
            _as_number(self.cells[r][c]) if r and self._numeric(c) else self.cells[r][c],
            look,
            size=size,
            width=width,
            colour=look.muted if r == 0 and not lit else look.text,
            weight="SEMIBOLD" if r == 0 or lit else "NORMAL",
            align="right" if self._numeric(c) else "left",
            role=f"Table cell {r + 1},{c + 1}",
            row=self.rows[r],
        )

    def _put(self, text: VGroup, column: int, x: float, width: float, y: float) -> None:
        if not len(text):
            return
        offset = width - text.width if self._numeric(column) else 0.0
        text.move_to([x + offset + text.width / 2, y, 0])

    def _numeric(self, column: int) -> bool:
        body = [plain_text(row[column]) for row in self.cells[1:] if row[column]]
        return bool(body) and all(_NUMBER.fullmatch(cell) for cell in body)

    def _marks(self, rows: VGroup, rules: VGroup, look: Look) -> VGroup:
        """Return tinted bars behind what is highlighted."""
        marks = VGroup()
        for kind, index in self.highlights:
            if kind == "row":
                top, bottom = float(rules[index - 1].get_y()), float(rules[index].get_y())
                left, right = float(rules.get_left()[0]), float(rules.get_right()[0])
            else:
                column = VGroup(*(row[index - 1] for row in rows))
                top, bottom = float(rows.get_top()[1]) + 0.2, float(rules.get_bottom()[1])
                left, right = float(column.get_left()[0]) - PAD, float(column.get_right()[0]) + PAD
            bar = Rectangle(width=right - left, height=top - bottom, stroke_width=0)
            bar.set_fill(look.accent_colour, 0.2).move_to(
                [(left + right) / 2, (top + bottom) / 2, 0]
            )
            marks.add(bar)
        return marks

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        marks, rules, rows = mobject
        scene.play(Create(rules[0]), FadeIn(rows[0]), run_time=0.7)
        body = [
            FadeIn(VGroup(*pair), shift=0.12 * UP) for pair in zip(rules[1:], rows[1:], strict=True)
        ]
        if body:
            scene.play(
                LaggedStart(*body, lag_ratio=0.35), run_time=min(2.5, 0.6 + 0.35 * len(body))
            )
        if len(marks):
            scene.bring_to_back(marks)
            scene.play(FadeIn(marks), run_time=0.6)


def _as_number(cell: str) -> str:
    """Return a number with a real minus sign, which is as wide as a plus."""
    return re.sub(r"^-(?=[\d.])", "\u2212", cell)


def _cap(widths: list[float], limit: float) -> float:
    """Return the width beyond which columns are cut so that all of them fit."""
    low, high = 0.0, max(widths)
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if sum(min(w, middle) for w in widths) <= limit else (low, middle)
        )
    return low
