"""Running text and lists of points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import DL, RIGHT, UP, Dot, FadeIn, Mobject, VGroup

from proofreel_kit.area import Area
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import first_baseline, last_baseline, line_height, set_text, smaller

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

LEAST_SIZE = 14.0


class Paragraph(Block):
    """Running text."""

    align = "left"

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.text = " ".join(line.strip() for line in lines).strip()
        if not self.text:
            raise BlockError("The paragraph is empty. Write a sentence.")

    @property
    def seconds(self) -> float:
        return looking_seconds(self.text)

    def build(self, room: Area, look: Look) -> VGroup:
        return set_text(
            self.text,
            look,
            size=look.size("body"),
            width=min(room.width, 11.5),
            height=room.height,
            balance=True,
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

    @property
    def seconds(self) -> float:
        return looking_seconds(*self.items)

    def build(self, room: Area, look: Look) -> VGroup:
        size = look.size("body")
        group = self._column(room, look, size)
        while group.height > room.height and size > LEAST_SIZE:
            size = smaller(size, group.height, room.height)
            group = self._column(room, look, size)
        return group

    def _column(self, room: Area, look: Look, size: float) -> VGroup:
        """Set every point; gaps are measured between baselines, so that they look alike."""
        column, y, count = VGroup(), 0.0, 0
        for index, (item, level) in enumerate(zip(self.items, self.levels, strict=True)):
            count += level == 0
            own = size * (0.88 if level else 1.0)
            edge = self._edge(level, size)
            text = set_text(
                item, look, size=own, width=min(room.width, 11.5) - edge, balance=True, row=index
            )
            text.shift((edge - float(text.get_left()[0])) * RIGHT)
            if index:
                y -= line_height(own) * (1.12 if level else 1.5)
            text.shift((y - first_baseline(text)) * UP)
            marker = self._marker(level, count, look, size)
            marker.shift(self._marker_place(level, size, y) - marker.get_corner(DL))
            row = VGroup(marker, text)
            row.role_name = f"Bullet {index + 1}"
            y = last_baseline(text)
            column.add(row)
        return column

    def _edge(self, level: int, size: float) -> float:
        """Return where the text of a level begins."""
        digits = len(str(self.levels.count(0))) if self.ordered else 0
        first = size / 72 * (0.75 + 0.6 * digits if digits else 1.05)
        return first + level * size / 72 * 0.95

    def _marker_place(self, level: int, size: float, y: float) -> np.ndarray:
        """Return the lower left corner of a marker beside the baseline ``y``."""
        em = size / 72
        left = self._edge(0, size) if level else 0.0
        lift = 0.0 if self.ordered and not level else em * (0.22 if level else 0.25)
        return np.array([left, y + lift, 0.0])

    def _marker(self, level: int, count: int, look: Look, size: float) -> VGroup:
        if self.ordered and not level:
            return set_text(
                f"{count}", look, size=size, width=2, colour=look.accent_colour, weight="SEMIBOLD"
            )
        radius = size / 72 * (0.085 if level else 0.115)
        dot = Dot(radius=radius, color=look.muted if level else look.accent_colour)
        return VGroup(dot)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        for row in mobject:
            scene.play(FadeIn(row, shift=0.2 * RIGHT), run_time=0.6)
            scene.pause(0.35)
