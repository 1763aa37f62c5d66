"""The area one types in: keys and clipboard of source texts."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.domain.library import SourceKind
from desktop.ui.editor.editing import break_line, indent, outdent
from desktop.ui.editor.exact_text import Disguise, with_plain_ends
from desktop.ui.editor.numbered_text import NumberedText
from desktop.ui.editor.tips import show_tip

NOTCH = 120
"""What a wheel reports for one step."""
Key = Qt.Key
_MOVING = {Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End,
           Key.Key_PageUp, Key.Key_PageDown}  # fmt: skip

_HOLDING = {Key.Key_Shift, Key.Key_Control, Key.Key_Alt, Key.Key_Meta}


class TextArea(NumberedText):
    """Where sources are written."""

    sizing_wanted = Signal(int)
    """The wheel asks for larger text, or smaller, by so many steps."""
    escaped = Signal()
    """Escape was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.disguise = Disguise()
        self._turned = 0
        self.explain_at: Callable[[int], str] = lambda _position: ""

    def set_read_only(self, read_only: bool) -> None:
        """Let the text only be read: moved in, selected and copied."""
        flag = Qt.TextInteractionFlag
        reading = flag.TextSelectableByMouse | flag.TextSelectableByKeyboard
        self.setTextInteractionFlags(reading if read_only else flag.TextEditorInteraction)

    # Keys

    @override
    def event(self, event: QEvent) -> bool:
        shortcut = event.type() == QEvent.Type.ShortcutOverride
        if shortcut and isinstance(event, QKeyEvent) and self._keeps(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._explain(event)
        return super().viewportEvent(event)

    def _explain(self, event: QHelpEvent) -> bool:
        position = self.cursorForPosition(event.pos()).position()
        show_tip(event.globalPos(), self.explain_at(position), self)
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
        if event.key() == Key.Key_Escape:
            self.setTabChangesFocus(True)  # else the text would never let go of the keyboard
            self.escaped.emit()
            return
        if event.key() not in _HOLDING:
            self.setTabChangesFocus(False)
        if self.isReadOnly() or not self._edit(event):
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setTabChangesFocus(False)
        super().focusOutEvent(event)

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
            self._turned += event.angleDelta().y()
            notches = int(self._turned / NOTCH)  # touchpads report parts of one
            self._turned -= notches * NOTCH
            if notches:
                self.sizing_wanted.emit(notches)
            event.accept()
            return
        self._turned = 0
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
