"""What the names of a module stand for, as far as reading tells: ``o.popen`` is ``os.popen``.

Aliases are followed through imports, assignments, ``getattr`` and tables of modules, without
regard to order and scope: a name that was once ``os`` is taken for it everywhere.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator

from desktop.rendering import screening_rules as rules

STAR_NAMES = {"np": "numpy"}
"""What ``from manim import *`` brings besides Manim."""

PASSES = 3
"""An alias of an alias of an alias is followed."""


def folded(node: ast.expr) -> str | None:
    """Return the text that an expression puts together of constants; None if it is not known."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value) | ast.NamedExpr(value=value):
            return folded(value)
        case ast.BinOp(op=ast.Add()):
            return _joined([folded(node.left), folded(node.right)])
        case ast.JoinedStr(values=parts):
            return _joined([folded(one) for one in parts])
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp())):
            return (folded(node.value) or "")[::-1] or None
        case _:
            return _folded_call(node)


def _folded_call(node: ast.expr) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id="chr"), args=[ast.Constant(value=int(number))]):
            return chr(number) if 0 <= number < 0x110000 else None
        case ast.Call(func=ast.Attribute(attr="join", value=glue), args=[ast.List() as listed]):
            return _joined([folded(one) for one in listed.elts], folded(glue))
        case _:
            return None


def _joined(parts: list[str | None], glue: str | None = "") -> str | None:
    known = [part for part in parts if part is not None]
    return None if glue is None or len(known) < len(parts) else glue.join(known)


class Names:
    """The aliases of one module."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._aliases: dict[str, str] = {}
        self._bound: set[str] = set()
        assigned: list[tuple[str, ast.expr]] = []
        for node in nodes:
            self._note(node, assigned)
        for _ in range(PASSES):
            for name, value in assigned:
                path = self.path(value)
                if path and (name not in self._aliases or _heavier(path)):
                    self._aliases[name] = path

    def _note(self, node: ast.AST, assigned: list[tuple[str, ast.expr]]) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    self._aliases[alias.asname or top] = alias.name if alias.asname else top
            case ast.ImportFrom():
                self._note_from(node)
            case ast.Assign():
                for target in node.targets:
                    assigned.extend(_pairs(target, node.value))
            case ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(value=value):
                assigned.extend(_pairs(node.target, value))
            case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
                assigned.append((name, value))
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                self._bound.add(name)
            case _:
                pass
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self._bound.add(node.id)

    def _note_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name != "*":
                self._aliases[alias.asname or alias.name] = f"{module}.{alias.name}"
            elif module == "manim":
                for name, path in STAR_NAMES.items():
                    self._aliases.setdefault(name, path)

    def path(self, node: ast.expr) -> str:
        """Return the dotted name an expression stands for; empty when that is not known."""
        match node:
            case ast.Name(id=name):
                return self._of_name(name)
            case ast.Attribute(value=value, attr=attr):
                base = self.path(value)
                return f"{base}.{attr}" if base else ""
            case ast.Subscript(value=value, slice=key):
                return self._item(self.path(value), folded(key))
            case ast.Call():
                return self._of_call(node)
            case _:
                return self._of_other(node)

    def _of_other(self, node: ast.expr) -> str:
        match node:
            case ast.NamedExpr(value=value):
                return self.path(value)
            case ast.BinOp(left=left, op=ast.Div()):
                base = self.path(left)
                return base if base.startswith("pathlib.") else ""
            case _:
                return ""

    def _of_name(self, name: str) -> str:
        if name in self._aliases:
            return self._aliases[name]
        watched = name in rules.BUILTINS or name in {"getattr", "bytearray", "bytes", "range"}
        return name if watched and name not in self._bound else ""

    def _item(self, base: str, key: str | None) -> str:
        """Return what a table of names has under ``key``."""
        if key is None:
            return ""
        if base == "sys.modules":
            return key
        tables = ("globals()", "locals()", "vars()", "__builtins__", "builtins.__dict__")
        if base in tables or base.endswith("__builtins__"):
            return key if hasattr(builtins, key) or key in rules.MODULES else ""
        if base.endswith(".__dict__"):
            return f"{base.removesuffix('.__dict__')}.{key}"
        return ""

    def _of_call(self, node: ast.Call) -> str:
        path = self.path(node.func)
        first = folded(node.args[0]) if node.args else None
        if path in {"__import__", "importlib.import_module"} and first:
            return first if path == "importlib.import_module" else first.partition(".")[0]
        if path == "getattr" and len(node.args) > 1:
            base, attr = self.path(node.args[0]), folded(node.args[1])
            return f"{base}.{attr}" if base and attr else ""
        if path in {"vars", "globals", "locals"}:
            base = self.path(node.args[0]) if node.args else ""
            return f"{base}.__dict__" if base else f"{path}()"
        keeps = path.startswith(("pathlib.", "ctypes.", "socket.", "subprocess."))
        return f"{path}()" if keeps else ""


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield which name gets which value; ``a, b = c, d`` counts."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, other)


def _heavier(path: str) -> bool:
    """Tell whether a meaning weighs more than another one the name has too."""
    return path.partition(".")[0] in rules.MODULES or path in rules.BUILTINS
