"""The publish page: destinations at the left, what is sent to them in the middle."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from desktop.domain.errors import StudioError
from desktop.domain.transfers import Destination
from desktop.services.services import Services
from desktop.ui import dialogs
from desktop.ui.pages.publish.deeds import actions
from desktop.ui.pages.publish.destination_sheet import edit_destination
from desktop.ui.pages.publish.panel import TransferPanel
from desktop.ui.pages.publish.places import Places
from desktop.ui.pages.publish.remnants_sheet import RemnantsSheet
from desktop.ui.shell import Shell
from desktop.ui.widgets.boxes import column

LEFT = 228
"""Pixels of the destinations at first."""


class PublishPage(QWidget):
    """Where videos go, and how far they are."""

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("page")
        self._transfers = services.transfers
        self._shell = shell
        self.places = Places()
        self.panel = TransferPanel(services.transfers, shell)
        self._build()
        self.actions_by_id = shell.register_actions(self, actions(self.panel, self.places))
        self._connect()
        self.panel.show_details(shown=True)

    def _build(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(self.places)
        split.addWidget(self.panel)
        split.setStretchFactor(1, 1)
        split.setSizes([LEFT, 1000])
        self.setLayout(column(split, spacing=0))

    def _connect(self) -> None:
        places, panel = self.places, self.panel
        places.add_wanted.connect(panel.add_destination)
        places.limits_wanted.connect(panel.conduct.edit_limits)
        places.check_wanted.connect(lambda one: self._start(self._check(one), "check"))
        places.edit_wanted.connect(lambda one: self._start(self._edit(one), "edit a destination"))
        places.remove_wanted.connect(
            lambda one: self._start(self._remove(one), "remove a destination")
        )
        places.remnants_wanted.connect(
            lambda: self._start(self._show_remnants(), "show unfinished uploads")
        )
        panel.destinations_read.connect(places.show_destinations)
        panel.details_shown.connect(self.actions_by_id["publish.details"].setChecked)

    def _start(self, work: Coroutine[Any, Any, object], name: str) -> None:
        self.panel.conduct.start(work, name)

    def take_files(self, paths: list[Path]) -> None:
        """Upload files that were dropped on the page."""
        self.panel.take(paths)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.panel.focus_list()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.panel.focus_list()

    # Destinations

    async def _check(self, one: Destination) -> None:
        self.places.show_checking(one.id)
        try:
            self.places.show_check(one.id, await self._transfers.check(one.id))
        except StudioError as error:
            self.places.show_problem(one.id, f"{error.title}. {error.remedy}".strip())

    async def _edit(self, one: Destination) -> None:
        if await edit_destination(self, self._transfers, one, known=True) is not None:
            self.panel.read_destinations()

    async def _remove(self, one: Destination) -> None:
        text = (
            "Its keys are removed from this computer. What was uploaded stays in the bucket; "
            "transfers to it that are not done stop."
        )
        if await dialogs.confirm(self, f"Remove “{one.name}”?", text, "Remove", danger=True):
            await self._transfers.remove_destination(one.id)
            self.panel.read_destinations()

    async def _show_remnants(self) -> None:
        known = await self._transfers.destinations()
        await dialogs.finished(RemnantsSheet(self, self._transfers, known))
