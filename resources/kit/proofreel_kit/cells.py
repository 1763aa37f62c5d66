"""A row of cells that an algorithm works on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from manim import (
    DOWN,
    PI,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    Rectangle,
    RoundedRectangle,
    Transform,
    VGroup,
)

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

_SHAPES = {
    "compare": r"(\d+) (\d+)", "swap": r"(\d+) (\d+)", "mark": r"(\d+)", "unmark": r"(\d+)",
    "set": r"(\d+) (\S+)", "note": r"(.+)",
}  # fmt: skip
SIDE = 1.4
GAP = 0.2
NOTE_ROOM = 1.05
"""Height kept free below the cells for notes."""


class Array(Block):
    """Values in cells, then operations: compare, swap, mark, unmark, set, note."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.values = lines[0].replace(",", " ").split() if lines else []
        if not self.values:
            raise BlockError("The array is empty. Write its values on the first line.")
        self.steps = [
            self._step(line, row) for row, line in enumerate(lines) if row and line.strip()
        ]
        self._look = Look()

    def _step(self, line: str, row: int) -> tuple[str, tuple[str, ...]]:
        word, _, rest = line.strip().partition(" ")
        match = re.fullmatch(_SHAPES.get(word, "$^"), rest.strip())
        if match is None:
            known = ", ".join(_SHAPES)
            raise BlockError(f"“{line.strip()}” is no step of an array. Use {known}.", row)
        places = [part for part in match.groups() if part.isdigit()]
        if word == "set":
            places = places[:1]
        if word != "note" and any(int(place) >= len(self.values) for place in places):
            last = len(self.values) - 1
            raise BlockError(f"The array has no such place. They go from 0 to {last}.", row)
        return word, match.groups()

    def build(self, room: Area, look: Look) -> VGroup:
        """Return cells, their numbers, and the room for notes."""
        self._look = look
        cells, numbers = VGroup(), VGroup()
        for number, value in enumerate(self.values):
            box = RoundedRectangle(corner_radius=0.1, width=SIDE, height=SIDE)
            box.set_stroke(look.line, 2.5).set_fill(look.surface, 1)
            cells.add(VGroup(box, self._value(value, f"Cell {number}").move_to(box)))
        cells.arrange(RIGHT, buff=GAP)
        for number, cell in enumerate(cells):
            index = set_text(
                f"{number}", look, size=look.size("small"), width=SIDE, colour=look.muted,
                role=f"Number of cell {number}",
            )  # fmt: skip
            numbers.add(index.next_to(cell, DOWN, buff=0.16))
        row = fit(VGroup(cells, numbers), room.width, room.height - self._note_height())
        space = Rectangle(width=room.width, height=self._note_height() or 0.01)
        space.set_stroke(width=0).set_fill(opacity=0)
        return VGroup(row, space.next_to(row, DOWN, buff=0), VGroup())

    def _note_height(self) -> float:
        return NOTE_ROOM if any(word == "note" for word, _ in self.steps) else 0.0

    def _value(self, value: str, role: str) -> VGroup:
        return set_text(value, self._look, size=46, width=SIDE * 0.8, height=SIDE * 0.8, role=role)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        (row, numbers), space, notes = mobject
        cells = list(row)
        arriving = (
            FadeIn(VGroup(*pair), shift=0.2 * UP) for pair in zip(cells, numbers, strict=True)
        )
        scene.play(LaggedStart(*arriving, lag_ratio=0.15), run_time=0.6 + 0.1 * len(cells))
        scene.pause(0.4)
        for word, given in self.steps:
            if word == "note":
                self._note(scene, space, notes, given[0])
            else:
                getattr(self, f"_{word}")(scene, cells, given)

    def _compare(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        """Ring two cells and let the eye rest on them."""
        boxes = [cells[int(place)][0] for place in given]
        before = [(box.get_stroke_color(), box.get_stroke_width()) for box in boxes]
        colour = self._look.companions[1]
        scene.play(*(box.animate.set_stroke(colour, 6) for box in boxes), run_time=0.35)
        scene.pause(0.35)
        scene.play(
            *(box.animate.set_stroke(*was) for box, was in zip(boxes, before, strict=True)),
            run_time=0.25,
        )

    def _swap(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        first, second = (int(place) for place in given)
        one, other = cells[first], cells[second]
        there, here = other.get_center(), one.get_center()
        if first != second:
            scene.play(
                one.animate(path_arc=-PI * 0.6).move_to(there),
                other.animate(path_arc=-PI * 0.6).move_to(here),
                run_time=0.7,
            )
        cells[first], cells[second] = other, one

    def _mark(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        box = cells[int(given[0])][0]
        look = self._look
        scene.play(
            box.animate.set_fill(look.tint(0.35), 1).set_stroke(look.accent_colour, 4),
            run_time=0.4,
        )

    def _unmark(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        box = cells[int(given[0])][0]
        look = self._look
        scene.play(box.animate.set_fill(look.surface, 1).set_stroke(look.line, 2.5), run_time=0.4)

    def _set(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        cell = cells[int(given[0])]
        label = self._value(given[1], "Cell")
        label.scale(cell[0].width / SIDE).move_to(cell[0])
        scene.play(Transform(cell[1], label), run_time=0.4)

    def _note(self, scene: KitScene, space: Mobject, notes: VGroup, words: str) -> None:
        """Say something below the cells, instead of what was said before."""
        look = self._look
        note = set_text(
            words, look, size=look.size("body"), width=space.width, height=NOTE_ROOM - 0.3,
            colour=look.accent_colour, align="center", balance=True, role="Note",
        )  # fmt: skip
        note.move_to(space.get_center() + 0.15 * DOWN)
        leaving = [FadeOut(before) for before in notes]
        scene.play(*leaving, FadeIn(note, shift=0.12 * UP), run_time=0.5)
        notes.remove(*notes)
        notes.add(note)
        scene.pause(0.8)
