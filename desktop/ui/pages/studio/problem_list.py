"""What is wrong with the text, under the editor: one line each, a click goes there."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QWidget

from desktop.domain.errors import Problem, Severity
from desktop.ui.icons import icon
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, frame, line, row
from desktop.ui.widgets.labels import label

ROW = 30
MOST_ROWS = 4
"""Rows visible at once; the rest is scrolled to."""

MOST = 200
"""Problems listed; nobody goes through more before the first ones are mended."""


class ProblemList(QWidget):
    """Takes no room when there are no problems."""

    chosen = Signal(object)
    """The ``Problem`` the person wants to go to."""

    def __init__(self) -> None:
        super().__init__()
        self._problems: tuple[Problem, ...] = ()
        self.title = label("", "section")
        self.list = QListWidget()
        self.list.setAccessibleName("Problems")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setIconSize(QSize(16, 16))
        self.list.setUniformItemSizes(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        head = frame(row(self.title, None, margins=(SPACE_3, SPACE_2, SPACE_3, SPACE_1)))
        self.setLayout(column(line(), head, self.list, spacing=0))
        self.hide()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is listed."""
        return self._problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """List problems in the order given."""
        if tuple(problems) == self._problems:
            return
        self._problems = tuple(problems)
        self.list.clear()
        for problem in self._problems[:MOST]:
            self.list.addItem(_item(problem))
        self.title.setText(heading(self._problems))
        self.list.setFixedHeight(ROW * min(MOST_ROWS, len(self._problems)) + SPACE_1)
        self.setVisible(bool(self._problems))

    def _go(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._problems[self.list.row(item)])


def heading(problems: Sequence[Problem]) -> str:
    """Return how many errors and hints there are."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    hints = len(problems) - errors
    parts = [_count(errors, "error"), _count(hints, "hint")]
    return " and ".join(part for part in parts if part)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""


def _item(problem: Problem) -> QListWidgetItem:
    error = problem.severity is Severity.ERROR
    glyph = icon("warning-circle", "danger") if error else icon("warning", "warning")
    place = f"Line {problem.line}: " if problem.line else ""
    text = " ".join(f"{place}{problem.message} {problem.remedy}".split())
    item = QListWidgetItem(glyph, text)
    item.setToolTip(text)
    return item
