"""Texts as editors see them: runs of whole lines that are replaced, taken out and moved."""

from collections.abc import Sequence

Span = tuple[int, int]
"""First and last line, 1-based and inclusive; a last line before the first is an empty place."""


def with_lines(text: str, span: Span, replacement: str) -> str:
    """Return ``text`` with the lines of ``span`` replaced; line ends are kept apart."""
    lines = text.splitlines(keepends=True)
    first, last = span
    if lines and first > len(lines) and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if replacement and not replacement.endswith("\n") and last < len(lines):
        replacement += "\n"
    return "".join((*lines[: first - 1], replacement, *lines[last:]))


def lines_of(text: str, span: Span) -> str:
    """Return the lines of ``span``, their ends included."""
    first, last = span
    return "".join(text.splitlines(keepends=True)[first - 1 : last])


def with_moved(text: str, spans: Sequence[Span], place: int, target: int) -> str:
    """Return ``text`` with one of ``spans``, which lie in order, put in the place of another.

    ``place`` and ``target`` count the spans from 0; a blank line is left between each two.
    """
    parts = [lines_of(text, span).rstrip("\n") for span in spans]
    parts.insert(target, parts.pop(place))
    end = "\n" if lines_of(text, spans[-1]).endswith("\n") else ""
    return with_lines(text, (spans[0][0], spans[-1][1]), "\n\n".join(parts) + end)
