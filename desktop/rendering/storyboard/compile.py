"""From a scene as values to Manim code for the kit, line by line.

Deterministic: the same scene gives the same code wherever it stands, so its render key only
changes when the scene does. Each line of code remembers the line of the storyboard it comes from.
"""

import ast
import hashlib
import json
import re
import textwrap
import unicodedata
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
from desktop.rendering.storyboard.kinds import OPTIONS, check_fence
from desktop.rendering.storyboard.latex import FormulaError, to_typst

LAYOUTS = ("full", "split", "stack")
TRANSITIONS = ("fade", "slide", "cut")
SCENE_OPTIONS = ("layout", "duration", "transition", "id", "heading")
_CELLS = re.compile(r"[A-L][1-8](:[A-L][1-8])?")
_INLINE = re.compile(r"(?<!\\)\$([^$\s](?:[^$]*[^$\s])?)\$(?!\d)")
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


def class_name(title: str) -> str:
    """Return the class name of a scene with this title: an identifier that ends in ``Scene``.

    The ending keeps names such as ``Circle`` free for Manim's own.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    name = "".join(word[:1].upper() + word[1:] for word in words)[:60]
    if not name:
        name = "S" + hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:8]
    if name[0].isdigit():
        name = f"S{name}"
    return name if name.endswith("Scene") else f"{name}Scene"


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
    closing = "".join(
        f', {key}="{scene.options[key]}"'
        for key in ("transition", "duration")
        if key in scene.options
    )
    code.add(f"{_BODY}self.close({closing.removeprefix(', ')})", scene.line)
    return code


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
                shown = [(self._formula(row, line), line) for row in rows]
                self._call("equation" if len(rows) == 1 else "derivation", shown, line=line)
            case Image():
                self._image(block)
            case Fence():
                self._fence(block)

    def _bullets(self, block: Bullets) -> None:
        lines = [(self._text(item, block.line), block.line) for item in block.items]
        extra = {}
        if any(block.levels):
            extra["levels"] = str(list(block.levels))
        if block.ordered:
            extra["ordered"] = "True"
        self._call("bullets", lines, extra, line=block.line)

    def _image(self, block: Image) -> None:
        path = block.path
        if not path or path.startswith(("/", "~")) or ".." in path.split("/") or ":" in path:
            self._code.problems.append(
                Problem(
                    f"“{path}” is no picture of this video.",
                    block.line,
                    "Drop the picture on the text; it is copied beside it.",
                )
            )
        self._code.assets.append(path)
        extra = {"caption": _literal(self._text(block.caption, block.line))}
        extra |= {key: _literal(value) for key, value in block.options.items() if key == "width"}
        self._call("image", [(path, block.line)], extra, line=block.line)

    def _fence(self, block: Fence) -> None:
        found = list(check_fence(block))
        self._code.problems += found
        if any(
            "is not known" in problem.message or "is empty" in problem.message for problem in found
        ):
            return
        if block.kind == "manim":
            self._manim(block)
            return
        body = block.body.split("\n")
        lines = [(text, block.line + 1 + offset) for offset, text in enumerate(body)]
        options = {key: _literal(value) for key, value in block.options.items()}
        if block.kind not in OPTIONS:
            self._call(
                "code", lines, {"language": _literal(block.kind), **options}, line=block.line
            )
            return
        lines = [(self._text(text, line), line) for text, line in lines if text.strip()]
        method = "title_card" if block.kind == "title" else block.kind
        self._call(method, lines, options, line=block.line)

    def _manim(self, block: Fence) -> None:
        self._code.free = True
        body = textwrap.dedent(block.body.expandtabs(4))
        try:
            ast.parse(f"async def construct(self):\n{textwrap.indent(body, '    ')}\n    pass\n")
        except SyntaxError as error:
            line = block.line + max(1, (error.lineno or 2) - 1)
            self._code.problems.append(
                Problem(f"Not valid Python: {error.msg}.", line, "Correct the line.")
            )
            return
        except (ValueError, RecursionError, MemoryError):
            self._code.problems.append(Problem("This code cannot be read.", block.line))
            return
        for offset, text in enumerate(body.split("\n")):
            self._code.add(f"{_BODY}{text}" if text.strip() else "", block.line + 1 + offset)

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
        self._code.add(f"{_BODY}{''.join(f'    {option},' for option in options)})", line)

    def _text(self, text: str, line: int) -> str:
        """Convert the formulas inside a text."""
        return _INLINE.sub(lambda match: f"${self._formula(match[1], line)}$", text)

    def _formula(self, source: str, line: int) -> str:
        if self._maths == "latex":
            return source
        try:
            return to_typst(source)
        except FormulaError as error:
            self._code.problems.append(Problem(str(error), line))
            return source
        except RecursionError:
            self._code.problems.append(Problem("The formula is nested too deeply.", line))
            return source


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _check_options(scene: SceneSpec) -> Iterator[Problem]:
    for key, value in scene.options.items():
        check = _CHECKS.get(key)
        if check is None:
            listed = ", ".join(SCENE_OPTIONS)
            yield Problem(f"Scenes have no option “{key}”.", scene.line, f"Known are {listed}.")
        elif remedy := check(value):
            yield Problem(f"“{value}” is no {key}.", scene.line, remedy)


def _layout(value: str) -> str:
    if value in LAYOUTS or all(_CELLS.fullmatch(part) for part in value.split()):
        return ""
    return "Use full, split, stack, or cells such as A1:F8 G1:L8."


def _duration(value: str) -> str:
    number = re.fullmatch(r"(\d+(?:\.\d+)?)s?", value)
    return "" if number and 0 < float(number[1]) <= 600 else "Write seconds, up to 600."


_CHECKS: dict[str, Callable[[str], str]] = {
    "layout": _layout,
    "duration": _duration,
    "transition": lambda v: "" if v in TRANSITIONS else f"Use {', '.join(TRANSITIONS)}.",
    "id": lambda v: "" if re.fullmatch(r"[\w-]{1,64}", v) else "Use letters and digits.",
    "heading": lambda v: "" if v in {"on", "off"} else "Use on or off.",
}
