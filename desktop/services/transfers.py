"""Sending and fetching: what a person can do with transfers, whoever moves the bytes.

The engine is only started when it is needed: by the first call that cannot be answered without
it, or by a window that opens and finds unfinished transfers.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace as changed
from pathlib import Path

from ulid import ULID

from desktop.cloud.credentials import AccessKeys
from desktop.domain.errors import Conflict, StudioError
from desktop.domain.events import EventBus, TransferChanged, TransfersChanged
from desktop.domain.rates import parse_timetable, write_timetable
from desktop.domain.transfers import (
    NORMAL,
    Destination,
    DestinationCheck,
    DownloadRequest,
    Limits,
    Moment,
    ObjectCheck,
    Remnant,
    Totals,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)
from desktop.services.destinations import Destinations, weaknesses
from desktop.services.engine_link import MEGABYTE, EngineLink
from desktop.services.gathering import Gathering, gather, nothing_to_upload
from desktop.services.library import LibraryService
from desktop.services.settings import SettingsService
from desktop.services.transfer_engine import Backlog, TransferEngine
from desktop.services.values import Check, CheckState
from desktop.services.version_parcel import parcel

__all__ = ["AccessKeys", "Backlog", "TransferEngine", "TransferService"]

UNFINISHED = frozenset(state for state in TransferState if not state.over)

LOOK_AGAIN = 2.0
"""Seconds after which transfers that are waited for are looked at, should an event be lost."""

CHUNK = 1_000
"""Rows read at once where all are wanted."""


class TransferService:
    """Everything a person can do with transfers, and with the places they go to."""

    def __init__(
        self,
        link: EngineLink,
        destinations: Destinations,
        settings: SettingsService,
        library: LibraryService,
        bus: EventBus,
    ) -> None:
        self._link = link
        self._destinations = destinations
        self._settings = settings
        self._library = library
        self._bus = bus

    def start(self) -> None:
        """Let what was left unfinished go on; looks for it in the background."""
        self._link.take_up()

    async def close(self) -> None:
        """Leave the engine; what it has to do it does without us."""
        await self._link.close()

    # Where things go

    async def destinations(self) -> tuple[Destination, ...]:
        """Return where things may go, by name."""
        return (await self._destinations.known()).destinations

    async def profiles(self) -> tuple[str, ...]:
        """Return the names of AWS profiles on this computer, ``default`` first."""
        return await self._destinations.profiles()

    async def signing(self) -> dict[str, str]:
        """Return in words what signs in at each destination, by its id."""
        return await self._destinations.signing()

    async def warnings(self, destination: Destination) -> tuple[str, ...]:
        """Return what a person should know of a destination, without asking the service."""
        known = await self._destinations.known()
        return weaknesses(destination, known.of(destination.id))

    async def save_destination(
        self, destination: Destination, keys: AccessKeys | None = None
    ) -> Destination:
        """Add or change a destination; ``keys`` replace those it had, None leaves them.

        Raises InvalidInput for what cannot work, Unavailable when it cannot be saved.
        """
        saved = await self._destinations.save(destination, keys)
        self._link.tell_soon()
        return saved

    async def remove_destination(self, destination_id: str) -> None:
        """Remove a destination and its keys; what lies in the bucket stays there.

        Raises Conflict while something is on its way there.
        """
        going = [one for one in await self.unfinished() if one.destination == destination_id]
        if going:
            raise Conflict(
                "Something is still on its way to this destination",
                f"{going[0].key} and {len(going) - 1} more." if going[1:] else f"{going[0].key}.",
                "Let it finish, or cancel it first.",
            )
        await self._destinations.remove(destination_id)
        self._link.tell_soon()

    async def check(self, destination_id: str) -> DestinationCheck:
        """Try whether a destination can be reached and written to.

        Raises NotFound, and Unavailable when its keys cannot be read.
        """
        found = await (await self._link.ready([destination_id])).check(destination_id)
        weak = await self.warnings(await self._destinations.get(destination_id))
        return changed(found, warnings=(*found.warnings, *weak))

    async def remnants(self, destination_id: str) -> tuple[Remnant, ...]:
        """Return unfinished uploads that lie at a destination."""
        return await (await self._link.ready([destination_id])).remnants(destination_id)

    async def abort(self, remnant: Remnant) -> None:
        """Abort an unfinished upload at the service, for good."""
        await (await self._link.ready([remnant.destination])).abort(remnant)

    # How fast

    async def limits(self) -> Limits:
        """Return how much of the line transfers may take."""
        return (await self._link.situation())[1]

    async def set_limits(self, limits: Limits) -> None:
        """Put limits in force at once, and keep them.

        Raises InvalidInput for hours of no length.
        """
        timetable = write_timetable(limits.timetable)
        parse_timetable(timetable)  # what could not be read again would be lost
        await self._destinations.limit(dict(limits.destinations))
        current = self._settings.current
        transfers = changed(
            current.transfers,
            connections=limits.connections,
            rate_limit_mb=limits.rate / MEGABYTE,
            timetable=timetable,
        )
        await self._settings.save(changed(current, transfers=transfers))
        self._link.tell_soon()

    # What is sent and fetched

    async def gather(self, paths: Sequence[Path], prefix: str = "") -> Gathering:
        """Return which files of ``paths`` would be uploaded under which names, and what not."""
        return await asyncio.to_thread(gather, paths, prefix)

    async def upload_files(
        self,
        paths: Sequence[Path],
        destination_id: str,
        prefix: str = "",
        *,
        replace: bool = False,
    ) -> tuple[str, ...]:
        """Queue files and what is in folders; return the ids of their transfers.

        Raises InvalidInput when there is no file among them; ``gather`` tells what is left out.
        """
        found = await self.gather(paths, prefix)
        return await self.upload_gathered(found, destination_id, replace=replace)

    async def upload_gathered(
        self,
        found: Gathering,
        destination_id: str,
        *,
        replace: bool = False,
        compress: bool = False,
        rate_limit: int = 0,
    ) -> tuple[str, ...]:
        """Queue what ``gather`` found, as one batch."""
        if not found.files:
            raise nothing_to_upload(found)
        batch = str(ULID())
        return await self.upload(
            [
                UploadRequest(
                    str(file.path),
                    destination_id,
                    file.key,
                    rate_limit=rate_limit,
                    replace=replace,
                    compress=compress,
                    batch=batch,
                )
                for file in found.files
            ]
        )

    async def upload_version(
        self,
        video_id: str,
        number: int,
        destination_id: str,
        *,
        replace: bool = False,
        priority: int = NORMAL,
    ) -> tuple[str, ...]:
        """Queue the film of a version, and its code as gzip, each under the key of its own.

        Raises NotFound for a version whose film is gone.
        """
        usual = UploadRequest("", destination_id, "", priority=priority, replace=replace)
        return await self.upload(await parcel(self._library, video_id, number, usual))

    async def upload(self, requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        """Queue files; return the ids of their transfers, in order.

        Raises InvalidInput for what can never be sent, NotFound for a file or destination that is
        not there, Unavailable when keys cannot be read or there is no engine.
        """
        engine = await self._link.ready(request.destination for request in requests)
        return await engine.upload(requests)

    async def download(self, requests: Sequence[DownloadRequest]) -> tuple[str, ...]:
        """Queue objects; return the ids of their transfers. Raises as ``upload`` does."""
        engine = await self._link.ready(request.destination for request in requests)
        return await engine.download(requests)

    # The list

    async def page(
        self,
        *,
        text: str = "",
        states: frozenset[TransferState] = frozenset(),
        offset: int = 0,
        limit: int = 200,
    ) -> TransferPage:
        """Return rows in the order of the list; needs no engine while there was never one."""
        if not self._link.connected and not (await self._link.backlog()).exists:
            return TransferPage((), 0)
        engine = await self._link.connect()
        return await engine.page(text=text, states=states, offset=offset, limit=limit)

    async def standing(self) -> Totals:
        """Return how all transfers together stand; starts no engine when none has work."""
        if not self._link.connected:
            backlog = await self._link.backlog()
            if not backlog.unfinished and not backlog.process:
                return Totals()
        return (await self.page(limit=1)).totals

    async def unfinished(self) -> tuple[Transfer, ...]:
        """Return every transfer that is not over."""
        found: list[Transfer] = []
        while True:
            page = await self.page(states=UNFINISHED, offset=len(found), limit=CHUNK)
            found.extend(page.transfers)
            if not page.transfers or len(found) >= page.total:
                return tuple(found)

    async def uploads_left(self) -> int:
        """Return how many transfers would go on without this window; starts no engine for it."""
        if not self._link.connected:
            return 0
        try:
            return (await self.page(states=UNFINISHED, limit=1)).total
        except StudioError:
            return 0

    async def get(self, transfer_id: str) -> Transfer:
        """Return one row; raises NotFound."""
        return await (await self._link.connect()).get(transfer_id)

    async def history(self, transfer_id: str) -> tuple[Moment, ...]:
        """Return what happened to a transfer, oldest first."""
        return await (await self._link.connect()).history(transfer_id)

    async def verify(self, transfer_id: str) -> ObjectCheck:
        """Ask the service whether what was sent is still there, unchanged.

        Raises NotFound, Refused for what is no finished upload, Unavailable.
        """
        row = await self.get(transfer_id)
        return await (await self._link.ready([row.destination])).verify(transfer_id)

    async def wait(self, ids: Sequence[str]) -> tuple[Transfer, ...]:
        """Wait until transfers are over, and return them in the same order."""
        news = asyncio.Event()
        unsubscribe = [
            self._bus.subscribe(TransferChanged, lambda _event: news.set()),
            self._bus.subscribe(TransfersChanged, lambda _event: news.set()),
        ]
        try:
            over: dict[str, Transfer] = {}
            while True:
                news.clear()
                for transfer_id in ids:
                    if transfer_id not in over and (row := await self.get(transfer_id)).state.over:
                        over[transfer_id] = row
                if len(over) == len(set(ids)):
                    return tuple(over[transfer_id] for transfer_id in ids)
                try:
                    async with asyncio.timeout(LOOK_AGAIN):
                        await news.wait()
                except TimeoutError:
                    continue
        finally:
            for end in unsubscribe:
                end()

    # What is done to them

    async def pause(self, ids: Sequence[str] | None = None, *, hard: bool | None = None) -> None:
        """Pause transfers; None: everything, and what is added later. ``hard`` as it is set."""
        chosen = self._settings.current.transfers.pause_at_once if hard is None else hard
        await (await self._link.connect()).pause(ids, hard=chosen)

    async def resume(self, ids: Sequence[str] | None = None) -> None:
        """Go on; None: with everything."""
        await (await self._link.ready()).resume(ids)

    async def cancel(self, ids: Sequence[str]) -> None:
        """Stop for good, and remove what lies at the service."""
        await (await self._link.connect()).cancel(ids)

    async def retry(self, ids: Sequence[str]) -> None:
        """Try again; a file that was changed is sent as it is now."""
        await (await self._link.ready()).retry(ids)

    async def forget(self, ids: Sequence[str]) -> None:
        """Remove rows that are over; nothing at the service changes."""
        await (await self._link.connect()).forget(ids)

    async def move(self, ids: Sequence[str], before: str | None) -> None:
        """Put rows before another one, None: last; they take its priority."""
        await (await self._link.connect()).move(ids, before)

    async def prioritise(self, ids: Sequence[str], priority: int) -> None:
        """Give rows another priority."""
        await (await self._link.connect()).prioritise(ids, priority)

    async def limit(self, ids: Sequence[str], rate: int) -> None:
        """Limit each of these to so many bytes per second; 0: not at all."""
        await (await self._link.connect()).limit(ids, rate)

    async def report(self) -> Check:
        """Say how transfers stand, without starting anything."""
        backlog = await self._link.backlog()
        count = len(await self.destinations())
        if backlog.problem:
            return Check(
                "Transfers",
                CheckState.ERROR,
                backlog.problem,
                "Open the transfers in the window: it offers to set the damaged record aside.",
            )
        places = f"{count} destination{'' if count == 1 else 's'}" if count else "No destination"
        engine = f"engine runs as process {backlog.process}" if backlog.process else "engine rests"
        return Check(
            "Transfers", CheckState.OK, f"{places}, {backlog.unfinished} unfinished, {engine}"
        )
