"""The geometric layout check: what an editor would see go wrong, found without looking at pixels.

After each animation of the probe the boxes of everything readable are compared with the frame and
with each other. A finding must survive until the picture rests, since things may cross each other
while they move.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import manim
import numpy as np

MARGIN = 0.02
"""Units by which a box may leave the frame: the side bearings of letters are not drawn."""

OVERLAP = 0.12
"""Share of the smaller box, along each direction, from which two texts collide."""

MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something readable on screen."""

    name: str
    kind: str
    """``text``, ``picture`` or ``shape``."""
    left: float
    right: float
    bottom: float
    top: float
    owner: int
    """Identity of the group it belongs to; members of one group are laid out by their author."""

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


class LayoutCheck:
    """Collects findings over the course of a scene; each is reported once."""

    def __init__(self) -> None:
        self.findings: list[str] = []
        self._seen: set[str] = set()
        self._candidates: dict[str, str] = {}

    def look(self, scene: Any, seconds: float, *, settled: bool) -> None:  # noqa: ANN401  a scene
        """Check the picture after an animation; ``settled`` when it now rests for a while."""
        found = dict(self._look(scene, seconds))
        confirmed = found if settled else found.keys() & self._candidates.keys()
        for key in confirmed:
            if key not in self._seen and len(self.findings) < MOST_FINDINGS:
                self._seen.add(key)
                self.findings.append(self._candidates.get(key, found[key]))
        self._candidates = found

    def _look(self, scene: Any, seconds: float) -> Iterator[tuple[str, str]]:  # noqa: ANN401
        things = list(_things(scene.mobjects))
        frame = _frame(scene)
        for thing in things:
            if side := _side_left(thing, frame):
                key = f"off {thing.name} {side}"
                yield (
                    key,
                    f"{_capital(thing.name)} leaves the frame at the {side} at {seconds:.1f} s",
                )
        for one, other in _overlaps(things):
            yield (
                f"over {one.name} {other.name}",
                f"{_capital(one.name)} and {other.name} overlap at {seconds:.1f} s",
            )


def _frame(scene: Any) -> tuple[float, float, float, float]:  # noqa: ANN401  a scene
    """Return left, right, bottom, top of what the camera sees."""
    frame = getattr(scene.camera, "frame", None)
    if isinstance(frame, manim.Mobject):
        left, bottom = frame.get_corner(manim.DL)[:2]
        right, top = frame.get_corner(manim.UR)[:2]
        return left, right, bottom, top
    width, height = manim.config.frame_width, manim.config.frame_height
    return -width / 2, width / 2, -height / 2, height / 2


def _side_left(thing: _Thing, frame: tuple[float, float, float, float]) -> str:
    """Name the side at which a thing is cut off; things wholly outside are parked on purpose."""
    left, right, bottom, top = frame
    outside = thing.right < left or thing.left > right or thing.top < bottom or thing.bottom > top
    if outside or thing.kind == "shape":
        return ""
    excess = {
        "left": left - thing.left,
        "right": thing.right - right,
        "bottom": bottom - thing.bottom,
        "top": thing.top - top,
    }
    side = max(excess, key=lambda name: excess[name])
    return side if excess[side] > MARGIN else ""


def _overlaps(things: list[_Thing]) -> Iterator[tuple[_Thing, _Thing]]:
    """Yield pairs of texts or pictures that cover each other; sweeps from left to right."""
    readable = sorted((t for t in things if t.kind != "shape"), key=lambda thing: thing.left)
    for index, one in enumerate(readable):
        for other in readable[index + 1 :]:
            if other.left >= one.right:
                break
            if _collide(one, other):
                yield one, other


def _collide(one: _Thing, other: _Thing) -> bool:
    if one.owner == other.owner or ("picture" in {one.kind, other.kind} and _inside(one, other)):
        return False
    if _same(one, other):
        return False
    across = min(one.right, other.right) - max(one.left, other.left)
    along = min(one.top, other.top) - max(one.bottom, other.bottom)
    return across > OVERLAP * min(one.width, other.width) and along > OVERLAP * min(
        one.height, other.height
    )


def _inside(one: _Thing, other: _Thing) -> bool:
    """Tell whether a caption lies wholly on a picture: that is how pictures are labelled."""
    picture, label = (one, other) if one.kind == "picture" else (other, one)
    return label.kind == "text" and (
        picture.left <= label.left
        and label.right <= picture.right
        and picture.bottom <= label.bottom
        and label.top <= picture.top
    )


def _same(one: _Thing, other: _Thing) -> bool:
    """Tell whether these are two copies of one text, as transforms leave them behind."""
    near = max(
        abs(one.left - other.left),
        abs(one.right - other.right),
        abs(one.top - other.top),
        abs(one.bottom - other.bottom),
    )
    return one.name == other.name and near < 0.05


def _things(mobjects: list[Any]) -> Iterator[_Thing]:
    for mobject in mobjects:
        yield from _visit(mobject, "", 0)


def _visit(mobject: Any, role: str, owner: int) -> Iterator[_Thing]:  # noqa: ANN401  a mobject
    """Yield the readable things of a tree; a text is one thing, not its glyphs."""
    role = getattr(mobject, "role_name", "") or role
    kind = _kind(mobject)
    if kind:
        box = _box(mobject)
        if box is not None:
            name = role or _name(mobject)
            yield _Thing(name, kind, *box, owner=owner or id(mobject))
        return
    if isinstance(mobject, manim.Axes | manim.NumberLine | manim.Table | manim.Code):
        owner = owner or id(mobject)
    for child in mobject.submobjects:
        yield from _visit(child, role, owner)


def _kind(mobject: Any) -> str:  # noqa: ANN401  a mobject
    if isinstance(mobject, _TEXTS):
        return "text"
    return "picture" if isinstance(mobject, manim.ImageMobject) else ""


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


def _box(mobject: Any) -> tuple[float, float, float, float] | None:  # noqa: ANN401  a mobject
    """Return left, right, bottom, top of what is drawn, or None when nothing is."""
    parts = [part for part in mobject.family_members_with_points() if _visible(part)]
    if isinstance(mobject, manim.ImageMobject):
        parts = [mobject]
    if not parts:
        return None
    points = np.concatenate([part.points for part in parts])
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def _visible(part: Any) -> bool:  # noqa: ANN401  a mobject
    if not isinstance(part, manim.VMobject):
        return True
    fill, stroke = part.get_fill_opacity(), part.get_stroke_opacity()
    return bool(fill > 0.05 or (stroke > 0.05 and part.get_stroke_width() > 0))


def _name(mobject: Any) -> str:  # noqa: ANN401  a mobject
    """Describe a thing by what it says."""
    text = getattr(mobject, "original_text", None) or getattr(mobject, "text", None)
    if not text:
        text = getattr(mobject, "tex_string", "") or getattr(mobject, "typst_code", "")
    if isinstance(mobject, manim.ImageMobject):
        return "a picture"
    words = " ".join(str(text).split())
    if not words:
        return f"a {type(mobject).__name__}"
    return f"“{words if len(words) <= 32 else words[:31] + '…'}”"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
