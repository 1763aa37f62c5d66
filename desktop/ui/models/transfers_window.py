"""The part of the list of transfers that is in memory; a row is found by the id that moves."""

from desktop.domain.transfers import Transfer
from desktop.ui.models.page_window import PageWindow

PAGE = 100
"""Rows fetched at once: a few screens."""

KEPT = 12
"""Pages in memory; a history of any length costs no more than these."""


class TransferWindow(PageWindow[Transfer]):
    """The transfers of one query that are in memory."""

    def __init__(self) -> None:
        super().__init__(PAGE, KEPT)
