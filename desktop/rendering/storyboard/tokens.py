"""The pieces of a LaTeX-style formula, and the rows of a displayed one."""

import re
from collections.abc import Iterator

_WORDS = r"text(?:rm|bf|it|sf|tt|normal)?|mbox|begin|end|operatorname\*?"
_TOKEN = re.compile(
    rf"\\(?:{_WORDS})\s*\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}"  # words, not symbols
    r"|\\[A-Za-z]+|\\.|<=|>=|->|=>|:=|\d+(?:\.\d+)?|\s+|.",
    re.DOTALL,
)
_WORDED = re.compile(rf"\\({_WORDS})\s*\{{(.*)\}}", re.DOTALL)
_GAP = re.compile(r"\*?\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\]|\*")
_DISPLAYS = "aligned|align\\*?|gathered|gather\\*?|split|equation\\*?|eqnarray\\*?"
_DISPLAY = re.compile(rf"\\begin\s*\{{({_DISPLAYS})\}}(.*)\\end\s*\{{\1\}}", re.DOTALL)


def tokens(source: str) -> list[str]:
    r"""Return the pieces of a formula: commands, words with their braces, characters.

    The distance that may follow ``\\``, as in ``\\[4pt]``, is dropped: rows have their own.
    """
    pieces: list[str] = []
    at = 0
    while match := _TOKEN.match(source, at):
        pieces.append(match[0])
        at = match.end()
        if match[0] == "\\\\" and (gap := _GAP.match(source, at)):
            at = gap.end()
    return pieces


def worded(piece: str) -> tuple[str, str] | None:
    r"""Return command and words of a piece such as ``\text{if }``."""
    match = _WORDED.fullmatch(piece)
    return (match[1], match[2]) if match else None


def split_rows(source: str) -> Iterator[tuple[str, int]]:
    r"""Yield the rows of a displayed formula and how many lines below its start each begins.

    Rows end at ``\\``; an ``aligned`` around all of them is taken off, one inside a row stays.
    """
    for row, offset in _split(*_without_display(source)):
        text = row.strip()
        if text:
            begin = offset + row[: len(row) - len(row.lstrip())].count("\n")
            yield re.sub(r"\s*\n\s*", " ", text), begin


def _without_display(source: str) -> tuple[str, int]:
    match = _DISPLAY.fullmatch(source.strip())
    if match is None or re.search(rf"\\end\s*\{{{re.escape(match[1])}\}}", match[2]):
        return source, 0
    return match[2], source[: source.index("\\begin")].count("\n")


def _split(source: str, line: int) -> Iterator[tuple[str, int]]:
    depth, row, begin = 0, "", line
    for piece in tokens(source):
        depth += _deeper(piece)
        line += piece.count("\n")
        if piece == "\\\\" and depth <= 0:
            yield row, begin
            row, begin = "", line
        else:
            row += piece
    yield row, begin


def _deeper(piece: str) -> int:
    if piece == "{" or (piece.startswith("\\begin") and piece.endswith("}")):
        return 1
    return -1 if piece == "}" or (piece.startswith("\\end") and piece.endswith("}")) else 0
