"""The Proofreel kit: scenes of an explanation video, block by block, on plain Manim.

A scene inherits from KitScene and calls one method per block; the kit places, fits and animates.
"""

from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.scene import KitScene

__all__ = ["BlockError", "KitScene", "Look"]
