"""Marks over the text, in layers: whoever owns a layer replaces it without knowing the others."""

from enum import IntEnum

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

Selection = QTextEdit.ExtraSelection


class Layer(IntEnum):
    """Marks lie over each other in this order."""

    BAND = 0
    LANDING = 1
    MATCHES = 2
    BRACKETS = 3
    PROBLEMS = 4


def marked(cursor: QTextCursor, look: QTextCharFormat) -> Selection:
    """Return the mark that shows a cursor's selection in a format."""
    mark = Selection()
    # PySide's description has no types for these two.
    setattr(mark, "cursor", cursor)  # noqa: B010
    setattr(mark, "format", look)  # noqa: B010
    return mark


def whole_line(cursor: QTextCursor, look: QTextCharFormat) -> Selection:
    """Return a mark over the whole width of a cursor's line."""
    look.setProperty(QTextFormat.Property.FullWidthSelection, True)
    bare = QTextCursor(cursor)
    bare.clearSelection()
    return marked(bare, look)
