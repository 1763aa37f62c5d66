"""Lines that run through texts: edges of shapes, axes, arrows and curves that cross letters."""

from collections.abc import Iterator

import manim
import numpy as np

from desktop.rendering.worker.geometry import SMALLEST_SHAPE, boxes_meet, inside
from desktop.rendering.worker.things import Kind, Thing

FAINT = 0.3
"""Contrast of a stroke with the background, from 0 to 1, up to which letters are read over it."""

CORE = 0.12
"""Share of a glyph's box, at each side, that a line may touch: letters do not fill their boxes."""

FEWEST_GLYPHS = 3
"""Shorter texts are names, such as *r* on a radius, which may lie on what they name."""

STRUCK = 0.3
"""Share of its glyphs from which a text counts as struck by a line that runs along it."""

MIDDLE = (0.1, 0.9)
"""Part of a text's width within which a line from top to bottom splits it."""

STEPS = np.linspace(0, 1, 5)[:4]
"""Where each Bézier curve of a stroke is sampled."""


def struck(
    readable: list[Thing], strokes: list[Thing], covers: list[Thing], ground: np.ndarray
) -> Iterator[tuple[Thing, Thing]]:
    """Yield texts with the lines that run through them in sight.

    Args:
        readable: what may be struck.
        strokes: what may strike.
        covers: opaque things, which hide what was drawn before them.
        ground: red, green and blue of the background, from 0 to 1.
    """
    lines = [stroke for stroke in strokes if _draws(stroke, ground)]
    for text in readable:
        if text.kind is Kind.TEXT and len(text.parts) >= FEWEST_GLYPHS:
            for line in lines:
                if boxes_meet(text, line) and _runs_through(line, _bare(text, line, covers), text):
                    yield text, line


def _draws(stroke: Thing, ground: np.ndarray) -> bool:
    """Tell whether a line is long and strong enough, and no mark that is made on a text."""
    mobject = stroke.mobject
    if isinstance(mobject, _MARKS) or max(stroke.width, stroke.height) < SMALLEST_SHAPE:
        return False
    red_green_blue, opacity = np.split(mobject.get_stroke_rgbas()[0], [3])
    contrast = float(opacity[0] * np.abs(red_green_blue - ground).max())
    return bool(mobject.get_stroke_width() > 0 and contrast > FAINT)


def _bare(text: Thing, line: Thing, covers: list[Thing]) -> np.ndarray:
    """Return the boxes of the glyphs with no opaque ground between them and the line."""
    parts = text.parts
    centres = (parts[:, :2] + parts[:, 2:]) / 2
    grounded = np.zeros(len(parts), dtype=bool)
    for cover in covers:
        if line.order < cover.order < text.order and boxes_meet(cover, text):
            grounded |= inside(centres, cover.outline)
    return parts[~grounded]


def _runs_through(line: Thing, glyphs: np.ndarray, text: Thing) -> bool:
    if not len(glyphs) or _strikes_out(line, text):
        return False
    start, end = segments(line.mobject.points)
    margin = (glyphs[:, 2:] - glyphs[:, :2]) * CORE
    crossed = _meets(start, end, glyphs[:, :2] + margin, glyphs[:, 2:] - margin).any(axis=0)
    if crossed.sum() >= max(FEWEST_GLYPHS, STRUCK * len(text.parts)):
        return True
    touched = _meets(start, end, glyphs[:, :2], glyphs[:, 2:]).any()
    return bool(touched) and _splits(start, end, text)


def _strikes_out(line: Thing, text: Thing) -> bool:
    """Tell whether a line is as long as the text that it lies on, which nobody does by chance."""
    off_centre = abs(line.box[0] + line.box[2] - text.box[0] - text.box[2]) / 2
    return line.kind is Kind.LINE and off_centre < 0.1 and line.width <= text.width + 0.6


def _splits(start: np.ndarray, end: np.ndarray, text: Thing) -> bool:
    """Tell whether a line runs from above a text to below it, somewhere in its middle."""
    left, bottom, right, top = text.box
    inner = (left + MIDDLE[0] * text.width, left + MIDDLE[1] * text.width)
    levels = (((bottom + top) / 2, inner), (bottom, (left, right)), (top, (left, right)))
    return all(_crosses(start, end, level, between) for level, between in levels)


def _crosses(
    start: np.ndarray, end: np.ndarray, level: float, between: tuple[float, float]
) -> bool:
    """Tell whether a line crosses a height somewhere between two places."""
    crossing = (start[:, 1] - level) * (end[:, 1] - level) <= 0
    start, end = start[crossing], end[crossing]
    rise = np.where(start[:, 1] == end[:, 1], 1.0, end[:, 1] - start[:, 1])
    places = start[:, 0] + (level - start[:, 1]) / rise * (end[:, 0] - start[:, 0])
    return bool(((places >= between[0]) & (places <= between[1])).any())


def segments(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends, each of shape (n, 2), of straight pieces of a mobject's curves."""
    curves = points[: len(points) // 4 * 4, :2].reshape(-1, 4, 2)
    t = STEPS[:, None, None]
    along = (
        (1 - t) ** 3 * curves[:, 0]
        + 3 * t * (1 - t) ** 2 * curves[:, 1]
        + 3 * t**2 * (1 - t) * curves[:, 2]
        + t**3 * curves[:, 3]
    )
    knots = np.concatenate([along, curves[None, :, 3]])
    return knots[:-1].reshape(-1, 2), knots[1:].reshape(-1, 2)


def _meets(start: np.ndarray, end: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return which segments pass through which boxes; shape (segments, boxes)."""
    way = end - start
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)[:, None]
    one, other = (low[None] - start[:, None]) / way, (high[None] - start[:, None]) / way
    enter = np.minimum(one, other).max(axis=2)
    leave = np.maximum(one, other).min(axis=2)
    return np.asarray((enter <= leave) & (leave >= 0) & (enter <= 1))


_MARKS = (manim.SurroundingRectangle, manim.Cross, manim.Underline, manim.Brace)
"""Made to be put on, under and around texts."""
