"""LaTeX-style formulas turned into Typst's, for machines without LaTeX.

Covers what explanation videos use: fractions, roots, sums, integrals, matrices, Greek, aligned
rows. A command that is not known is an error with its name, never silently dropped.
Typst's syntax: https://typst.app/docs/reference/math/
"""

import re
from collections.abc import Iterator

from desktop.rendering.storyboard.symbols import ACCENTS, FONTS, FUNCTIONS, SYMBOLS

_TOKEN = re.compile(
    r"\\(?:text[a-z]*|mbox|begin|end|operatorname\*?)\s*\{[^{}]*\}"  # words, not symbols
    r"|\\[A-Za-z]+\*?|\\.|[{}^_&'~]|\d+(?:\.\d+)?|\s+|.",
    re.DOTALL,
)
_WORDS = re.compile(r"\\([a-z]+)\*?\s*\{([^{}]*)\}")
_MATRICES = {"matrix": "#none", "pmatrix": "(", "bmatrix": "[", "vmatrix": "|", "Bmatrix": "{"}
_DELIMITERS = {"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", ".": "", "/": "\\/"}
_DELIMITERS |= {"\\{": "{", "\\}": "}", "\\|": "||", "\\langle": "chevron.l"}
_DELIMITERS |= {"\\rangle": "chevron.r", "\\lfloor": "floor.l", "\\rfloor": "floor.r"}
_DELIMITERS |= {"\\lceil": "ceil.l", "\\rceil": "ceil.r", "\\lvert": "|", "\\rvert": "|"}


class FormulaError(ValueError):
    """A formula that cannot be converted; the message says why and what to write."""


def to_typst(source: str) -> str:
    """Return the Typst form of one LaTeX-style formula; raises FormulaError."""
    parser = _Parser(source)
    result = parser.sequence(frozenset())
    if parser.peek():
        raise FormulaError(f"There is a “{parser.peek()}” too many in the formula.")
    return result


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, source: str) -> None:
        self._pieces = [piece for piece in _TOKEN.findall(source) if not piece.isspace()]
        self._at = 0

    def peek(self) -> str:
        return self._pieces[self._at] if self._at < len(self._pieces) else ""

    def take(self) -> str:
        piece = self.peek()
        self._at += 1
        return piece

    def sequence(self, ends: frozenset[str]) -> str:
        """Convert until a piece of ``ends``, which stays, or the end of the formula."""
        parts: list[str] = []
        while (piece := self.peek()) and piece not in ends and piece not in {"}", "\\right"}:
            if piece == "'" and parts:
                parts[-1] += self.take()
            else:
                parts.append(self._script(parts) if piece in "^_" else self._atom())
        return " ".join(part for part in parts if part)

    def _script(self, parts: list[str]) -> str:
        mark = self.take()
        if not parts:
            parts.append('""')
        inner = self._argument()
        parts[-1] += f"{mark}({inner})"
        return ""

    def _argument(self) -> str:
        if self.peek() == "{":
            return self._group()
        if not self.peek():
            raise FormulaError("Something is missing at the end of the formula.")
        return self._atom()

    def _group(self) -> str:
        self.take()
        inner = self.sequence(frozenset())
        if self.take() != "}":
            raise FormulaError("A closing brace } is missing in the formula.")
        return inner

    def _atom(self) -> str:
        piece = self.take()
        if piece == "{":
            self._at -= 1
            return self._group()
        if piece.startswith("\\"):
            return self._command(piece)
        return _plain(piece)

    def _command(self, piece: str) -> str:
        name = piece[1:]
        if words := _WORDS.fullmatch(piece):
            return self._worded(words[1], words[2])
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in FUNCTIONS:
            return FUNCTIONS[name]
        if name in ACCENTS or name in FONTS:
            return f"{ACCENTS.get(name) or FONTS[name]}({self._argument()})"
        made = self._structure(name)
        if made is None:
            raise FormulaError(
                f"The command “{piece}” is not known without LaTeX. Write it another way, or "
                "install LaTeX and set math: latex."
            )
        return made

    def _structure(self, name: str) -> str | None:
        match name:
            case "frac" | "dfrac" | "tfrac":
                return f"frac({self._argument()}, {self._argument()})"
            case "binom":
                return f"binom({self._argument()}, {self._argument()})"
            case "sqrt":
                return self._root()
            case "left":
                return self._fenced()
            case _:
                return None

    def _worded(self, command: str, words: str) -> str:
        match command:
            case "begin":
                return self._environment(words.strip())
            case "end":
                raise FormulaError(f"\\end{{{words}}} has no \\begin.")
            case "operatorname":
                return f"op({repr_text(words)})"
            case "textbf":
                return f"bold({repr_text(words)})"
            case "textit":
                return f"italic({repr_text(words)})"
            case _:
                return repr_text(words)

    def _root(self) -> str:
        if self.peek() != "[":
            return f"sqrt({self._argument()})"
        self.take()
        degree = self.sequence(frozenset({"]"}))
        self.take()
        return f"root({degree}, {self._argument()})"

    def _fenced(self) -> str:
        opening = self._delimiter()
        inner = self.sequence(frozenset())
        if self.take() != "\\right":
            raise FormulaError("A \\left has no \\right.")
        return f"lr({opening} {inner} {self._delimiter()})"

    def _delimiter(self) -> str:
        piece = self.take()
        if piece not in _DELIMITERS:
            raise FormulaError(f"“{piece}” is no bracket. Use ( ) [ ] | \\{{ \\}} or a dot.")
        return _DELIMITERS[piece]

    def _environment(self, name: str) -> str:
        rows = self._rows(name)
        if name in _MATRICES:
            delimiter = _MATRICES[name]
            shown = delimiter if delimiter == "#none" else repr_text(delimiter)
            body = "; ".join(", ".join(cell or '""' for cell in row) for row in rows)
            return f"mat(delim: {shown}, {body})"
        if name == "cases":
            return f"cases({', '.join(' & '.join(row) for row in rows)})"
        if name in {"aligned", "align", "gathered"}:
            return " \\ ".join(" & ".join(row) for row in rows)
        raise FormulaError(f"“{name}” is not known here. Use aligned, cases or a matrix.")

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
                raise FormulaError(f"\\begin{{{name}}} has no \\end{{{name}}}.")


def repr_text(text: str) -> str:
    """Return ``text`` as a Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(piece: str) -> str:
    return _ESCAPED.get(piece, piece)


_ESCAPED = {
    "~": "space.nobreak", "*": "*", "/": "\\/", "#": "\\#", "$": "\\$", '"': '\\"', "@": "\\@",
    "`": "\\`", "&": "&", ",": "\\,", ";": "\\;",
}  # fmt: skip


def split_rows(source: str) -> Iterator[str]:
    r"""Yield the rows of a displayed formula: at ``\\``, without an ``aligned`` around them."""
    inner = re.sub(r"\\(?:begin|end)\{(?:aligned|align\*?|gathered)\}", "", source)
    depth, row = 0, ""
    for piece in _TOKEN.findall(inner):
        depth += piece.startswith("\\begin") - piece.startswith("\\end")
        if piece == "\\\\" and not depth:
            yield row.strip()
            row = ""
        else:
            row += piece
    if row.strip():
        yield row.strip()
