"""Where errors meet the person: known ones as a bar with a remedy, bugs as a dialog."""

import asyncio
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.domain.errors import StudioError
from desktop.ui.banner import BannerArea, message_of
from desktop.ui.bug_dialog import BugDialog, details_of

log = logging.getLogger(__name__)

MOST_TRACES = 20
"""Failures one dialog collects; a loop of failures must not fill the memory."""


class Errors(QObject):
    """Presents errors in one window."""

    def __init__(self, window: QWidget, banners: BannerArea) -> None:
        super().__init__(window)
        self._window = window
        self._banners = banners
        self._dialog: BugDialog | None = None
        self._seen = 0

    def present(
        self,
        error: BaseException,
        *,
        button: str = "",
        act: Callable[[], object] | None = None,
    ) -> None:
        """Show an error; cancellation is no error and is not shown."""
        if isinstance(error, asyncio.CancelledError):
            return
        if isinstance(error, StudioError):
            log.info("Shown to the person: %s", error)
            self._banners.show_message(message_of(error, button, act))
            return
        log.error("A bug", exc_info=error)
        self._show_bug(details_of(error))

    def settle(self, error: StudioError) -> None:
        """Take back what was shown about an error that is over."""
        self._banners.withdraw(error.title)

    def _show_bug(self, details: str) -> None:
        if self._dialog is not None and isValid(self._dialog) and self._dialog.isVisible():
            self._seen += 1
            if self._seen < MOST_TRACES:
                self._dialog.add(details)
            return
        self._seen = 0
        self._dialog = BugDialog(
            self._window,
            "Something went wrong inside Proofreel",
            "This is a mistake in the program, not in your work. Finished versions are not "
            "touched by it, and the bar at the bottom says whether your text is saved. You can "
            "keep working; the details help whoever repairs it.",
            details,
        )
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()
