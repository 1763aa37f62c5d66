"""What Enter, Tab and the comment key do to a text, beyond what Qt does.

Each function is one undoable step on a cursor of the document.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtGui import QTextBlock, QTextCursor

from desktop.ui.editor.exact_text import units

_LEADING = re.compile(r"[ \t]*")
_QUOTE = re.compile(r"^(?P<lead>\s*)(?P<mark>>\s?)(?P<rest>.*)$")
_BULLET = re.compile(r"^(?P<lead>\s*)(?P<mark>[-*+]\s+)(?P<rest>.*)$")
_NUMBERED = re.compile(r"^(?P<lead>\s*)(?P<number>\d+)(?P<mark>[.)]\s+)(?P<rest>.*)$")
_OPENS = re.compile(r"[:(\[{]\s*(?:#.*)?$")
_LEAVES = re.compile(r"^\s*(?:return|pass|break|continue|raise)\b")


def break_line(cursor: QTextCursor, *, python: bool, step: int) -> None:
    """Begin a line that goes on as the one before: same indentation, next point, same quote."""
    line = cursor.block().text()
    before = line[: cursor.positionInBlock()]
    with _one_step(cursor):
        if python:
            cursor.insertText("\n" + _python_indent(before, step))
        elif (mark := _mark_to_repeat(before)) is None:
            cursor.insertText("\n" + _indent(before))
        elif mark:
            cursor.insertText("\n" + mark)
        else:
            _empty_line(cursor)


def _python_indent(before: str, step: int) -> str:
    indent = _indent(before)
    if _OPENS.search(before):
        return indent + " " * step
    return indent[:-step] if _LEAVES.match(before) else indent


def _indent(text: str) -> str:
    found = _LEADING.match(text)
    return found.group() if found else ""


def _mark_to_repeat(before: str) -> str | None:
    """Return how the next line begins; "" when the list ends here, None when there is none."""
    for pattern in (_QUOTE, _BULLET, _NUMBERED):
        if match := pattern.match(before):
            if not match["rest"].strip():
                return ""
            number = str(int(match["number"]) + 1) if pattern is _NUMBERED else ""
            return f"{match['lead']}{number}{match['mark']}"
    return None


def _empty_line(cursor: QTextCursor) -> None:
    """Remove a point without text: Enter on it ends the list."""
    cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()


def indent(cursor: QTextCursor, step: int) -> None:
    """Move the selected lines right, or the cursor to the next step."""
    if not cursor.hasSelection():
        cursor.insertText(" " * (step - _visual_column(cursor) % step))
        return
    _on_lines(cursor, lambda line: _prepend(line, " " * step))


def _visual_column(cursor: QTextCursor) -> int:
    return len(cursor.block().text()[: cursor.positionInBlock()].expandtabs(8))


def outdent(cursor: QTextCursor, step: int) -> None:
    """Move the selected lines, or the cursor's line, left by up to one step."""

    def move(line: QTextCursor) -> None:
        text = line.block().text()
        width = 1 if text.startswith("\t") else len(text[:step]) - len(text[:step].lstrip(" "))
        _delete(line, 0, width)

    _on_lines(cursor, move)


@dataclass(frozen=True, slots=True)
class CommentStyle:
    """How a language writes a line that does not count."""

    opening: str
    closing: str = ""

    def holds(self, text: str) -> bool:
        """Tell whether a line is such a comment."""
        plain = text.strip()
        return plain.startswith(self.opening.rstrip()) and plain.endswith(self.closing.lstrip())


PYTHON_COMMENT = CommentStyle("# ")
STORYBOARD_COMMENT = CommentStyle("<!-- ", " -->")


def toggle_comment(cursor: QTextCursor, style: CommentStyle) -> None:
    """Comment the selected lines out, or in again when all of them are comments."""
    lines = [block for block in _blocks(cursor) if block.text().strip()]
    if not lines:
        return
    if all(style.holds(block.text()) for block in lines):
        _on_lines(cursor, lambda line: _uncomment(line, style))
        return
    column = min(len(_indent(block.text())) for block in lines)
    _on_lines(cursor, lambda line: _comment(line, column, style))


def _comment(line: QTextCursor, column: int, style: CommentStyle) -> None:
    if line.block().text().strip():
        start = line.block().position()
        line.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        line.insertText(style.closing)
        line.setPosition(start + column)
        line.insertText(style.opening)


def _uncomment(line: QTextCursor, style: CommentStyle) -> None:
    text = line.block().text().rstrip()
    if not style.holds(text):
        return
    if closing := style.closing.lstrip():
        bare = text.removesuffix(closing)
        bare = bare.removesuffix(" ")
        _delete(line, units(bare), len(text) - len(bare))
    opening = style.opening.rstrip()
    at = len(_indent(text))
    follows = text[at + len(opening) : at + len(opening) + 1]
    _delete(line, at, len(opening) + (follows == " "))


def _prepend(line: QTextCursor, text: str) -> None:
    if line.block().text().strip():
        line.insertText(text)


def _delete(line: QTextCursor, column: int, length: int) -> None:
    start = line.block().position() + column
    line.setPosition(start)
    line.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
    line.removeSelectedText()


def _on_lines(cursor: QTextCursor, change: Callable[[QTextCursor], None]) -> None:
    blocks = _blocks(cursor)
    with _one_step(cursor):
        for block in blocks:
            change(QTextCursor(block))


def _blocks(cursor: QTextCursor) -> list[QTextBlock]:
    """Return the selected lines; one that is only touched at its very start is not meant."""
    document = cursor.document()
    block = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    if cursor.hasSelection() and last.position() == cursor.selectionEnd() and last != block:
        last = last.previous()
    blocks = [block]
    while block != last:
        block = block.next()
        blocks.append(block)
    return blocks


@contextmanager
def _one_step(cursor: QTextCursor) -> Iterator[None]:
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()
