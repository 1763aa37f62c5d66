"""Code, read in the order in which it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from manim import Code, FadeIn, Mobject, VGroup

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError
from proofreel_kit.fonts import mono
from proofreel_kit.look import Look

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

_DIM = 0.3


class Listing(Block):
    """Lines of code; ``hl`` such as ``1;2-3`` lights up lines one step after the other."""

    align = "left"

    def __init__(self, lines: tuple[str, ...], language: str, hl: str) -> None:
        self.lines = lines
        if not any(line.strip() for line in lines):
            raise BlockError("The code is empty. Write at least one line.")
        self.language = language
        self.steps = [_numbers(step, len(lines)) for step in hl.split(";") if step.strip()]

    def build(self, room: Area, look: Look) -> VGroup:
        code = Code(
            code_string="\n".join(line or " " for line in self.lines),
            language=self.language,
            formatter_style="github-dark" if look.theme == "dark" else "friendly",
            add_line_numbers=False,
            background_config={"stroke_width": 0, "fill_opacity": 0},
            paragraph_config={"font": mono(), "font_size": 26},
        )
        text = code.code_lines
        for number, line in enumerate(text):
            line.role_name = f"Code line {number + 1}"
        return fit(VGroup(*text), room.width, room.height)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        scene.play(FadeIn(mobject), run_time=0.8)
        for step in self.steps:
            scene.pause(0.6)
            scene.play(
                *(
                    line.animate.set_opacity(1.0 if number in step else _DIM)
                    for number, line in enumerate(mobject)
                ),
                run_time=0.5,
            )
        if self.steps:
            scene.pause(0.6)
            scene.play(*(line.animate.set_opacity(1.0) for line in mobject), run_time=0.5)


def _numbers(step: str, count: int) -> set[int]:
    numbers: set[int] = set()
    for part in step.split(","):
        match = re.fullmatch(r"\s*(\d+)(?:-(\d+))?\s*", part)
        last = int(match[2] or match[1]) if match else 0
        if match is None or not 1 <= int(match[1]) <= last <= count:
            raise BlockError(f'“{step}” names no lines of this code. Write hl="1;2-3".')
        numbers.update(range(int(match[1]) - 1, last))
    return numbers
