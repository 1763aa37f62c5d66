"""Highlighting in slices, so that no text is long enough to hold up a keystroke.

Qt colours a whole text at once when it is loaded, and everything below when a quote is opened.
Here a pass stops when its time is up and goes on when the person's keys and the painting had
their turn.
"""

import time
from abc import abstractmethod
from collections.abc import Hashable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import (
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from typing_extensions import override

from desktop.ui.editor.colors import Role, formats
from desktop.ui.editor.exact_text import units

SLICE = 0.006
"""Seconds one pass may take."""
PAUSE = 4
"""Milliseconds between passes."""
COURTESY = 25
"""Milliseconds without passes after a change: the next key may follow at once."""
LONGEST = 4000
"""Characters of a line that is still coloured; it is one piece for every slice."""
UNKNOWN = -1
"""State of a block that was never coloured, as Qt has it."""


class States:
    """Numbers for the states in which lines end: blocks can only keep a number."""

    def __init__(self) -> None:
        self._values: list[Hashable] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: Hashable) -> int:
        """Return the number of a state, a new one for a new state."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self._values)
            self._values.append(value)
        return found

    def value(self, number: int) -> Hashable | None:
        """Return the state with a number; None for ``UNKNOWN``."""
        return self._values[number] if number >= 0 else None


class SlicedHighlighter(QSyntaxHighlighter):
    """Colours lines one after the other, each knowing the state the line before ended in."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document.parent() or QObject(document))
        self._states = States()
        self._deadline = 0.0
        self._changed_end = 0
        self._postponed = False
        self._wide = False
        self.coloring = False
        self._waiting: list[QTextCursor] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        # Before Qt's own connection: a pass must have begun when the first line is coloured.
        document.contentsChange.connect(self._begin_pass)
        self.setDocument(document)

    @abstractmethod
    def color(self, text: str, before: Hashable | None, number: int) -> Hashable:
        """Set the formats of line ``number`` (0-based); return the state it ends in."""

    def mark(self, start: int, length: int, role: Role) -> None:
        """Give part of the line being coloured a role; places count characters."""
        if self._wide:
            text = self.currentBlock().text()
            length = units(text[start : start + length])
            start = units(text[:start])
        self.setFormat(start, length, formats()[role])

    @property
    def busy(self) -> bool:
        """Whether lines wait to be coloured."""
        return bool(self._waiting)

    def language_at(self, block: QTextBlock) -> str:
        """Return the programming language a line is written in; empty for prose."""
        return self.language_of(self._states.value(block.previous().userState()))

    @abstractmethod
    def language_of(self, before: Hashable | None) -> str:
        """Return the language of lines that begin in a state; empty for prose."""

    def retire(self) -> None:
        """Let go of the document: another highlighter takes over."""
        self._timer.stop()
        self._waiting = []
        self.setDocument(None)
        self.deleteLater()

    def start_over(self) -> None:
        """Colour everything again, a slice at a time: the colours have changed."""
        document = self.document()
        block = document.begin()
        while block.isValid():
            block.setUserState(UNKNOWN)
            block = block.next()
        self._waiting = [QTextCursor(document)]
        self._timer.start(PAUSE)

    def _begin_pass(self, position: int, _removed: int, added: int) -> None:
        if self.coloring:
            return  # colours alone change a document as well
        self._changed_end = position + added
        self._open_pass()
        if self._waiting:
            self._timer.start(COURTESY)

    def _open_pass(self) -> None:
        self._deadline = time.perf_counter() + SLICE
        self._postponed = False

    @override
    def highlightBlock(self, text: str) -> None:
        block = self.currentBlock()
        if time.perf_counter() > self._deadline:
            self._postpone(block)
            return
        before = self._states.value(self.previousBlockState())
        if len(text) > LONGEST:
            self.setCurrentBlockState(self._states.number(before))
            return
        self._wide = units(text) != len(text)
        state = self.color(text, before, block.blockNumber())
        self.setCurrentBlockState(self._states.number(state))

    def _postpone(self, block: QTextBlock) -> None:
        if block.position() < self._changed_end:
            block.setUserState(UNKNOWN)  # its text is new: later passes must not stop above it
        for span in block.layout().formats():
            self.setFormat(span.start, span.length, QTextCharFormat(span.format))
        if not self._postponed:
            self._postponed = True
            self._waiting.append(QTextCursor(block))
            self._timer.start(PAUSE)

    def _go_on(self) -> None:
        self._waiting.sort(key=QTextCursor.position)
        self._changed_end = 0
        self._open_pass()
        self.coloring = True
        while self._waiting and time.perf_counter() < self._deadline:
            self.rehighlightBlock(self._waiting.pop(0).block())
        self.coloring = False
        if self._waiting:
            self._timer.start(PAUSE)
