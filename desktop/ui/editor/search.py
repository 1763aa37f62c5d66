"""Finding and replacing in a text area: the bar's wishes carried out."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor

from desktop.ui.editor.colors import syntax
from desktop.ui.editor.find_bar import FindBar
from desktop.ui.editor.marks import Layer, Selection, marked
from desktop.ui.editor.searching import (
    MOST,
    InvalidPattern,
    Match,
    find_all,
    following,
    preceding,
    replace_all,
    replacement,
)
from desktop.ui.editor.text_area import TextArea

CALM = 150
"""Milliseconds without typing after which matches are counted again."""


class Search(QObject):
    """Keeps the matches of the bar's query in step with the text."""

    opened_changed = Signal(bool)
    """The bar was opened or closed."""

    def __init__(self, area: TextArea, bar: FindBar, parent: QObject) -> None:
        super().__init__(parent)
        self._area = area
        self._bar = bar
        self._matches: list[Match] = []
        self._readable = True
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(CALM)
        self._later.timeout.connect(self._refresh)
        self._searched: str | None = None
        self._connect()

    def _connect(self) -> None:
        bar, area = self._bar, self._area
        bar.query_changed.connect(self._query_changed)
        bar.step_wanted.connect(self.step)
        bar.replace_wanted.connect(self._replace)
        bar.replace_all_wanted.connect(self._replace_all)
        bar.closed.connect(self.close)
        area.written.connect(self._text_changed)
        area.cursorPositionChanged.connect(self._count)
        area.shown_changed.connect(self._paint)

    # Opening and closing

    def open(self, *, replacing: bool = False) -> None:
        """Show the bar; what is selected on one line is looked for."""
        chosen = self._area.textCursor().selectedText()
        words = "" if "\u2029" in chosen else chosen
        if self._bar.regex.isChecked():
            words = ""  # it would be read as a pattern
        self._bar.allow_replacing(not self._area.isReadOnly())
        self._bar.open(words, replacing=replacing)
        self.opened_changed.emit(True)
        self._refresh()

    def close(self) -> None:
        """Hide the bar and go on typing."""
        self._later.stop()
        self._bar.hide()
        self.opened_changed.emit(False)
        self._paint()
        self._area.setFocus()

    def close_if_open(self) -> None:
        """Hide the bar if it is there."""
        if not self._bar.isHidden():
            self.close()

    # Keeping in step

    def text_replaced(self) -> None:
        """Look again: there is another text."""
        if not self._bar.isHidden():
            self._refresh()

    def recolor(self) -> None:
        """Take the colours in force."""
        self._paint()

    def _query_changed(self) -> None:
        self._refresh()
        self._go_to(following(self._matches, self._area.textCursor().selectionStart()))

    def _text_changed(self) -> None:
        if not self._bar.isHidden():
            self._later.start()

    def _refresh(self) -> None:
        self._later.stop()
        self._searched = self._area.source
        try:
            self._matches = find_all(self._searched, self._bar.query(), MOST)
        except InvalidPattern as problem:
            self._matches, self._readable = [], False
            self._bar.show_error(f"This pattern cannot be read: {problem}")
        else:
            self._readable = True
            self._count()
        self._paint()

    def _up_to_date(self) -> None:
        if self._area.source is not self._searched:
            self._refresh()

    def _count(self) -> None:
        total = len(self._matches)
        if self._readable and not (self._bar.isHidden() or self._later.isActive()):
            self._bar.show_count(self._here(), total, more=total >= MOST)

    def _here(self) -> int | None:
        """Return the index of the match that is selected."""
        cursor = self._area.textCursor()
        found = following(self._matches, cursor.selectionStart())
        if found is None:
            return None
        match = self._matches[found]
        chosen = (cursor.selectionStart(), cursor.selectionEnd())
        return found if (match.start, match.end) == chosen else None

    def _paint(self) -> None:
        if self._bar.isHidden():
            self._area.set_marks(Layer.MATCHES, [])
            return
        first, last = self._area.shown_lines()
        document = self._area.document()
        start = document.findBlockByNumber(first).position()
        end_block = document.findBlockByNumber(last)
        end = end_block.position() if end_block.isValid() else document.characterCount()
        begin = following(self._matches, start) or 0
        shown = [match for match in self._matches[begin : begin + 1000] if match.start <= end]
        self._area.set_marks(Layer.MATCHES, [self._mark(match) for match in shown])

    def _mark(self, match: Match) -> Selection:
        look = QTextCharFormat()
        look.setBackground(QColor(syntax().match))
        look.setForeground(QColor(syntax().plain))
        return marked(self._cursor(match), look)

    def _cursor(self, match: Match) -> QTextCursor:
        cursor = QTextCursor(self._area.document())
        last = self._area.document().characterCount() - 1
        cursor.setPosition(min(match.start, last))
        cursor.setPosition(min(match.end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    # Going and replacing

    def step(self, direction: int) -> None:
        """Select the next or previous match, around the ends of the text."""
        if not self._bar.words.text():
            self.open()
            return
        self._up_to_date()
        start, here = self._area.textCursor().selectionStart(), self._here()
        if direction > 0:
            self._go_to(following(self._matches, start + (here is not None)))
        else:
            self._go_to(preceding(self._matches, start))

    def _go_to(self, index: int | None) -> None:
        if index is not None:
            self._area.setTextCursor(self._cursor(self._matches[index]))
            self._area.ensureCursorVisible()
        self._count()

    def _replace(self) -> None:
        """Replace the selected match and go to the next; without one, only go there."""
        self._up_to_date()
        here = self._here()
        if here is None or self._area.isReadOnly():
            self.step(1)
            return
        match, query = self._matches[here], self._bar.query()
        cursor = self._cursor(match)
        cursor.insertText(replacement(match, query, self._bar.by.text()))
        self._area.setTextCursor(cursor)
        self._refresh()
        self._go_to(following(self._matches, cursor.position()))

    def _replace_all(self) -> None:
        self._up_to_date()
        if self._matches and not self._area.isReadOnly():
            text, query = self._area.source, self._bar.query()
            new = replace_all(text, find_all(text, query), query, self._bar.by.text())
            self._area.rewrite(new)
            self._refresh()
