"""Transfers kept in memory for tests of windows; remembers what was asked of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from typing_extensions import override

from desktop.domain.errors import StudioError
from desktop.domain.events import EventBus, TransferChanged, TransfersChanged, TransfersProgressed
from desktop.domain.transfers import (
    Destination,
    DestinationCheck,
    DownloadRequest,
    Moment,
    ObjectCheck,
    Totals,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)
from desktop.services.transfers import AccessKeys, TransferService
from desktop.ui.tour_transfers import DESTINATIONS, ExampleTransfers, example_rows

State = TransferState

NOW = 1_795_000_000.0


def rows_of(number: int, state: State = State.QUEUED, **more: object) -> list[Transfer]:
    """Return ``number`` rows of one state, alike but for their names."""
    first = example_rows(NOW)[6]
    return [
        replace(
            first,
            id=f"r{place:05}",
            path=f"/films/take {place}.mp4",
            key=f"take {place}.mp4",
            state=state,
            position=place,
            **more,  # type: ignore[arg-type]  # by name
        )
        for place in range(number)
    ]


class FakeTransfers(ExampleTransfers):
    """The example's verbs, with what a test wants to know and to break."""

    def __init__(self, bus: EventBus) -> None:
        super().__init__(bus)
        self.pages: list[tuple[int, int]] = []
        """Offset and limit of every page that was asked for."""
        self.asked: list[tuple[object, ...]] = []
        """Verb and arguments of what was changed."""
        self.fetched: list[DownloadRequest] = []
        self.failure: StudioError | None = None
        self.checks: dict[str, DestinationCheck] = {}
        self.found: dict[str, ObjectCheck] = {}
        """What lies at the service, by transfer."""
        self.keys: dict[str, AccessKeys | None] = {}
        self.moments: tuple[Moment, ...] | None = None

    @property
    def real(self) -> TransferService:
        """The same object, as windows see it."""
        return cast("TransferService", self)

    def show(self, *rows: Transfer, places: Sequence[Destination] = DESTINATIONS) -> None:
        """Have these rows and tell everybody."""
        self.rows, self.places = list(rows), list(places)
        self._bus.publish(TransfersChanged())

    def tell(self, *rows: Transfer) -> None:
        """Let rows move, as the engine tells it."""
        self._put(rows)
        self._bus.publish(TransfersProgressed(rows, self.totals()))

    def turn(self, row: Transfer) -> None:
        """Bring a row into another state."""
        self._put((row,))
        self._bus.publish(TransferChanged(row))

    def _put(self, rows: Sequence[Transfer]) -> None:
        new = {row.id: row for row in rows}
        self.rows = [new.get(row.id, row) for row in self.rows]

    async def download(self, requests: Sequence[DownloadRequest]) -> tuple[str, ...]:
        self.fetched.extend(requests)
        return tuple(f"d{place}" for place, _ in enumerate(requests))

    @override
    async def page(
        self,
        *,
        text: str = "",
        states: frozenset[TransferState] = frozenset(),
        offset: int = 0,
        limit: int = 200,
    ) -> TransferPage:
        self.pages.append((offset, limit))
        if self.failure is not None:
            raise self.failure
        return await super().page(text=text, states=states, offset=offset, limit=limit)

    @override
    def totals(self) -> Totals:
        return super().totals()

    @override
    async def history(self, transfer_id: str) -> tuple[Moment, ...]:
        usual = await super().history(transfer_id)
        return usual if self.moments is None else self.moments

    @override
    async def verify(self, transfer_id: str) -> ObjectCheck:
        if self.failure is not None:
            raise self.failure
        return self.found.get(transfer_id) or await super().verify(transfer_id)

    @override
    def _change(self, ids: Sequence[str] | None, **changes: object) -> None:
        self.asked.append((tuple(ids) if ids is not None else None, changes))
        super()._change(ids, **changes)

    @override
    async def forget(self, ids: Sequence[str]) -> None:
        self.asked.append(("forget", tuple(ids)))
        await super().forget(ids)

    @override
    async def move(self, ids: Sequence[str], before: str | None) -> None:
        self.asked.append(("move", tuple(ids), before))
        await super().move(ids, before)

    @override
    async def upload(self, requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        self.asked.append(("upload", tuple(requests)))
        return await super().upload(requests)

    @override
    async def save_destination(
        self, destination: Destination, keys: AccessKeys | None = None
    ) -> Destination:
        self.keys[destination.id] = keys
        return await super().save_destination(destination, keys)

    @override
    async def check(self, destination_id: str) -> DestinationCheck:
        if destination_id in self.checks:
            return self.checks[destination_id]
        return await super().check(destination_id)
