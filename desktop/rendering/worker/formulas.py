r"""Formulas where LaTeX is missing or may not be run: Typst sets what Manim asks LaTeX for.

Numbers on axes, ``DecimalNumber``, ``Matrix``, ``Brace.get_text`` and most scenes that people bring
along use ``MathTex`` or ``Tex``. Manim hands each to ``tex_to_svg_file``; here the formula is
converted (see ``storyboard.latex``) and set with Typst instead. The parts that Manim wants to find
again, which it marks for dvisvgm, travel through Typst as colours and become groups of the SVG.
"""

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from manim.mobject.text import tex_mobject
from manim.utils.tex import TexTemplate
from manim.utils.typst_file_writing import typst_to_svg_file

from desktop.rendering.storyboard.latex import FormulaError, to_typst

MARK = re.compile(r"\\special\{dvisvgm:raw (?:<g id='(?P<id>[^']+)'>|</g>)\}")
STYLED = re.compile(r"\\(textbf|textit|emph|texttt|textrm|textsf)\s*\{([^{}]*)\}|\\\\|\$([^$]*)\$")
MATHS = {"align*", "align", "equation*", "equation", "gather*", "gather", "displaymath"}
"""Environments that hold a formula; in all others, and in none, there is text."""

SVG = "http://www.w3.org/2000/svg"
LINE = re.compile(r"M\s*([-\d.e]+)[ ,]+([-\d.e]+)\s*([hv])\s*([-\d.e]+)")
FIRST_COLOR = 0x010101
"""Marks are colours from here on; black is what no part claims."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of LaTeX and the ids of the groups it lies in, outermost first."""

    source: str
    ids: tuple[str, ...]


def adapt(*, programs: bool = True) -> None:
    """Let Typst set formulas when this machine has no LaTeX, or may not start ``programs``."""
    if not (programs and shutil.which("latex") and shutil.which("dvisvgm")):
        vars(tex_mobject)["tex_to_svg_file"] = svg_file


def svg_file(
    expression: str, environment: str | None = None, tex_template: TexTemplate | None = None
) -> Path:
    """Return the SVG of a formula, as ``manim.utils.tex_file_writing.tex_to_svg_file`` does.

    Raises ValueError for a formula that cannot be converted: what is wrong, and what to write.
    """
    del tex_template  # packages of LaTeX mean nothing here
    parts = tuple(_parts(expression))
    text = environment not in MATHS
    try:
        code, ids = _colored(parts, text=text)
    except FormulaError:
        code, ids = _whole(parts, text=text)
    return _grouped(typst_to_svg_file(f"$ {code} $"), ids, [one.ids for one in parts])


def _parts(expression: str) -> Iterator[Part]:
    """Split an expression at Manim's marks."""
    stack: list[str] = []
    at = 0
    for mark in MARK.finditer(expression):
        if source := expression[at : mark.start()]:
            yield Part(source, tuple(stack))
        at = mark.end()
        if mark["id"]:
            stack.append(mark["id"])
        elif stack:
            stack.pop()
    if source := expression[at:]:
        yield Part(source, tuple(stack))


def _colored(parts: tuple[Part, ...], *, text: bool) -> tuple[str, list[tuple[str, ...]]]:
    """Convert each part on its own, in a colour that says which one it is."""
    pieces: list[str] = []
    ids: list[tuple[str, ...]] = []
    for part in parts:
        code = _typst(part.source, text=text)
        if part.ids and code.strip():
            color = f"#{FIRST_COLOR + len(ids):06x}"
            ids.append(part.ids)
            code = f'text(fill: #rgb("{color}"), {_argument(code)})'
        pieces.append(code)
    return " ".join(pieces), ids


def _argument(code: str) -> str:
    """Return code that stays one argument of a call: commas and semicolons would end it."""
    return "#[$" + code + "$]" if re.search(r"(?<!\\)[,;&]", code) else code


def _whole(parts: tuple[Part, ...], *, text: bool) -> tuple[str, list[tuple[str, ...]]]:
    """Convert everything at once, for parts that are no formulas by themselves."""
    try:
        return _typst("".join(part.source for part in parts), text=text), []
    except FormulaError as error:
        raise ValueError(f"{error} {error.remedy}".strip()) from error


