"""The bar below the text: fields and buttons of finding and replacing.

It knows no text: it says what is wanted and shows what it is told.
"""

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QToolButton, QWidget
from typing_extensions import override

from desktop.ui.editor.searching import Query
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import ElidedLabel

FIELD = 96
"""Smallest width of a field."""


class FindBar(QFrame):
    """Fields to find and replace."""

    query_changed = Signal()
    step_wanted = Signal(int)
    """Go to the next (1) or previous (-1) match."""
    replace_wanted = Signal()
    replace_all_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self._make_fields()
        self._make_buttons()
        self.count = ElidedLabel("", "caption")
        self.count.setMinimumWidth(72)
        self._lay_out()
        self._connect()
        self.hide()

    def _make_fields(self) -> None:
        self.words = _field("Find")
        self.by = _field("Replace with")

    def _make_buttons(self) -> None:
        self.case = _toggle("Aa", "Match case")
        self.whole = _toggle("W", "Whole words")
        self.regex = _toggle(".*", "Regular expression")
        self.previous = tool_button("caret-up", "Previous match", keys="Shift+F3")
        self.next = tool_button("caret-down", "Next match", keys="F3")
        self.close_button = tool_button("x", "Close", keys="Esc")
        self.replace_one = button("Replace")
        self.replace_every = button("Replace all")

    def _lay_out(self) -> None:
        toggles = row(self.case, self.whole, self.regex, spacing=SPACE_1)
        steps = row(self.previous, self.next, spacing=0)
        first = row(self.words, toggles, steps, self.close_button, spacing=SPACE_2)
        self._replacing = QFrame()
        self._replacing.setLayout(
            row(self.by, self.replace_one, self.replace_every, spacing=SPACE_2)
        )
        edge = (SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        self.setLayout(column(first, self._replacing, self.count, spacing=SPACE_1, margins=edge))

        self._order()

    def _order(self) -> None:
        """Let Tab go from the one field to the other, and then over the buttons."""
        fields = (self.words, self.by, self.replace_one, self.replace_every)
        others = (self.case, self.whole, self.regex, self.previous, self.next, self.close_button)
        for one, following in pairwise((*fields, *others)):
            QWidget.setTabOrder(one, following)

    def _connect(self) -> None:
        self.words.textChanged.connect(self.query_changed)
        for toggle in (self.case, self.whole, self.regex):
            toggle.toggled.connect(self.query_changed)
        self.previous.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.next.clicked.connect(lambda: self.step_wanted.emit(1))
        self.close_button.clicked.connect(self.closed)
        self.replace_one.clicked.connect(self.replace_wanted)
        self.replace_every.clicked.connect(self.replace_all_wanted)
        self.words.installEventFilter(self)
        self.by.installEventFilter(self)

    # What it is told

    def open(self, words: str, *, replacing: bool) -> None:
        """Appear, look for ``words`` if there are any, and take the keyboard."""
        if words:
            self.words.setText(words)
        self._replacing.setVisible(replacing)
        self.show()
        self.words.setFocus()
        self.words.selectAll()

    def query(self) -> Query:
        """Return what to look for."""
        case, whole = self.case.isChecked(), self.whole.isChecked()
        return Query(self.words.text(), case, whole, self.regex.isChecked())

    def show_count(self, here: int | None, total: int, *, more: bool = False) -> None:
        """Say how many matches there are and which one is selected."""
        self._say("caption")
        if not self.words.text():
            self.count.setText("")
        elif not total:
            self.count.setText("Nothing found")
        else:
            every = f"{total}+" if more else str(total)
            one = "match" if total == 1 else "matches"
            shown = f"{every} {one}" if here is None else f"{here + 1} of {every}"
            self.count.setText(shown)
        self._enable(total > 0)

    def show_error(self, message: str) -> None:
        """Say what is wrong with the pattern."""
        self._say("danger")
        self.count.setText(message)
        self._enable(False)

    def allow_replacing(self, allowed: bool) -> None:
        """Offer to replace only where the text may change."""
        self._replacing.setEnabled(allowed)

    def _enable(self, some: bool) -> None:
        for control in (self.previous, self.next, self.replace_one, self.replace_every):
            control.setEnabled(some)

    def _say(self, role: str) -> None:
        if self.count.property("role") != role:
            self.count.setProperty("role", role)
            self.count.style().unpolish(self.count)
            self.count.style().polish(self.count)

    # Keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(watched, event)
        return False

    def _pressed(self, field: QObject, event: QKeyEvent) -> bool:
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return False
        if field is self.by:
            self.replace_wanted.emit()
        else:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.step_wanted.emit(-1 if back else 1)
        return True


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    field.setMinimumWidth(FIELD)
    return field


def _toggle(text: str, name: str) -> QToolButton:
    toggle = QToolButton()
    toggle.setText(text)
    toggle.setCheckable(True)
    toggle.setToolTip(name)
    toggle.setAccessibleName(name)
    toggle.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return toggle
