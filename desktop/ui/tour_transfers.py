"""Transfers for pictures: the verbs of the service over rows in memory; nothing is sent.

The tour shows every state at once, which no real line would. Nothing else of the product uses it.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import NotFound
from desktop.domain.events import EventBus, TransferChanged, TransfersChanged
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.object_keys import video_key
from desktop.domain.transfers import (
    Destination,
    DestinationCheck,
    Direction,
    Limits,
    Moment,
    ObjectCheck,
    RateWindow,
    Remnant,
    Totals,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)
from desktop.services.gathering import Gathering, gather
from desktop.services.transfers import AccessKeys
from desktop.ui.models.transfers_text import BROKEN, RUNNING, WAITING

State = TransferState

MB = 1_000_000

DENIED = Fault(FaultKind.DENIED, "The account may not write to this bucket.", code="AccessDenied")

DESTINATIONS = (
    Destination("team", "Team bucket", "reels-of-the-team", "eu-central-1", profile="studio"),
    Destination(
        "archive", "Archive", "masters", endpoint_url="https://s3.archive.example",
        path_style=True, prefix="lectures/",
    ),
)  # fmt: skip


class ExampleTransfers:
    """Every verb that windows call, on rows that stay where they are put."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self.rows: list[Transfer] = []
        self.places: list[Destination] = []
        self.left: list[Remnant] = []
        self.paused_all = False
        self.speeds = Limits()

    def fill(self) -> None:
        """Show everything at once."""
        self.places = list(DESTINATIONS)
        self.rows = list(example_rows(time.time()))
        self.left = list(example_remnants(time.time()))
        self.speeds = Limits(
            rate=8 * MB,
            timetable=(
                RateWindow((0, 1, 2, 3, 4), 9 * 60, 17 * 60, 2 * MB),
                RateWindow((5, 6), 0, 24 * 60, 0),
            ),
        )
        self._bus.publish(TransfersChanged())

    def clear(self) -> None:
        """Have nothing to send any more."""
        self.rows = []
        self._bus.publish(TransfersChanged())

    # Reading

    async def page(
        self,
        *,
        text: str = "",
        states: frozenset[TransferState] = frozenset(),
        offset: int = 0,
        limit: int = 200,
    ) -> TransferPage:
        """Return rows: what is not over first, then newest first."""
        words = text.casefold().split()
        found = [
            row
            for row in self.rows
            if (not states or row.state in states)
            and all(word in f"{row.path} {row.key}".casefold() for word in words)
        ]
        found.sort(key=lambda row: row.state.over)
        return TransferPage(tuple(found[offset : offset + limit]), len(found), self.totals())

    async def standing(self) -> Totals:
        """Return how all transfers together stand."""
        return (await self.page(limit=1)).totals

    def totals(self) -> Totals:
        """Return all rows together."""
        active = [row for row in self.rows if row.state in RUNNING]
        left = [row.seconds_left for row in active if row.seconds_left is not None]
        return Totals(
            active=len(active),
            waiting=sum(row.state in WAITING for row in self.rows),
            failed=sum(row.state in BROKEN for row in self.rows),
            speed=sum(row.speed for row in active),
            seconds_left=sum(left) if left else None,
            rate_limit=self.speeds.rate,
            connections=12 if active else 0,
            paused=self.paused_all,
        )

    async def get(self, transfer_id: str) -> Transfer:
        """Return one row; raises NotFound."""
        for row in self.rows:
            if row.id == transfer_id:
                return row
        raise NotFound("This transfer is gone")

    async def history(self, transfer_id: str) -> tuple[Moment, ...]:
        """Return what happened to a transfer."""
        return example_history((await self.get(transfer_id)).created_at)

    async def verify(self, transfer_id: str) -> ObjectCheck:
        """Say that an object is as it was sent."""
        return ObjectCheck(intact=True, checksum=(await self.get(transfer_id)).checksum)

    # Going on and stopping

    def _change(self, ids: Sequence[str] | None, **changes: object) -> None:
        chosen = None if ids is None else set(ids)
        for place, row in enumerate(self.rows):
            if (chosen is None and not row.state.over) or (chosen and row.id in chosen):
                self.rows[place] = replace(row, **changes)  # type: ignore[arg-type]  # by name
                self._bus.publish(TransferChanged(self.rows[place]))
        self._bus.publish(TransfersChanged())

    async def pause(self, ids: Sequence[str] | None = None, *, hard: bool | None = None) -> None:
        """Pause rows; None: everything."""
        del hard
        self.paused_all |= ids is None
        self._change(ids, state=State.PAUSED, in_flight=0, speed=0.0, next_try_at=None)

    async def resume(self, ids: Sequence[str] | None = None) -> None:
        """Let rows go on; None: everything."""
        self.paused_all &= ids is not None
        self._change(ids, state=State.QUEUED)

    async def cancel(self, ids: Sequence[str]) -> None:
        """Stop rows for good."""
        self._change(ids, state=State.CANCELLED, in_flight=0)

    async def retry(self, ids: Sequence[str]) -> None:
        """Begin rows again."""
        self._change(ids, state=State.QUEUED, reason="", remedy="", fault=None, next_try_at=None)

    async def forget(self, ids: Sequence[str]) -> None:
        """Remove rows that are over."""
        self.rows = [row for row in self.rows if row.id not in ids or not row.state.over]
        self._bus.publish(TransfersChanged())

    async def move(self, ids: Sequence[str], before: str | None) -> None:
        """Put rows before another one; they take its priority."""
        moving = [row for row in self.rows if row.id in ids]
        others = [row for row in self.rows if row.id not in ids]
        places = [row.id for row in others]
        at = places.index(before) if before is not None else sum(not r.state.over for r in others)
        if before is not None:
            moving = [replace(row, priority=others[at].priority) for row in moving]
        self.rows = [*others[:at], *moving, *others[at:]]
        self._bus.publish(TransfersChanged())

    async def prioritise(self, ids: Sequence[str], priority: int) -> None:
        """Give rows another priority."""
        self._change(ids, priority=priority)

    async def limit(self, ids: Sequence[str], rate: int) -> None:
        """Limit rows."""
        self._change(ids, rate_limit=rate)

    async def limits(self) -> Limits:
        """Return the limits of everything."""
        return self.speeds

    async def set_limits(self, limits: Limits) -> None:
        """Take other limits."""
        self.speeds = limits
        self._bus.publish(TransfersChanged())

    # Adding

    async def upload(self, requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        """Queue files."""
        made = [self._queued(request) for request in requests]
        self.rows = [*made, *self.rows]
        self._bus.publish(TransfersChanged())
        return tuple(row.id for row in made)

    def _queued(self, request: UploadRequest) -> Transfer:
        place = next(one for one in self.places if one.id == request.destination)
        return _row(
            f"new{len(self.rows)}", request.path, place, 12 * MB, State.QUEUED, time.time(),
            key=f"{place.prefix}{request.key}", batch=request.batch,
        )  # fmt: skip

    async def gather(self, paths: Sequence[Path], prefix: str = "") -> Gathering:
        """Return what would be uploaded."""
        return await asyncio.to_thread(gather, paths, prefix)

    async def upload_gathered(
        self, found: Gathering, destination_id: str, *, replace: bool = False
    ) -> tuple[str, ...]:
        """Queue what was found under its names."""
        return await self.upload(
            [
                UploadRequest(str(file.path), destination_id, file.key, replace=replace)
                for file in found.files
            ]
        )

    async def upload_version(
        self, video_id: str, number: int, destination_id: str, *, replace: bool = False
    ) -> tuple[str, ...]:
        """Queue the film of a version."""
        key = video_key("p1", video_id, number)
        return await self.upload(
            [UploadRequest(f"{video_id}.mp4", destination_id, key, replace=replace)]
        )

    # Places

    async def destinations(self) -> tuple[Destination, ...]:
        """Return where things can go."""
        return tuple(self.places)

    async def save_destination(
        self, destination: Destination, keys: AccessKeys | None = None
    ) -> Destination:
        """Keep a destination."""
        del keys
        self.places = [one for one in self.places if one.id != destination.id] + [destination]
        return destination

    async def remove_destination(self, destination_id: str) -> None:
        """Remove a destination."""
        self.places = [one for one in self.places if one.id != destination_id]

    async def profiles(self) -> tuple[str, ...]:
        """Return the AWS profiles of this computer."""
        return ("studio", "personal")

    async def check(self, destination_id: str) -> DestinationCheck:
        """Say that a destination works, except for one that does not."""
        if destination_id == "archive":
            return DestinationCheck(ok=False, fault=DENIED)
        return DestinationCheck(ok=True, region="eu-central-1", checksums="crc64nvme")

    async def remnants(self, destination_id: str) -> tuple[Remnant, ...]:
        """Return what lies unfinished at a destination."""
        return tuple(one for one in self.left if one.destination == destination_id)

    async def abort(self, remnant: Remnant) -> None:
        """Remove what is left of an upload."""
        self.left.remove(remnant)


def _row(
    key_of: str, path: str, place: Destination, size: int, state: TransferState, at: float,
    **more: object,
) -> Transfer:  # fmt: skip
    name = Path(path).name
    values: dict[str, object] = {"key": f"{place.prefix}{name}", "part_size": 8 * MB, **more}
    values.setdefault("parts", -(-size // (8 * MB)))
    values.setdefault("parts_done", values["parts"] if state is State.DONE else 0)
    return Transfer(
        id=key_of, direction=Direction.UPLOAD, path=path, destination=place.id,
        bucket=place.bucket, size=size, state=state, created_at=at, **values,  # type: ignore[arg-type]  # by name
    )  # fmt: skip


def example_rows(now: float) -> tuple[Transfer, ...]:
    """Return one row of every kind."""
    team, archive = DESTINATIONS
    done = {"finished_at": now - 900, "etag": '"9f1c-12"', "checksum": "crc64nvme:8Xk0bJ1fYpE="}
    kinds: tuple[tuple[str, Destination, int, TransferState, dict[str, object]], ...] = (
        ("The chain rule final.mp4", team, 812, State.ACTIVE, {
            "confirmed": 577 * MB, "in_flight": 48 * MB, "speed": 4.2 * MB, "seconds_left": 56.0,
            "resumed_from": 576 * MB, "sent_again": 6 * MB, "parts_done": 72, "attempts": 2,
            "upload_id": "VXBsb2FkIElEIGZvciBwaWN0dXJlcw", "started_at": now - 240}),
        ("Limits from both sides.mp4", team, 294, State.ACTIVE, {
            "confirmed": 61 * MB, "in_flight": 32 * MB, "speed": 2.9 * MB, "seconds_left": 80.0,
            "priority": 1}),
        ("Quicksort, step by step.mov", archive, 1_940, State.ACTIVE, {
            "confirmed": 204 * MB, "in_flight": 64 * MB, "speed": 0.9 * MB,
            "seconds_left": 1_930.0, "rate_limit": 1 * MB}),
        ("Fourier series of a square wave.mp4", team, 96, State.VERIFYING,
         {"confirmed": 96 * MB}),
        ("Entropy of a coin.mp4", archive, 410, State.WAITING_NETWORK, {
            "confirmed": 150 * MB, "reason": "The connection to s3.archive.example was cut.",
            "next_try_at": now + 8.4, "attempts": 3}),
        ("Bayes at the doctor.mp4", team, 350, State.WAITING_RETRY, {
            "confirmed": 32 * MB, "reason": "The service asks to be slower.",
            "next_try_at": now + 26.0, "attempts": 2}),
        ("Why the determinant is a volume.mp4", team, 505, State.QUEUED, {}),
        ("Eigenvectors.mp4", team, 227, State.QUEUED, {"rate_limit": 2 * MB, "priority": -1}),
        ("Dijkstra on a map.mp4", archive, 188, State.PAUSED, {"confirmed": 120 * MB}),
        ("Pythagoras without words.mp4", archive, 74, State.FAILED, {
            "reason": DENIED.message, "fault": DENIED, "finished_at": now - 300,
            "remedy": "Ask for the right to write to “masters”, then try again."}),
        ("How a transformer attends.mp4", team, 660, State.SOURCE_CHANGED, {
            "confirmed": 310 * MB, "finished_at": now - 400,
            "reason": "The file was written to while it was sent.",
            "remedy": "Try again: it is sent from the beginning, as it is now."}),
        ("Introduction.mp4", team, 143, State.DONE, done),
        ("Chapter 1.mp4", team, 388, State.DONE, done),
        ("Chapter 2, first cut.mp4", team, 402, State.CANCELLED, {"finished_at": now - 4_000}),
    )  # fmt: skip
    return tuple(
        _row(f"t{place:02}", f"~/Videos/{name}", where, size * MB, state, now - 1_800, **more)
        for place, (name, where, size, state, more) in enumerate(kinds)
    )


def example_remnants(now: float) -> tuple[Remnant, ...]:
    """Return some unfinished uploads."""
    day = 86_400
    return (
        Remnant("team", "reels-of-the-team", "The chain rule final.mp4", "a", now - 600,
                577 * MB, 72, ours=True),
        Remnant("team", "reels-of-the-team", "tests/old take 3.mp4", "b", now - 12 * day,
                1_280 * MB, 160, ours=False, abort_at=now + 2 * day),
        Remnant("archive", "masters", "lectures/Vectors.mov", "c", now - 41 * day,
                310 * MB, 38, ours=False),
    )  # fmt: skip


def example_history(begun: float) -> tuple[Moment, ...]:
    """Return a history with a crash in it."""
    parts = tuple(
        Moment(begun + 10 + second, "part", f"Part {second + 1} arrived") for second in range(71)
    )
    return (
        Moment(begun, "added", "Added to the queue"),
        Moment(begun + 2, "created", "Upload begun at the service"),
        *parts,
        Moment(begun + 95, "fault", "The connection was cut"),
        Moment(begun + 96, "retry", "Trying again in 1.4 s"),
        Moment(begun + 640, "resumed", "Resumed at 71 %, 6 MB sent again"),
        Moment(begun + 650, "part", "Part 72 arrived"),
    )
