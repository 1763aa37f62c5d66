"""Reading a Manim file: its scenes, each with code that runs alone, and what is wrong with it.

Editing one class changes that class's code only; editing a shared function changes the code of
every scene that uses it. So the render keys tell exactly what must be drawn again.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from desktop.domain.errors import Problem, Severity
from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect
from desktop.domain.storyboard import Theme
from desktop.rendering.manim_source.chunks import Chunk, cut
from desktop.rendering.manim_source.files import files_read
from desktop.rendering.manim_source.scenes import SceneClass, find_scenes, repeated
from desktop.rendering.reading import SourceReading, SourceScene

NO_SCENES = Problem(
    "There is no scene in this file.",
    remedy="Define one: class MyScene(Scene) with a method construct.",
    severity=Severity.WARNING,
)


def read_manim(text: str) -> SourceReading:
    """Read a Manim file; whatever is wrong with it comes back as problems with their lines."""
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    lines = text.split("\n")
    if "\0" in text:
        line = text[: text.find("\0")].count("\n") + 1
        problem = Problem("The file contains a null byte.", line, "Save it as plain text.")
        return _reading("", (), (problem,), text)
    try:
        tree = ast.parse(text)
        chunks = cut(tree, lines)
    except SyntaxError as error:
        return _reading("", (), (_syntax_problem(error),), text)
    except (RecursionError, MemoryError):
        problem = Problem("The file is nested too deeply to be read.", remedy="Simplify it.")
        return _reading("", (), (problem,), text)
    scenes = tuple(_scene(scene, lines) for scene in find_scenes(chunks))
    problems = tuple(_problems(scenes, chunks))
    return _reading(_title(tree), scenes, problems, text, _aspect(tree))


def _reading(
    title: str,
    scenes: tuple[SourceScene, ...],
    problems: tuple[Problem, ...],
    text: str,
    aspect: Aspect = Aspect.WIDE,
) -> SourceReading:
    return SourceReading(
        SourceKind.MANIM, title, "", (), aspect, Theme.DARK, scenes, problems, text
    )


def _scene(scene: SceneClass, lines: Sequence[str]) -> SourceScene:
    code: list[str] = []
    line_map: list[int] = []
    for chunk in scene.needed:
        code += [*chunk.text.split("\n"), "", ""]
        line_map += [*range(chunk.first, chunk.last + 1), 0, 0]
    assets = dict.fromkeys(name for chunk in scene.needed for name in files_read(chunk.nodes))
    return SourceScene(
        title=scene.title,
        class_name=scene.name,
        line=scene.chunk.first,
        end_line=scene.chunk.last,
        text="\n".join(lines[scene.chunk.first - 1 : scene.chunk.last]),
        code="\n".join(code[:-1]),
        line_map=tuple(line_map[:-1]),
        assets=tuple(assets),
    )


def _problems(scenes: Sequence[SourceScene], chunks: Sequence[Chunk]) -> Iterator[Problem]:
    if not scenes:
        yield NO_SCENES
    for node in repeated(chunks):
        yield Problem(
            f"Another class further down is called {node.name} too; this one is never used.",
            node.lineno,
            "Give one of them another name.",
            Severity.WARNING,
        )


def _syntax_problem(error: SyntaxError) -> Problem:
    message = (error.msg or "The code is not valid Python").strip()
    return Problem(
        f"Not valid Python: {message}.",
        error.lineno or 1,
        "Correct the line; the scenes appear again then.",
        column=error.offset,
    )


def _title(tree: ast.Module) -> str:
    return (ast.get_docstring(tree) or "").strip().split("\n")[0].rstrip(".")


def _aspect(tree: ast.Module) -> Aspect:
    """Return the shape the file gives its pictures by setting ``config``; wide by default."""
    sizes = dict(_config_numbers(tree))
    for kind in ("pixel", "frame"):
        width, height = sizes.get(f"{kind}_width"), sizes.get(f"{kind}_height")
        if width and height:
            return min(Aspect, key=lambda aspect: abs(_ratio(aspect) - width / height))
    return Aspect.WIDE


def _config_numbers(tree: ast.Module) -> Iterator[tuple[str, float]]:
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
            continue
        value = node.value.value
        for target in node.targets:
            if _is_of_config(target) and isinstance(value, int | float):
                yield target.attr, float(value)


def _is_of_config(target: ast.expr) -> TypeGuard[ast.Attribute]:
    return (
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and target.value.id == "config"
    )


def _ratio(aspect: Aspect) -> float:
    width, height = aspect.value.split(":")
    return int(width) / int(height)
