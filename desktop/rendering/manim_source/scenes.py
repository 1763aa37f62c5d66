"""Which classes of a module are scenes, and which chunks each of them needs."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.rendering.manim_source.chunks import Chunk

LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class SceneClass:
    """A scene of a module."""

    name: str
    title: str
    chunk: Chunk
    needed: tuple[Chunk, ...]
    """Everything it runs with, itself included, in the order of the file."""


def find_scenes(chunks: Sequence[Chunk]) -> tuple[SceneClass, ...]:
    """Return the scenes in the order of the file.

    A scene is a class that descends, directly or through classes of the file, from a class of
    somewhere else that is called ``...Scene`` or ``...Slide``. Classes without ``construct`` that
    others build on are no scenes, only bases.
    """
    classes = {node.name: (node, chunk) for node, chunk in _classes(chunks)}
    bases = {name: _bases(node) for name, (node, _) in classes.items()}
    built_on = {base for names in bases.values() for base in names}
    return tuple(
        SceneClass(name, _title(node), chunk, needed_by(chunk, chunks))
        for name, (node, chunk) in classes.items()
        if _descends(name, bases, frozenset())
        and (name not in built_on or _constructs(name, classes, bases))
    )


def repeated(chunks: Sequence[Chunk]) -> Iterator[ast.ClassDef]:
    """Yield classes that a later class of the same name replaces."""
    last: dict[str, ast.ClassDef] = {}
    for node, _chunk in _classes(chunks):
        if node.name in last:
            yield last[node.name]
        last[node.name] = node


def needed_by(start: Chunk, chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """Return ``start`` and all chunks it depends on, in the order of the file."""
    definers: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        for name in chunk.binds:
            definers.setdefault(name, []).append(chunk)
    kept = {chunk.first: chunk for chunk in chunks if chunk.always}
    kept[start.first] = start
    waiting = list(kept.values())
    while waiting:
        for name in waiting.pop().needs:
            for chunk in definers.get(name, ()):
                if chunk.first not in kept:
                    kept[chunk.first] = chunk
                    waiting.append(chunk)
    return tuple(kept[first] for first in sorted(kept))


def _classes(chunks: Sequence[Chunk]) -> Iterator[tuple[ast.ClassDef, Chunk]]:
    for chunk in chunks:
        for node in chunk.nodes:
            if isinstance(node, ast.ClassDef):
                yield node, chunk


def _bases(node: ast.ClassDef) -> tuple[str, ...]:
    names = []
    for base in node.bases:
        expression = base.value if isinstance(base, ast.Subscript) else base
        if isinstance(expression, ast.Attribute):
            names.append(expression.attr)
        elif isinstance(expression, ast.Name):
            names.append(expression.id)
    return tuple(names)


def _descends(name: str, bases: dict[str, tuple[str, ...]], seen: frozenset[str]) -> bool:
    if name in seen:
        return False
    if name not in bases:
        return name.endswith(("Scene", "Slide"))
    return any(_descends(base, bases, seen | {name}) for base in bases[name] if base != name) or (
        name in bases[name] and name.endswith(("Scene", "Slide"))
    )


def _constructs(
    name: str,
    classes: dict[str, tuple[ast.ClassDef, Chunk]],
    bases: dict[str, tuple[str, ...]],
    seen: frozenset[str] = frozenset(),
) -> bool:
    if name not in classes or name in seen:
        return False
    node, _chunk = classes[name]
    own = any(isinstance(part, ast.FunctionDef) and part.name == "construct" for part in node.body)
    return own or any(_constructs(base, classes, bases, seen | {name}) for base in bases[name])


def _title(node: ast.ClassDef) -> str:
    described = (ast.get_docstring(node) or "").strip().split("\n")[0].rstrip(".")
    if described and len(described) <= LONGEST_TITLE:
        return described
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", node.name.replace("_", " "))
    title = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return title[:1].upper() + title[1:] if title else node.name
