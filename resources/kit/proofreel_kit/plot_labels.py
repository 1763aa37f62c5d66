"""Labels in plots, where they cover neither curves nor each other."""

import numpy as np
from manim import ManimColor, RoundedRectangle, VGroup

from proofreel_kit.expressions import Function
from proofreel_kit.look import Look
from proofreel_kit.plot_lines import Item
from proofreel_kit.scales import Axes2D
from proofreel_kit.text import set_text

_SIDES = ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0))


def end_labels(  # noqa: PLR0913, PLR0917  all of them are needed
    curves: list[Item],
    axes: Axes2D,
    colours: dict[str, ManimColor],
    look: Look,
    size: float,
    width: float,
) -> dict[int, VGroup]:
    """Return the labels of curves by row, right of the plot at the ends of their curves."""
    placed: list[tuple[float, VGroup, int]] = []
    for item in curves:
        if item.label and item.function is not None:
            label = set_text(
                item.label,
                look,
                size=size,
                width=width - 0.25,
                height=axes.box.height * 0.5,
                colour=colours[item.name],
                role=f"Label of {item.name}",
                row=item.row,
            )
            placed.append((_end_height(item.function, axes), label, item.row))
    placed.sort(key=lambda entry: -entry[0])
    tops = _spread([(y, label.height) for y, label, _ in placed], axes.box.top, axes.box.bottom)
    for (_, label, _row), y in zip(placed, tops, strict=True):
        label.move_to([axes.box.right + 0.2 + label.width / 2, y, 0])
    return {row: label for _, label, row in placed}


def _end_height(function: Function, axes: Axes2D) -> float:
    """Return the height at which a curve leaves the plot on its way to the right."""
    x = np.linspace(*axes.x, 200)
    y = function(x)
    inside = np.isfinite(y)
    if not inside.any():
        return float(axes.box.center[1])
    last = float(np.clip(y[inside][-1], *axes.y))
    return float(axes.point(axes.x[1], last)[1])


def _spread(entries: list[tuple[float, float]], top: float, bottom: float) -> list[float]:
    """Return centres near the wanted ones, from top to bottom, with air between them."""
    centres: list[float] = []
    limit = top + 0.15
    for y, height in entries:
        centre = min(y, limit - height / 2)
        centres.append(centre)
        limit = centre - height / 2 - 0.15
    floor = bottom - 0.15
    for index in range(len(centres) - 1, -1, -1):
        half = entries[index][1] / 2
        centres[index] = max(centres[index], floor + half)
        floor = centres[index] + half + 0.15
    return centres


def beside_point(  # noqa: PLR0913, PLR0917  all of them are needed
    item: Item,
    axes: Axes2D,
    at: tuple[float, ...],
    drawn: list[Item],
    look: Look,
    size: float,
) -> VGroup:
    """Return a label next to a point, where it covers the least of what is ``drawn``.

    Where lines pass everywhere it stands on a ground of its own, as names on maps do.
    """
    cloud = _cloud(drawn, axes)
    point = axes.point(at[0], at[1])[:2]
    places = [
        (label, point + np.array(side) * reach)
        for label, reach in _candidates(item, axes, at, look, size)
        for side in _SIDES
    ]
    label, spot = min(places, key=lambda place: _cost(place[1], place[0], cloud, axes))
    label.move_to([*spot, 0.0])
    if _covered(spot, label, cloud):
        return VGroup(_ground(label, look), label)
    return label


def _candidates(
    item: Item, axes: Axes2D, at: tuple[float, ...], look: Look, size: float
) -> list[tuple[VGroup, np.ndarray]]:
    """Return the label in one wide and one narrow shape, each with how far off it may stand."""
    found = []
    for share in (0.45, 0.28):
        label = set_text(
            item.label,
            look,
            size=size,
            width=axes.box.width * share,
            role=f"Label of the {item.kind} at {at[0]:g}",
            row=item.row,
        )
        half = np.array([label.width, label.height]) / 2
        found += [(label, half + 0.2), (label, half + 0.6)]
    return found


def _cloud(drawn: list[Item], axes: Axes2D) -> np.ndarray:
    """Return points on every curve and upright line; shape (n, 2)."""
    x = np.linspace(*axes.x, 480)
    lines = [
        axes.points(x, np.nan_to_num(item.function(x), nan=1e9))[:, :2]
        for item in drawn
        if item.kind == "curve" and item.function is not None
    ]
    y = np.linspace(*axes.y, 120)
    lines += [
        axes.points(np.full_like(y, item.numbers[0]), y)[:, :2]
        for item in drawn
        if item.kind == "vline"
    ]
    return np.concatenate(lines) if lines else np.empty((0, 2))


def _cost(spot: np.ndarray, label: VGroup, cloud: np.ndarray, axes: Axes2D) -> float:
    """Return how bad a place is: points under the label, and units outside the box."""
    half = np.array([label.width, label.height]) / 2 + 0.06
    box = axes.box
    low, high = np.array([box.left, box.bottom]), np.array([box.right, box.top])
    outside = np.maximum(low - (spot - half), 0).sum() + np.maximum(spot + half - high, 0).sum()
    return float(_covered(spot, label, cloud) + 40 * outside)


def _covered(spot: np.ndarray, label: VGroup, cloud: np.ndarray) -> int:
    """Return how many points lie under a label."""
    half = np.array([label.width, label.height]) / 2 + 0.06
    return int(np.all(np.abs(cloud - spot) < half, axis=1).sum())


def _ground(label: VGroup, look: Look) -> RoundedRectangle:
    plate = RoundedRectangle(
        corner_radius=0.08, width=label.width + 0.16, height=label.height + 0.16
    )
    plate.set_stroke(width=0).set_fill(look.background, 1.0)
    return plate.move_to(label)
