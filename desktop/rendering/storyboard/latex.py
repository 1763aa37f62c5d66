"""LaTeX-style formulas turned into Typst's, for machines without LaTeX.

Covers what explanation videos use: fractions, roots, sums, integrals, matrices, Greek, aligned
rows. A command that is not known is an error with its name, never silently dropped.
Typst's syntax: https://typst.app/docs/reference/math/
"""

import difflib
import re
from collections.abc import Callable

from desktop.rendering.storyboard.symbols import (
    ACCENTS,
    BAR,
    BRACES,
    DELIMITERS,
    FONTS,
    FUNCTIONS,
    NEGATED,
    SYMBOLS,
    TIGHT,
)
from desktop.rendering.storyboard.tokens import tokens, worded

_NOTHING = '""'
_BRACKETS = frozenset("()[]")
_CLOSERS = frozenset({"}", "\\right"})
_MATRICES = {
    "matrix": "", "smallmatrix": "", "pmatrix": "(", "bmatrix": "[", "Bmatrix": "{",
    "vmatrix": "|", "Vmatrix": "‖",
}  # fmt: skip
_ALIGNED = {"aligned", "align", "align*", "gathered", "gather", "gather*", "split"}
_ESCAPED = {
    "~": "space.nobreak", "/": "\\/", "#": "\\#", "$": "\\$", '"': '\\"', "@": "\\@",
    "`": "\\`", "|": BAR, ",": "\\,", ";": "\\;", "\\": "\\\\", "√": "\\√", "∛": "\\∛", "∜": "\\∜",
}  # fmt: skip


