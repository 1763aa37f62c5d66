"""The thread that plays a file, as an object of the window: what it tells arrives as signals."""

import asyncio

from PySide6.QtCore import QObject, Signal

from desktop.playback.frame_index import FrameIndex
from desktop.playback.player import FramePlayer

PATIENCE = 5.0
"""Seconds a closed file may take to let go of its thread."""

PAUSE = 0.005
"""Seconds between two looks whether it has."""


class Media(QObject):
    """One open file; its signals are emitted by another thread and arrive queued."""

    ready = Signal(object)
    """The ``FrameIndex`` of the file."""
    arrived = Signal()
    """``player.take`` has a picture."""
    ended = Signal()
    failed = Signal(object)
    """The exception that ended it."""

    def __init__(self, path: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.player = FramePlayer(path, _Teller(self))
        # Whoever deletes the viewer without closing it must not leave a thread behind.
        self.destroyed.connect(self.player.close)

    async def gone(self) -> None:
        """Wait, a few seconds at most, until a closed player has ended."""
        async with asyncio.timeout(PATIENCE):
            while self.player.alive:  # noqa: ASYNC110  a thread sets no event of this loop
                await asyncio.sleep(PAUSE)


class _Teller:
    """Implements ``playback.player.Listener`` with the signals of a ``Media``."""

    def __init__(self, media: Media) -> None:
        self._media = media

    def ready(self, index: FrameIndex) -> None:
        self._media.ready.emit(index)

    def arrived(self) -> None:
        self._media.arrived.emit()

    def ended(self) -> None:
        self._media.ended.emit()

    def failed(self, error: Exception) -> None:
        self._media.failed.emit(error)
