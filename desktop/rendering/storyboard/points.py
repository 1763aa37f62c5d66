"""The points of a list while its lines are read: what belongs to it, and how deep it stands."""

import re

from desktop.domain.storyboard import Bullets

_TAB = 4


class Points:
    """A list that grows; two levels are kept, whatever steps they are indented by."""

    def __init__(self, first: re.Match[str]) -> None:
        self._base = _indent(first)
        self._mark = first["mark"][-1]
        self._ordered = first["mark"][0].isdigit()
        self._nested: int | None = None
        self._items: list[str] = []
        self._levels: list[int] = []
        self._lines: list[int] = []

    def belongs(self, match: re.Match[str]) -> bool:
        """Tell whether a point is of this list: one with another mark begins its own."""
        return _indent(match) >= self._base + 2 or match["mark"][-1] == self._mark

    def add(self, match: re.Match[str], line: int) -> bool:
        """Take a point; false when it stands too deep and was taken one level higher."""
        indent, fits = _indent(match), True
        if indent < self._base + 2 or not self._items:
            level, self._nested = 0, None
        else:
            level = 1
            fits = self._nested is None or indent < self._nested + 2
            self._nested = indent if self._nested is None else min(self._nested, indent)
        self._items.append(match["text"].strip())
        self._levels.append(level)
        self._lines.append(line)
        return fits

    def extend(self, words: str) -> None:
        """Add words to the last point."""
        if self._items:
            self._items[-1] += f" {words}"

    def block(self, line: int) -> Bullets | None:
        """Return the list; none when all of its points are empty."""
        if not self._items:
            return None
        return Bullets(
            tuple(self._items), tuple(self._levels), self._ordered, line, tuple(self._lines)
        )


def _indent(match: re.Match[str]) -> int:
    return len(match["indent"].expandtabs(_TAB))
