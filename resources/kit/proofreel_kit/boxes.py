"""Boxes with words and arrows between them: the parts of steps, trees and graphs."""

import numpy as np
from manim import (
    Arrow,
    ManimColor,
    Mobject,
    RoundedRectangle,
    VGroup,
)

from proofreel_kit.look import Look
from proofreel_kit.text import set_text

LEAST_SIZE = 15.0
PAD = (0.3, 0.24)
"""Units between words and the edges of their box, across and along."""


PILL_PAD = 0.55


def box(words: VGroup, look: Look, width: float, height: float) -> VGroup:
    """Return words in a rounded box of a size."""
    frame = RoundedRectangle(corner_radius=0.14, width=width, height=height)
    frame.set_stroke(look.accent_colour, 2.5).set_fill(look.tint(0.12), 1)
    return VGroup(frame, words.move_to(frame))


def pill(words: VGroup, look: Look, height: float) -> VGroup:
    """Return words in a box with round ends, which is a circle around a single letter."""
    width = max(words.width + PILL_PAD, height)
    frame = RoundedRectangle(corner_radius=height / 2 - 0.001, width=width, height=height)
    frame.set_stroke(look.accent_colour, 2.5).set_fill(look.tint(0.12), 1)
    return VGroup(frame, words.move_to(frame))


def even_texts(
    lines: list[str], look: Look, *, width: float, size: float, role: str, most: int = 3
) -> list[VGroup]:
    """Set texts in one size, at which all of them have few lines and no word is too long."""

    def at(points: float) -> list[VGroup]:
        return [
            set_text(
                line, look, size=points, width=width, align="center", balance=True,
                role=f"{role} {index + 1}", row=index,
            )
            for index, line in enumerate(lines)
        ]  # fmt: skip

    texts = at(size)
    while True:
        smallest = min(text.font_points for text in texts)
        if smallest < size - 0.01:
            size = smallest
        elif size > LEAST_SIZE and any(len(text) > most for text in texts):
            size *= 0.93
        else:
            return texts
        texts = at(size)


def arrow(start: np.ndarray, end: np.ndarray, colour: ManimColor) -> Arrow:
    """Return an arrow with a small head, which is the same on long and short ones."""
    return Arrow(
        start, end, buff=0, stroke_width=4, max_tip_length_to_length_ratio=0.5,
        max_stroke_width_to_length_ratio=20, tip_length=0.2, color=colour,
    )  # fmt: skip


def edge_point(frame: Mobject, towards: np.ndarray, gap: float = 0.1) -> np.ndarray:
    """Return where the line from a box's middle to a point leaves the box, and a little beyond."""
    middle = frame.get_center()
    way = towards - middle
    half = np.array([frame.width / 2 + gap, frame.height / 2 + gap])
    length = np.abs(way[:2])
    scale = min((half[axis] / length[axis] for axis in (0, 1) if length[axis] > 1e-9), default=0.0)
    return middle + way * scale


def light(shape: VGroup, look: Look) -> object:
    """Return the animation that fills a box with the accent."""
    lit = shape.copy()
    lit[0].set_fill(look.accent_colour, 1).set_stroke(look.accent_colour)
    lit[1].set_color(look.on_accent)
    return shape.animate.become(lit)
