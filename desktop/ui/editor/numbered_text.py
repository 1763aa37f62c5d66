"""Plain text with line numbers: how it looks and where its lines are, but not what keys do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget
from typing_extensions import override

from desktop.domain.library import SourceKind
from desktop.ui.editor.colors import syntax
from desktop.ui.editor.exact_text import column, place, raw_text, rewrite
from desktop.ui.editor.gutter import Gutter, Row
from desktop.ui.editor.marks import Layer, Selection
from desktop.ui.theme import code_font
from desktop.ui.tokens import BODY, CAPTION, SPACE_3

LARGEST = 32
"""Text size in pixels beyond which nothing grows."""
LANDING = 900
"""Milliseconds a line stays lit after a jump."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is in a text: cursor and scrolling."""

    line: int
    column: int
    scroll: int


class NumberedText(QPlainTextEdit):
    """Shows a source text beside its gutter."""

    written = Signal()
    """The text is another one; Qt's ``textChanged`` tells of new colours as well."""
    shown_changed = Signal()
    """Other lines are visible now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = SourceKind.STORYBOARD
        self.coloring: Callable[[], bool] = lambda: False
        self._source: str | None = ""
        self._rewritten = False
        self._layers: dict[Layer, list[Selection]] = {}
        self._band_line = -1
        self._landing = QTimer(self)
        self._landing.setSingleShot(True)
        self._landing.timeout.connect(self.viewport().update)
        self.gutter = Gutter(self, self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.set_size(BODY)
        self.document().contentsChange.connect(self._note)
        self.textChanged.connect(self._tell)
        self.blockCountChanged.connect(self._fit_gutter)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._move_band)

    @property
    def source(self) -> str:
        """The text as the document holds it; the same object until it changes."""
        if self._source is None:
            self._source = raw_text(self.document())
        return self._source

    def _note(self, _position: int, removed: int, added: int) -> None:
        """Note a text that is another one; Qt reports new colours in the same way."""
        if self.coloring() or (removed == added and self._source == raw_text(self.document())):
            return
        self._source, self._rewritten = None, True

    def _tell(self) -> None:
        if self._rewritten:
            self._rewritten = False
            self.written.emit()

    # Look

    @property
    def step(self) -> int:
        """Spaces of one step of indentation."""
        return 4 if self.kind is SourceKind.MANIM else 2

    def set_kind(self, kind: SourceKind) -> None:
        """Wrap prose, keep lines of code whole."""
        self.kind = kind
        code = kind is SourceKind.MANIM
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.NoWrap if code else mode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName("Manim file" if code else "Storyboard")
        self.setAccessibleDescription("Escape, then Tab, leaves the text.")

    def set_size(self, pixels: int) -> int:
        """Show the text in this size, within limits; returns the size it has."""
        size = min(max(pixels, CAPTION), LARGEST)
        font = _font(size)
        self.setFont(font)
        # The window's stylesheet sets a size for every widget; only a stylesheet overrules it.
        self.setStyleSheet(
            f"QPlainTextEdit {{ font-size: {size}px; border: none; border-radius: 0; }}"
        )
        self.document().setDocumentMargin(SPACE_3)
        self.gutter.setFont(_font(max(CAPTION, size - 1)))
        self.gutter.setStyleSheet(f"font-size: {max(CAPTION, size - 1)}px;")
        self.setTabStopDistance(4 * QFontMetricsF(font).horizontalAdvance(" "))
        self._fit_gutter()
        return size

    def recolor(self) -> None:
        """Take the colours in force."""
        self.viewport().update()
        self.gutter.update()

    def set_marks(self, layer: Layer, marks: list[Selection]) -> None:
        """Replace the marks of one layer."""
        if marks or self._layers.get(layer):
            self._layers[layer] = marks
            self.setExtraSelections([one for key in Layer for one in self._layers.get(key, ())])

    def light_up_line(self) -> None:
        """Light the line of the cursor for a moment: the eye has to find it."""
        self._landing.start(LANDING)
        self.viewport().update()

    def _move_band(self) -> None:
        number = self.textCursor().blockNumber()
        if number != self._band_line:
            self._band_line = number
            self._landing.stop()
            self.recolor()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        block = self.textCursor().block()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        painter = QPainter(self.viewport())
        lit = self._landing.isActive()
        color = QColor(syntax().landing if lit else syntax().band)
        painter.fillRect(0, round(top), self.viewport().width(), round(_height(block)), color)
        painter.end()
        super().paintEvent(event)

    # Where lines are

    def line_count(self) -> int:
        """Return the number of lines."""
        return self.blockCount()

    def current_line(self) -> int:
        """Return the 1-based line of the cursor."""
        return self.textCursor().blockNumber() + 1

    def rows(self, area: QRect) -> Iterator[Row]:
        """Yield the visible lines that touch ``area``."""
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= area.bottom():
            bottom = top + self.blockBoundingRect(block).height()
            if bottom >= area.top():
                first, whole = block.layout().lineAt(0).height(), _height(block)
                yield Row(block.blockNumber() + 1, round(top), round(first), round(top + whole))
            top = bottom
            block = block.next()

    def line_at(self, y: int) -> int | None:
        """Return the 1-based line at a height of the viewport."""
        rows = self.rows(QRect(0, y, 1, 1))
        return next((row.line for row in rows if row.top <= y < row.bottom), None)

    def select_line(self, line: int) -> None:
        """Select a whole line."""
        cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        move, keep = QTextCursor.MoveOperation, QTextCursor.MoveMode.KeepAnchor
        if not cursor.movePosition(move.NextBlock, keep):
            cursor.movePosition(move.EndOfBlock, keep)
        self.setTextCursor(cursor)
        self.setFocus()

    def shown_lines(self) -> tuple[int, int]:
        """Return the first and last line that may be visible, 0-based."""
        first = self.firstVisibleBlock().blockNumber()
        lines = int(self.viewport().height() / max(1, self.fontMetrics().lineSpacing())) + 2
        return first, first + lines

    def cursor_at(self, line: int, at: int) -> QTextCursor:
        """Return a cursor at a 1-based line and column, or as near as there is text."""
        number = min(max(line, 1), self.blockCount()) - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(place(self.document().findBlockByNumber(number), at))
        return cursor

    def spot(self) -> Spot:
        """Return where the person is."""
        cursor = self.textCursor()
        scroll = self.verticalScrollBar().value()
        return Spot(cursor.blockNumber() + 1, column(cursor), scroll)

    def go_back(self, spot: Spot) -> None:
        """Go where the person was, as far as the text still allows."""
        self.setTextCursor(self.cursor_at(spot.line, spot.column))
        self.verticalScrollBar().setValue(spot.scroll)

    def rewrite(self, text: str) -> None:
        """Make the text another one in one undoable step, without moving the person."""
        spot, before = self.spot(), self.textCursor().position()
        changed = rewrite(self.document(), text)
        if changed is not None and changed.start < before <= changed.end:
            self.go_back(spot)

    # The gutter's place

    def _fit_gutter(self) -> None:
        width = self.gutter.sizeHint().width()
        if width != self.viewportMargins().left():
            self.setViewportMargins(width, 0, 0, 0)
        self._place_gutter()

    def _place_gutter(self) -> None:
        area = self.contentsRect()
        width = self.gutter.sizeHint().width()
        self.gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))

    def _scroll_gutter(self, area: QRect, moved: int) -> None:
        if moved:
            self.gutter.scroll(0, moved)
            self.shown_changed.emit()
        else:
            self.gutter.update(0, area.y(), self.gutter.width(), area.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_gutter()
        self.shown_changed.emit()


def _font(size: int) -> QFont:
    """Return the font of sources; no ligatures, as the cursor stands between their letters."""
    font = code_font(size)
    for tag in ("calt", "liga"):
        font.setFeature(QFont.Tag(tag), 0)
    return font


def _height(block: QTextBlock) -> float:
    """Return the height of a line's text; its rectangle may have the margin of the text's end."""
    layout = block.layout()
    last = layout.lineAt(layout.lineCount() - 1) if layout.lineCount() else None
    return last.y() + last.height() if last else 0.0
