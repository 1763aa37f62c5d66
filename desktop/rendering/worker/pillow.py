"""Making Manim 0.22 draw pictures with Pillow 13.

Manim makes an empty picture by ``Image.fromarray`` of a two-dimensional array with the mode RGBA,
which newer Pillows refuse. Without this every scene with an ``ImageMobject`` fails.
"""

from typing import Any

import numpy as np
from manim.camera import camera
from PIL import Image


class _Images:
    """Pillow's ``Image`` module as Manim's camera expects it."""

    @staticmethod
    def fromarray(array: np.ndarray, mode: str | None = None) -> Image.Image:
        """Return the picture of an array; a flat one gives an empty picture of its size."""
        if mode == "RGBA" and array.ndim == 2:
            return Image.new("RGBA", (array.shape[1], array.shape[0]))
        return Image.fromarray(array)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the module has
        return getattr(Image, name)


def adapt() -> None:
    """Adapt Manim's camera if this Pillow needs it."""
    try:
        Image.fromarray(np.zeros((1, 1)), mode="RGBA")
    except ValueError:
        vars(camera)["Image"] = _Images()
