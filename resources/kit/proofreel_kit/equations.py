"""Formulas and derivations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Mobject, VMobject, Write

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block
from proofreel_kit.look import Look
from proofreel_kit.maths import formula

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene


class Equation(Block):
    """One formula, written by an invisible hand."""

    def __init__(self, source: str) -> None:
        self.source = source

    def build(self, room: Area, look: Look) -> VMobject:
        mobject = formula(self.source, look)
        mobject.scale(look.size("maths") / 48)
        mobject.role_name = "Formula"
        return fit(mobject, room.width, room.height)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        glyphs = len(mobject.family_members_with_points())
        scene.play(Write(mobject), run_time=min(2.4, 0.9 + 0.05 * glyphs))
