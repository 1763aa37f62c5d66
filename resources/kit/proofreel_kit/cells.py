"""A row of cells that an algorithm works on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from manim import (
    DOWN,
    PI,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    Rectangle,
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


class Array(Block):
    """Values in cells, then operations: compare, swap, mark, unmark, set, note."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.values = lines[0].replace(",", " ").split() if lines else []
        if not self.values:
            raise BlockError("The array is empty. Write its values on the first line.")
        self.steps = [self._step(line, row) for row, line in enumerate(lines) if row]
        self._look = Look()

    def _step(self, line: str, row: int) -> tuple[str, tuple[str, ...], int]:
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
        return word, match.groups(), row

    def build(self, room: Area, look: Look) -> VGroup:
        self._look = look
        cells = VGroup()
        for number, value in enumerate(self.values):
            box = Rectangle(width=1.1, height=1.1).set_stroke(look.muted, 3)
            box.set_fill(look.background, 1)
            label = set_text(value, look, size=40, width=0.9, height=0.8, role=f"Cell {number}")
            cells.add(VGroup(box, label.move_to(box)))
        cells.arrange(RIGHT, buff=0.18)
        return fit(VGroup(cells, VGroup()), room.width, min(room.height, 1.6))

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        cells = list(mobject[0])
        scene.play(LaggedStart(*(FadeIn(cell, shift=0.2 * UP) for cell in cells), lag_ratio=0.1))
        note: Mobject | None = None
        for word, given, _row in self.steps:
            if word == "note":
                note = self._note(scene, mobject, note, given[0])
            else:
                getattr(self, f"_{word}")(scene, cells, given)

    def _compare(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        pair = [cells[int(place)] for place in given]
        colour = self._look.accent_colour
        scene.play(*(cell[0].animate.set_stroke(colour, 6) for cell in pair), run_time=0.35)
        scene.play(
            *(cell[0].animate.set_stroke(self._look.muted, 3) for cell in pair), run_time=0.25
        )

    def _swap(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        first, second = (int(place) for place in given)
        one, other = cells[first], cells[second]
        there, here = other.get_center(), one.get_center()
        if first != second:
            scene.play(
                one.animate(path_arc=-PI / 2).move_to(there),
                other.animate(path_arc=-PI / 2).move_to(here),
                run_time=0.6,
            )
        cells[first], cells[second] = other, one

    def _mark(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        box = cells[int(given[0])][0]
        scene.play(box.animate.set_fill(self._look.accent_colour, 0.35), run_time=0.3)

    def _unmark(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        box = cells[int(given[0])][0]
        scene.play(box.animate.set_fill(self._look.background, 1), run_time=0.3)

    def _set(self, scene: KitScene, cells: list[Mobject], given: tuple[str, ...]) -> None:
        cell = cells[int(given[0])]
        label = set_text(given[1], self._look, size=40, width=0.9, height=0.8, role="Cell")
        label.match_height(cell[1]).move_to(cell[1])
        scene.play(Transform(cell[1], label), run_time=0.4)

    def _note(
        self, scene: KitScene, mobject: Mobject, before: Mobject | None, words: str
    ) -> Mobject:
        note = set_text(
            words, self._look, size=30, width=mobject.width, colour=self._look.muted, role="Note"
        )
        note.next_to(mobject[0], DOWN, buff=0.35)
        leaving = [FadeOut(before)] if before is not None else []
        scene.play(*leaving, FadeIn(note), run_time=0.4)
        if before is not None:
            mobject[1].remove(before)
        mobject[1].add(note)
        return note


class Steps(Block):
    """Boxes with arrows between them, one after the other."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.lines = [line.strip() for line in lines if line.strip()]
        if not self.lines:
            raise BlockError("There are no steps. Write one on each line.")

    def build(self, room: Area, look: Look) -> VGroup:
        across = room.width > room.height * 1.5
        count = len(self.lines)
        width = (room.width - 0.7 * (count - 1)) / count if across else min(room.width, 7.5)
        boxes = VGroup()
        for number, line in enumerate(self.lines):
            words = set_text(
                line, look, size=look.size("body"), width=width - 0.5, balance=True,
                role=f"Step {number + 1}",
            )  # fmt: skip
            frame = Rectangle(width=width, height=max(1.1, words.height + 0.6))
            frame.set_stroke(look.accent_colour, 3).set_fill(look.accent_colour, 0.1)
            boxes.add(VGroup(frame, words.move_to(frame)))
        boxes.arrange(RIGHT if across else DOWN, buff=0.7 if across else 0.45)
        return fit(boxes, room.width, room.height)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        for box in mobject:
            scene.play(Create(box[0]), FadeIn(box[1]), run_time=0.7)
            scene.pause(0.3)
