"""The one place where events of the core become Qt signals."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain import events
from desktop.domain.events import Event, EventBus

INTERVAL_MS = 100
"""Progress is shown ten times a second at most: more is work nobody can see."""

TRANSFERS = ("transfers",)
"""Key of the progress of transfers, which comes for all of them at once."""


class EventBridge(QObject):
    """Repeats every event of the bus as a signal that carries the event.

    Progress is throttled for each scene, each video and all transfers together; the last value
    always arrives, and before the event that ends it.
    """

    library_changed = Signal(object)
    source_saved = Signal(object)
    render_started = Signal(object)
    scene_progressed = Signal(object)
    scene_finished = Signal(object)
    scene_failed = Signal(object)
    render_progressed = Signal(object)
    render_ended = Signal(object)
    version_added = Signal(object)
    settings_changed = Signal(object)
    transfers_changed = Signal(object)
    transfer_changed = Signal(object)
    transfers_progressed = Signal(object)
    transfer_batch_ended = Signal(object)
    transfer_engine_changed = Signal(object)
    administrator_notice = Signal(object)

    def __init__(self, bus: EventBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held: dict[tuple[str, ...], Event] = {}
        self._sent: dict[tuple[str, ...], float] = {}
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.flush)
        self._stop = [
            bus.subscribe(events.LibraryChanged, self.library_changed.emit),
            bus.subscribe(events.SourceSaved, self.source_saved.emit),
            bus.subscribe(events.SettingsChanged, self.settings_changed.emit),
            bus.subscribe(events.VersionAdded, self.version_added.emit),
            bus.subscribe(events.RenderStarted, self._in_order(self.render_started.emit)),
            bus.subscribe(events.SceneFinished, self._in_order(self.scene_finished.emit)),
            bus.subscribe(events.SceneFailed, self._in_order(self.scene_failed.emit)),
            bus.subscribe(events.RenderEnded, self._in_order(self.render_ended.emit)),
            bus.subscribe(events.SceneProgressed, self._scene_progress),
            bus.subscribe(events.RenderProgressed, self._render_progress),
            *self._subscribe_transfers(bus),
        ]

    def _subscribe_transfers(self, bus: EventBus) -> list[Callable[[], None]]:
        batch_ended = self._in_order(self.transfer_batch_ended.emit)
        return [
            bus.subscribe(events.TransfersChanged, self._in_order(self.transfers_changed.emit)),
            bus.subscribe(events.TransferChanged, self._in_order(self.transfer_changed.emit)),
            bus.subscribe(events.TransferBatchEnded, batch_ended),
            bus.subscribe(events.TransferEngineChanged, self.transfer_engine_changed.emit),
            bus.subscribe(events.AdministratorNotice, self.administrator_notice.emit),
            bus.subscribe(events.TransfersProgressed, self._transfers_progress),
        ]

    def close(self) -> None:
        """Stop listening; what was held back is delivered first."""
        self.flush()
        for stop in self._stop:
            stop()
        self._stop.clear()

    def flush(self) -> None:
        """Deliver what was held back."""
        held, self._held = self._held, {}
        if not held:
            self._timer.stop()
            self._sent.clear()
        for key, event in held.items():
            self._send(key, event)

    def _in_order(self, emit: Callable[[Event], None]) -> Callable[[Event], None]:
        def deliver(event: Event) -> None:
            self.flush()
            emit(event)

        return deliver

    def _scene_progress(self, event: events.SceneProgressed) -> None:
        self._throttle((event.video_id, event.scene_id), event)

    def _render_progress(self, event: events.RenderProgressed) -> None:
        self._throttle((event.video_id,), event)

    def _transfers_progress(self, event: events.TransfersProgressed) -> None:
        held = self._held.get(TRANSFERS)
        if isinstance(held, events.TransfersProgressed):
            event = _together(held, event)  # each names only the rows that moved
        self._throttle(TRANSFERS, event)

    def _throttle(self, key: tuple[str, ...], event: Event) -> None:
        last = self._sent.get(key)
        if last is not None and (time.monotonic() - last) * 1000 < INTERVAL_MS:
            self._held[key] = event
        else:
            self._held.pop(key, None)
            self._send(key, event)
        if not self._timer.isActive():
            self._timer.start()

    def _send(self, key: tuple[str, ...], event: Event) -> None:
        self._sent[key] = time.monotonic()
        if isinstance(event, events.SceneProgressed):
            self.scene_progressed.emit(event)
        elif isinstance(event, events.TransfersProgressed):
            self.transfers_progressed.emit(event)
        else:
            self.render_progressed.emit(event)


def _together(
    older: events.TransfersProgressed, newer: events.TransfersProgressed
) -> events.TransfersProgressed:
    """Return one event with the newest of every row."""
    rows = {row.id: row for row in (*older.transfers, *newer.transfers)}
    return events.TransfersProgressed(tuple(rows.values()), newer.totals)
