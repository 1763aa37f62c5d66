"""The transfers below every page: the same panel as on the publish page, out of the way."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from desktop.services.transfers import TransferService
from desktop.ui.actions import Action
from desktop.ui.shell import Shell
from desktop.ui.widgets.boxes import column, line
from desktop.ui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from desktop.ui.pages.publish.panel import TransferPanel

HEIGHT = 260
"""Pixels at first."""


class TransfersDock(QFrame):
    """Hidden until it is asked for; the panel is made then."""

    page_wanted = Signal()
    changed = Signal(bool)
    """Whether the person wants it."""

    def __init__(self, transfers: TransferService, shell: Shell) -> None:
        super().__init__()
        self.setAccessibleName("Transfers")
        self.setMinimumHeight(180)
        self._transfers = transfers
        self._shell = shell
        self.panel: TransferPanel | None = None
        self._wanted, self._allowed = False, True
        self.setLayout(column(line(), spacing=0))
        self.hide()

    def below(self, upper: QWidget) -> QSplitter:
        """Return ``upper`` with the dock below it, and a handle between them."""
        split = QSplitter()
        split.setOrientation(split.orientation().Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(upper)
        split.addWidget(self)
        split.setStretchFactor(0, 1)
        split.setSizes([1000, HEIGHT])
        return split

    def action(self) -> Action:
        """Return what shows and hides it."""
        return Action(
            "view.transfers", "Transfers below the page", self.toggle, "Ctrl+J",
            "cloud-arrow-up", "View", "uploads dock queue activity", checkable=True,
        )  # fmt: skip

    def toggle(self) -> None:
        """Show the dock, or hide it."""
        self._wanted = not self._wanted
        self.changed.emit(self._wanted)
        self._show()

    def allow(self, allowed: bool) -> None:
        """Let it be seen, or hide it while a page shows the same."""
        self._allowed = allowed
        self._show()

    def _show(self) -> None:
        shown = self._wanted and self._allowed
        if shown and self.panel is None:
            self._make()
        self.setVisible(shown)

    def _make(self) -> None:
        from desktop.ui.pages.publish.panel import (  # noqa: PLC0415 - no start waits for it
            TransferPanel,
        )

        self.panel = TransferPanel(self._transfers, self._shell)
        self.panel.bar.tools.addWidget(
            tool_button("arrows-out-simple", "Open the publish page", self.page_wanted.emit)
        )
        self.panel.bar.tools.addWidget(
            tool_button("x", "Hide the transfers", self.toggle, keys="Ctrl+J")
        )
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self.panel)

    def is_under(self, at: QPoint) -> bool:
        """Tell whether a place on the window is on the dock."""
        window = self.window()
        return self.isVisible() and self.rect().contains(self.mapFrom(window, at))
