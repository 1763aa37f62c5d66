"""Problems in the text: wavy lines, tooltips and the way from one to the next.

Each is tied to a cursor of the document, so it stays at its words while lines come and go above.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument

from desktop.domain.errors import Problem, Severity
from desktop.ui.editor.exact_text import column, place
from desktop.ui.editor.marks import Selection, marked
from desktop.ui.tokens import tokens


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem and where its words are now."""

    problem: Problem
    cursor: QTextCursor

    @property
    def line(self) -> int:
        """The 1-based line it has moved to."""
        block = self.cursor.document().findBlock(self.cursor.selectionStart())
        return block.blockNumber() + 1

    @property
    def column(self) -> int:
        """The 1-based column it has moved to."""
        start = QTextCursor(self.cursor)
        start.setPosition(self.cursor.selectionStart())
        return column(start)


class ProblemMarks:
    """All problems of a text that have a line."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._marks: list[Mark] = []

    def show(self, problems: Sequence[Problem]) -> None:
        """Replace the problems; lines beyond the end count as the last one."""
        self._marks = [self._mark(problem) for problem in problems if problem.line]

    def _mark(self, problem: Problem) -> Mark:
        number = min(max(problem.line or 1, 1), self._document.blockCount()) - 1
        block = self._document.findBlockByNumber(number)
        cursor = QTextCursor(block)
        start, end = _span(block, problem.column)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return Mark(problem, cursor)

    def underlines(self) -> list[Selection]:
        """Return how the problems are drawn into the text."""
        ranked = sorted(self._marks, key=lambda mark: mark.problem.severity is Severity.ERROR)
        return [_underline(mark) for mark in ranked if mark.cursor.hasSelection()]

    def by_line(self) -> dict[int, tuple[Severity, str]]:
        """Return the worst severity and the explanation of each line that has problems."""
        found: dict[int, list[Problem]] = {}
        for mark in self._marks:
            found.setdefault(mark.line, []).append(mark.problem)
        return {line: (_worst(problems), explain(problems)) for line, problems in found.items()}

    def text_at(self, position: int) -> str:
        """Return the explanation of what is underlined at a position; may be empty."""
        return explain(
            [
                mark.problem
                for mark in self._marks
                if mark.cursor.selectionStart() <= position <= mark.cursor.selectionEnd()
            ]
        )

    def neighbour(self, position: int, direction: int) -> Mark | None:
        """Return the next (1) or previous (-1) problem from a position, around the ends."""
        ordered = sorted(self._marks, key=lambda mark: mark.cursor.selectionStart())
        starts = [mark.cursor.selectionStart() for mark in ordered]
        if direction > 0:
            ahead = [mark for mark, start in zip(ordered, starts, strict=True) if start > position]
            return next(iter([*ahead, *ordered]), None)
        behind = [mark for mark, start in zip(ordered, starts, strict=True) if start < position]
        return next(iter([*reversed(behind), *reversed(ordered)]), None)


def explain(problems: Sequence[Problem]) -> str:
    """Return messages and remedies as the lines of a tooltip."""
    return "\n".join(_sentences(problems))


def _sentences(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems:
        yield " ".join(filter(None, (problem.message, problem.remedy)))


def _worst(problems: Sequence[Problem]) -> Severity:
    errors = any(problem.severity is Severity.ERROR for problem in problems)
    return Severity.ERROR if errors else Severity.WARNING


def _span(block: QTextBlock, begin: int | None) -> tuple[int, int]:
    """Return what to underline: the words of the line, from the column on when it is known."""
    text = block.text()
    indent = len(text) - len(text.lstrip())
    end = place(block, len(text.rstrip()) + 1)
    start = place(block, begin or indent + 1)
    if start >= end:  # at the end of the line: the last character stands for it
        start = max(place(block, len(text.rstrip())), block.position())
    return start, end


def _underline(mark: Mark) -> Selection:
    error = mark.problem.severity is Severity.ERROR
    look = QTextCharFormat()
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    look.setUnderlineColor(QColor(tokens().danger if error else tokens().warning))
    return marked(QTextCursor(mark.cursor), look)
