"""Blocks made of words: title cards, paragraphs, bullets, quotes, endings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import (
    LEFT,
    UP,
    Dot,
    FadeIn,
    Mobject,
    VGroup,
)

from proofreel_kit.area import Area
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import first_baseline, line_height, set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene


class Paragraph(Block):
    """Running text."""

    align = "left"

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.text = " ".join(line.strip() for line in lines).strip()
        if not self.text:
            raise BlockError("The paragraph is empty. Write a sentence.")

    def build(self, room: Area, look: Look) -> VGroup:
        return set_text(
            self.text,
            look,
            size=look.size("body"),
            width=min(room.width, 11.5),
            height=room.height,
            role="Paragraph",
        )

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        scene.play(FadeIn(mobject, shift=0.15 * UP), run_time=0.8)


class Bullets(Block):
    """Points that appear one after the other."""

    align = "left"

    def __init__(
        self, items: tuple[str, ...], levels: list[int] | None = None, *, ordered: bool = False
    ) -> None:
        if not items:
            raise BlockError("The list is empty. Write at least one point.")
        self.items = items
        self.levels = [*(levels or ()), *[0] * len(items)][: len(items)]
        self.ordered = ordered

    def build(self, room: Area, look: Look) -> VGroup:
        size = look.size("body")
        group = self._column(room, look, size)
        while group.height > room.height and size > 14:
            size *= 0.94
            group = self._column(room, look, size)
        return group

    def _column(self, room: Area, look: Look, size: float) -> VGroup:
        column, y, count = VGroup(), 0.0, 0
        indent = size / 72 * (1.5 if self.ordered else 1.15)
        for index, (item, level) in enumerate(zip(self.items, self.levels, strict=True)):
            count += level == 0
            row = self._row(
                index,
                item,
                level,
                count,
                look,
                size * (0.88 if level else 1.0),
                min(room.width, 11.5) - indent * (level + 1),
            )
            row[1].shift(indent * (level + 1) * -LEFT)
            row[0].shift(indent * level * -LEFT)
            row.shift((y - float(row[1].get_top()[1])) * UP)
            y = float(row[1].get_bottom()[1]) - line_height(size) * (0.28 if level else 0.42)
            column.add(row)
        return column

    def _row(
        self, index: int, item: str, level: int, count: int, look: Look, size: float, width: float
    ) -> VGroup:
        text = set_text(item, look, size=size, width=width, row=index)
        text.shift(-text.get_left()[0] * -LEFT)
        marker = self._marker(level, count, look, size)
        marker.shift(
            (first_baseline(text) - float(marker.get_bottom()[1])) * UP
            - float(marker.get_left()[0]) * -LEFT
        )
        if not self.ordered or level:
            marker.shift(size / 72 * 0.26 * UP)
        row = VGroup(marker, text)
        row.role_name = f"Bullet {index + 1}"
        return row

    def _marker(self, level: int, count: int, look: Look, size: float) -> VGroup:
        if self.ordered and not level:
            return set_text(
                f"{count}", look, size=size, width=2, colour=look.accent_colour, weight="SEMIBOLD"
            )
        radius = size / 72 * (0.09 if level else 0.12)
        dot = Dot(radius=radius, color=look.muted if level else look.accent_colour)
        return VGroup(dot)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        for row in mobject:
            scene.play(FadeIn(row, shift=0.2 * -LEFT), run_time=0.6)
            scene.pause(0.35)
