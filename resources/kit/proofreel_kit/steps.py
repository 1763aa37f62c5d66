"""Steps of a process: boxes of one size, joined by arrows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from manim import FadeIn, GrowArrow, Mobject, VGroup

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.boxes import PAD, arrow, box, edge_point, even_texts
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

GAP = 0.75
MOST_ACROSS = 5
LEAST_WIDTH = 2.0
"""Boxes side by side are not narrower; more of them stand in further rows."""


class Steps(Block):
    """Boxes with arrows between them, one after the other."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.lines = [line.strip() for line in lines if line.strip()]
        if not self.lines:
            raise BlockError("There are no steps. Write one on each line.")

    @property
    def seconds(self) -> float:
        return looking_seconds(*self.lines)

    def build(self, room: Area, look: Look) -> VGroup:
        """Return boxes and the arrows between them."""
        columns = self._columns(room)
        rows = -(-len(self.lines) // columns)
        width = min(3.4 if columns > 1 else 7.5, (room.width - GAP * (columns - 1)) / columns)
        texts = even_texts(
            self.lines, look, width=width - 2 * PAD[0], size=look.size("body"), role="Step"
        )
        height = max(text.height for text in texts) + 2 * PAD[1]
        height = max(height, 1.3 if columns > 1 else 0.9)
        boxes = VGroup(*(box(text, look, width, height) for text in texts))
        gap = min(GAP * 1.1, max(0.5, (room.height - rows * height) / max(1, rows - 1)))
        for index, shape in enumerate(boxes):
            row, column = divmod(index, columns)
            column = column if row % 2 == 0 else columns - 1 - column
            shape.move_to([column * (width + GAP), -row * (height + gap), 0])
        arrows = VGroup(*(self._arrow(one, two, look) for one, two in pairwise(boxes)))
        return fit(VGroup(boxes, arrows), room.width, room.height)

    def _columns(self, room: Area) -> int:
        """Return how many boxes stand side by side: rows turn back like a plough."""
        count = len(self.lines)
        if room.height > room.width and count * 1.5 < room.height:
            return 1
        most = max(1, min(MOST_ACROSS, int((room.width + GAP) / (LEAST_WIDTH + GAP))))
        rows = -(-count // most)
        return -(-count // rows)

    def _arrow(self, one: VGroup, two: VGroup, look: Look) -> Mobject:
        here, there = one[0].get_center(), two[0].get_center()
        return arrow(edge_point(one[0], there), edge_point(two[0], here), look.muted)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        boxes, arrows = mobject
        scene.play(FadeIn(boxes[0], scale=0.92), run_time=0.6)
        for shaft, following in zip(arrows, boxes[1:], strict=True):
            scene.pause(0.35)
            scene.play(GrowArrow(shaft), run_time=0.35)
            scene.play(FadeIn(following, scale=0.92), run_time=0.5)
