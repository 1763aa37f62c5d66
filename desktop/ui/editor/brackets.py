"""The bracket that belongs to the one beside the cursor."""

import re
from collections.abc import Iterator

from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument

from desktop.ui.editor.colors import Role, formats, syntax
from desktop.ui.editor.marks import Selection, marked

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_BACK = {closing: opening for opening, closing in _PAIRS.items()}
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
FARTHEST = 150
"""Lines looked through for a partner: it runs at every step of the cursor."""


def bracket_marks(cursor: QTextCursor) -> list[Selection]:
    """Return marks on the bracket at the cursor and its partner; none when either is missing."""
    document = cursor.document()
    for position in (cursor.position() - 1, cursor.position()):
        partner = partner_of(document, position)
        if partner is not None:
            return [_mark(document, position), _mark(document, partner)]
    return []


def partner_of(document: QTextDocument, position: int) -> int | None:
    """Return where the bracket at a position is closed or opened; None when it is nowhere."""
    block = document.findBlock(position)
    own = document.characterAt(position) if position >= 0 else ""
    if own in _PAIRS:
        return _walk(block, position, own, _PAIRS[own], 1)
    return _walk(block, position, own, _BACK[own], -1) if own in _BACK else None


def _walk(block: QTextBlock, position: int, own: str, other: str, way: int) -> int | None:
    """Count brackets of one kind from a position on, until as many closed as opened."""
    depth = 0
    for at, sign in _signs(block, re.compile(f"[{re.escape(own + other)}]"), way):
        if (at - position) * way < 0:
            continue
        depth += 1 if sign == own else -1
        if depth <= 0:
            return at if depth == 0 else None  # below: the first is in a string, so it is none
    return None


def _signs(block: QTextBlock, signs: re.Pattern[str], way: int) -> Iterator[tuple[int, str]]:
    """Yield place and letter of brackets that are code, line after line in one direction."""
    for _ in range(FARTHEST):
        if not block.isValid():
            return
        # Qt counts letters beyond U+FFFF twice.
        text = _ASTRAL.sub("\ufffd\ufffd", block.text())
        found = [(match.start(), match.group()) for match in signs.finditer(text)]
        if found:
            quiet = _quiet(block)
            loud = [pair for pair in found if pair[0] not in quiet]
            start = block.position()
            yield from ((start + at, sign) for at, sign in loud[::way])
        block = block.next() if way > 0 else block.previous()


def _quiet(block: QTextBlock) -> set[int]:
    """Return the places of a line that are strings or comments, told from their colours."""
    looks = [formats()[role] for role in (Role.STRING, Role.COMMENT)]
    quiet = {look.foreground().color().rgb() for look in looks}
    return {
        place
        for span in block.layout().formats()
        if span.format.foreground().color().rgb() in quiet
        for place in range(span.start, span.start + span.length)
    }


def _mark(document: QTextDocument, position: int) -> Selection:
    cursor = QTextCursor(document)
    cursor.setPosition(position)
    cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
    look = QTextCharFormat()
    look.setBackground(QColor(syntax().bracket))
    look.setForeground(QColor(syntax().plain))
    return marked(cursor, look)
