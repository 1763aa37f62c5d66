"""What every block of a page is: something built to fit an area, then shown with a purpose."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from manim import FadeIn, Mobject

from proofreel_kit.area import Area
from proofreel_kit.look import Look

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene


def looking_seconds(*texts: str) -> float:
    """Return how long texts on a page must stand to be taken in."""
    return 1.5 + 0.24 * sum(len(text.split()) for text in texts)


class Block(ABC):
    """One block: ``build`` makes its mobject once, ``enter`` plays how it appears."""

    grows = False
    """Whether the block fills the room it is given; others have a natural height."""
    alone = False
    """Whether the block takes the whole page, heading included."""
    align = "center"
    """Where it stands in a wider area: ``left`` or ``center``."""

    @property
    def seconds(self) -> float:
        """How long a viewer needs for it once it has begun to appear."""
        return 2.5

    @abstractmethod
    def build(self, room: Area, look: Look) -> Mobject:
        """Return the mobject, no larger than the room; its place is decided afterwards."""

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        """Play the block's appearance; the mobject stands where it belongs."""
        scene.play(FadeIn(mobject), run_time=0.7)
