"""Advice about code before it runs: what a scene has no use for, with lines, in plain words.

It is advice for who writes a scene, person or model, and facts for who is asked whether code may
run. It is never protection: Python can hide anything from a reader, so nothing that renders asks
here; ``isolation`` is what keeps code from doing harm. Nothing is run or imported.
"""

import ast
import math
import re
import warnings
from collections.abc import Collection

from desktop.domain.errors import Problem
from desktop.rendering import screening_rules as rules
from desktop.rendering.screening_names import Names, folded
from desktop.rendering.screening_rules import Rule

MOST = 200
"""Findings; who has more is helped no better by all of them."""

DUNDER = re.compile(r"__\w+__")
IN_FORMAT = re.compile(r"\{[^{}]*[.\[]\s*_*(?:__\w+__|[a-z]\w*_globals)[^{}]*\}")
LOOKS_UP = frozenset({"getattr", "setattr", "delattr", "operator.attrgetter"})


def screen(
    text: str, *, first_line: int = 1, siblings: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Return what code does that a scene has no use for, in order of line; nothing when there is.

    An error is what no scene needs, a warning what some do. Text that is no Python gives nothing:
    whoever reads it says so.

    Args:
        text: a module, or the body of a function.
        first_line: line of its first line in the text that the editor sees.
        siblings: names of modules that lie beside it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        return tuple(_Screen(tree, siblings).found(first_line - 1))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def imports(text: str) -> tuple[str, ...]:
    """Return the modules that code imports, by name, in the order of the alphabet."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return tuple(sorted(found))


PLAIN_KEYS = (ast.Constant, ast.Name, ast.Attribute, ast.Subscript, type(None))
"""What ordinary code gives to ``getattr``."""

_LOOKED_AT = frozenset({
    ast.Import, ast.ImportFrom, ast.Attribute, ast.Name, ast.Subscript, ast.Call, ast.Constant,
    ast.While, ast.BinOp,
})  # fmt: skip


class _Screen:
    """One look through a module."""

    def __init__(self, tree: ast.Module, siblings: Collection[str]) -> None:
        self._siblings = frozenset(siblings)
        self._nodes = list(ast.walk(tree))
        self._names = Names(self._nodes)
        self._problems: dict[tuple[int, str], Problem] = {}

    def found(self, shift: int) -> list[Problem]:
        """Return the findings, with lines moved by ``shift``."""
        for node in self._nodes:
            if type(node) in _LOOKED_AT:
                self._look(node)
        ordered = sorted(self._problems.values(), key=lambda one: (one.line or 0, one.column or 0))
        return [_moved(problem, shift) for problem in ordered[:MOST]]

    def _look(self, node: ast.AST) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    self._imported(node, alias.name, "")
            case ast.ImportFrom():
                self._imported_from(node)
            case ast.Attribute():
                self._attribute(node)
            case ast.Name(ctx=ast.Load()) | ast.Subscript():
                self._named(node, self._names.path(node))
            case ast.Call():
                self._called(node)
            case ast.Constant(value=str(text)):
                self._text(node, text)
            case ast.While():
                self._loop(node)
            case ast.BinOp():
                self._amount(node)

    def _say(self, node: ast.AST, rule: Rule, name: str) -> None:
        line = getattr(node, "lineno", 1)
        deed = rule.deed.format(name=name)
        shown = f" ({name})" if name and "{name}" not in rule.deed else ""
        problem = Problem(
            f"This line {deed}{shown}.",
            line,
            rule.remedy,
            rule.severity,
            getattr(node, "col_offset", 0) + 1,
        )
        self._problems.setdefault((line, deed), problem)

    # Imports

    def _imported_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            self._imported(node, module, alias.name, beside=node.level > 0)

    def _imported(self, node: ast.AST, module: str, name: str, *, beside: bool = False) -> None:
        top = module.partition(".")[0]
        full = f"{module}.{name}" if name and name != "*" else module
        if rule := rules.MODULES.get(top) or _rule_of(full):
            self._say(node, rule, full)
        elif not beside and not self._known(top):
            self._say(node, rules.UNKNOWN, top)
        elif name == "*" and top not in rules.ALLOWED:
            self._say(node, rules.STAR, module)
        elif (last := full.rpartition(".")[2]) in rules.THROUGH and full != last:
            self._say(node, rules.INSIDES, full)

    def _known(self, top: str) -> bool:
        return top in rules.ALLOWED or top in rules.STANDARD or top in self._siblings

    # Names and what is reached through them

    def _named(self, node: ast.AST, path: str) -> None:
        if path and (rule := _rule_of(path)):
            self._say(node, rule, path)

    def _attribute(self, node: ast.Attribute) -> None:
        path = self._names.path(node)
        top = path.partition(".")[0]
        if path and (rule := _rule_of(path)):
            self._say(node, rule, path)
        elif node.attr in rules.DUNDERS and not _of_super(node):
            self._say(node, rules.INSIDES, node.attr)
        elif node.attr in rules.METHODS:
            self._say(node, rules.METHODS[node.attr], node.attr)
        elif node.attr in rules.PATH_METHODS and path.startswith("pathlib."):
            self._say(node, rules.PATH_METHODS[node.attr], node.attr)
        elif node.attr in rules.THROUGH and not _of_self(node) and top != node.attr:
            self._say(node, rules.INSIDES, ast.unparse(node)[-40:])

    def _called(self, node: ast.Call) -> None:
        path = self._names.path(node.func)
        name = node.func.id if isinstance(node.func, ast.Name) else path
        if (path or name) in LOOKS_UP:
            given = node.args[0] if path == "operator.attrgetter" and node.args else None
            self._looked_up(node, node.args[1] if given is None and node.args[1:] else given)
        elif path in {"__import__", "importlib.import_module"} and node.args:
            if module := folded(node.args[0]):
                self._imported(node, module, "")
        elif path in rules.SIZED and any(_number(one) >= rules.LARGE for one in node.args[:2]):
            self._say(node, rules.HUGE, "")

    def _looked_up(self, node: ast.Call, key: ast.expr | None) -> None:
        """Look at ``getattr(thing, key)``: fine with a name, not with one that is put together."""
        word = "" if key is None else folded(key) or ""
        if not isinstance(key, PLAIN_KEYS):
            self._say(node, rules.REBUILT, word)
        self._named(node, self._names.path(node))
        if word in rules.DUNDERS or word in rules.THROUGH:
            self._say(node, rules.INSIDES, word)

    def _text(self, node: ast.Constant, value: str) -> None:
        if IN_FORMAT.search(value):
            found = DUNDER.search(value)
            self._say(node, rules.INSIDES, found[0] if found else "")
        elif value in rules.DUNDERS and value.startswith("__"):
            self._say(node, rules.INSIDES, value)

    # Time and memory

    def _loop(self, node: ast.While) -> None:
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        ends = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)
        if endless and not any(isinstance(one, ends) for one in ast.walk(node)):
            self._say(node, rules.ENDLESS, "")

    def _amount(self, node: ast.BinOp) -> None:
        left, right = _number(node.left), _number(node.right)
        if isinstance(node.op, ast.Pow):
            power = right >= 10_000 and left > 1 and _whole(node.left) and _whole(node.right)
            if power or (isinstance(node.right, ast.BinOp) and right >= 10_000):
                self._say(node, rules.HUGE, "")
        elif isinstance(node.op, ast.Mult):
            repeated = isinstance(node.left, ast.List | ast.Constant | ast.Tuple)
            if repeated and not left and right >= rules.LARGE // 10:
                self._say(node, rules.HUGE, "")


def _rule_of(path: str) -> Rule | None:
    """Return what the dotted name does, or what it belongs to does."""
    parts = path.split(".")
    if len(parts) == 1:
        return rules.BUILTINS.get(path)
    if parts[0] in rules.MODULES:
        return rules.MODULES[parts[0]]
    for count in range(len(parts), 1, -1):
        if rule := rules.NAMES.get(".".join(parts[:count])):
            return rule
    fine, rule = rules.PARTS.get(parts[0], (frozenset[str](), None))
    return rule if parts[1] not in fine and "()" not in parts[1] else None


def _of_super(node: ast.Attribute) -> bool:
    match node.value:
        case ast.Call(func=ast.Name(id="super")):
            return node.attr in rules.INHERITED
        case _:
            return False


def _of_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}


def _whole(node: ast.expr) -> bool:
    return not isinstance(node, ast.Constant) or isinstance(node.value, int)


def _number(node: ast.expr) -> float:
    """Return the value of a number written down, also as ``10**9``; 0 for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(min(node.value, 1e300))
    if isinstance(node, ast.Tuple | ast.List):
        product = 1.0
        for one in node.elts:
            product *= _number(one)
        return product
    if isinstance(node, ast.BinOp):
        left, right = _number(node.left), _number(node.right)
        if isinstance(node.op, ast.Pow) and 0 < left < 1e6 and right < 50:
            return math.pow(left, right)
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.LShift) and left > 0 and right < 900:
            return math.ldexp(left, int(right))
    return 0.0


def _moved(problem: Problem, shift: int) -> Problem:
    if not shift or problem.line is None:
        return problem
    return Problem(
        problem.message, problem.line + shift, problem.remedy, problem.severity, problem.column
    )
