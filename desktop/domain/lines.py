"""Texts as editors see them: runs of whole lines that are replaced, taken out and moved.

A line ends where editors and compilers see it end. ``str.splitlines`` ends it at form feeds and
Unicode separators too, after which every further line would be counted wrongly.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

Span = tuple[int, int]
"""First and last line, 1-based and inclusive; a last line before the first is an empty place."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ENDS = ("\n", "\r")


def line_count(text: str) -> int:
    """Return how many lines ``text`` has; what follows the last line end is no line if empty."""
    return len(_LINE.findall(text))


def lines_of(text: str, span: Span) -> str:
    """Return the lines of ``span``, their ends included."""
    first, last = span
    return "".join(_LINE.findall(text)[first - 1 : last])


def with_lines(text: str, span: Span, replacement: str) -> str:
    """Return ``text`` with the lines of ``span`` replaced; no two lines run together."""
    lines = _LINE.findall(text)
    first, last = span
    if lines and first > len(lines) and not lines[-1].endswith(_ENDS):
        lines[-1] += "\n"
    if replacement and not replacement.endswith(_ENDS) and last < len(lines):
        replacement += "\n"
    return "".join((*lines[: first - 1], replacement, *lines[last:]))


def with_moved(text: str, spans: Sequence[Span], place: int, target: int) -> tuple[str, int]:
    """Return ``text`` with one of ``spans`` in the place of another, and its first line there.

    The spans lie in order; ``place`` and ``target`` count them from 0. What is between two of
    them stays where it is.
    """
    parts = [lines_of(text, span) for span in spans]
    gaps = [lines_of(text, (one[1] + 1, two[0] - 1)) for one, two in pairwise(spans)]
    open_end = not parts[-1].endswith(_ENDS)
    if open_end:
        parts[-1] += "\n"
    parts.insert(target, parts.pop(place))
    if open_end:
        parts[-1] = parts[-1].removesuffix("\n")
    pieces = [piece for pair in zip(parts, gaps, strict=False) for piece in pair]
    first = spans[0][0] + sum(map(line_count, pieces[: 2 * target]))
    return with_lines(text, (spans[0][0], spans[-1][1]), "".join((*pieces, parts[-1]))), first


def with_margin(text: str, span: Span) -> Span:
    """Return ``span`` with the blank lines that set it apart: after it or, at the end, before."""
    lines = _LINE.findall(text)
    first, last = span
    while last < len(lines) and not lines[last].strip():
        last += 1
    if last == len(lines):
        while first > 1 and not lines[first - 2].strip():
            first -= 1
    return first, last
