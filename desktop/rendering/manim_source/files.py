"""Which files beside a Manim file its code reads: pictures, sounds and modules of its own."""

import ast
import functools
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

LOADERS = frozenset({"ImageMobject", "SVGMobject", "add_sound"})
"""Calls whose first argument, or ``file_name``, names a file."""


def files_read(nodes: tuple[ast.stmt, ...]) -> Iterator[str]:
    """Yield relative paths that the statements read, as written in the code."""
    for statement in nodes:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield from _loaded(node)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    yield from _sibling(alias.name)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from _sibling(node.module)


def _loaded(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    name = call.func.id if isinstance(call.func, ast.Name) else name
    if name not in LOADERS:
        return
    given = [word.value for word in call.keywords if word.arg in {"file_name", "filename_or_array"}]
    for argument in (*call.args[:1], *given):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            path = PurePosixPath(argument.value)
            if path.suffix and not path.is_absolute() and ".." not in path.parts:
                yield str(path)


def _sibling(module: str) -> Iterator[str]:
    top = module.split(".", maxsplit=1)[0]
    if not _installed(top):
        yield f"{top}.py"


@functools.cache
def _installed(name: str) -> bool:
    if name in sys.stdlib_module_names:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
