"""Pies: parts of a whole in tints of one colour, named beside the circle."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

from manim import LEFT, UP, AnnularSector, Square, VGroup

from proofreel_kit.area import Area
from proofreel_kit.look import Look
from proofreel_kit.text import first_baseline, set_text

if TYPE_CHECKING:
    from proofreel_kit.chart import Chart


def pie(chart: Chart, room: Area, look: Look, size: float) -> VGroup:
    """Return the parts of a ring with a legend on its right, or below it in a narrow room."""
    beside = room.width > room.height * 1.15
    radius = (
        min(room.height / 2, room.width * 0.24)
        if beside
        else min(room.height * 0.3, room.width / 2)
    )
    legend_width = room.width - 2 * radius - 0.8 if beside else room.width
    ring, legend = (
        _ring(chart, look, radius),
        _legend(chart, look, size * 1.1, min(legend_width, 6)),
    )
    if legend.height > room.height:
        legend.scale(room.height / legend.height)
    if beside:
        legend.next_to(ring, -LEFT, buff=0.8)
    else:
        legend.next_to(ring, -LEFT).move_to([0, -radius - 0.4 - legend.height / 2, 0])
    groups = VGroup(*(VGroup(part, row) for part, row in zip(ring, legend, strict=True)))
    return VGroup(VGroup(), groups)


def _ring(chart: Chart, look: Look, radius: float) -> VGroup:
    total = sum(entry.value for entry in chart.entries)
    ring, start = VGroup(), pi / 2
    for index, entry in enumerate(chart.entries):
        angle = -2 * pi * entry.value / total
        part = AnnularSector(
            inner_radius=radius * 0.5,
            outer_radius=radius,
            start_angle=start,
            angle=angle,
            fill_color=_colour(chart, look, index),
            fill_opacity=1,
        ).set_stroke(look.background, 3)
        if entry.highlighted:
            middle = start + angle / 2
            part.shift([0.12 * cos(middle), 0.12 * sin(middle), 0])
        ring.add(part)
        start += angle
    return ring


def _colour(chart: Chart, look: Look, index: int) -> object:
    """Return the accent for highlighted parts, else tints from strong to pale."""
    entry = chart.entries[index]
    if any(one.highlighted for one in chart.entries):
        if entry.highlighted:
            return look.accent_colour
        return look.background.interpolate(look.muted, 0.7 - 0.45 * index / len(chart.entries))
    return look.tint(1 - 0.75 * index / max(1, len(chart.entries)))


def _legend(chart: Chart, look: Look, size: float, width: float) -> VGroup:
    """Return one row per part; values stand flush right in a column of their own."""
    values = [
        set_text(chart.value_text(entry), look, size=size, width=width * 0.3, weight="SEMIBOLD")
        for entry in chart.entries
    ]
    widest = max(value.width for value in values)
    names = [
        set_text(entry.name, look, size=size, width=max(width - widest - 0.9, 0.8))
        for entry in chart.entries
    ]
    right = 0.46 + max(name.width for name in names) + 0.4 + widest
    rows, y = VGroup(), 0.0
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        mark = Square(0.26, fill_opacity=1, stroke_width=0, fill_color=_colour(chart, look, index))
        y -= max(name.height, size / 72) / 2
        mark.move_to([0.13, y, 0])
        name.move_to([0.46 + name.width / 2, y, 0])
        value.move_to([right - value.width / 2, y, 0])
        value.shift((first_baseline(name) - first_baseline(value)) * UP)
        y -= max(name.height, size / 72) / 2 + size / 72 * 0.85
        rows.add(VGroup(mark, name, value))
    return rows
