"""Fields of the inspector that give their text away when the person is done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from desktop.ui.tokens import SPACE_1


class LineField(QLineEdit):
    """One line; Enter and leaving it commit, Escape brings the old text back."""

    committed = Signal(str)

    def __init__(self, name: str, *, required: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._required = required
        self._kept = ""
        self.setAccessibleName(name)
        self.editingFinished.connect(self.commit)

    def show_text(self, text: str, *, anyway: bool = False) -> None:
        """Show ``text`` unless the person is writing something else; ``anyway`` even then."""
        if anyway or not self.hasFocus() or self.text() == self._kept:
            self._kept = text
            if text != self.text():
                self.setText(text)
                self.setCursorPosition(0)

    def commit(self) -> None:
        """Give the text away if it is another one; a required text that is missing comes back."""
        text = self.text().strip()
        if text == self._kept.strip() or (self._required and not text):
            self.setText(self._kept)
            return
        self._kept = text
        self.committed.emit(text)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.setText(self._kept)
            return
        super().keyPressEvent(event)


class TextField(QPlainTextEdit):
    """A few lines; leaving them commits, Escape brings the old text back."""

    committed = Signal(str)

    def __init__(self, name: str, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(6)
        height = self.fontMetrics().lineSpacing() * lines + 12 + 2 * SPACE_1
        self.setFixedHeight(height)

    def show_text(self, text: str, *, anyway: bool = False) -> None:
        """Show ``text`` unless the person is writing something else; ``anyway`` even then."""
        if anyway or not self.hasFocus() or self.toPlainText() == self._kept:
            self._kept = text
            if text != self.toPlainText():
                self.setPlainText(text)

    def commit(self) -> None:
        """Give the text away if it is another one."""
        text = self.toPlainText().strip()
        if text != self._kept.strip():
            self._kept = text
            self.committed.emit(text)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.commit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.toPlainText() != self._kept:
            self.setPlainText(self._kept)
            return
        super().keyPressEvent(event)


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a text with commas between them, each once."""
    return tuple(dict.fromkeys(tag for part in text.split(",") if (tag := part.strip(" #"))))
