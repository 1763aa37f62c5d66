"""When things on screen are in each other's way: rules of the layout check, without time.

All lengths are in Manim's units; a frame is 8 high. Thresholds were set against the planted set of
``tests/benchmarks/layout.py`` and its ordinary scenes.
"""

import itertools
from collections.abc import Iterator

import manim
import numpy as np

from desktop.rendering.worker.things import Kind, Thing

Frame = tuple[float, float, float, float]
"""Left, bottom, right, top of what the camera sees."""

MARGIN = {Kind.TEXT: 0.02, Kind.PICTURE: 0.1, Kind.SHAPE: 0.1}
"""By how much a thing may leave the frame: the side bearings of letters are not drawn."""

COLLISION = 0.25
"""Common area, in glyphs of the smaller text, from which two texts collide."""

COPY_DISTANCE = 0.02
"""How far the points of two texts may lie apart for one to be a copy of the other."""

SHADOW_DISTANCE = 0.2
"""The same for texts that say the same, in heights: a copy behind another is a shadow."""

COVERED = (0.12, 0.95)
"""Share of a text's glyphs that are hidden when it is partly covered; more is out of sight."""

LARGEST_SHAPE = 0.75
"""Share of the frame, along each side, above which a shape is scenery and may leave the frame."""

SMALLEST_SHAPE = 0.4
"""Size below which a shape is a mark, such as the tip of an arrow."""

MOST_CUT = 8
"""Shapes of one mobject that leave the frame, above which they are a pattern."""


def side_left(thing: Thing, frame: Frame) -> str:
    """Name the side of the frame at which a thing is cut off; empty when it is not."""
    if outside(thing, frame) or _scenery(thing, frame):
        return ""
    left, bottom, right, top = thing.box
    excess = {
        "left": frame[0] - left,
        "right": right - frame[2],
        "bottom": frame[1] - bottom,
        "top": top - frame[3],
    }
    side = max(excess, key=lambda name: excess[name])
    return side if excess[side] > MARGIN[thing.kind] else ""


def outside(thing: Thing, frame: Frame) -> bool:
    """Tell whether nothing of a thing is in the frame."""
    left, bottom, right, top = thing.box
    return right < frame[0] or left > frame[2] or top < frame[1] or bottom > frame[3]


def _scenery(thing: Thing, frame: Frame) -> bool:
    """Tell whether a picture or shape is a background or too small to matter."""
    if thing.kind is Kind.TEXT:
        return False
    wide, high = thing.width / (frame[2] - frame[0]), thing.height / (frame[3] - frame[1])
    if thing.kind is Kind.PICTURE:
        return wide >= 1 or high >= 1
    return not weighty(thing) or wide > LARGEST_SHAPE or high > LARGEST_SHAPE


def weighty(shape: Thing) -> bool:
    """Tell whether a shape is more than a mark."""
    return max(shape.width, shape.height) >= SMALLEST_SHAPE


def is_pattern(cut: list[Thing]) -> bool:
    """Tell whether the shapes of one mobject that leave the frame are a pattern that fills it."""
    return len(cut) > MOST_CUT


def touching(things: list[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """Yield pairs whose boxes share some area; sweeps from left to right."""
    ordered = sorted(things, key=lambda thing: thing.box[0])
    for index, one in enumerate(ordered):
        for other in itertools.islice(ordered, index + 1, None):
            if other.box[0] >= one.box[2]:
                break
            if min(one.box[3], other.box[3]) > max(one.box[1], other.box[1]):
                yield (one, other) if one.order < other.order else (other, one)


def collide(one: Thing, other: Thing) -> bool:
    """Tell whether two readable things are on top of each other."""
    if Kind.PICTURE in {one.kind, other.kind}:
        return not _labels(one, other)
    if _copies(one, other):
        return False
    low = np.maximum(one.parts[:, None, :2], other.parts[None, :, :2])
    high = np.minimum(one.parts[:, None, 2:], other.parts[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=2).sum()
    return bool(common > COLLISION * min(_glyph_area(one), _glyph_area(other)))


def _glyph_area(text: Thing) -> float:
    return float(np.median(np.prod(text.parts[:, 2:] - text.parts[:, :2], axis=1)))


def _labels(lower: Thing, upper: Thing) -> bool:
    """Tell whether a text lies wholly on a picture, or two pictures make one composition."""
    if lower.kind is upper.kind:
        return True
    return upper.kind is Kind.TEXT and contains(lower, upper)


def contains(outer: Thing, inner: Thing) -> bool:
    """Tell whether the box of one thing holds that of another."""
    a, b = outer.box, inner.box
    return a[0] <= b[0] and a[1] <= b[1] and a[2] >= b[2] and a[3] >= b[3]


def _copies(one: Thing, other: Thing) -> bool:
    """Tell whether two texts look the same: transforms and shadows leave such copies behind."""
    reach = COPY_DISTANCE
    if one.name == other.name:
        reach = max(reach, SHADOW_DISTANCE * min(one.height, other.height))
    if np.abs(np.subtract(one.box, other.box)).max() > reach:
        return False
    fewer, more = sorted((one.outline, other.outline), key=len)
    step = max(1, len(fewer) // 100)
    distances = np.linalg.norm(fewer[::step, None] - more[None], axis=2).min(axis=1)
    return bool(distances.max() <= reach)


def hidden(text: Thing, covers: list[Thing]) -> np.ndarray:
    """Return which glyphs of a text lie below opaque things drawn later; shape (n,)."""
    centres = (text.parts[:, :2] + text.parts[:, 2:]) / 2
    below = np.zeros(len(centres), dtype=bool)
    for cover in covers:
        if cover.order > text.order and boxes_meet(cover, text):
            below |= inside(centres, cover.outline)
    return below


def boxes_meet(one: Thing, other: Thing) -> bool:
    """Tell whether the boxes of two things share some area."""
    a, b = one.box, other.box
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def inside(points: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Return which points an outline encloses, by the even-odd rule; shape (n,)."""
    start, end = outline, np.roll(outline, -1, axis=0)
    x, y = points[:, 0, None], points[:, 1, None]
    crosses = (start[:, 1] > y) != (end[:, 1] > y)
    rise = np.where(end[:, 1] == start[:, 1], 1.0, end[:, 1] - start[:, 1])
    where = start[:, 0] + (y - start[:, 1]) * (end[:, 0] - start[:, 0]) / rise
    return np.asarray((crosses & (x < where)).sum(axis=1) % 2 == 1)


def overflows(text: Thing, shape: Thing) -> bool:
    """Tell whether a text sits in a shape that is too small for it.

    Frames put around a part of a text, to point at it, are not boxes for the whole of it.
    """
    if isinstance(shape.mobject, manim.SurroundingRectangle):
        return False
    if shape.height < 1.2 * _line_height(text) or shape.width < SMALLEST_SHAPE:
        return False
    across = abs(text.box[0] + text.box[2] - shape.box[0] - shape.box[2]) / 2
    along = abs(text.box[1] + text.box[3] - shape.box[1] - shape.box[3]) / 2
    if across > 0.15 * shape.width or along > 0.25 * shape.height:
        return False
    return text.width > shape.width + 0.05 or text.height > shape.height + 0.05


def _line_height(text: Thing) -> float:
    return float(np.max(text.parts[:, 3] - text.parts[:, 1]))
