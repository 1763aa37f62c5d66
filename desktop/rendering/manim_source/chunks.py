"""A module cut into its top-level statements, with the names each binds and needs.

Names come from ``symtable``, the compiler's own analysis: a local variable that shares its name
with a module-level function is not mistaken for a use of it.
"""

import ast
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of a module: one top-level statement, or several that share lines."""

    nodes: tuple[ast.stmt, ...]
    first: int
    """1-based first line, decorators included."""
    last: int
    """1-based last line, inclusive."""
    text: str
    binds: frozenset[str]
    """Module-level names it defines or changes."""
    needs: frozenset[str]
    """Module-level or built-in names it uses, functions and methods included."""
    always: bool
    """Whether every scene keeps it: star imports and statements that act on the whole program."""


def cut(tree: ast.Module, lines: Sequence[str]) -> tuple[Chunk, ...]:
    """Return the chunks of a parsed module in order, without its ``__main__`` part."""
    made_here = {name for node in tree.body for name in _assigned_names(node)}
    return tuple(
        _chunk(nodes, lines, made_here) for nodes in _grouped(tree.body) if not _is_main(nodes[0])
    )


def _grouped(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Put statements that share a line (``a = 1; b = 2``) together."""
    group: list[ast.stmt] = []
    for node in body:
        if group and _first_line(node) > _last_line(group[-1]):
            yield group
            group = []
        group.append(node)
    if group:
        yield group


def _chunk(nodes: Sequence[ast.stmt], lines: Sequence[str], made_here: set[str]) -> Chunk:
    first, last = _first_line(nodes[0]), _last_line(nodes[-1])
    text = "\n".join(lines[first - 1 : last])
    binds, needs = _names(text)
    changed = {name for node in nodes for name in _changed_names(node)}
    own = changed & made_here
    acts = any(_acts(node) for node in nodes) and not (own and own == changed)
    return Chunk(
        tuple(nodes),
        first,
        last,
        text,
        frozenset(binds | own),
        frozenset(needs),
        acts or any(_is_star(node) for node in nodes),
    )


def _first_line(node: ast.stmt) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return node.lineno


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _names(text: str) -> tuple[set[str], set[str]]:
    """Return (names bound, names needed) of a piece of a module."""
    top = symtable.symtable(text, "scene.py", "exec")
    binds = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    binds |= {s.get_name() for s in top.get_symbols() if s.is_namespace()}
    needs = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    waiting = list(top.get_children())
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        needs |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return binds, needs


def _assigned_names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            for name in ast.walk(target):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    yield name.id


def _changed_names(node: ast.stmt) -> Iterator[str]:
    """Yield names whose objects a statement changes: ``A.x = 1``, ``A[0] = 1``, ``A.add(1)``."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = [t for t in node.targets if isinstance(t, ast.Attribute | ast.Subscript)]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target] if isinstance(node.target, ast.Attribute | ast.Subscript) else []
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        targets = [node.value.func]
    for target in targets:
        root: ast.expr = target
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        yield root.id if isinstance(root, ast.Name) and root is not target else ""


def _acts(node: ast.stmt) -> bool:
    """Tell whether a statement does something besides defining names."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return isinstance(node.target, ast.Attribute | ast.Subscript)
    if isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try):
        return any(
            _acts(child)
            for child in ast.walk(node)
            if child is not node and isinstance(child, ast.Expr | ast.Assign | ast.AugAssign)
        )
    return isinstance(node, ast.Delete | ast.Assert | ast.Raise)


def _is_star(node: ast.stmt) -> bool:
    if not isinstance(node, ast.ImportFrom):
        return False
    return node.module == "__future__" or any(alias.name == "*" for alias in node.names)


def _is_main(node: ast.stmt) -> bool:
    """Tell whether a statement is the ``if __name__ == "__main__"`` part."""
    if not isinstance(node, ast.If):
        return False
    return any(isinstance(n, ast.Name) and n.id == "__name__" for n in ast.walk(node.test))
