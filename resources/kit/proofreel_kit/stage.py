"""Which block stands where on a page, and which ones make room for a new one."""

from dataclasses import dataclass, field

import numpy as np
from manim import Mobject

from proofreel_kit.area import Area, fit, page_areas
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look

GAP = 0.5
LEAST_GROWN = 0.52
"""Share of the page below which a growing block would rather stand alone."""
LEAST_SHRUNK = 0.62
"""How far a growing block that stands already may be scaled down for the next one."""


@dataclass
class Standing:
    """A block on the page."""

    block: Block
    mobject: Mobject
    room: Area


@dataclass
class Change:
    """What happens to the page when a block arrives."""

    arriving: Mobject
    leaving: list[Mobject] = field(default_factory=list)
    moving: list[tuple[Mobject, np.ndarray, float]] = field(default_factory=list)
    """Mobject, new centre and scale of those that make room."""


class Stage:
    """The blocks of the current page."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._layout = "full"
        self._standing: list[Standing] = []
        self._turn = 0

    @property
    def mobjects(self) -> list[Mobject]:
        return [standing.mobject for standing in self._standing]

    def lay_out(self, layout: str, content: Area) -> list[Mobject]:
        """Begin a page with a layout; returns what stood on the last one."""
        try:
            page_areas(layout, content, narrow=False)
        except ValueError as error:
            raise BlockError(str(error)) from None
        leaving = self.mobjects
        self._layout, self._standing, self._turn = layout, [], 0
        return leaving

    def clear(self) -> list[Mobject]:
        """Forget all blocks and return what stood."""
        leaving = self.mobjects
        self._standing, self._turn = [], 0
        return leaving

    def receive(self, block: Block, content: Area) -> Change:
        """Build a block where it belongs in the content area."""
        areas = page_areas(self._layout, content, narrow=self._look.aspect != "16:9")
        if block.alone:
            change = self._replace_all(block, content)
        elif areas:
            change = self._fill(block, areas[self._turn % len(areas)])
            self._turn += 1
        else:
            change = self._flow(block, content)
        return change

    def _fill(self, block: Block, room: Area) -> Change:
        """Put a block in an area of its own, instead of the one that stood there."""
        mobject = fit(block.build(room, self._look), room.width, room.height)
        _put(mobject, block, room, float(room.center[1]))
        leaving = [one for one in self._standing if one.room == room]
        self._standing = [one for one in self._standing if one.room != room]
        self._standing.append(Standing(block, mobject, room))
        return Change(mobject, [one.mobject for one in leaving])

    def _replace_all(self, block: Block, room: Area) -> Change:
        leaving = self.clear()
        change = self._fill(block, room)
        change.leaving.extend(leaving)
        return change

    def _flow(self, block: Block, room: Area) -> Change:
        """Add a block to the column, or begin a new column when it is full."""
        used = sum(one.mobject.height + GAP for one in self._standing)
        free = room.height - used
        if block.grows:
            if self._standing and free < room.height * LEAST_GROWN:
                return self._replace_all(block, room)
            space = Area(room.left, room.bottom, room.width, free)
            mobject = fit(block.build(space, self._look), room.width, free)
            return self._stack(Standing(block, mobject, room), 1.0)
        mobject = fit(block.build(room, self._look), room.width, room.height)
        factor = self._shrink_factor(mobject.height - free)
        if factor < LEAST_SHRUNK:
            self._standing, leaving = [], self.mobjects
            change = self._stack(Standing(block, mobject, room), 1.0)
            change.leaving.extend(leaving)
            return change
        return self._stack(Standing(block, mobject, room), factor)

    def _shrink_factor(self, excess: float) -> float:
        """Return the scale at which growing blocks free this much height; 0 when none can."""
        if excess <= 0:
            return 1.0
        tall = sum(one.mobject.height for one in self._standing if one.block.grows)
        return 1 - excess / tall if tall > excess else 0.0

    def _left_aligned(self) -> bool:
        """Tell whether the column stands on the left: not beside a formula in the middle."""
        return all(one.block.align == "left" for one in self._standing)

    def _stack(self, arriving: Standing, factor: float) -> Change:
        """Centre the column with the new block at its end."""
        self._standing.append(arriving)
        scales = [
            factor if one.block.grows and one is not arriving else 1.0 for one in self._standing
        ]
        heights = [one.mobject.height * s for one, s in zip(self._standing, scales, strict=True)]
        room = arriving.room
        change = Change(arriving.mobject)
        top = float(room.center[1]) + (sum(heights) + GAP * (len(heights) - 1)) / 2
        for one, scale, height in zip(self._standing, scales, heights, strict=True):
            at = top - height / 2
            centre = _centre(one.mobject, room, at, scale, left=self._left_aligned())
            if one is arriving:
                one.mobject.move_to(centre)
            elif scale != 1 or np.linalg.norm(centre - one.mobject.get_center()) > 0.01:
                change.moving.append((one.mobject, centre, scale))
            top -= height + GAP
        return change


def _centre(
    mobject: Mobject, room: Area, y: float, scale: float = 1.0, *, left: bool
) -> np.ndarray:
    x = float(room.center[0])
    if left:
        x = room.left + mobject.width * scale / 2
    return np.array([x, y, 0.0])


def _put(mobject: Mobject, block: Block, room: Area, y: float) -> None:
    mobject.move_to(_centre(mobject, room, y, left=block.align == "left"))
