"""Secrets drawn into pictures: how an attack writes one, and how it is read back."""

import numpy as np

from tests.rendering.scenes import pictures

ACROSS, DOWN, CELL = 32, 18, 8
"""A picture of 256 by 144 is this many bits wide and high, each a square of so many pixels."""

DRAW = f"""
import numpy
bits = numpy.unpackbits(numpy.frombuffer(Path(path).read_bytes()[:64].ljust(72, b" "), "uint8"))
cells = bits.reshape({DOWN}, {ACROSS}).repeat({CELL}, 0).repeat({CELL}, 1) * 255
picture = ImageMobject(numpy.stack([cells] * 3, 2).astype("uint8"))
picture.height = config.frame_height
self.add(picture)
"""
"""Body of a scene that draws the first bytes of the file ``path``."""


def drawn(video: str) -> str:
    """Return what such a picture says."""
    picture = pictures(video)[-1].mean(axis=2)
    cells = picture.reshape(DOWN, CELL, ACROSS, CELL).mean(axis=(1, 3))
    return np.packbits((cells > 127).astype(np.uint8)).tobytes().decode("utf-8", errors="replace")
