"""Follows the transfers for the window: the status bar, and what is said when a batch ends."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain import events
from desktop.domain.errors import StudioError
from desktop.domain.transfers import Totals
from desktop.services.transfers import TransferService
from desktop.ui import tasks
from desktop.ui.bridge import EventBridge
from desktop.ui.models.transfers_text import count, size

REST_MS = 250
"""Changes that come closer together are counted at once."""


class TransferWatch(QObject):
    """Knows how all transfers stand; reads only when somebody changed something."""

    changed = Signal(object)
    """Carries the ``Totals``."""
    ended = Signal(str)
    """What was added together has ended; carries the sentence that says how."""

    def __init__(self, window: QWidget, transfers: TransferService, bridge: EventBridge) -> None:
        super().__init__(window)
        self._transfers = transfers
        self.totals = Totals()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.read)
        bridge.transfers_progressed.connect(lambda event: self._take(event.totals))
        bridge.transfers_changed.connect(lambda *_: self._read_soon())
        bridge.transfer_changed.connect(lambda *_: self._read_soon())
        bridge.transfer_batch_ended.connect(lambda event: self.ended.emit(sentence(event)))

    def stop(self) -> None:
        """Read nothing any more."""
        self._rest.stop()

    def _read_soon(self) -> None:
        if not self._rest.isActive():  # changes without an end must not put it off for ever
            self._rest.start()

    def read(self) -> None:
        """Ask how things stand; an engine that does not answer is shown by the panel."""
        tasks.start(self, self._read(), "count the transfers", on_error=_unless_bug)

    async def _read(self) -> None:
        self._take(await self._transfers.standing())

    def _take(self, totals: Totals) -> None:
        self.totals = totals
        self.changed.emit(totals)


def _unless_bug(error: Exception) -> None:
    if not isinstance(error, StudioError):
        raise error


def sentence(event: events.TransferBatchEnded) -> str:
    """Return how what was added together has ended."""
    done = f"{count(event.done, 'file')} uploaded, {size(event.size)}" if event.done else ""
    failed = f"{count(event.failed, 'file')} failed" if event.failed else ""
    return "; ".join(filter(None, (done, failed))) or "Nothing was uploaded"
