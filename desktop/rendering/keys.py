"""Render keys: the name of a picture is the hash of everything that makes it.

An unchanged key means that nothing needs to be drawn. Manim's own cache is not used: it looks at
each animation, misses files read inside updaters, and is poisoned by a killed render.
"""

import ast
import functools
import hashlib
import importlib.metadata
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from desktop.config.paths import resource_dir
from desktop.domain.picture import RenderProfile
from desktop.rendering.jobs import Asset

SCHEMA = 1
"""Raised when renders of the same inputs come out differently: every key changes."""

SEED = 0
"""Seed of every scene's random numbers."""


def kit_folder() -> Path:
    """Return the folder that must be importable for compiled scenes to run."""
    return resource_dir() / "kit"


def render_key(code: str, class_name: str, profile: RenderProfile, assets: Sequence[Asset]) -> str:
    """Return the SHA-256, in hex, that names the picture of one scene.

    Comments and spacing of ``code`` do not count; where assets lie does not count, only their
    names and content.
    """
    document = {
        "schema": SCHEMA,
        "seed": SEED,
        "code": normalised(code),
        "class": class_name,
        "profile": asdict(profile),
        "assets": sorted((asset.name, asset.sha256) for asset in assets),
        "tools": _tools(),
        "kit": _kit_digest() if "proofreel_kit" in code else "",
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def normalised(code: str) -> str:
    """Return ``code`` without what cannot change the picture; unparsable code as it is."""
    try:
        return ast.unparse(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code


@functools.cache
def _tools() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in ("manim", "av", "typst", "numpy")}


@functools.cache
def _kit_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(kit_folder().rglob("*.py")):
        digest.update(path.relative_to(kit_folder()).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