class FormulaError(ValueError):
    """A formula that cannot be converted: what is wrong, and ``remedy``, what to write."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


def to_typst(source: str) -> str:
    """Return the Typst form of one LaTeX-style formula; raises FormulaError."""
    parser = _Parser(source.replace(TIGHT, ""))
    result = parser.sequence(frozenset())
    if extra := parser.peek():
        raise FormulaError(f"There is a “{extra}” too many in the formula.", "Remove it.")
    joined = re.sub(rf"(?<=[\w()\[\]\"',;.!+]) {TIGHT}", "", result)
    joined = re.sub(rf"{TIGHT} (?=[\w()\[\]\"',;.!+\\]|-(?!>))", "", joined)
    return joined.replace(TIGHT, "")


class _Parser:
    """Recursive descent over the pieces of one formula."""

    def __init__(self, source: str) -> None:
        self._pieces = [piece for piece in tokens(source) if not piece.isspace()]
        self._at = 0
        self._fences = 0

    def peek(self) -> str:
        return self._pieces[self._at] if self._at < len(self._pieces) else ""

    def take(self) -> str:
        piece = self.peek()
        self._at += 1
        return piece

    def sequence(self, ends: frozenset[str]) -> str:
        """Convert until a piece of ``ends``, which stays, or the end of the formula."""
        parts: list[str] = []
        opened: list[int] = []
        while (piece := self.peek()) and piece not in ends and piece not in _CLOSERS:
            if piece in {"^", "_"}:
                self._script(parts)
            elif piece == "'" and parts:
                parts[-1] += self.take()
            else:
                parts.append(self._atom())
                _pair(piece, parts, opened)
        for index in opened:
            parts[index] = "\\" + parts[index]
        return " ".join(part for part in parts if part)

    def _script(self, parts: list[str]) -> None:
        mark = self.take()
        if not parts:
            parts.append("")
        parts[-1] = f"{parts[-1] or _NOTHING}{mark}({self._argument()})"

    def _argument(self) -> str:
        """Convert what a command or script takes: a group, or the next piece."""
        piece = self.peek()
        if piece == "{":
            return self._group() or _NOTHING
        if piece in {"", "}", "^", "_", "&", "\\\\", "\\right"} or piece.startswith("\\end"):
            raise FormulaError(
                "Something is missing in the formula.",
                f"Write it before “{piece}”." if piece else "Write it at the end.",
            )
        if piece.isdecimal() and len(piece) > 1:
            # as in LaTeX, x^12 raises the 1 only
            self._pieces[self._at : self._at + 1] = [piece[0], piece[1:]]
        atom = self._atom() or _NOTHING
        return f"\\{atom}" if atom in _BRACKETS else atom

    def _group(self) -> str:
        self.take()
        inner = self.sequence(frozenset())
        if self.take() != "}":
            raise FormulaError("A closing brace } is missing in the formula.", "Add it.")
        return inner

    def _atom(self) -> str:
        piece = self.peek()
        if piece == "{":
            return self._group()
        self.take()
        if len(piece) > 1 and piece[0] == "\\":
            return self._command(piece)
        return _ESCAPED.get(piece, piece)

    def _command(self, piece: str) -> str:
        if words := worded(piece):
            return self._worded(*words)
        name = piece[1:]
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in FUNCTIONS:
            return FUNCTIONS[name]
        if name in BRACES:
            return self._brace(name)
        if function := ACCENTS.get(name) or FONTS.get(name):
            return f"{function}({self._argument()})"
        if structure := _STRUCTURES.get(name):
            return structure(self)
        near = difflib.get_close_matches(name, _KNOWN, 1, 0.75)
        remedy = "Write it another way, or install LaTeX and set math: latex."
        raise FormulaError(
            f"The command “{piece}” is not known without LaTeX.",
            f"Did you mean “\\{near[0]}”?" if near else remedy,
        )

    def _brace(self, name: str) -> str:
        inner, words = self._argument(), ""
        if self.peek() == BRACES[name]:
            self.take()
            words = f", {self._argument()}"
        return f"{name}({inner}{words})"

    def fraction(self) -> str:
        return f"frac({self._argument()}, {self._argument()})"

    def binomial(self) -> str:
        return f"binom({self._argument()}, {self._argument()})"

    def root(self) -> str:
        if self.peek() != "[":
            return f"sqrt({self._argument()})"
        self.take()
        degree = self.sequence(frozenset({"]"}))
        self.take()
        return f"root({degree}, {self._argument()})"

    def fenced(self) -> str:
        opening = self._delimiter()
        self._fences += 1
        inner = self.sequence(frozenset())
        self._fences -= 1
        if self.take() != "\\right":
            raise FormulaError("A \\left has no \\right.", "End it with \\right.")
        parts = ("lr(", opening, inner, self._delimiter(), ")")
        return " ".join(part for part in parts if part)

    def middle(self) -> str:
        return f"mid({self._delimiter()})"

    def above(self) -> str:
        upper = self._argument()
        return f"limits({self._argument()})^({upper})"

    def below(self) -> str:
        lower = self._argument()
        return f"limits({self._argument()})_({lower})"

    def long_arrow(self) -> str:
        return f"stretch(->)^({self._argument()})"

    def modulus(self) -> str:
        return f"quad ( mod {self._argument()} )"

    def negation(self) -> str:
        piece = self.peek()
        if piece in NEGATED:
            return NEGATED[self.take()]
        return f"cancel({self._argument()})"

    def plain_group(self) -> str:
        return self._argument()

    def boxed(self) -> str:
        return f"#box(stroke: 0.6pt, inset: 4pt, $ {self._argument()} $)"

    def _worded(self, command: str, words: str) -> str:
        match command:
            case "begin":
                return self._environment(words.strip())
            case "end":
                raise FormulaError(f"\\end{{{words}}} has no \\begin{{{words}}}.", "Add it.")
            case "operatorname":
                return f"op({_text(words)})"
            case "operatorname*":
                return f"op({_text(words)}, limits: #true)"
            case "textbf":
                return f"bold({_text(words)})"
            case "textit":
                return f"italic({_text(words)})"
            case _:
                return _mixed(words)

    def _delimiter(self) -> str:
        piece = self.take()
        if piece not in DELIMITERS:
            raise FormulaError(
                f"“{piece}” is no bracket." if piece else "A bracket is missing in the formula.",
                "Use ( ) [ ] | \\{ \\} or a dot.",
            )
        return DELIMITERS[piece]

    def _environment(self, name: str) -> str:
        columns = self._columns() if name == "array" else ""
        rows = self._rows(name)
        if name in _MATRICES or name == "array":
            body = "; ".join(", ".join(cell or '""' for cell in row) for row in rows)
            delimiter = _MATRICES.get(name, "")
            shown = f'"{delimiter}"' if delimiter else "#none"
            return f"mat(delim: {shown}{_rule(columns)}, {body})"
        if name == "cases":
            return f"cases({', '.join(' & '.join(row) for row in rows)})"
        if name in _ALIGNED:
            lines = [" & ".join(row) for row in rows]
            # brackets grow around a matrix, not around lines
            inside = f"mat(delim: #none, {'; '.join(lines)})"
            return inside if self._fences else " \\ ".join(lines)
        raise FormulaError(f"“{name}” is not known here.", "Use aligned, cases or a matrix.")

    def _columns(self) -> str:
        if self.take() != "{":
            raise FormulaError("An array needs its columns.", "Write \\begin{array}{cc}.")
        columns = ""
        while (piece := self.take()) and piece != "}":
            columns += piece
        return columns

    def _rows(self, name: str) -> list[list[str]]:
        rows: list[list[str]] = [[]]
        end = f"\\end{{{name}}}"
        while True:
            rows[-1].append(self.sequence(frozenset({"&", "\\\\", end})))
            piece = self.take()
            if piece == "\\\\":
                rows.append([])
            elif piece == end:
                return [row for row in rows if any(row)]
            elif piece != "&":
                raise FormulaError(f"\\begin{{{name}}} has no \\end{{{name}}}.", "Add it.")


_STRUCTURES: dict[str, Callable[[_Parser], str]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), _Parser.fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _Parser.binomial),
    **dict.fromkeys(("overset", "stackrel"), _Parser.above),
    "underset": _Parser.below,
    "xrightarrow": _Parser.long_arrow,
    "sqrt": _Parser.root,
    "left": _Parser.fenced,
    "middle": _Parser.middle,
    "pmod": _Parser.modulus,
    "not": _Parser.negation,
    "substack": _Parser.plain_group,
    "boxed": _Parser.boxed,
}
_KNOWN = [
    name
    for name in (*SYMBOLS, *FUNCTIONS, *ACCENTS, *BRACES, *FONTS, *_STRUCTURES)
    if len(name) > 2
]


def _pair(piece: str, parts: list[str], opened: list[int]) -> None:
    """Escape a bracket without a partner: in Typst it would swallow what follows."""
    if piece in {"(", "["}:
        opened.append(len(parts) - 1)
    elif piece in {")", "]"}:
        if opened:
            opened.pop()
        else:
            parts[-1] = "\\" + parts[-1]


def _rule(columns: str) -> str:
    """Return the line between columns that an array asks for, as in ``{cc|c}``."""
    before = re.sub(r"[^clr|]", "", columns).strip("|").partition("|")
    return f", augment: #{len(before[0])}" if before[1] else ""


def _mixed(words: str) -> str:
    """Convert the words of a text, which may have formulas between dollar signs."""
    parts = re.split(r"(?<!\\)\$", words)
    if len(parts) % 2 == 0:
        raise FormulaError("A $ inside \\text has no partner.", "Write \\$ for a dollar sign.")
    shown = [
        to_typst(part) if index % 2 else _spaced(part) for index, part in enumerate(parts) if part
    ]
    return " ".join(shown) or _NOTHING


def _spaced(words: str) -> str:
    """Return words with exactly the space around them that the author wrote."""
    return f"{TIGHT}{_text(words)}{TIGHT}"


def _text(words: str) -> str:
    """Return words as a Typst string, without LaTeX's escapes."""
    plain = re.sub(r"\\[,;:! ]|~", " ", re.sub(r"(?<!\\)[{}]", "", words))
    plain = re.sub(r"\\([%$&_#{}])", r"\1", plain)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
