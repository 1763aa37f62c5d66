"""Hand-written Manim inside a storyboard: checked here, placed into ``construct`` as it is.

Lines that continue a string are not indented: what an author quotes must not change.
"""

import ast
import re
import textwrap
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.domain.errors import Problem, Severity
from desktop.domain.storyboard import Fence

_HEAD = "def construct(self):\n"
_TAIL = "\n    pass\n"
_TAB = 4
_quiet = threading.Lock()
"""Warnings are switched off for the whole process, so by one thread at a time."""


@dataclass(frozen=True, slots=True)
class FreeCode:
    """The lines of a ``manim`` fence, ready to stand in a method, and what is wrong with them."""

    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_free_code(fence: Fence, indent: str) -> FreeCode:
    """Return the lines of the fence's body, each indented by ``indent`` unless it is quoted."""
    body = textwrap.dedent("\n".join(map(_without_tabs, fence.body.split("\n"))))
    if "\0" in body:
        line = fence.line + 1 + body[: body.index("\0")].count("\n")
        return FreeCode((), (Problem("This line has a null byte.", line, "Remove it."),))
    shown = (f"    {line}" if line.strip() else "" for line in body.split("\n"))
    source = f"{_HEAD}{chr(10).join(shown)}{_TAIL}"
    try:
        tree = _compiled(source)
    except SyntaxError as error:
        return FreeCode((), (_syntax_problem(fence, error),))
    except (ValueError, RecursionError, MemoryError):
        problem = Problem("This code cannot be read.", fence.line, "Write it in simpler pieces.")
        return FreeCode((), (problem,))
    quoted = set(_quoted_lines(tree))
    lines = tuple(
        text if number in quoted else f"{indent}{text}" if text.strip() else ""
        for number, text in enumerate(body.split("\n"), 1)
    )
    return FreeCode(lines, tuple(_traps(tree, fence)))


def _compiled(source: str) -> ast.Module:
    """Return the tree of code that compiles; what Python only advises against is let through."""
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
        compile(tree, "<storyboard>", "exec", dont_inherit=True)
    return tree


def _without_tabs(line: str) -> str:
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].expandtabs(_TAB) + rest


def _syntax_problem(fence: Fence, error: SyntaxError) -> Problem:
    last = fence.body.count("\n") + 1
    line = fence.line + min(max(1, (error.lineno or 2) - 1), last)
    if "import *" in str(error.msg):
        return Problem(
            "“import *” works only at the top of a file.", line, "Remove it: Manim is there."
        )
    what = re.sub(r" on line \d+", "", error.msg or "it cannot be read")  # of our copy, not theirs
    return Problem(f"Not valid Python: {what}.", line, "Correct the line.")


def _quoted_lines(tree: ast.AST) -> Iterator[int]:
    """Yield the 1-based lines of the body that begin inside a string."""
    for node in ast.walk(tree):
        text = isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        )
        if text and isinstance(node, ast.expr) and node.end_lineno is not None:
            # line 1 of the source is the head
            yield from range(node.lineno, node.end_lineno)


def _traps(tree: ast.Module, fence: Fence) -> Iterator[Problem]:
    """Yield what Python accepts and a scene cannot use."""
    construct = tree.body[0]
    if len(tree.body) > 1 or not isinstance(construct, ast.FunctionDef):
        line = fence.line + max(1, tree.body[-1].lineno - 1)
        yield Problem("This line leaves the scene.", line, "Remove the character before it.")
        return
    for node in _own(construct):
        line = fence.line + getattr(node, "lineno", 2) - 1
        if isinstance(node, ast.Yield | ast.YieldFrom):
            yield Problem("A scene cannot use “yield”.", line, "Call self.play instead.")
        elif isinstance(node, ast.ClassDef) and _is_scene(node):
            yield Problem(
                f"The scene “{node.name}” is defined here but not shown.",
                line,
                "Keep only the lines of its construct.",
                Severity.WARNING,
            )


def _own(construct: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of the body without those of functions and classes inside it."""
    waiting: list[ast.AST] = list(construct.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _is_scene(node: ast.ClassDef) -> bool:
    return any(re.search(r"Scene$", ast.unparse(base)) for base in node.bases)
