"""Numbers on axes: round steps, how they are written, and where they fall."""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from proofreel_kit.area import Area


def round_step(length: float, most: int) -> float:
    """Return the 1, 2 or 5 step that divides a length into at most so many parts."""
    rough = length / max(1, most)
    power = 10.0 ** floor(log10(rough))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= rough * 0.999)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers within a range."""
    step = round_step(high - low, most)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def written(value: float) -> str:
    """Write a number as people do: a real minus sign and no needless zeros."""
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-3:
        text = f"{value:.3g}"
    else:
        text = f"{value:,.3f}".rstrip("0").rstrip(".").replace(",", "\u2009")
    return text.replace("-", "\u2212")


@dataclass(frozen=True)
class Axes2D:
    """Maps numbers to points of a box."""

    x: tuple[float, float]
    y: tuple[float, float]
    box: Area

    def point(self, x: float, y: float) -> np.ndarray:
        """Return where a pair of numbers is."""
        return self.points(np.array([x]), np.array([y]))[0]

    def points(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return where many pairs are, one row each."""
        across = self.box.left + (x - self.x[0]) / (self.x[1] - self.x[0]) * self.box.width
        along = self.box.bottom + (y - self.y[0]) / (self.y[1] - self.y[0]) * self.box.height
        return np.column_stack([across, along, np.zeros(len(across))])

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a pair of numbers lies within both ranges."""
        return self.x[0] <= x <= self.x[1] and self.y[0] <= y <= self.y[1]
