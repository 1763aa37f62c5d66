"""The entrance to the storyboard language: text in, scenes with code and problems out."""

import bisect
import re
from collections.abc import Sequence

from desktop.domain.errors import Problem, Severity
from desktop.domain.library import SourceKind
from desktop.domain.storyboard import MathEngine, SceneSpec, Storyboard
from desktop.rendering.reading import SourceReading, SourceScene
from desktop.rendering.storyboard.compile import Code, compile_scene, is_scene_id, look_line
from desktop.rendering.storyboard.names import class_names
from desktop.rendering.storyboard.parse import parse

NO_SCENES = Problem(
    "There is no scene yet.", remedy="Begin one: ## Its title", severity=Severity.WARNING
)


def read_storyboard(text: str, *, latex: bool = False) -> SourceReading:
    """Read a storyboard; whatever is wrong with it comes back as problems with their lines.

    ``latex`` tells whether LaTeX is installed; formulas use it when the storyboard leaves the
    choice open.
    """
    parsed = parse(normalised(text))
    storyboard = parsed.storyboard
    maths = _engine(storyboard, latex=latex)
    names = class_names([scene.title for scene in storyboard.scenes])
    compiled = [
        compile_scene(scene, name, maths)
        for scene, name in zip(storyboard.scenes, names, strict=True)
    ]
    look = look_line(storyboard, maths)
    scenes = tuple(
        _scene(scene, name, code, look, parsed.problems)
        for scene, name, code in zip(storyboard.scenes, names, compiled, strict=True)
    )
    problems = [*parsed.problems, *_repeated_ids(storyboard.scenes)]
    problems += [problem for code in compiled for problem in code.problems]
    if not scenes:
        problems.append(NO_SCENES)
    return SourceReading(
        SourceKind.STORYBOARD,
        storyboard.title,
        storyboard.description,
        storyboard.tags,
        storyboard.aspect,
        storyboard.theme,
        scenes,
        tuple(sorted(dict.fromkeys(problems), key=_line)),
        _module(
            storyboard,
            look,
            [code for scene, code in zip(scenes, compiled, strict=True) if not scene.broken],
        ),
    )


def normalised(text: str) -> str:
    """Return the text with plain line ends and without what no file can hold."""
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    return text.encode("utf-8", "replace").decode("utf-8")


def _line(problem: Problem) -> int:
    return problem.line or 0


def _engine(storyboard: Storyboard, *, latex: bool) -> str:
    if storyboard.maths is MathEngine.AUTO:
        return "latex" if latex else "typst"
    return storyboard.maths.value


def _imports(*, free: bool) -> list[str]:
    lines = ["from proofreel_kit import KitScene, Look"]
    if free:
        lines = ["import numpy as np", "from manim import *", *lines]
    return lines


def _scene(
    scene: SceneSpec, name: str, code: Code, look: str, problems: Sequence[Problem]
) -> SourceScene:
    head = ['"""A scene made with Proofreel."""', *_imports(free=code.free), "", look, "", ""]
    end = scene.line + scene.source.rstrip("\n").count("\n")
    first = bisect.bisect_left(problems, scene.line, key=_line)
    own = problems[first : bisect.bisect_right(problems, end, key=_line)]
    found = tuple(dict.fromkeys([*own, *code.problems]))
    broken = any(problem.severity is Severity.ERROR for problem in found)
    return SourceScene(
        title=scene.title,
        class_name=name,
        line=scene.line,
        end_line=end,
        text=scene.source.rstrip("\n"),
        code="" if broken else "\n".join([*head, *code.lines, ""]),
        line_map=() if broken else (*(0 for _ in head), *code.origins, 0),
        assets=tuple(dict.fromkeys(code.assets)),
        explicit_id=_explicit_id(scene),
        problems=found,
    )


def _repeated_ids(scenes: Sequence[SceneSpec]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for scene in scenes:
        identity = _explicit_id(scene)
        if identity and identity in seen:
            message = f"Two scenes have the id “{identity}”."
            problems.append(Problem(message, scene.line, "Change one of them.", Severity.WARNING))
        seen.add(identity)
    return problems


def _explicit_id(scene: SceneSpec) -> str:
    identity = scene.options.get("id", "")
    return identity if is_scene_id(identity) else ""


def _module(storyboard: Storyboard, look: str, usable: Sequence[Code]) -> str:
    """Return the whole video as one module that plain ``manim render`` accepts."""
    words = storyboard.title.replace("\\", " ").replace('"', "'").split()
    title = "".join(letter for letter in " ".join(words) if letter.isprintable()) or "A video"
    free = any(code.free for code in usable)
    stop = "" if title.endswith((".", "!", "?", "…")) else "."
    head = f'"""{title}{stop} Made with Proofreel; plain manim renders it."""'
    lines = [head, "", *_imports(free=free)]
    lines += ["", look]
    for code in usable:
        lines += ["", "", *code.lines]
    return "\n".join([*lines, ""])
