"""The way back from destructive acts, newest first."""

from PySide6.QtCore import QObject, Signal

from desktop.services.undo import Undo
from desktop.ui import tasks

DEPTH = 50
"""Acts that can be taken back; older ones stay done."""


class UndoHistory(QObject):
    """Remembers what can be taken back; each act can be taken back once."""

    changed = Signal()
    undone = Signal(object)
    """Carries the ``Undo`` that was carried out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._acts: list[Undo] = []

    @property
    def latest(self) -> Undo | None:
        """What Ctrl+Z takes back, or None."""
        return self._acts[-1] if self._acts else None

    def push(self, undo: Undo) -> None:
        """Remember an act."""
        self._acts = [*self._acts, undo][-DEPTH:]
        self.changed.emit()

    def undo_latest(self) -> None:
        """Take the newest act back; does nothing when there is none."""
        if self._acts:
            self.undo(self._acts[-1])

    def undo(self, act: Undo) -> None:
        """Take ``act`` back unless that was done already."""
        if act not in self._acts:
            return
        self._acts.remove(act)
        self.changed.emit()
        tasks.start(self, self._revert(act), f"undo: {act.label}")

    async def _revert(self, act: Undo) -> None:
        await act.revert()
        self.undone.emit(act)
