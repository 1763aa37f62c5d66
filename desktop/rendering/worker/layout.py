"""The geometric layout check: what an editor would see go wrong, found without looking at pixels.

After each animation of the probe everything readable is compared with the frame and with what else
is there. A finding must survive until the picture rests, or over two animations, since things may
cross each other while they move.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import manim
import numpy as np

from desktop.rendering.worker import geometry, strikes
from desktop.rendering.worker.things import Inventory, Kind, Thing, renamed

MOST_FINDINGS = 20

READABLE = {Kind.TEXT, Kind.PICTURE}
STROKES = {Kind.LINE, Kind.SHAPE}

MOST_SECONDS = 3.0
"""How long all looks together may take; after that only resting pictures are looked at."""


class LayoutCheck:
    """Collects findings over the course of a scene; each is reported once."""

    def __init__(self) -> None:
        self.findings: list[str] = []
        self._reported: set[str] = set()
        self._candidates: dict[str, str] = {}
        self._names: dict[int, str] = {}
        self._seen: set[int] = set()
        self._first_frame: geometry.Frame | None = None
        self._spent = 0.0

    def begin(self, scene: Any) -> None:  # noqa: ANN401  a scene
        """Note what the camera sees when the first animation begins: the frame laid out for."""
        self._first_frame = self._first_frame or _frame(scene)

    def look(self, scene: Any, seconds: float, *, settled: bool) -> None:  # noqa: ANN401  a scene
        """Check the picture after an animation; ``settled`` when it now rests for a while."""
        started = time.perf_counter()
        self._names.update(renamed(scene.animations or []))
        if settled or self._spent < MOST_SECONDS:
            found = dict(self._look(scene, seconds))
            confirmed = found if settled else found.keys() & self._candidates.keys()
            for key in confirmed:
                self._report(key, self._candidates.get(key, found[key]))
            self._candidates = found
        self._spent += time.perf_counter() - started

    def finish(self, scene: Any, seconds: float) -> None:  # noqa: ANN401  a scene
        """Check the last picture, and what was never in any."""
        self.begin(scene)
        self.look(scene, seconds, settled=True)
        frame = _frame(scene)
        if frame == self._first_frame:
            for thing in self._missed(_things(scene, self._names), frame):
                self._report(
                    f"never {thing.name}",
                    f"{_capital(thing.name)} is never seen: it lies outside the frame",
                )

    def _missed(self, things: list[Thing], frame: geometry.Frame) -> Iterator[Thing]:
        """Yield what was never in the frame, unless it is a pattern larger than the frame."""
        unseen = [
            thing
            for thing in things
            if id(thing.mobject) not in self._seen and geometry.outside(thing, frame)
        ]
        shapes = [thing for thing in unseen if thing.kind is Kind.SHAPE and geometry.weighty(thing)]
        yield from (thing for thing in unseen if thing.kind in READABLE)
        if not geometry.is_pattern(shapes):
            yield from shapes

    def _report(self, key: str, message: str) -> None:
        if key not in self._reported and len(self.findings) < MOST_FINDINGS:
            self._reported.add(key)
            self.findings.append(message)

    def _look(self, scene: Any, seconds: float) -> Iterator[tuple[str, str]]:  # noqa: ANN401
        frame = _frame(scene)
        things = _things(scene, self._names)
        self._seen.update(
            id(thing.mobject) for thing in things if not geometry.outside(thing, frame)
        )
        moment = f"at {seconds:.1f} s"
        # a camera that went closer leaves things out, and means to
        if self._first_frame and _holds(frame, self._first_frame):
            for thing, side in _cut_off(things, frame):
                key = f"off {thing.name} {side}"
                yield key, f"{_capital(thing.name)} leaves the frame at the {side} {moment}"
        yield from self._texts(things, _ground(scene), moment)

    def _texts(
        self, things: list[Thing], ground: np.ndarray, moment: str
    ) -> Iterator[tuple[str, str]]:
        """Yield what keeps texts and pictures from being seen as they are."""
        shapes = [thing for thing in things if thing.kind is Kind.SHAPE]
        covers = [thing for thing in things if thing.opaque]
        in_sight = []
        for thing in things:
            if thing.kind not in READABLE:
                continue
            left, share = _uncovered(thing, covers)
            if left is not None:
                in_sight.append(left)
            if geometry.COVERED[0] < share < geometry.COVERED[1]:
                yield f"under {thing.name}", f"{_capital(thing.name)} is partly covered {moment}"
        for one, other in geometry.touching(in_sight):
            if geometry.collide(one, other):
                yield (
                    f"over {one.name} {other.name}",
                    f"{_capital(one.name)} and {other.name} overlap {moment}",
                )
        boxed = list(_boxed(in_sight, shapes))
        for text, shape in boxed:
            yield (
                f"in {text.name} {shape.name}",
                f"{_capital(text.name)} does not fit into {shape.name} {moment}",
            )
        strokes = [thing for thing in things if thing.kind in STROKES]
        for text, stroke in strikes.struck(in_sight, strokes, covers, ground):
            if (text, stroke) not in boxed:
                yield (
                    f"through {text.name} {stroke.name}",
                    f"{_capital(stroke.name)} runs through {text.name} {moment}",
                )


def _things(scene: Any, names: dict[int, str]) -> list[Thing]:  # noqa: ANN401  a scene
    """Return what lies flat in the picture, in no order."""
    camera = scene.camera
    things = Inventory(names).take([*scene.mobjects, *scene.foreground_mobjects])
    if not isinstance(camera, manim.ThreeDCamera):
        return things
    flat = {id(part) for mobject in camera.fixed_in_frame_mobjects for part in mobject.get_family()}
    return [thing for thing in things if id(thing.mobject) in flat]


def _ground(scene: Any) -> np.ndarray:  # noqa: ANN401  a scene
    """Return red, green and blue of the background."""
    return np.asarray(manim.ManimColor(scene.camera.background_color).to_rgb())


def _frame(scene: Any) -> geometry.Frame:  # noqa: ANN401  a scene
    """Return what the camera sees."""
    frame = getattr(scene.camera, "frame", None)
    if isinstance(frame, manim.Mobject):
        left, bottom = map(float, frame.get_corner(manim.DL)[:2])
        right, top = map(float, frame.get_corner(manim.UR)[:2])
        return left, bottom, right, top
    width, height = manim.config.frame_width, manim.config.frame_height
    return -width / 2, -height / 2, width / 2, height / 2


def _holds(outer: geometry.Frame, inner: geometry.Frame) -> bool:
    return bool(np.all(np.subtract(outer, inner) * (1, 1, -1, -1) <= 1e-3))


def _cut_off(things: list[Thing], frame: geometry.Frame) -> Iterator[tuple[Thing, str]]:
    """Yield things that the frame cuts, with the side; patterns that fill it are left out."""
    cut = [
        (thing, side)
        for thing in things
        if thing.kind is not Kind.LINE and (side := geometry.side_left(thing, frame))
    ]
    for thing, side in cut:
        siblings = [
            other for other, _side in cut if other.top == thing.top and other.kind is Kind.SHAPE
        ]
        if thing.kind is not Kind.SHAPE or not geometry.is_pattern(siblings):
            yield thing, side


def _uncovered(thing: Thing, covers: list[Thing]) -> tuple[Thing | None, float]:
    """Return what is left of a thing in sight, and the share that is covered."""
    if thing.kind is not Kind.TEXT:
        return thing, 0.0
    hidden = geometry.hidden(thing, covers)
    share = float(hidden.mean())
    if share >= geometry.COVERED[1]:
        return None, share
    return (replace(thing, parts=thing.parts[~hidden]) if share else thing), share


def _boxed(readable: list[Thing], shapes: list[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """Yield texts with the shapes they sit in and do not fit into."""
    for text in readable:
        if text.kind is Kind.TEXT:
            for shape in shapes:
                if geometry.overflows(text, shape):
                    yield text, shape


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
