"""What a client is still to be told; bounded, however slowly it reads.

A window that hangs for a minute must not make the engine grow, nor be flooded when it comes back:
progress is only ever the latest, and a backlog of news becomes one: read the list again.
"""

import asyncio

from desktop.domain.events import (
    Event,
    TransferBatchEnded,
    TransferChanged,
    TransfersChanged,
    TransfersProgressed,
)
from desktop.domain.transfers import Transfer
from desktop.transfers import wire

MOST_NEWS = 500
"""Changes of rows that are kept one by one."""


class Outbox:
    """Messages for one client, in order."""

    def __init__(self) -> None:
        self._messages: list[wire.Message] = []
        self._changes = 0
        self._moved: dict[str, Transfer] = {}
        self._progress: TransfersProgressed | None = None
        self._filled = asyncio.Event()

    def put(self, message: wire.Message) -> None:
        """Add what must arrive."""
        self._messages.append(message)
        self._filled.set()

    def beat(self) -> None:
        """Say that we are there, unless there is something else to say."""
        if not self._filled.is_set():
            self.put(wire.Beat())

    def tell(self, event: Event) -> None:
        """Add an event; progress that was not sent yet is replaced by it."""
        match event:
            case TransfersProgressed(transfers, _totals):
                self._moved.update((transfer.id, transfer) for transfer in transfers)
                self._progress = event
                self._filled.set()
            case TransferBatchEnded():
                self.put(wire.News(event))
            case TransferChanged(transfer):
                self._moved.pop(transfer.id, None)
                self._change(event)
            case _:
                self._change(event)

    def _change(self, event: Event) -> None:
        self._changes += 1
        if self._changes > MOST_NEWS:
            self._messages = [message for message in self._messages if not _is_change(message)]
            self._changes, event = 1, TransfersChanged()
        self.put(wire.News(event))

    async def take(self) -> list[wire.Message]:
        """Return everything there is to say; waits until there is something."""
        await self._filled.wait()
        self._filled.clear()
        messages, self._messages, self._changes = self._messages, [], 0
        if self._progress is not None:
            moved = TransfersProgressed(tuple(self._moved.values()), self._progress.totals)
            messages.append(wire.News(moved))
            self._moved, self._progress = {}, None
        return messages


def _is_change(message: wire.Message) -> bool:
    return isinstance(message, wire.News) and isinstance(
        message.event, TransferChanged | TransfersChanged
    )
