"""Above the transfers: how they stand together, what is shown of them, and what holds for all."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QPushButton
from typing_extensions import override

from desktop.domain.transfers import Totals
from desktop.ui.icons import icon
from desktop.ui.models import transfers_text as say
from desktop.ui.models.transfers import TransferQuery
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import ElidedLabel, label

PAUSE_MS = 120
"""Typing pauses of this length start a search."""

KINDS = {
    "All": frozenset(),
    "Running": say.RUNNING,
    "Waiting": say.WAITING,
    "Failed": say.BROKEN,
    "Done": say.ENDED,
}
"""What can be shown, by name; an empty set stands for everything."""


class PanelBar(QFrame):
    """Says what is looked for and how all transfers stand."""

    query_changed = Signal(object)
    """Carries a ``TransferQuery``."""
    left = Signal()
    """The person went from the search field to the list."""

    def __init__(self) -> None:
        super().__init__()
        self.query = TransferQuery()
        self.kinds: dict[str, QPushButton] = {}
        self.search = QLineEdit()
        self.summary = ElidedLabel("", "muted")
        self.limit = button("No limit", glyph="gauge", kind="quiet")
        self.hold = button("Pause all", glyph="pause")
        self.add = button("Upload files…", glyph="upload-simple", kind="primary")
        self.details = tool_button("info", "Details of the transfer", keys="Return")
        self.tools = row(spacing=2)
        """Room at the right end, for whoever shows the panel."""
        self.paused = False
        self._group = QButtonGroup(self)
        self._typing = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._build()
        self._typing.timeout.connect(self._look)
        self.search.textChanged.connect(lambda *_: self._typing.start())
        self.search.installEventFilter(self)
        self._group.buttonClicked.connect(lambda *_: self._look())
        self.show_totals(Totals())

    def _build(self) -> None:
        self.search.setPlaceholderText("Search names and places")
        self.search.setAccessibleName("Search names and places")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMinimumWidth(150)
        self.search.setMaximumWidth(300)
        self.details.setCheckable(True)
        self.limit.setToolTip("How fast transfers may be")
        for name in KINDS:
            made = button(name)
            made.setCheckable(True)
            self._group.addButton(made)
            self.kinds[name] = made
        self.kinds["All"].setChecked(True)
        titles = column(label("Transfers", "subtitle"), self.summary, spacing=0)
        head = row(
            titles, self.limit, self.hold, self.add,
            self.details, self.tools, spacing=SPACE_2,
        )  # fmt: skip
        head.setStretch(0, 1)
        chips = row(*self.kinds.values(), None, self.search, spacing=6)
        chips.setStretch(len(KINDS) + 1, 2)
        margins = (SPACE_4, SPACE_3, SPACE_3, SPACE_2)
        self.setLayout(column(head, chips, spacing=SPACE_2, margins=margins))

    def show_totals(self, totals: Totals) -> None:
        """Show how all transfers stand."""
        self.paused = totals.paused
        self.summary.setText(say.summary(totals) or "Nothing is on its way")
        self.hold.setText("Go on with all" if totals.paused else "Pause all")
        self.hold.setIcon(icon("play" if totals.paused else "pause"))
        self.hold.setEnabled(totals.paused or bool(totals.active + totals.waiting))
        limit = say.rate(totals.rate_limit) if totals.rate_limit else ""
        self.limit.setText(f"Limited to {limit}" if limit else "No limit")
        self.limit.setIcon(icon("gauge", "warning" if limit else "muted"))
        numbers = {
            "Running": totals.active,
            "Waiting": totals.waiting,
            "Failed": totals.failed,
        }
        for name, number in numbers.items():
            self.kinds[name].setText(f"{name} {number:,}" if number else name)

    def show_only(self, kind: str) -> None:
        """Show transfers of one of ``KINDS``."""
        self.kinds[kind].setChecked(True)
        self._look()

    def clear(self) -> None:
        """Leave nothing out any more."""
        self.search.clear()
        self.show_only("All")

    def start_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _look(self) -> None:
        self._typing.stop()
        chosen = next(name for name, made in self.kinds.items() if made.isChecked())
        query = TransferQuery(self.search.text(), KINDS[chosen])
        if query != self.query:
            self.query = query
            self.query_changed.emit(query)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._look()
                self.left.emit()
                return True
        return super().eventFilter(watched, event)
