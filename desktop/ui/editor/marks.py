"""Marks over the text, in layers: whoever owns a layer replaces it without knowing the others."""

from enum import IntEnum

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

Selection = QTextEdit.ExtraSelection


class Layer(IntEnum):
    """Marks lie over each other in this order."""

    MATCHES = 0
    BRACKETS = 1
    PROBLEMS = 2


def marked(cursor: QTextCursor, look: QTextCharFormat) -> Selection:
    """Return the mark that shows a cursor's selection in a format."""
    mark = Selection()
    # PySide's description has no types for these two.
    setattr(mark, "cursor", cursor)  # noqa: B010
    setattr(mark, "format", look)  # noqa: B010
    return mark
