"""Texts in and out of Qt documents without losing a character.

Qt ends paragraphs where a text has U+2029 and keeps some characters for itself. While a text is
in a document, noncharacters that no text holds stand for those. Qt counts in UTF-16 units, Python
in characters: places are translated here as well.
"""

from dataclasses import dataclass

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

_TAKEN = "\u2029\ufdd0\ufdd1\ufffc\0"
_STAND_INS = "".join(map(chr, range(0xFDD2, 0xFDF0)))


class Disguise:
    """Stand-ins for the characters that Qt would take for its own, chosen for one text."""

    def __init__(self, text: str = "") -> None:
        free = [letter for letter in _STAND_INS if letter not in text]
        self._pairs = tuple(zip(_TAKEN, free, strict=False))

    def put_on(self, text: str) -> str:
        """Return ``text`` as the document may hold it."""
        for taken, stand_in in self._pairs:
            if taken in text:
                text = text.replace(taken, stand_in)
        return text

    def take_off(self, text: str) -> str:
        """Return what a document's text stands for."""
        for taken, stand_in in self._pairs:
            if stand_in in text:
                text = text.replace(stand_in, taken)
        return text


def with_plain_ends(text: str) -> str:
    """Return ``text`` with every line ended by a single line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def raw_text(document: QTextDocument) -> str:
    """Return the document's text, unchanged but for line feeds between lines."""
    return str(document.toRawText()).replace("\u2029", "\n")


def units(text: str) -> int:
    """Return how many UTF-16 units Qt counts for ``text``."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def place(block: QTextBlock, column: int) -> int:
    """Return the document position of a 1-based column, at most the end of the line."""
    return block.position() + units(block.text()[: max(column - 1, 0)])


def column(cursor: QTextCursor) -> int:
    """Return the 1-based column of a cursor, in characters."""
    before = cursor.block().text().encode("utf-16-le", "surrogatepass")
    return 1 + len(before[: 2 * cursor.positionInBlock()].decode("utf-16-le", "replace"))


@dataclass(frozen=True, slots=True)
class Change:
    """One span of a text that is replaced: ``[start, end)`` in UTF-16 units."""

    start: int
    end: int
    text: str


def smallest_change(old: str, new: str) -> Change:
    """Return the one span that makes ``new`` of ``old`` and touches least."""
    shared = min(len(old), len(new))
    head = _common(old, new, shared)
    tail = _common(old[::-1], new[::-1], shared - head)
    start = units(old[:head])
    return Change(start, start + units(old[head : len(old) - tail]), new[head : len(new) - tail])


def rewrite(document: QTextDocument, new: str) -> Change | None:
    """Make the text ``new`` in one undoable step that touches least; None when it is already."""
    change = smallest_change(raw_text(document), new)
    if change.start == change.end and not change.text:
        return None
    cursor = QTextCursor(document)
    cursor.setPosition(change.start)
    cursor.setPosition(change.end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(change.text)
    return change


def _common(one: str, other: str, limit: int) -> int:
    """Return how many characters both begin with, by halving: slices compare at full speed."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
