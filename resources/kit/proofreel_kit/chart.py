"""Charts of named values: bars, columns, lines and pies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    Dot,
    FadeIn,
    LaggedStart,
    Line,
    ManimColor,
    Mobject,
    RoundedRectangle,
    VGroup,
    VMobject,
)

from proofreel_kit.area import Area
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError, check_options, number
from proofreel_kit.growth import grow_all
from proofreel_kit.look import Look
from proofreel_kit.pie import pie
from proofreel_kit.scales import Axes2D, round_step, ticks, written
from proofreel_kit.text import set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

KINDS = ("bar", "column", "line", "pie")


@dataclass
class Entry:
    """One named value of a chart."""

    name: str
    value: float
    row: int
    highlighted: bool = False


class Chart(Block):
    """Values that grow from their base line."""

    grows = True

    def __init__(self, lines: tuple[str, ...], options: dict[str, str]) -> None:
        check_options("chart", options, ("kind", "unit", "max"))
        self.kind = options.get("kind") or "bar"
        if self.kind not in KINDS:
            raise BlockError(f"There is no chart “{self.kind}”. Use {', '.join(KINDS)}.")
        self.unit = options.get("unit", "")
        self.entries = read_entries(lines)
        wanted = options.get("max", "")
        self.most = number(wanted, "max") if wanted else self._round_most()
        self._check_values()

    def _round_most(self) -> float:
        most = max(0.0, *(entry.value for entry in self.entries), 0.0)
        step = round_step(most or 1.0, 5)
        return step * -(-most // step) or 1.0

    def _check_values(self) -> None:
        for entry in self.entries:
            if entry.value > self.most:
                raise BlockError(
                    f"{entry.name} is larger than max. Raise max or remove it.", entry.row
                )
            if self.kind != "line" and entry.value < 0:
                raise BlockError(
                    f"{entry.name} is below zero, which a {self.kind} cannot show. Use kind=line.",
                    entry.row,
                )
        if self.kind == "pie" and not sum(entry.value for entry in self.entries):
            raise BlockError("All parts of the pie are zero. Give at least one a value.")
        if self.kind == "line" and len(self.entries) < 2:
            raise BlockError("A line needs at least two values. Add one, or use kind=column.")

    @property
    def seconds(self) -> float:
        return 3.0 + 0.8 * len(self.entries)

    def build(self, room: Area, look: Look) -> VGroup:
        self._look = look
        self._size = look.size("label") * (0.88 if room.width < 6 or len(self.entries) > 7 else 1.0)
        draw = {"bar": self._bars, "column": self._columns, "line": self._line, "pie": self._pie}
        chart = draw[self.kind](room)
        for group, entry in zip(chart[1], self.entries, strict=True):
            group.role_name = entry.name
        return chart

    def colour(self, entry: Entry) -> ManimColor:
        """Return the accent, or a quiet tint when another value is highlighted."""
        if entry.highlighted or not any(one.highlighted for one in self.entries):
            return self._look.accent_colour
        return self._look.background.interpolate(self._look.muted, 0.55)

    def value_text(self, entry: Entry) -> str:
        """Return a value with its unit, as it is written next to its bar."""
        space = "" if self.unit in {"", "%", "°"} else " "
        return f"{written(entry.value)}{space}{self.unit}"

    def _text(
        self,
        text: str,
        width: float,
        *,
        strong: bool = False,
        align: str = "center",
        tall: float = float("inf"),
    ) -> VGroup:
        look = self._look
        return set_text(
            text,
            look,
            size=self._size,
            width=width,
            height=min(self._size / 72 * 2.9, tall),
            align=align,
            colour=look.text if strong else look.muted,
            weight="SEMIBOLD" if strong else "NORMAL",
        )

    def _bars(self, room: Area) -> VGroup:
        """Return bars that grow to the right, names on their left."""
        pitch = min(1.15, room.height / len(self.entries))
        names = [
            self._text(entry.name, room.width * 0.3, align="right", tall=pitch * 0.9)
            for entry in self.entries
        ]
        values = [self._text(self.value_text(entry), 3.0, strong=True) for entry in self.entries]
        gutter = max(name.width for name in names) + 0.3
        length = room.width - gutter - max(value.width for value in values) - 0.3
        base = Line(pitch * len(names) / 2 * UP, pitch * len(names) / 2 * DOWN)
        groups = VGroup()
        for index, (entry, name, value) in enumerate(zip(self.entries, names, values, strict=True)):
            y = (len(names) / 2 - index - 0.5) * pitch
            bar = self._slab(max(entry.value / self.most * length, 0.03), pitch * 0.58, entry)
            bar.move_to([bar.width / 2, y, 0])
            name.move_to([-0.25 - name.width / 2, y, 0])
            groups.add(VGroup(bar, name, value.next_to(bar, RIGHT, buff=0.2)))
        return VGroup(VGroup(base.set_stroke(self._look.line, 2)), groups)

    def _columns(self, room: Area) -> VGroup:
        """Return columns that grow upwards, names below them."""
        pitch = min(2.2, room.width / len(self.entries))
        names = [self._text(entry.name, pitch * 0.92) for entry in self.entries]
        depth = max(name.height for name in names) + 0.25
        top = room.height - depth - 0.55
        width = pitch * len(names)
        base = Line(width / 2 * LEFT, width / 2 * RIGHT).set_stroke(self._look.line, 2)
        groups = VGroup()
        for index, (entry, name) in enumerate(zip(self.entries, names, strict=True)):
            x = (index - len(names) / 2 + 0.5) * pitch
            bar = self._slab(pitch * 0.58, max(entry.value / self.most * top, 0.03), entry)
            bar.move_to([x, bar.height / 2, 0])
            name.move_to([x, -0.2 - name.height / 2, 0])
            value = self._text(self.value_text(entry), pitch * 0.98, strong=True)
            groups.add(VGroup(bar, name, value.next_to(bar, UP, buff=0.15)))
        return VGroup(VGroup(base), groups)

    def _slab(self, width: float, height: float, entry: Entry) -> RoundedRectangle:
        radius = min(0.08, width / 2.1, height / 2.1)
        slab = RoundedRectangle(corner_radius=radius, width=width, height=height)
        return slab.set_fill(self.colour(entry), 1).set_stroke(width=0)

    def _line(self, room: Area) -> VGroup:
        """Return a line through the values, names below and values at its points."""
        low = self._floor()
        pitch = room.width / len(self.entries)
        names = [self._text(entry.name, pitch * 0.92) for entry in self.entries]
        depth = max(name.height for name in names) + 0.3
        box = Area(-room.width / 2, 0, room.width, room.height - depth - 0.5)
        axes = Axes2D((-0.5, len(names) - 0.5), (low, self.most), box)
        path = VMobject(stroke_color=self._look.accent_colour, stroke_width=5)
        path.set_points_as_corners([axes.point(i, e.value) for i, e in enumerate(self.entries)])
        groups = VGroup()
        for index, (entry, name) in enumerate(zip(self.entries, names, strict=True)):
            dot = Dot(axes.point(index, entry.value), radius=0.1, color=self.colour(entry))
            value = self._text(self.value_text(entry), pitch * 0.98, strong=True)
            value.next_to(dot, self._free_side(index), buff=0.16)
            name.move_to([float(dot.get_center()[0]), -0.25 - name.height / 2, 0])
            groups.add(VGroup(dot, name, value))
        grid = VGroup(
            *(
                Line(axes.point(-0.5, y), axes.point(len(names) - 0.5, y)).set_stroke(
                    self._look.line, 2 if y == 0 else 1, 1 if y == 0 else 0.5
                )
                for y in ticks(low, self.most, 5)
                if low <= y <= self.most
            )
        )
        return VGroup(grid, groups, path)

    def _floor(self) -> float:
        """Return where a line's scale begins: zero, unless that would flatten the line."""
        least = min(entry.value for entry in self.entries)
        if 0 <= least < 0.5 * self.most:
            return 0.0
        step = round_step(self.most - least or 1.0, 4)
        return step * ((least - step / 2) // step)

    def _free_side(self, index: int) -> object:
        """Return the side of a point on which the line does not pass."""
        values = [entry.value for entry in self.entries]
        near = [values[i] for i in (index - 1, index + 1) if 0 <= i < len(values)]
        low = self._floor()
        if values[index] - low < 0.15 * (self.most - low):
            return UP  # below it stand the names
        if all(values[index] < other for other in near):
            return DOWN
        if all(values[index] >= other for other in near) or len(near) == 1:
            return UP
        return UP + 0.9 * (LEFT if near[1] > near[0] else RIGHT)

    def _pie(self, room: Area) -> VGroup:
        return pie(self, room, self._look, self._size)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        frame, groups = mobject[0], mobject[1]
        if len(frame):
            scene.play(FadeIn(frame), *(FadeIn(group[1]) for group in groups), run_time=0.6)
        if self.kind == "line":
            scene.play(Create(mobject[2]), run_time=1.4)
            scene.play(*(FadeIn(VGroup(g[0], g[2]), shift=0.1 * UP) for g in groups), run_time=0.6)
        elif self.kind == "pie":
            scene.play(
                LaggedStart(*(FadeIn(g, scale=0.9) for g in groups), lag_ratio=0.35), run_time=1.6
            )
        else:
            edge = LEFT if self.kind == "bar" else DOWN
            scene.play(grow_all([group[0] for group in groups], edge, 1.6))
            scene.play(*(FadeIn(group[2]) for group in groups), run_time=0.4)


def read_entries(lines: tuple[str, ...]) -> list[Entry]:
    """Read ``Name: 12`` and ``highlight Name`` lines."""
    entries: list[Entry] = []
    wanted: list[tuple[str, int]] = []
    for row, line in enumerate(lines):
        text = line.strip()
        name, colon, value = text.rpartition(":")
        if text.startswith("highlight ") and not colon:
            wanted.append((text.removeprefix("highlight ").strip(), row))
        elif text and not name.strip():
            raise BlockError(f"“{text}” has no value. Write a name, a colon and a number.", row)
        elif text:
            entries.append(
                Entry(
                    name.strip(),
                    number(value.replace("%", ""), f"The value of {name.strip()}", row),
                    row,
                )
            )
    if not entries:
        raise BlockError("The chart is empty. Write lines such as Name: 12.")
    for name, row in wanted:
        _highlight(entries, name, row)
    return entries


def _highlight(entries: list[Entry], name: str, row: int) -> None:
    found = [entry for entry in entries if entry.name.casefold() == name.casefold()]
    if not found:
        names = ", ".join(entry.name for entry in entries)
        raise BlockError(f"There is no “{name}” to highlight. The chart has {names}.", row)
    for entry in found:
        entry.highlighted = True