def _typst(source: str, *, text: bool) -> str:
    return to_typst(_as_maths(source) if text else source)


def _as_maths(source: str) -> str:
    """Return a text with formulas between dollars as one formula with texts in it."""
    result, at = [], 0
    for found in STYLED.finditer(source):
        result.append(_words(source[at : found.start()]))
        at = found.end()
        style, words, maths = found.groups()
        if style:
            result.append(rf"\{style if style != 'emph' else 'textit'}{{{words}}}")
        else:
            result.append(maths if maths is not None else r"\\")
    result.append(_words(source[at:]))
    return "".join(result)


def _words(text: str) -> str:
    return rf"\text{{{text}}}" if text.strip() else " " if text else ""


def _grouped(path: Path, colors: list[tuple[str, ...]], wanted: list[tuple[str, ...]]) -> Path:
    """Write the SVG anew with a group for every id, those that were not found empty."""
    ET.register_namespace("", SVG)
    tree = ET.parse(path)  # noqa: S314  Typst wrote it a moment ago
    root = tree.getroot()
    groups: dict[tuple[str, ...], ET.Element] = {}
    for ids in wanted:
        _group(root, groups, ids)
    everything = wanted[0] if wanted and not colors else ()
    leaves = list(_leaves(root, ""))
    for child in [one for one in root if one.tag != f"{{{SVG}}}defs" and "id" not in one.attrib]:
        root.remove(child)
    for leaf, transform in leaves:
        ids = colors[number] if (number := _number(leaf)) is not None else everything
        leaf.set("transform", transform)
        _fill_line(leaf)
        _group(root, groups, ids).append(leaf)
    made = path.with_name(f"{path.stem}-{_digest(colors, wanted)}.svg")
    tree.write(made, "utf-8")
    return made


def _group(
    root: ET.Element, groups: dict[tuple[str, ...], ET.Element], ids: tuple[str, ...]
) -> ET.Element:
    """Return the group of these ids, made inside that of the outer ones when it is not there."""
    if not ids:
        return root
    if ids not in groups:
        outer = _group(root, groups, ids[:-1])
        groups[ids] = ET.SubElement(outer, f"{{{SVG}}}g", {"id": ids[-1]})
    return groups[ids]


def _leaves(element: ET.Element, transform: str) -> Iterator[tuple[ET.Element, str]]:
    """Yield what is drawn, with the transforms of all that it lies in."""
    for child in element:
        inner = f"{transform} {child.get('transform', '')}".strip()
        if child.tag in {f"{{{SVG}}}g", f"{{{SVG}}}svg"}:
            if "id" not in child.attrib:
                yield from _leaves(child, inner)
        elif child.tag in {f"{{{SVG}}}use", f"{{{SVG}}}path"}:
            yield child, inner


def _number(leaf: ET.Element) -> int | None:
    """Return which part a leaf belongs to, and make it black; None when to none."""
    number = None
    for name in ("fill", "stroke"):
        color = leaf.get(name, "")
        if color.startswith("#") and (value := int(color[1:7], 16) - FIRST_COLOR) >= 0:
            number = value
            leaf.set(name, "#000000")
    return number


def _fill_line(leaf: ET.Element) -> None:
    """Turn a stroked line, as that of a fraction, into a filled bar: strokes are not drawn."""
    line = LINE.fullmatch(leaf.get("d", "").strip())
    if leaf.get("fill") != "none" or line is None:
        return
    x, y, way, length = float(line[1]), float(line[2]), line[3], float(line[4])
    half = float(leaf.get("stroke-width", "1")) / 2
    if way == "h":
        path = f"M {x} {y - half} h {length} v {2 * half} h {-length} Z"
    else:
        path = f"M {x - half} {y} v {length} h {2 * half} v {-length} Z"
    leaf.set("d", path)
    leaf.set("fill", leaf.attrib.pop("stroke", "#000000"))


def _digest(colors: object, wanted: object) -> str:
    return hashlib.sha256(repr((colors, wanted)).encode()).hexdigest()[:12]
