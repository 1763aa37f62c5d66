"""Which parts of a source text are code that would be run as it is written, and their hash.

A Manim file is code from end to end; of a storyboard only what stands in ``manim`` blocks is: the
rest is data for the kit. Files beside a text are code unless they are pictures or sounds.
"""

import hashlib
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from desktop.domain.library import SourceKind
from desktop.domain.storyboard import Fence
from desktop.rendering.keys import normalised
from desktop.rendering.storyboard.parse import parse
from desktop.rendering.storyboard.read import normalised as plain

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff"})
SOUNDS = frozenset({".wav", ".mp3", ".ogg", ".flac", ".m4a", ".aac"})
SHOWN = PICTURES | SOUNDS
"""Suffixes of files that are shown or heard and never run."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of code and the line of the text at which it begins."""

    line: int
    code: str


def passages(kind: SourceKind, text: str) -> tuple[Passage, ...]:
    """Return the code of a text in order; nothing when it only describes."""
    if kind is SourceKind.MANIM:
        return (Passage(1, plain(text)),) if text.strip() else ()
    if kind is SourceKind.FOOTAGE or "manim" not in text:
        return ()
    return tuple(
        Passage(block.line + 1, textwrap.dedent(block.body.expandtabs(4)))
        for scene in parse(plain(text)).storyboard.scenes
        for block in scene.blocks
        if isinstance(block, Fence) and block.kind == "manim" and block.body.strip()
    )


def fingerprint(code: Iterable[str]) -> str:
    """Return the SHA-256 of pieces of code, without their comments and spacing."""
    digest = hashlib.sha256()
    for piece in code:
        digest.update(normalised(piece).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def is_run(name: str) -> bool:
    """Tell whether a file that a scene reads could be run."""
    return PurePosixPath(name).suffix.lower() not in SHOWN
