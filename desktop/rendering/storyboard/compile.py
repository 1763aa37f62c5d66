"""From a scene as values to Manim code for the kit, line by line.

Deterministic: the same scene gives the same code wherever it stands, so its render key only
changes when the scene does. Each line of code remembers the line of the storyboard it comes from.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from desktop.domain.errors import Problem
from desktop.domain.storyboard import (
    Block,
    Bullets,
    Equation,
    Fence,
    Image,
    Narration,
    Paragraph,
    SceneSpec,
    Storyboard,
)
from desktop.rendering.storyboard.free_code import read_free_code
from desktop.rendering.storyboard.kinds import (
    IMAGE_OPTIONS,
    OPTIONS,
    check_fence,
    check_image,
    is_known,
    options_of,
)
from desktop.rendering.storyboard.latex import FormulaError, to_typst

LAYOUTS = ("full", "split", "stack")
TRANSITIONS = ("fade", "slide", "cut")
LONGEST_SCENE = 600
"""Seconds."""
SCENE_OPTIONS = ("layout", "duration", "transition", "id", "heading")
_CELLS = re.compile(r"[A-L][1-8](:[A-L][1-8])?")
_INLINE = re.compile(r"\\[\\*`$_]|`[^`]+`|\$(?P<formula>[^$\s](?:[^$]*[^$\s])?)\$(?!\d)")
"""Formulas inside a text, and what looks like one and is none; as the kit reads it."""
_BODY = " " * 8


@dataclass(slots=True)
class Code:
    """Lines of code with the lines of the storyboard they come from, and what went wrong."""

    lines: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    free: bool = False
    """Whether hand-written Manim is in it."""

    def add(self, text: str, line: int = 0) -> None:
        """Append one line of code."""
        self.lines.append(text)
        self.origins.append(line)


def look_line(storyboard: Storyboard, maths: str) -> str:
    """Return the line of code that describes the look of the whole video."""
    return (
        f'LOOK = Look(theme="{storyboard.theme}", aspect="{storyboard.aspect}", '
        f'accent="{storyboard.accent}", maths="{maths}", captions={storyboard.captions})'
    )


def compile_scene(scene: SceneSpec, name: str, maths: str) -> Code:
    """Return the class that draws a scene; with an error among its problems it must not be used."""
    code = Code()
    code.add(f"class {name}(KitScene):", scene.line)
    code.add(f"    {_literal(scene.title)}", scene.line)
    code.add("")
    code.add("    look = LOOK")
    code.add("")
    code.add("    def construct(self):", scene.line)
    code.problems += _check_options(scene)
    compiler = _Compiler(code, maths)
    compiler.opening(scene)
    for block in scene.blocks:
        compiler.block(block)
    code.add(f"{_BODY}self.close({', '.join(_closing(scene))})", scene.line)
    return code


def _closing(scene: SceneSpec) -> Iterator[str]:
    if "transition" in scene.options:
        yield f"transition={_literal(scene.options['transition'])}"
    if seconds := _seconds(scene.options.get("duration", "")):
        yield f"duration={seconds:g}"


class _Compiler:
    """Writes the statements of one ``construct``."""

    def __init__(self, code: Code, maths: str) -> None:
        self._code = code
        self._maths = maths

    def opening(self, scene: SceneSpec) -> None:
        layout = scene.options.get("layout", "full")
        self._call("page", [(layout, scene.line)], line=scene.line)
        own = {block.kind for block in scene.blocks if isinstance(block, Fence)}
        if not own & {"title", "outro"} and scene.options.get("heading", "on") != "off":
            self._call(
                "heading", [(self._text(scene.title, scene.line), scene.line)], line=scene.line
            )

    def block(self, block: Block) -> None:
        match block:
            case Narration(text, line):
                self._call("say", [(self._text(text, line), line)], line=line)
            case Paragraph(text, line):
                self._call("paragraph", [(self._text(text, line), line)], line=line)
            case Bullets():
                self._bullets(block)
            case Equation(rows, line):
                lines = block.lines or (line,) * len(rows)
                shown = [(self._formula(*row), row[1]) for row in zip(rows, lines, strict=True)]
                self._call("equation" if len(rows) == 1 else "derivation", shown, line=line)
            case Image():
                self._image(block)
            case Fence():
                self._fence(block)

    def _bullets(self, block: Bullets) -> None:
        places = block.lines or (block.line,) * len(block.items)
        lines = [
            (self._text(item, line), line) for item, line in zip(block.items, places, strict=True)
        ]
        extra = {}
        if any(block.levels):
            extra["levels"] = str(list(block.levels))
        if block.ordered:
            extra["ordered"] = "True"
        self._call("bullets", lines, extra, line=block.line)

    def _image(self, block: Image) -> None:
        self._code.problems += check_image(block)
        self._code.assets.append(block.path)
        extra = {"caption": _literal(self._text(block.caption, block.line))}
        extra |= _options(block.options, IMAGE_OPTIONS)
        self._call("image", [(block.path, block.line)], extra, line=block.line)

    def _fence(self, block: Fence) -> None:
        self._code.problems += check_fence(block)
        if not is_known(block.kind) or not block.body.strip():
            return
        if block.kind == "manim":
            self._manim(block)
            return
        lines = [(text, block.line + n) for n, text in enumerate(block.body.split("\n"), 1)]
        options = _options(block.options, options_of(block.kind))
        if block.kind not in OPTIONS:
            options = {"language": _literal(block.kind), **options}
            self._call("code", lines, options, line=block.line)
            return
        lines = [(self._text(text, line), line) for text, line in lines if text.strip()]
        method = "title_card" if block.kind == "title" else block.kind
        self._call(method, lines, options, line=block.line)

    def _manim(self, block: Fence) -> None:
        self._code.free = True
        code = read_free_code(block, _BODY)
        self._code.problems += code.problems
        for number, text in enumerate(code.lines, block.line + 1):
            self._code.add(text, number)

    def _call(
        self,
        method: str,
        lines: list[tuple[str, int]],
        extra: dict[str, str] | None = None,
        *,
        line: int,
    ) -> None:
        options = [f"{key}={value}" for key, value in (extra or {}).items()]
        if len(lines) == 1:
            arguments = ", ".join([_literal(lines[0][0]), *options])
            self._code.add(f"{_BODY}self.{method}({arguments})", lines[0][1])
            return
        self._code.add(f"{_BODY}self.{method}(", line)
        for text, origin in lines:
            self._code.add(f"{_BODY}    {_literal(text)},", origin)
        for option in options:
            self._code.add(f"{_BODY}    {option},", line)
        self._code.add(f"{_BODY})", line)

    def _text(self, text: str, line: int) -> str:
        """Convert the formulas inside a text."""
        return _INLINE.sub(
            lambda match: f"${self._inline(match['formula'], line)}$" if match[1] else match[0],
            text,
        )

    def _inline(self, source: str, line: int) -> str:
        formula = self._formula(source, line).strip()
        if not formula or "$" in formula:
            self._problem(
                f"The formula “{source}” cannot stand in a text.",
                line,
                "Give it lines of its own, between $$ and $$.",
            )
        return formula

    def _formula(self, source: str, line: int) -> str:
        if self._maths == "latex":
            return source
        try:
            return to_typst(source)
        except FormulaError as error:
            self._problem(str(error), line, error.remedy)
        except RecursionError:
            self._problem("The formula is nested too deeply.", line, "Divide it into parts.")
        return source

    def _problem(self, message: str, line: int, remedy: str) -> None:
        self._code.problems.append(Problem(message, line, remedy))


def _options(options: dict[str, str], known: tuple[str, ...]) -> dict[str, str]:
    return {key: _literal(value) for key, value in options.items() if key in known}


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _check_options(scene: SceneSpec) -> Iterator[Problem]:
    for key, value in scene.options.items():
        check = _CHECKS.get(key)
        if check is None:
            listed = ", ".join(SCENE_OPTIONS)
            yield Problem(f"Scenes have no option “{key}”.", scene.line, f"Known are {listed}.")
        elif remedy := check(value):
            yield Problem(f"“{key}” cannot be “{value}”.", scene.line, remedy)


def is_scene_id(text: str) -> bool:
    """Tell whether a text may name a scene for good."""
    return re.fullmatch(r"[\w-]{1,64}", text) is not None


def _layout(value: str) -> str:
    if value in LAYOUTS or (value and all(_CELLS.fullmatch(part) for part in value.split())):
        return ""
    return "Use full, split, stack, or cells such as A1:F8 G1:L8."


def _seconds(value: str) -> float:
    """Return a duration such as ``12`` or ``7.5s``; 0 when it is none."""
    number = re.fullmatch(r"(\d{1,4}(?:\.\d{1,6})?)\s*s?", value)
    return float(number[1]) if number else 0


def _duration(value: str) -> str:
    return "" if 0 < _seconds(value) <= LONGEST_SCENE else "Write seconds, up to 600."


_CHECKS: dict[str, Callable[[str], str]] = {
    "layout": _layout,
    "duration": _duration,
    "transition": lambda v: "" if v in TRANSITIONS else f"Use {', '.join(TRANSITIONS)}.",
    "id": lambda v: "" if is_scene_id(v) else "Use letters and digits.",
    "heading": lambda v: "" if v in {"on", "off"} else "Use on or off.",
}
