"""The area one types in: look, keys and clipboard of source texts."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QToolTip, QWidget
from typing_extensions import override

from desktop.domain.library import SourceKind
from desktop.ui.editor.colors import syntax
from desktop.ui.editor.editing import break_line, indent, outdent
from desktop.ui.editor.exact_text import Disguise, with_plain_ends
from desktop.ui.editor.gutter import Gutter, Row
from desktop.ui.editor.marks import Layer, Selection, whole_line
from desktop.ui.theme import code_font
from desktop.ui.tokens import BODY, CAPTION, SPACE_3

LARGEST = 32
"""Text size in pixels beyond which nothing grows."""
LANDING = 900
"""Milliseconds a line stays lit after a jump."""
Key = Qt.Key
_MOVING = {Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End,
           Key.Key_PageUp, Key.Key_PageDown}  # fmt: skip


class TextArea(QPlainTextEdit):
    """A plain text with line numbers."""

    sizing_wanted = Signal(int)
    """The wheel asks for larger (1) or smaller (-1) text."""
    escaped = Signal()
    """Escape was pressed."""
    shown_changed = Signal()
    """Other lines are visible now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = SourceKind.STORYBOARD
        self.disguise = Disguise()
        self.explain_at: Callable[[int], str] = lambda _position: ""
        self._layers: dict[Layer, list[Selection]] = {}
        self._leaving = False
        self._band_line = -1
        self._landing = QTimer(self)
        self._landing.setSingleShot(True)
        self._landing.timeout.connect(lambda: self.set_marks(Layer.LANDING, []))
        self.gutter = Gutter(self, self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.set_size(BODY)
        self._connect()

    def _connect(self) -> None:
        self.blockCountChanged.connect(self._fit_gutter)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._move_band)

    # Kind and look

    @property
    def step(self) -> int:
        """Spaces of one step of indentation."""
        return 4 if self.kind is SourceKind.MANIM else 2

    def set_kind(self, kind: SourceKind) -> None:
        """Wrap prose, keep lines of code whole."""
        self.kind = kind
        prose = kind is SourceKind.STORYBOARD
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if prose else mode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName("Storyboard" if prose else "Manim file")
        self.setAccessibleDescription("Escape, then Tab, leaves the text.")

    def set_size(self, pixels: int) -> int:
        """Show the text in this size, within limits; returns the size it has."""
        size = min(max(pixels, CAPTION), LARGEST)
        font = code_font(size)
        self.setFont(font)
        # The window's stylesheet sets a size for every widget; only a stylesheet overrules it.
        self.setStyleSheet(
            f"QPlainTextEdit {{ font-size: {size}px; border: none; border-radius: 0; }}"
        )
        self.document().setDocumentMargin(SPACE_3)
        self.gutter.setFont(code_font(max(CAPTION, size - 1)))
        self.gutter.setStyleSheet(f"font-size: {max(CAPTION, size - 1)}px;")
        self.setTabStopDistance(4 * QFontMetricsF(font).horizontalAdvance(" "))
        self._fit_gutter()
        return size

    def set_marks(self, layer: Layer, marks: list[Selection]) -> None:
        """Replace the marks of one layer."""
        if marks or self._layers.get(layer):
            self._layers[layer] = marks
            self.setExtraSelections([one for key in Layer for one in self._layers.get(key, ())])

    def _move_band(self) -> None:
        number = self.textCursor().blockNumber()
        if number != self._band_line:
            self._band_line = number
            self.gutter.update()
        self.set_marks(Layer.BAND, [self._line_mark(syntax().band)])

    def light_up_line(self) -> None:
        """Light the line of the cursor for a moment: the eye has to find it."""
        self.set_marks(Layer.LANDING, [self._line_mark(syntax().landing)])
        self._landing.start(LANDING)

    def _line_mark(self, color: str) -> Selection:
        look = QTextCharFormat()
        look.setBackground(QColor(color))
        return whole_line(self.textCursor(), look)

    def recolor(self) -> None:
        """Take the colours in force."""
        self._move_band()
        self.gutter.update()

    # Rows for the gutter

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
            height = self.blockBoundingRect(block).height()
            if block.isVisible() and top + height >= area.top():
                first = block.layout().lineAt(0).height() if block.layout().lineCount() else height
                # The first block's rectangle includes the margin above the text.
                lead = block.layout().position().y() if block.blockNumber() == 0 else 0.0
                yield Row(
                    block.blockNumber() + 1, round(top + lead), round(first), round(top + height)
                )
            top += height
            block = block.next()

    def line_at(self, y: int) -> int | None:
        """Return the 1-based line at a height of the viewport."""
        spot = QRect(0, y, 1, 1)
        return next((row.line for row in self.rows(spot) if row.top <= y < row.bottom), None)

    def select_line(self, line: int) -> None:
        """Select a whole line."""
        cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        cursor.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.setFocus()

    def shown_lines(self) -> tuple[int, int]:
        """Return the first and last visible line, 0-based."""
        first = self.firstVisibleBlock().blockNumber()
        lines = int(self.viewport().height() / max(1, self.fontMetrics().lineSpacing())) + 2
        return first, first + lines

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

    # Keys

    @override
    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._keeps(event):
                event.accept()
                return True
        elif kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._explain(event)
        return super().event(event)

    def _explain(self, event: QHelpEvent) -> bool:
        at = self.viewport().mapFrom(self, event.pos())
        found = self.explain_at(self.cursorForPosition(at).position())
        if found:
            QToolTip.showText(event.globalPos(), found, self)
        else:
            QToolTip.hideText()
        return True

    def _keeps(self, event: QKeyEvent) -> bool:
        """Tell whether a key belongs to the text, although a page uses it as a shortcut."""
        shift = Qt.KeyboardModifier.ShiftModifier
        plain = not event.modifiers() & ~(shift | Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in _MOVING:
            return True
        typed = event.text()
        return plain and not self.isReadOnly() and bool(typed) and typed.isprintable()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        leaving, self._leaving = self._leaving, event.key() == Key.Key_Escape
        if event.key() == Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in {Key.Key_Tab, Key.Key_Backtab} and (leaving or self.isReadOnly()):
            self.focusNextPrevChild(event.key() == Key.Key_Tab)
        elif self.isReadOnly() or not self._edit(event):
            super().keyPressEvent(event)

    def _edit(self, event: QKeyEvent) -> bool:
        """Do what a key does to source texts; False leaves it to Qt."""
        cursor = self.textCursor()
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in {Key.Key_Return, Key.Key_Enter} and not plain:
            break_line(cursor, python=self.kind is SourceKind.MANIM, step=self.step)
        elif event.key() == Key.Key_Tab and not plain:
            indent(cursor, self.step)
        elif event.key() == Key.Key_Backtab:
            outdent(cursor, self.step)
        else:
            return False
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            if turned:
                self.sizing_wanted.emit(1 if turned > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    # Clipboard

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        chosen = self.textCursor().selectedText().replace("\u2029", "\n")
        data.setText(self.disguise.take_off(chosen))
        return data

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        text = with_plain_ends(source.text()).replace("\u2029", "\n").replace("\0", "")
        self.textCursor().insertText(self.disguise.put_on(text))
        self.ensureCursorVisible()
