"""Timelines: what happened when, along a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Dot, FadeIn, Line, ManimColor, Mobject, VGroup

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import first_baseline, last_baseline, set_text, smaller

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

LEAST_PITCH = 2.1
"""Units an event needs along a line from left to right; more events stand below each other."""
PITCH = 3.4


class Timeline(Block):
    """Lines such as ``1637: Fermat writes a note``; ``highlight 1637`` makes one stand out."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.events: list[tuple[str, str, int]] = []
        self.highlighted: set[str] = set()
        wanted: list[tuple[str, int]] = []
        for row, line in enumerate(lines):
            text = line.strip()
            when, colon, what = text.partition(":")
            if text.startswith("highlight ") and not colon:
                wanted.append((text.removeprefix("highlight ").strip(), row))
            elif text:
                if not (when.strip() and what.strip()):
                    raise BlockError(
                        f"“{text}” is no event. Write when it was, a colon and what happened.", row
                    )
                self.events.append((when.strip(), what.strip(), row))
        if not self.events:
            raise BlockError("The timeline is empty. Write lines such as 1637: A note is written.")
        for name, row in wanted:
            self._highlight(name, row)

    def _highlight(self, name: str, row: int) -> None:
        if name not in {when for when, _, _ in self.events}:
            raise BlockError(f"Nothing on the timeline happens at “{name}”.", row)
        self.highlighted.add(name)

    @property
    def seconds(self) -> float:
        return looking_seconds(*(f"{when} {what}" for when, what, _ in self.events))

    def build(self, room: Area, look: Look) -> VGroup:
        """Return the line and the events, each of dot, time and words."""
        across = room.width / len(self.events) >= LEAST_PITCH
        size = look.size("body")
        draw = self._across if across else self._down
        drawn = draw(room, look, size)
        while not across and drawn.height > room.height and size > 15:
            size = smaller(size, drawn.height, room.height)
            drawn = draw(room, look, size)
        return fit(drawn, room.width, room.height)

    def _across(self, room: Area, look: Look, size: float) -> VGroup:
        pitch = min(PITCH, room.width / len(self.events))
        events = VGroup()
        for index in range(len(self.events)):
            at = pitch * index * RIGHT
            dot, when, what = self._event(index, look, size * 0.92, pitch - 0.35, "center")
            dot.move_to(at)
            when.next_to(dot, UP, buff=0.25)
            what.next_to(dot, DOWN, buff=0.3)
            events.add(self._named(index, dot, when, what))
        ends = events[0][0].get_center() + 0.6 * LEFT, events[-1][0].get_center() + 0.6 * RIGHT
        return VGroup(Line(*ends).set_stroke(look.line, 4), events)

    def _down(self, room: Area, look: Look, size: float) -> VGroup:
        """Return events below each other: times on the left of the line, words on its right."""
        events, y = VGroup(), 0.0
        for index in range(len(self.events)):
            dot, when, what = self._event(index, look, size, room.width * 0.3, "right")
            what = self._words(index, look, size * 0.95, room.width * 0.7 - 1.1, "left")
            what.shift((y - first_baseline(what)) * UP - (float(what.get_left()[0]) - 0.4) * RIGHT)
            when.shift((y - first_baseline(when)) * UP - (float(when.get_right()[0]) + 0.4) * RIGHT)
            dot.move_to([0.0, y + size / 72 * 0.36, 0])
            y = last_baseline(what) - size / 72 * 1.75
            events.add(self._named(index, dot, when, what))
        ends = events[0][0].get_center(), events[-1][0].get_center() + (0.4 * DOWN)
        return VGroup(Line(*ends).set_stroke(look.line, 4), events)

    def _event(
        self, index: int, look: Look, size: float, width: float, align: str
    ) -> tuple[VGroup, VGroup, VGroup]:
        """Return dot, time and words of an event."""
        name, _, row = self.events[index]
        colour: ManimColor = look.accent_colour if self._lit(name) else look.muted
        when = set_text(
            name, look, size=size, width=width, colour=colour, weight="SEMIBOLD", align=align,
            row=row,
        )  # fmt: skip
        dot = VGroup(Dot(radius=0.15, color=look.background), Dot(radius=0.115, color=colour))
        return dot, when, self._words(index, look, size * 0.85, width, align)

    def _words(self, index: int, look: Look, size: float, width: float, align: str) -> VGroup:
        name, happened, row = self.events[index]
        return set_text(
            happened, look, size=size, width=width, align=align, balance=True, row=row,
            colour=look.text if self._lit(name) else look.muted,
        )  # fmt: skip

    def _lit(self, name: str) -> bool:
        return not self.highlighted or name in self.highlighted

    def _named(self, index: int, *parts: VGroup) -> VGroup:
        group = VGroup(*parts)
        for part, role in zip(parts[1:], ("Time of event", "Event"), strict=True):
            part.role_name = f"{role} {index + 1}"
        return group

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        """Let the line reach one event after the other."""
        line, events = mobject
        start, end = line.get_start_and_end()
        whole = float(np.linalg.norm(end - start)) or 1.0
        grown = Line(start, start + (end - start) * 0.001).match_style(line)
        scene.add(grown)
        for event in events:
            reach = float(np.linalg.norm(event[0].get_center() - start)) / whole
            reach = 1.0 if event is events[-1] else max(reach, 0.001)
            scene.play(
                grown.animate.put_start_and_end_on(start, start + (end - start) * reach),
                run_time=0.6,
            )
            scene.play(
                FadeIn(event[0], scale=0.4), FadeIn(event[1]), FadeIn(event[2], shift=0.1 * UP),
                run_time=0.5,
            )  # fmt: skip
            scene.pause(0.4)
        scene.remove(grown)
