"""Lines between boxes: straight where nothing is in the way, bent around what is."""

from dataclasses import dataclass

import numpy as np
from manim import ArcBetweenPoints, Line, ManimColor, Mobject, VMobject

from proofreel_kit.boxes import arrow, edge_point

ASIDE = 0.17
"""Units that lines which run both ways keep from the middle."""
BEND = 1.1
"""Angle of a bent line, in radians."""


@dataclass(frozen=True)
class Joint:
    """Where a line begins and ends; ``side`` points away from it to where labels stand."""

    start: np.ndarray
    end: np.ndarray
    side: np.ndarray
    bent: bool = False

    def draw(self, colour: ManimColor, *, directed: bool) -> VMobject:
        """Return the line."""
        if not self.bent:
            if directed:
                return arrow(self.start, self.end, colour)
            return Line(self.start, self.end).set_stroke(colour, 3.5)
        turn = self.end - self.start
        left = -turn[1] * self.side[0] + turn[0] * self.side[1] > 0
        arc = ArcBetweenPoints(self.start, self.end, angle=-BEND if left else BEND)
        arc.set_stroke(colour, 4 if directed else 3.5)
        if directed:
            arc.add_tip(tip_length=0.2, tip_width=0.2)
        return arc

    def beside(self, label: Mobject) -> np.ndarray:
        """Return the place of a label that the line misses."""
        middle = (self.start + self.end) / 2
        if self.bent:
            length = float(np.linalg.norm(self.end - self.start))
            middle = middle + self.side * length / 2 * np.tan(BEND / 4)
        reach = abs(self.side[0]) * label.width / 2 + abs(self.side[1]) * label.height / 2
        return middle + self.side * (reach + 0.14)


def joined(one: Mobject, two: Mobject, others: list[Mobject], *, two_way: bool) -> Joint:
    """Return how two boxes are joined without running through others."""
    here, there = one.get_center(), two.get_center()
    way = there - here
    length = float(np.linalg.norm(way)) or 1.0
    left = np.array([-way[1], way[0], 0.0]) / length
    side = left if two_way or left[1] > 1e-6 or (abs(left[1]) <= 1e-6 and left[0] > 0) else -left
    if any(_crosses(here, there, other) for other in others):
        side = -side  # labels of straight lines stand on the other side
        over = (here + there) / 2 + side * length * 0.3
        return Joint(edge_point(one, over), edge_point(two, over), side, bent=True)
    aside = side * ASIDE if two_way else np.zeros(3)
    start, end = edge_point(one, there, 0.08), edge_point(two, here, 0.08)
    return Joint(start + aside, end + aside, side)


def _crosses(start: np.ndarray, end: np.ndarray, shape: Mobject) -> bool:
    """Tell whether a line from start to end touches a box."""
    points = start + np.linspace(0, 1, 60)[:, None] * (end - start)
    half = np.array([shape.width / 2, shape.height / 2]) + 0.05
    return bool(np.any(np.all(np.abs(points[:, :2] - shape.get_center()[:2]) < half, axis=1)))
