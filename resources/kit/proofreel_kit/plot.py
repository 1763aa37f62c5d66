"""Plots of functions, with points, tangents, areas and moving dots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    DashedLine,
    Dot,
    FadeIn,
    Line,
    ManimColor,
    Mobject,
    Polygon,
    UpdateFromAlphaFunc,
    VGroup,
    smooth,
)

from proofreel_kit.area import Area
from proofreel_kit.block import Block
from proofreel_kit.curves import SAMPLES, curve, range_of
from proofreel_kit.errors import BlockError, check_options, span
from proofreel_kit.look import Look
from proofreel_kit.plot_labels import beside_point, end_labels
from proofreel_kit.plot_lines import Item, read_plot
from proofreel_kit.scales import Axes2D, ticks, written
from proofreel_kit.text import set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

MOVE_SECONDS = 3.0


class Plot(Block):
    """A coordinate system whose lines appear in the order they are written."""

    grows = True

    def __init__(self, lines: tuple[str, ...], options: dict[str, str]) -> None:
        check_options("plot", options, ("x", "y"))
        self.spec = read_plot(lines)
        self.x = span(options["x"], "x") if options.get("x") else (-5.0, 5.0)
        self.y = span(options["y"], "y") if options.get("y") else self._range()
        self._parts: list[tuple[Item, Mobject]] = []

    @property
    def seconds(self) -> float:
        return 4.0 + 1.6 * len(self.spec.items)

    def _range(self) -> tuple[float, float]:
        points = [item.numbers[1] for item in self.spec.items if item.kind == "point"]
        zero = [0.0] if any(item.kind == "area" for item in self.spec.items) else []
        functions = [item.function for item in self.spec.curves() if item.function]
        return range_of(functions, self.x, points + zero)

    def build(self, room: Area, look: Look) -> VGroup:
        self._look = look
        size = look.size("label") * (0.9 if room.width < 6 else 1.0)
        wanted = Area(room.left, room.bottom, min(room.width, room.height * 1.75), room.height)
        right = self._label_room(size, wanted.width)
        above = 0.15 + (size / 72 * 1.2 if self._names_lines() else 0.0)
        box = Area(
            wanted.left + 0.75,
            wanted.bottom + 0.5,
            wanted.width - 0.75 - right,
            wanted.height - 0.5 - above,
        )
        axes = self._axes = Axes2D(self.x, self.y, box)
        colours = dict(zip([i.name for i in self.spec.curves()], look.companions * 4, strict=False))
        frame = _frame(axes, look)
        self._parts = [(item, self._draw(item, axes, colours, size)) for item in self.spec.items]
        labels = end_labels(self.spec.curves(), axes, colours, look, size, max(right, 1.2))
        for item, mobject in self._parts:
            if item.row in labels:
                mobject.add(labels[item.row])
        return VGroup(frame, *(mobject for _, mobject in self._parts))

    def _names_lines(self) -> bool:
        """Tell whether a vertical line has a label, which stands above the plot."""
        return any(item.kind == "vline" and item.label for item in self.spec.items)

    def _label_room(self, size: float, width: float) -> float:
        labels = [item.label for item in self.spec.curves() if item.label]
        if not labels:
            return 0.3
        longest = max(min(len(label), 18) for label in labels)
        return min(width * 0.28, longest * size / 72 * 0.58 + 0.35)

    def _draw(
        self, item: Item, axes: Axes2D, colours: dict[str, ManimColor], size: float
    ) -> VGroup:
        look = self._look
        colour = colours.get(item.name, look.accent_colour)
        match item.kind:
            case "curve":
                assert item.function is not None
                drawn = VGroup(curve(item.function, axes, colour))
            case "point":
                drawn = VGroup(self._dot(axes, item.numbers, item.row, look.text))
                self._label(drawn, item, axes, item.numbers, size)
            case "tangent":
                drawn = self._tangent(item, axes, size)
            case "area":
                drawn = self._area(item, axes, colour, size)
            case "vline":
                drawn = self._vline(item, axes, size)
            case _:
                drawn = self._moving(item, axes, colour, size)
        return drawn

    def _dot(self, axes: Axes2D, at: tuple[float, ...], row: int, colour: ManimColor) -> Dot:
        if not axes.holds(at[0], at[1]):
            raise BlockError(
                f"The point {written(at[0])}, {written(at[1])} lies outside the plot. "
                "Make the ranges x and y wider.",
                row,
            )
        dot = Dot(axes.point(at[0], at[1]), radius=0.1, color=colour)
        return dot.set_stroke(self._look.background, 3, background=True)

    def _label(
        self, group: VGroup, item: Item, axes: Axes2D, at: tuple[float, ...], size: float
    ) -> None:
        if item.label:
            group.add(beside_point(item, axes, at, self.spec.items, self._look, size))

    def _tangent(self, item: Item, axes: Axes2D, size: float) -> VGroup:
        assert item.function is not None
        at, step = item.numbers[0], 1e-4 * (axes.x[1] - axes.x[0])
        low, y, high = item.function(np.array([at - step, at, at + step]))
        slope = (high - low) / (2 * step)
        if not (np.isfinite(y) and np.isfinite(slope)):
            raise BlockError(
                f"{item.name} has no tangent at {written(at)}. Choose another place.", item.row
            )
        line = curve(lambda x: y + slope * (x - at), axes, self._look.text, 3.0)
        group = VGroup(line, self._dot(axes, (at, float(y)), item.row, self._look.text))
        self._label(group, item, axes, (at, float(y)), size)
        return group

    def _area(self, item: Item, axes: Axes2D, colour: ManimColor, size: float) -> VGroup:
        assert item.function is not None
        low, high = max(item.numbers[0], axes.x[0]), min(item.numbers[1], axes.x[1])
        if low >= high:
            raise BlockError("The area lies outside the plot. Make the range x wider.", item.row)
        x = np.linspace(low, high, SAMPLES // 3)
        y = np.nan_to_num(item.function(x), nan=0.0, posinf=axes.y[1], neginf=axes.y[0])
        base = min(max(0.0, axes.y[0]), axes.y[1])
        top = axes.points(x, np.clip(y, *axes.y))
        floor = axes.points(x[[-1, 0]], np.array([base, base]))
        shape = Polygon(*top, *floor, stroke_width=0, fill_color=colour, fill_opacity=0.28)
        group = VGroup(shape)
        if item.label:
            width = axes.box.width * (high - low) / (axes.x[1] - axes.x[0]) * 0.9
            label = set_text(
                item.label,
                self._look,
                size=size,
                width=max(width, 0.6),
                align="center",
                role=f"Label of the area under {item.name}",
            )
            weights = np.abs(y - base) + 1e-9
            middle = float(np.average(x, weights=weights))
            half = float(np.interp(middle, x, y)) * 0.42 + base * 0.58
            group.add(label.move_to(axes.point(middle, min(max(half, axes.y[0]), axes.y[1]))))
        return group

    def _vline(self, item: Item, axes: Axes2D, size: float) -> VGroup:
        at = item.numbers[0]
        if not axes.x[0] <= at <= axes.x[1]:
            raise BlockError(
                f"The line at {written(at)} lies outside the plot. Make the range x wider.",
                item.row,
            )
        line = DashedLine(axes.point(at, axes.y[0]), axes.point(at, axes.y[1]), dash_length=0.12)
        group = VGroup(line.set_stroke(self._look.muted, 3))
        if item.label:
            label = set_text(
                item.label,
                self._look,
                size=size,
                width=axes.box.width * 0.4,
                colour=self._look.muted,
                role=f"Label of the line at {written(at)}",
            )
            label.next_to(line.get_top(), UP, buff=0.1)
            half = label.width / 2
            inside = min(max(float(label.get_x()), axes.box.left + half), axes.box.right - half)
            group.add(label.set_x(inside))
        return group

    def _moving(self, item: Item, axes: Axes2D, colour: ManimColor, size: float) -> VGroup:
        assert item.function is not None
        x = np.linspace(*item.numbers, 60)
        y = item.function(x)
        if not np.all(np.isfinite(y)):
            raise BlockError(
                f"{item.name} has no value everywhere the dot would go. Choose another range.",
                item.row,
            )
        dot = Dot(axes.point(x[0], float(np.clip(y[0], *axes.y))), radius=0.13, color=colour)
        dot.set_stroke(self._look.text, 3)
        group = VGroup(dot)
        self._label(group, item, axes, (float(x[-1]), float(np.clip(y[-1], *axes.y))), size)
        return group

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        scene.play(FadeIn(mobject[0]), run_time=0.6)
        for item, drawn in self._parts:
            match item.kind:
                case "curve":
                    scene.play(Create(drawn[0], rate_func=smooth), run_time=1.4)
                    if len(drawn) > 1:
                        scene.play(FadeIn(drawn[1], shift=0.1 * RIGHT), run_time=0.4)
                case "move":
                    self._travel(scene, item, drawn, mobject[0])
                case "tangent":
                    scene.play(
                        FadeIn(drawn[1], scale=0.5),
                        Create(drawn[0]),
                        *map(FadeIn, drawn[2:]),
                        run_time=0.9,
                    )
                case "vline":
                    scene.play(Create(drawn[0]), *map(FadeIn, drawn[1:]), run_time=0.7)
                case _:
                    scene.play(
                        FadeIn(drawn, scale=0.9 if item.kind == "point" else 1), run_time=0.6
                    )

    def _place(self, frame: Mobject, x: float, y: float) -> np.ndarray:
        """Return where a pair of numbers is now, wherever the plot was moved to."""
        start, end = frame[2].get_start_and_end()
        axes = self._axes
        across = (min(max(x, axes.x[0]), axes.x[1]) - axes.x[0]) / (axes.x[1] - axes.x[0])
        along = (min(max(y, axes.y[0]), axes.y[1]) - axes.y[0]) / (axes.y[1] - axes.y[0])
        return start + (end - start) * np.array([across, along, 0.0])

    def _travel(self, scene: KitScene, item: Item, drawn: VGroup, frame: Mobject) -> None:
        """Let a dot run along its curve."""
        assert item.function is not None
        function, (start, end) = item.function, item.numbers
        dot = drawn[0]

        def follow(mobject: Mobject, alpha: float) -> None:
            x = start + (end - start) * alpha
            mobject.move_to(self._place(frame, x, float(function(np.array([x]))[0])))

        follow(dot, 0.0)
        scene.play(FadeIn(dot, scale=0.5), run_time=0.4)
        scene.play(UpdateFromAlphaFunc(dot, follow, rate_func=smooth), run_time=MOVE_SECONDS)
        if len(drawn) > 1:
            scene.play(FadeIn(drawn[1]), run_time=0.4)


def _frame(axes: Axes2D, look: Look) -> VGroup:
    """Return grid, axes and numbers; numbers stand outside, where no curve crosses them."""
    box, size = axes.box, look.size("small")
    group, numbers = VGroup(), VGroup()
    for value in ticks(*axes.x, max(2, int(box.width / 0.95))):
        at = axes.point(value, axes.y[0])
        group.add(_rule(at, axes.point(value, axes.y[1]), look, strong=value == 0))
        label = set_text(
            written(value),
            look,
            size=size,
            width=2,
            colour=look.muted,
            role=f"Number {written(value)} on the x axis",
        )
        numbers.add(label.move_to(at + 0.28 * DOWN))
    for value in ticks(*axes.y, max(2, int(box.height / 0.8))):
        at = axes.point(axes.x[0], value)
        group.add(_rule(at, axes.point(axes.x[1], value), look, strong=value == 0))
        label = set_text(
            written(value),
            look,
            size=size,
            width=2,
            colour=look.muted,
            role=f"Number {written(value)} on the y axis",
        )
        numbers.add(label.next_to(at, LEFT, buff=0.16))
    corners = Line(axes.point(axes.x[0], axes.y[0]), axes.point(axes.x[1], axes.y[1]))
    return VGroup(group, numbers, corners.set_stroke(width=0, opacity=0))


def _rule(start: np.ndarray, end: np.ndarray, look: Look, *, strong: bool) -> Line:
    return Line(start, end).set_stroke(
        look.muted if strong else look.line, 2.5 if strong else 1.2, 1.0 if strong else 0.55
    )
