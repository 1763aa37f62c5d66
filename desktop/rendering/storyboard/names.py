"""Names of scenes as Python classes: valid and different, whatever the titles are."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

_LONGEST = 60
_TAKEN = {
    "Scene", "KitScene", "MovingCameraScene", "ThreeDScene", "SpecialThreeDScene", "ZoomedScene",
    "VectorScene", "LinearTransformationScene", "InteractiveScene", "GraphScene",
}  # fmt: skip
"""Scenes of Manim and the kit, which hand-written code may want to use."""


def class_name(title: str) -> str:
    """Return the class name of a scene with this title: an identifier that ends in ``Scene``.

    The ending keeps names such as ``Circle`` free for Manim's own.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    name = "".join(word[:1].upper() + word[1:] for word in words)[:_LONGEST]
    if not name:
        name = "S" + hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:8]
    if name[0].isdigit():
        name = f"S{name}"
    name = name if name.endswith("Scene") else f"{name}Scene"
    return f"The{name}" if name in _TAKEN else name


def class_names(titles: Sequence[str]) -> list[str]:
    """Return a name for each scene of a video; those of the same name are numbered.

    Manim names files after classes, and some systems take ``AB.mp4`` and ``Ab.mp4`` for one.
    """
    names: list[str] = []
    used: set[str] = set()
    reached: dict[str, int] = {}
    for title in titles:
        base = name = class_name(title)
        number = reached.get(base.casefold(), 1)
        while name.casefold() in used:
            number += 1
            name = f"{base.removesuffix('Scene')}{number}Scene"
        reached[base.casefold()] = number
        used.add(name.casefold())
        names.append(name)
    return names
