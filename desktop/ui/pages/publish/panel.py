"""Everything about transfers in one widget: the centre of the publish page, and the dock."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSplitter, QStackedWidget, QWidget
from typing_extensions import override

from desktop.domain import events
from desktop.domain.errors import NotFound
from desktop.domain.transfers import Destination, Totals
from desktop.services.transfers import TransferService
from desktop.ui.models.transfers import TransfersModel
from desktop.ui.pages.publish.bar import PanelBar
from desktop.ui.pages.publish.conduct import Conduct
from desktop.ui.pages.publish.details import Details
from desktop.ui.pages.publish.rows import TransferList
from desktop.ui.pages.publish.uploading import UploadFlow
from desktop.ui.shell import Shell
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_4
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.empty_state import EmptyState
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label

HISTORY_MS = 1500
"""How often the history of a transfer that moves is read again."""

DETAILS = 284
"""Pixels of the details at first."""


class TransferPanel(QFrame):
    """The queue with its details; reads only while it can be seen."""

    destinations_read = Signal(object)
    """Carries every destination there is."""
    details_shown = Signal(bool)

    def __init__(self, transfers: TransferService, shell: Shell) -> None:
        super().__init__()
        self._transfers = transfers
        self._shell = shell
        self._destinations: dict[str, Destination] | None = None
        self.model = TransfersModel(transfers, self)
        self.uploads = UploadFlow(self, transfers, shell)
        self.bar = PanelBar()
        self.list = TransferList(self.model)
        self.details = Details()
        self.conduct = Conduct(self, transfers, shell, self.model, self.list)
        self.notice = _Notice()
        self._history = QTimer(self, singleShot=True, interval=HISTORY_MS)
        self._history.timeout.connect(self._read_history)
        self._build()
        self._connect()
        self._connect_events()
        self.show_details(shown=False)

    # How it is put together

    def _build(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(frame(column(self.list, margins=(SPACE_2, 0, SPACE_1, 0))))
        self.empties = self._empties()
        for page in self.empties.values():
            self._stack.addWidget(page)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(frame(column(self.bar, self.notice, self._stack, spacing=0)))
        self._split.addWidget(self.details)
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([720, DETAILS])
        self.setLayout(column(self._split, spacing=0))

    def _empties(self) -> Mapping[str, QWidget]:
        choose = ("Choose files…", self.choose_files)
        return {
            "destination": EmptyState(
                "cloud-arrow-up", "Nowhere to upload to yet",
                "Say which bucket your videos go to: of Amazon S3, or of any service that "
                "speaks S3. It is tried out at once.",
                (("Set up a destination", self.add_destination),),
            ),
            "queue": EmptyState(
                "cloud-arrow-up", "Nothing is queued",
                "Choose files or drop them here. Uploads go on when the window is closed, and "
                "after a crash they continue where they were.",
                (choose,),
            ),
            "search": EmptyState(
                "magnifying-glass", "Nothing found",
                "No transfer matches all of this.",
                (("Show all transfers", self.bar.clear),),
            ),
        }  # fmt: skip

    def _connect(self) -> None:
        bar, view, model = self.bar, self.list, self.model
        bar.query_changed.connect(model.show_query)
        bar.left.connect(self._go_to_list)
        bar.hold.clicked.connect(lambda *_: self.conduct.hold_or_release_all(paused=bar.paused))
        bar.add.clicked.connect(lambda *_: self.choose_files())
        bar.limit.clicked.connect(lambda *_: self._open_limits())
        bar.details.clicked.connect(lambda *_: self.show_details(shown=self.details.isHidden()))
        view.wanted.connect(self.act)
        view.row_wanted.connect(self.conduct.press)
        view.ticked.connect(self._let_time_pass)
        view.menu_wanted.connect(
            lambda at: popup(self.conduct.menu(lambda: self.show_details(shown=True)), at)
        )
        view.selectionModel().selectionChanged.connect(lambda *_: self._show_selection())
        model.dropped.connect(
            lambda ids, before: self.conduct.start(self.conduct.drop(ids, before), "reorder")
        )
        model.arrived.connect(view.scrollToTop)
        model.refreshed.connect(self._read)
        model.dataChanged.connect(lambda *_: self._show_progress())
        self.details.main_wanted.connect(lambda: self.act("pause"))
        self.details.end_wanted.connect(lambda: self.act("remove"))
        self.details.check_wanted.connect(
            lambda shown: self.conduct.check_again(shown, self.details.show_check)
        )
        self.uploads.destination_made.connect(lambda *_: self.read_destinations())

    def _connect_events(self) -> None:
        bridge = self._shell.bridge
        bridge.transfers_changed.connect(lambda *_: self._list_changed())
        bridge.transfer_changed.connect(self._transfer_changed)
        bridge.transfers_progressed.connect(self._progressed)
        bridge.transfer_engine_changed.connect(
            lambda event: self.notice.show_text("" if event.running else event.message)
        )

    # What it offers

    def act(self, name: str) -> None:
        """Do what a key of the list asks for."""
        do = {
            "pause": self.conduct.pause_or_go_on,
            "remove": self.conduct.remove,
            "retry": self.conduct.retry,
            "earlier": lambda: self.conduct.move(-1),
            "later": lambda: self.conduct.move(1),
            "details": lambda: self.show_details(shown=True),
            "search": self.bar.start_search,
        }
        do[name]()

    def choose_files(self) -> None:
        """Let the person choose files to upload."""
        self.conduct.start(self.uploads.choose_files(), "upload files")

    def take(self, paths: list[Path]) -> None:
        """Upload files that were dropped."""
        self.conduct.start(self.uploads.take(paths), "upload dropped files")

    def add_destination(self) -> None:
        """Let the person set up a destination."""
        self.conduct.start(self.uploads.add_destination(), "add a destination")

    def show_details(self, *, shown: bool) -> None:
        """Show or hide the details of what is selected."""
        self.details.setVisible(shown)
        self.bar.details.setChecked(shown)
        self.details_shown.emit(shown)
        if shown:
            self._show_selection()

    def focus_list(self) -> None:
        """Give the keyboard to the list, or to what is offered while it is empty."""
        empty = self.empties.get(self.empty_reason)
        offered = empty.findChild(QPushButton) if empty is not None else None
        (offered or self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def empty_reason(self) -> str:
        """Why there is nothing: "destination", "queue" or "search"; empty when there is."""
        shown = self._stack.currentWidget()
        return next((name for name, page in self.empties.items() if page is shown), "")

    def read_destinations(self) -> None:
        """Read where things can go."""
        self.conduct.start(self._read_destinations(), "read the destinations")

    async def _read_destinations(self) -> None:
        known = await self._transfers.destinations()
        self._destinations = {one.id: one for one in known}
        self.model.name_destinations({one.id: one.name for one in known})
        self._show_state()
        self.destinations_read.emit(known)

    # How it lives

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read_destinations()
        self.model.refresh()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.stop()
        self._history.stop()

    def _list_changed(self) -> None:
        if self.isVisible():
            self.model.refresh_soon()

    def _transfer_changed(self, event: events.TransferChanged) -> None:
        if self.isVisible():
            self.model.changed(event.transfer)
            if self._is_shown(event.transfer.id):
                self._read_history()

    def _progressed(self, event: events.TransfersProgressed) -> None:
        if not self.isVisible():
            return
        self._show_totals(event.totals)
        self.model.progressed(event.transfers)
        moving = any(self._is_shown(one.id) for one in event.transfers)
        if moving and not self._history.isActive():
            self._history.start()

    def _read(self) -> None:
        self._show_totals(self.model.totals)
        self._show_state()
        self._show_selection()

    def _show_totals(self, totals: Totals) -> None:
        self.bar.show_totals(totals)

    def _show_state(self) -> None:
        if not self.model.loaded:
            return
        if self.model.total:
            self._stack.setCurrentIndex(0)
        elif self.model.query.narrow:
            self._stack.setCurrentWidget(self.empties["search"])
        elif self._destinations is not None:
            reason = "queue" if self._destinations else "destination"
            self._stack.setCurrentWidget(self.empties[reason])

    # What is selected

    def _show_selection(self) -> None:
        if self.details.isHidden():
            return
        before = self.details.transfer
        number, known = len(self.conduct.rows()), self.conduct.known()
        name = self.model.destination_name(known[0]) if known else ""
        self.details.show_transfers(known, number, name)
        now = self.details.transfer
        if now is not None and (before is None or before.id != now.id):
            self._read_history()

    def _show_progress(self) -> None:
        """Show how far the one in the details is; a sum of several does not move."""
        shown = self.details.transfer
        row = self.model.row_of(shown.id) if shown is not None else None
        now = self.model.transfer(row) if row is not None else None
        if now is not None and now != shown and not self.details.isHidden():
            self.details.show_transfers((now,), 1, self.model.destination_name(now))

    def _let_time_pass(self) -> None:
        shown = self.details.transfer
        if shown is not None and not self.details.isHidden():
            self.details.show_transfers((shown,), 1, self.model.destination_name(shown))

    def _is_shown(self, transfer_id: str) -> bool:
        shown = self.details.transfer
        visible = not self.details.isHidden()
        return visible and shown is not None and shown.id == transfer_id

    def _read_history(self) -> None:
        if self.details.transfer is not None and not self.details.isHidden():
            work = self._show_history(self.details.transfer.id)
            self.conduct.start(work, "read what happened")

    async def _show_history(self, transfer_id: str) -> None:
        try:
            moments = await self._transfers.history(transfer_id)
        except NotFound:
            return  # it was taken from the list meanwhile
        self.details.show_history(transfer_id, moments)

    def _go_to_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.total and not self.conduct.rows():
            self.list.setCurrentIndex(self.model.index(0))

    def _open_limits(self) -> None:
        opener = self.bar.limit
        menu = self.conduct.limit_menu(self.model.totals.rate_limit)
        popup(menu, opener.mapToGlobal(QPoint(0, opener.height() + SPACE_1)))


class _Notice(QFrame):
    """One line above the list while something concerns all transfers."""

    def __init__(self) -> None:
        super().__init__()
        self.text = label("", wrap=True)
        layout = row(Glyph("warning", "warning", 18), self.text, spacing=SPACE_2,
                     margins=(SPACE_4, SPACE_1, SPACE_4, SPACE_2))  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.hide()

    def show_text(self, text: str) -> None:
        """Say something; nothing hides the line."""
        self.text.setText(text)
        self.setVisible(bool(text))


def popup(menu: QMenu, at: QPoint) -> None:
    """Open a menu without waiting for it; it goes away with its choice."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
