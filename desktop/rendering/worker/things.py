"""What is on screen, as the layout check sees it: texts, pictures and closed shapes with boxes.

A text is one thing made of the boxes of its glyphs; everything else has one box. Lines, arrows and
curves cross others by nature; what they must not do is run through a text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import manim
import numpy as np
from manim.mobject.types import image_mobject

SEEN = 0.2
"""Opacity from which something catches the eye."""

OPAQUE = 0.8
"""Opacity of a fill from which nothing can be read through it."""

LONGEST_NAME = 32


class Kind(StrEnum):
    """What a thing is to a reader."""

    TEXT = "text"
    PICTURE = "picture"
    SHAPE = "shape"
    LINE = "line"


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something on screen; lengths in Manim's units."""

    name: str
    kind: Kind
    parts: np.ndarray
    """Boxes of its glyphs, or its own: left, bottom, right, top; shape (n, 4)."""
    outline: np.ndarray
    """Corners of its outline, shape (n, 2); for texts all points of the glyphs."""
    order: tuple[float, int]
    """Later ones are drawn over earlier ones."""
    mobject: Any
    top: int
    """Which of the scene's own mobjects it belongs to."""
    opaque: bool = False
    box: tuple[float, float, float, float] = field(init=False)
    """Left, bottom, right, top of the whole."""

    def __post_init__(self) -> None:
        low, high = self.parts[:, :2].min(axis=0), self.parts[:, 2:].max(axis=0)
        object.__setattr__(self, "box", (*map(float, low), *map(float, high)))

    @property
    def width(self) -> float:
        """Of the whole."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """Of the whole."""
        return self.box[3] - self.box[1]


class Inventory:
    """Collects the things of a scene in the order they are drawn."""

    def __init__(self, names: dict[int, str]) -> None:
        self._names = names
        """Names of mobjects that look like others by now."""
        self._known: set[int] = set()
        self._grids: set[int] = set()
        """What belongs to a grid, which is meant to run below everything."""
        self._count = 0
        self._top = 0
        self.things: list[Thing] = []

    def take(self, mobjects: list[Any]) -> list[Thing]:
        """Return the things among ``mobjects`` and below them."""
        for self._top, mobject in enumerate(mobjects):
            self._visit(mobject, "")
        return self.things

    def _visit(self, mobject: Any, role: str) -> None:  # noqa: ANN401  a mobject
        if id(mobject) in self._known:
            return
        self._known.add(id(mobject))
        self._count += 1
        role = getattr(mobject, "role_name", "") or role
        if isinstance(mobject, _TEXTS):
            self._add_text(mobject, role)
            return
        if isinstance(mobject, _CAMERAS):
            return
        if isinstance(mobject, manim.NumberPlane):
            self._grids.update(map(id, mobject.get_family()))
        if isinstance(mobject, manim.ImageMobject):
            self._add_picture(mobject, role)
        elif isinstance(mobject, manim.VMobject):
            self._add_shape(mobject, role)
        for child in mobject.submobjects:
            self._visit(child, role or part_name(mobject, child))

    def _add_text(self, text: Any, role: str) -> None:  # noqa: ANN401  a mobject
        glyphs = [part for part in text.get_family() if len(part.points) and visible(part)]
        if glyphs:
            boxes = np.array([_box(glyph.points) for glyph in glyphs])
            points = np.concatenate([glyph.points[:, :2] for glyph in glyphs])
            name = role or self._names.get(id(text)) or text_name(text)
            self._add(name, Kind.TEXT, boxes, points, glyphs[0].z_index, text)

    def _add_picture(self, picture: Any, role: str) -> None:  # noqa: ANN401  a mobject
        corners = picture.points[[0, 1, 3, 2], :2]
        boxes = np.array([_box(picture.points)])
        opacity = float(picture.pixel_array[..., 3].max()) / 255
        if opacity > SEEN:
            opaque = bool(picture.pixel_array[..., 3].mean() / 255 > OPAQUE)
            name = role or "a picture"
            self._add(name, Kind.PICTURE, boxes, corners, picture.z_index, picture, opaque=opaque)

    def _add_shape(self, shape: Any, role: str) -> None:  # noqa: ANN401  a mobject
        points = shape.points
        if len(points) < 4 or not visible(shape) or id(shape) in self._grids:
            return
        closed = len(points) >= 12 and np.allclose(points[0], points[-1], atol=1e-3)
        kind = Kind.SHAPE if closed else Kind.LINE
        boxes = np.array([_box(points)])
        opaque = closed and shape.get_fill_opacity() >= OPAQUE
        name = role or shape_name(shape)
        self._add(name, kind, boxes, points[::4, :2], shape.z_index, shape, opaque=opaque)

    def _add(  # noqa: PLR0913  the fields of a thing
        self,
        name: str,
        kind: Kind,
        boxes: np.ndarray,
        outline: np.ndarray,
        z_index: float,
        mobject: Any,  # noqa: ANN401
        *,
        opaque: bool = False,
    ) -> None:
        order = (float(z_index), self._count)
        self.things.append(Thing(name, kind, boxes, outline, order, mobject, self._top, opaque))


def renamed(animations: list[Any]) -> Iterator[tuple[int, str]]:
    """Yield (identity, name) of texts that ``Transform`` has turned into other texts."""
    for animation in animations:
        if isinstance(animation, manim.AnimationGroup):
            yield from renamed(animation.animations)
        elif type(animation) is manim.Transform and isinstance(animation.mobject, _TEXTS):
            target = animation.target_mobject
            if isinstance(target, _TEXTS) and id(target) != id(animation.mobject):
                yield id(animation.mobject), text_name(target)


def visible(part: Any) -> bool:  # noqa: ANN401  a mobject
    """Tell whether fill or stroke catch the eye."""
    if not isinstance(part, manim.VMobject):
        return True
    fill, stroke = part.get_fill_opacity(), part.get_stroke_opacity()
    return bool(fill > SEEN or (stroke > SEEN and part.get_stroke_width() > 0))


def text_name(text: Any) -> str:  # noqa: ANN401  a mobject
    """Describe a text by what it says."""
    said = ""
    for attribute in ("original_text", "text", "tex_string", "typst_code", "typst_expression"):
        said = said or " ".join(str(getattr(text, attribute, "") or "").strip("$").split())
    if not said and isinstance(text, manim.Paragraph):
        return text_name(text.lines_text)
    if not said and isinstance(text, manim.DecimalNumber):
        said = f"{text.get_value():g}"
    if not said:
        return "a formula"
    return f"“{said if len(said) <= LONGEST_NAME else said[: LONGEST_NAME - 1] + '…'}”"


def part_name(whole: Any, part: Any) -> str:  # noqa: ANN401  mobjects
    """Name a part that has no name of its own; empty when it will have one."""
    if isinstance(whole, manim.Code) and isinstance(part, manim.Paragraph):
        return "the code" if part is whole.submobjects[-1] else "the column of line numbers"
    return ""


def shape_name(shape: Any) -> str:  # noqa: ANN401  a mobject
    """Describe a shape by its class: ``a rounded rectangle``."""
    if type(shape).__name__ in {"VMobject", "VMobjectFromSVGPath"}:
        return "a shape"
    for kind, name in _CURVES:
        if isinstance(shape, kind):
            return name
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(shape).__name__).lower()
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _box(points: np.ndarray) -> tuple[float, float, float, float]:
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


_TEXTS: tuple[type, ...] = tuple(
    getattr(manim, name)
    for name in (
        "Text",
        "MarkupText",
        "Paragraph",
        "SingleStringMathTex",
        "MathTex",
        "Tex",
        "Typst",
        "MathTypst",
        "DecimalNumber",
    )
    if hasattr(manim, name)
)

_CAMERAS = (image_mobject.ImageMobjectFromCamera, manim.ScreenRectangle)
"""Pictures of the scene within the scene: what they show is judged where it is."""

_CURVES: tuple[tuple[type, str], ...] = (
    (manim.ParametricFunction, "a curve"),
    (manim.NumberLine, "an axis"),
    (manim.Arrow, "an arrow"),
    (manim.Line, "a line"),
)
