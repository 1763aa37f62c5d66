"""The lines of a plot, read into what is to be drawn."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from proofreel_kit.errors import BlockError, number, span
from proofreel_kit.expressions import FUNCTIONS, ExpressionError, Function, parse_expression

_FUNCTION = re.compile(r"([A-Za-z]\w*)\s*\(\s*x\s*\)\s*=\s*(.+)", re.DOTALL)
KINDS = "f(x) = x^2, point 2, 4, tangent f 1, area f 0:2, vline 2 and move f -2:1"


@dataclass
class Item:
    """One line of a plot; ``numbers`` are coordinates or a range, as its kind needs."""

    kind: str
    row: int
    label: str = ""
    name: str = ""
    function: Function | None = None
    numbers: tuple[float, ...] = ()


@dataclass
class PlotSpec:
    """Everything a plot shows."""

    items: list[Item] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)

    def curves(self) -> list[Item]:
        return [item for item in self.items if item.kind == "curve"]


def read_plot(lines: tuple[str, ...]) -> PlotSpec:
    """Read all lines; raises BlockError with the row of the first wrong one."""
    spec = PlotSpec()
    for row, line in enumerate(lines):
        if line.strip():
            spec.items.append(_read_line(line.strip(), row, spec))
    if not spec.items:
        raise BlockError("The plot is empty. Write a function such as f(x) = x^2.")
    return spec


def _read_line(line: str, row: int, spec: PlotSpec) -> Item:
    body, label = _split_label(line)
    match = _FUNCTION.fullmatch(body)
    if match:
        return _read_function(match[1], match[2], label, row, spec)
    word, _, rest = body.partition(" ")
    reader = _READERS.get(word)
    if reader is None:
        raise BlockError(f"“{line}” is not something a plot can show. It knows {KINDS}.", row)
    item = reader(rest.strip(), row, spec)
    item.label = label
    return item


def _split_label(line: str) -> tuple[str, str]:
    """Split a line at the colon before its label; the colon of a range has no spaces around it."""
    body, colon, label = line.partition(" :")
    return (body.strip(), label.strip()) if colon else (line.strip(), "")


def _read_function(name: str, body: str, label: str, row: int, spec: PlotSpec) -> Item:
    if name in FUNCTIONS or name in {"x", "e", "pi"}:
        raise BlockError(f"“{name}” already means something. Name the function f, g or h.", row)
    try:
        function = parse_expression(body, spec.functions)
    except ExpressionError as error:
        raise BlockError(str(error), row) from None
    spec.functions[name] = function
    return Item("curve", row, label, name, function)


def _read_point(rest: str, row: int, _spec: PlotSpec) -> Item:
    parts = rest.strip("() ").split(",") if "," in rest else rest.split()
    if len(parts) != 2:
        raise BlockError("A point needs two numbers, such as point 2, 4.", row)
    x, y = (number(part, "A coordinate", row) for part in parts)
    return Item("point", row, numbers=(x, y))


def _read_tangent(rest: str, row: int, spec: PlotSpec) -> Item:
    name, at = _name_and_rest(rest, "tangent f 1", row)
    function = _known(name, row, spec)
    return Item("tangent", row, "", name, function, (number(at, "The place of a tangent", row),))


def _read_area(rest: str, row: int, spec: PlotSpec) -> Item:
    name, over = _name_and_rest(rest, "area f 0:2", row)
    return Item("area", row, "", name, _known(name, row, spec), span(over, "An area", row))


def _read_vline(rest: str, row: int, _spec: PlotSpec) -> Item:
    return Item("vline", row, numbers=(number(rest, "The place of a vertical line", row),))


def _read_move(rest: str, row: int, spec: PlotSpec) -> Item:
    name, over = _name_and_rest(rest, "move f -2:1", row)
    start, colon, end = over.partition(":")
    if not colon:
        raise BlockError("A moving dot needs where it starts and ends, such as move f -2:1.", row)
    numbers = (number(start, "The start", row), number(end, "The end", row))
    return Item("move", row, "", name, _known(name, row, spec), numbers)


def _name_and_rest(rest: str, example: str, row: int) -> tuple[str, str]:
    name, _, value = rest.partition(" ")
    if not value.strip():
        raise BlockError(f"This line needs a function and a place, such as {example}.", row)
    return name.removesuffix("(x)"), value.strip()


def _known(name: str, row: int, spec: PlotSpec) -> Function:
    if name not in spec.functions:
        names = ", ".join(spec.functions) or "none yet"
        raise BlockError(
            f"There is no function “{name}” above this line (there is {names}). "
            f"Write {name}(x) = … first.",
            row,
        )
    return spec.functions[name]


_READERS: dict[str, Callable[[str, int, PlotSpec], Item]] = {
    "point": _read_point,
    "tangent": _read_tangent,
    "area": _read_area,
    "vline": _read_vline,
    "move": _read_move,
}
