"""The details of a transfer: how it stands and why, its facts, and what happened to it."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QStackedWidget, QWidget
from typing_extensions import override

from desktop.domain.transfers import Moment, Transfer, TransferState
from desktop.ui.models import transfers_text as say
from desktop.ui.pages.publish.check_words import Said
from desktop.ui.pages.publish.facts import FACTS, facts, was_uploaded
from desktop.ui.pages.publish.row_layout import end_button, main_button
from desktop.ui.pages.publish.row_painting import paint_bar
from desktop.ui.pages.publish.timeline import Timeline
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, tokens
from desktop.ui.widgets.boxes import column, frame, line, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, label

NOTHING = "Select a transfer to see its details and what happened to it."


class Details(QFrame):
    """One transfer in full, or how many are selected."""

    main_wanted = Signal()
    end_wanted = Signal()
    check_wanted = Signal(object)
    """Carries the transfer whose object is to be looked for again."""

    def __init__(self) -> None:
        super().__init__()
        self.transfer: Transfer | None = None
        self.name = label("", "subtitle", wrap=True)
        self.state = label("", "strong", wrap=True)
        self.reason = label("", "muted", wrap=True)
        self.remedy = label("", wrap=True)
        self.bar = Bar()
        self.facts = {name: ElidedLabel() for name in FACTS}
        self._names = {name: label(name, "muted") for name in FACTS}
        self.timeline = Timeline()
        self.main = button("Pause", self.main_wanted.emit)
        self.end = button("Cancel", self.end_wanted.emit)
        self.check = button("Check again", self._check)
        self.verdict = label("", wrap=True)
        self._asking = False
        self.summary = label(NOTHING, "muted", wrap=True)
        self._pages = QStackedWidget()
        self._build()
        self.show_transfers((), 0, "")

    def _build(self) -> None:
        self.setProperty("surface", "panel")
        self.setAccessibleName("Details of the transfer")
        self.setMinimumWidth(248)
        self._pages.addWidget(self._one())
        self._pages.addWidget(frame(column(self.summary, None, margins=(SPACE_4,) * 4)))
        self._pages.setStyleSheet("background: transparent")
        deeds = frame(
            row(self.main, self.check, self.end, None, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3))
        )
        self._foot = frame(column(line(), deeds, spacing=0))
        self.setLayout(column(self._pages, self._foot, spacing=0))

    def _one(self) -> QWidget:
        body = frame(
            column(
                self.name, SPACE_1, self.state, self.bar, self.reason, self.remedy,
                self.verdict, SPACE_2, self._grid(), SPACE_3,
                label("What happened", "section"), self.timeline, None,
                spacing=SPACE_1 + 2, margins=(SPACE_4,) * 4,
            )
        )  # fmt: skip
        area = QScrollArea()
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Facts and history")
        return area

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_1 + 1)
        grid.setColumnStretch(1, 1)
        for place, (name, value) in enumerate(self.facts.items()):
            grid.addWidget(self._names[name], place, 0)
            grid.addWidget(value, place, 1)
            value.setAccessibleName(name)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return grid

    def show_transfers(self, transfers: Sequence[Transfer], number: int, destination: str) -> None:
        """Show one transfer in full; of several, or ``number`` of which not all are known, a sum.

        ``destination`` is what a person calls the place the one goes to.
        """
        one = transfers[0] if len(transfers) == 1 and number == 1 else None
        if one is None or self.transfer is None or one.id != self.transfer.id:
            self.timeline.show_moments(())
            self._conclude(None)
        self.transfer = one
        if one is not None:
            self._show_one(one, destination)
        else:
            self.summary.setText(_sum(transfers, number))
        self._pages.setCurrentIndex(int(one is None))
        self._foot.setVisible(one is not None)

    def _show_one(self, transfer: Transfer, destination: str) -> None:
        now = time.time()
        broken = transfer.state in say.BROKEN
        self.name.setText(say.name(transfer))
        self.state.setText(say.headline(transfer, now))
        _colour(self.state, "danger" if broken else "strong")
        self.check.setVisible(was_uploaded(transfer))
        self.bar.show_transfer(transfer)
        self.bar.setVisible(transfer.state not in say.ENDED)
        _say(self.reason, say.reason(transfer))
        _say(self.remedy, "" if transfer.state is TransferState.DONE else transfer.remedy)
        for name, text in facts(transfer, destination, now).items():
            self.facts[name].setText(text)
            self.facts[name].setVisible(bool(text))
            self._names[name].setVisible(bool(text))
        for made, (glyph, words) in (
            (self.main, main_button(transfer)), (self.end, end_button(transfer)),
        ):  # fmt: skip
            made.setVisible(bool(glyph))
            made.setText(words)

    def _check(self) -> None:
        if not self._asking:
            self._asking = True
            _colour(self.verdict, "muted")
            _say(self.verdict, "Asking the service…")
            self.check_wanted.emit(self.transfer)

    def show_check(self, transfer_id: str, said: Said | None) -> None:
        """Show what was found of an object, if its transfer is still the one shown."""
        if self.transfer is not None and self.transfer.id == transfer_id:
            self._conclude(said)

    def _conclude(self, said: Said | None) -> None:
        self._asking = False
        _say(self.verdict, said.short if said is not None else "")
        if said is not None:
            _colour(self.verdict, said.role)

    def show_history(self, transfer_id: str, moments: Sequence[Moment]) -> None:
        """Show what happened, if the transfer is still the one shown."""
        if self.transfer is not None and self.transfer.id == transfer_id:
            self.timeline.show_moments(moments)


class Bar(QWidget):
    """The bar of a row, as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._transfer: Transfer | None = None
        self.setFixedHeight(10)

    def show_transfer(self, transfer: Transfer) -> None:
        """Show how far a transfer is."""
        self._transfer = transfer
        self.setAccessibleName(f"{say.percent(transfer.progress)} arrived")
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._transfer is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_bar(painter, QRectF(0, 2, self.width(), 6), self._transfer, tokens())
            painter.end()


def _colour(words: QLabel, role: str) -> None:
    if words.property("role") != role:
        words.setProperty("role", role)
        words.style().polish(words)


def _say(words: QLabel, text: str) -> None:
    words.setText(text)
    words.setVisible(bool(text))


def _sum(transfers: Sequence[Transfer], number: int) -> str:
    if not number:
        return NOTHING
    known = len(transfers) == number
    bytes_ = f", {say.size(sum(one.size for one in transfers))}" if known else ""
    return f"{say.count(number)} selected{bytes_}."
