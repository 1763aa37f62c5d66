"""Curves of functions: sampled, cut at gaps and at the edges of the plot."""

import numpy as np
from manim import ManimColor, VGroup, VMobject

from proofreel_kit.expressions import Function
from proofreel_kit.scales import Axes2D

SAMPLES = 320


def curve(function: Function, axes: Axes2D, colour: ManimColor, width: float = 4.5) -> VGroup:
    """Return the pieces of a curve that lie within the axes."""
    x = np.linspace(*axes.x, SAMPLES)
    pieces = VGroup()
    for part_x, part_y in visible_parts(x, function(x), axes.y):
        piece = VMobject(stroke_color=colour, stroke_width=width)
        piece.set_points_as_corners(axes.points(part_x, part_y))
        pieces.add(piece)
    return pieces


def visible_parts(
    x: np.ndarray, y: np.ndarray, span: tuple[float, float]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the runs of samples within a range of y, cut exactly at its edges."""
    low, high = span
    runs: list[list[tuple[float, float]]] = [[]]
    for before, after in zip(zip(x, y, strict=True), zip(x[1:], y[1:], strict=True), strict=False):
        segment = _clipped(before, after, low, high)
        if segment is None:
            runs.append([])
            continue
        if not runs[-1] or runs[-1][-1] != segment[0]:
            runs.append([segment[0]])
        runs[-1].append(segment[1])
    return [(np.array(run)[:, 0], np.array(run)[:, 1]) for run in runs if len(run) > 1]


def _clipped(
    a: tuple[float, float], b: tuple[float, float], low: float, high: float
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the part of a segment within the range, or None when there is none."""
    if not (np.isfinite(a[1]) and np.isfinite(b[1])):
        return None
    if (a[1] < low and b[1] > high) or (a[1] > high and b[1] < low):
        return None  # the jump at a pole, not part of the curve
    ends = []
    for one, other in ((a, b), (b, a)):
        edge = min(max(one[1], low), high)
        if edge == one[1]:
            ends.append(one)
        elif min(one[1], other[1]) <= edge <= max(one[1], other[1]):
            share = (edge - one[1]) / (other[1] - one[1])
            ends.append((one[0] + share * (other[0] - one[0]), edge))
        else:
            return None
    return (ends[0], ends[1])


def range_of(
    functions: list[Function], x: tuple[float, float], also: list[float]
) -> tuple[float, float]:
    """Return a range of y that shows functions and further values well."""
    samples = np.linspace(*x, SAMPLES)
    values = [np.asarray(also, dtype=float)]
    for function in functions:
        y = function(samples)
        y = y[np.isfinite(y)]
        if len(y):
            low, high = np.percentile(y, [4, 96])
            reach = max(high - low, 1e-9)
            values.append(np.clip(y, low - reach, high + reach))
    every = np.concatenate(values)
    if not len(every):
        return -1.0, 1.0
    low, high = float(every.min()), float(every.max())
    if 0 < low < 0.6 * high:
        low = 0.0
    pad = 0.08 * (high - low) or 1.0
    return (low if low == 0.0 else low - pad), high + pad
