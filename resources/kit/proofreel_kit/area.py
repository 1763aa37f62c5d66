"""Rectangles of the frame, and how a page is divided into them."""

import re
from dataclasses import dataclass

import numpy as np
from manim import Mobject

COLUMNS = "ABCDEFGHIJKL"
ROWS = 8
GUTTER = 0.7
_CELLS = re.compile(r"([A-L])([1-8])(?::([A-L])([1-8]))?", re.IGNORECASE)


@dataclass(frozen=True)
class Area:
    """A rectangle in Manim's units; y grows upwards."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.bottom + self.height

    @property
    def center(self) -> np.ndarray:
        return np.array([self.left + self.width / 2, self.bottom + self.height / 2, 0.0])

    def inset(self, across: float, along: float) -> "Area":
        """Return the area less a margin on either side."""
        return Area(
            self.left + across,
            self.bottom + along,
            self.width - 2 * across,
            self.height - 2 * along,
        )

    def below(self, height: float) -> "Area":
        """Return what is left under a strip of a height along the top."""
        return Area(self.left, self.bottom, self.width, self.height - height)

    def above(self, height: float) -> "Area":
        """Return what is left over a strip of a height along the bottom."""
        return Area(self.left, self.bottom + height, self.width, self.height - height)

    def columns(self, *shares: float, gutter: float = GUTTER) -> list["Area"]:
        """Divide the area from left to right in these proportions."""
        free = self.width - gutter * (len(shares) - 1)
        areas, left = [], self.left
        for share in shares:
            width = free * share / sum(shares)
            areas.append(Area(left, self.bottom, width, self.height))
            left += width + gutter
        return areas

    def rows(self, *shares: float, gutter: float = GUTTER) -> list["Area"]:
        """Divide the area from top to bottom in these proportions."""
        free = self.height - gutter * (len(shares) - 1)
        areas, top = [], self.top
        for share in shares:
            height = free * share / sum(shares)
            areas.append(Area(self.left, top - height, self.width, height))
            top -= height + gutter
        return areas


def page_areas(layout: str, content: Area, *, narrow: bool) -> list[Area]:
    """Return the areas of a layout; empty for ``full``, where blocks flow in one column.

    ``narrow`` frames have no room for two columns: their ``split`` is a ``stack``.
    Raises ValueError for a layout that does not exist.
    """
    name = layout.strip().lower()
    if name in {"", "full"}:
        return []
    if name == "stack" or (name == "split" and narrow):
        return content.rows(1, 1, gutter=GUTTER * 0.7)
    if name == "split":
        return content.columns(1, 1)
    return [_cells(word, content) for word in name.replace(",", " ").split()]


def _cells(word: str, content: Area) -> Area:
    match = _CELLS.fullmatch(word)
    if match is None:
        raise ValueError(
            f"There is no layout “{word}”. Use full, split, stack or cells such as A1:F4 G1:L4."
        )
    first, upper, last, lower = match.groups()
    columns = sorted((COLUMNS.index(first.upper()), COLUMNS.index((last or first).upper())))
    rows = sorted((int(upper) - 1, int(lower or upper) - 1))
    width, height = content.width / len(COLUMNS), content.height / ROWS
    area = Area(
        content.left + columns[0] * width,
        content.top - (rows[1] + 1) * height,
        (columns[1] - columns[0] + 1) * width,
        (rows[1] - rows[0] + 1) * height,
    )
    return area.inset(min(GUTTER / 2, area.width / 8), min(GUTTER / 4, area.height / 8))


def fit(mobject: Mobject, width: float, height: float) -> Mobject:
    """Shrink a mobject until it is no larger than this; never enlarges."""
    factor = min(1.0, width / max(mobject.width, 1e-6), height / max(mobject.height, 1e-6))
    if factor < 1:
        mobject.scale(factor)
    return mobject
