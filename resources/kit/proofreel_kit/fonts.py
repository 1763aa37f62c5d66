"""The fonts of a video: ours when their files are near, otherwise what the system has."""

from functools import cache
from pathlib import Path

import manimpango

SANS = ("Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans")
MONO = ("JetBrains Mono", "Noto Sans Mono", "Consolas", "Menlo", "DejaVu Sans Mono")


@cache
def sans() -> str:
    """Return the family for running text."""
    return _first(SANS, "sans")


@cache
def mono() -> str:
    """Return the family for code."""
    return _first(MONO, "monospace")


@cache
def available() -> frozenset[str]:
    """Register the font files beside the kit and return every family there is."""
    here = Path(__file__).resolve().parent
    for folder in (here / "fonts", here.parent / "fonts", here.parents[1] / "fonts"):
        for path in sorted(folder.glob("*.[ot]tf")):
            manimpango.register_font(str(path))
    return frozenset(manimpango.list_fonts())


def _first(families: tuple[str, ...], generic: str) -> str:
    return next((family for family in families if family in available()), generic)
