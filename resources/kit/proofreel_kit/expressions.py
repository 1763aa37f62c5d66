"""Formulas of one variable as people type them, turned into functions without running code.

The text is parsed by Python's own parser and only numbers, the four operations, powers and known
names are let through.
"""

import ast
import re
from collections.abc import Callable, Mapping

import numpy as np

Function = Callable[[np.ndarray], np.ndarray]

FUNCTIONS: Mapping[str, Function] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log10,
    "ln": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "floor": np.floor,
}
CONSTANTS: Mapping[str, float] = {"pi": np.pi, "e": np.e}
LONGEST = 300

_OPERATORS: Mapping[type[ast.operator], Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_SIGNS = str.maketrans(
    {"^": "**", "·": "*", "×": "*", "−": "-", "÷": "/", "π": "pi", "²": "**2", "³": "**3"}
)
_TOKEN = re.compile(r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_]\w*|\*\*|[-+*/()]|\S")


class ExpressionError(ValueError):
    """A formula that cannot be understood; the message says which part."""


def parse_expression(source: str, functions: Mapping[str, Function] | None = None) -> Function:
    """Return the function of ``x`` that a formula means.

    ``functions`` are earlier ones that may be called by name. Where the formula has no value the
    function gives nan or inf. Raises ExpressionError.
    """
    if len(source) > LONGEST:
        raise ExpressionError(f"The formula is longer than {LONGEST} characters.")
    known = {**FUNCTIONS, **(functions or {})}
    text = " ".join(_with_products(_TOKEN.findall(source.translate(_SIGNS)), known))
    try:
        tree = ast.parse(text, mode="eval").body
        body = _compile(tree, known)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"“{source.strip()}” is not a complete formula.") from None

    def function(x: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            values = np.asarray(body(np.asarray(x, dtype=float)), dtype=float)
        return np.broadcast_to(values, np.shape(x)).copy()

    return function


def _with_products(tokens: list[str], known: Mapping[str, Function]) -> list[str]:
    """Write the products that people leave out, as in ``2x`` or ``(x+1)(x-1)``."""
    written: list[str] = []
    for token in tokens:
        before = written[-1] if written else ""
        if before in known and token != "(":
            raise ExpressionError(_unknown(before, known))
        ends = (
            bool(before) and (before[-1].isalnum() or before in {")", "."}) and before not in known
        )
        if ends and (token[0].isalnum() or token == "("):
            written.append("*")
        written.append(token)
    return written


def _compile(node: ast.expr, known: Mapping[str, Function]) -> Function:
    match node:
        case ast.Constant(value=bool() | str() | bytes() | complex() | None):
            pass
        case ast.Constant(value=int() | float() as number):
            return lambda _x, value=float(number): np.asarray(value)
        case ast.Name(id="x"):
            return lambda x: x
        case ast.Name(id=name) if name in CONSTANTS:
            return lambda _x, value=CONSTANTS[name]: np.asarray(value)
        case ast.Name(id=name):
            raise ExpressionError(_unknown(name, known))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _compile(operand, known)
            return lambda x: -inner(x)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _compile(operand, known)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return _operation(type(operator), _compile(left, known), _compile(right, known))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            return _call(name, _compile(argument, known), known)
    raise ExpressionError(f"“{ast.unparse(node)}” cannot be part of a formula.")


def _operation(operator: type[ast.operator], left: Function, right: Function) -> Function:
    combine = _OPERATORS[operator]
    return lambda x: combine(left(x), right(x))


def _call(name: str, argument: Function, known: Mapping[str, Function]) -> Function:
    if name not in known:
        raise ExpressionError(_unknown(name, known))
    outer = known[name]
    return lambda x: outer(argument(x))


def _unknown(name: str, known: Mapping[str, Function]) -> str:
    if name in known:
        return f"{name} needs what it is applied to in parentheses, such as {name}(x)."
    return f"“{name}” is not known. Use x, numbers, pi, e and {', '.join(sorted(known))}."
