"""Uploads one at a time, for agents and services that want a result and no list.

A thin face over the engine, which does the work in its own process: what is asked for here
survives the end of this process, and a failure never throws away what was sent. The size of parts
is the ledger's, whatever it was when an upload began.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from desktop.cloud.values import ChecksumKind
from desktop.domain.errors import InvalidInput, NotFound, Refused, StudioError, Unavailable
from desktop.domain.events import Event, TransferChanged, TransfersProgressed
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import (
    Destination,
    Direction,
    Encryption,
    ObjectCheck,
    Remnant,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
    UploadTask,
)

LOOK_AGAIN = 1.0
"""Seconds after which an upload is looked at, should what was told of it be lost."""

CHUNK = 1_000

Told = Callable[[UploadTask], None]
"""Hears how far an upload is; its bytes never go backwards."""


class Engine(Protocol):
    """What is asked of the engine here."""

    def subscribe(self, receive: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``receive`` for every event; the result unsubscribes."""

    async def upload(self, requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        """Queue files."""

    async def get(self, transfer_id: str) -> Transfer:
        """Return one row."""

    async def page(
        self,
        *,
        text: str = "",
        states: frozenset[TransferState] = frozenset(),
        offset: int = 0,
        limit: int = 200,
    ) -> TransferPage:
        """Return rows."""

    async def resume(self, ids: Sequence[str] | None = None) -> None:
        """Go on."""

    async def retry(self, ids: Sequence[str]) -> None:
        """Try again."""

    async def cancel(self, ids: Sequence[str]) -> None:
        """Stop for good."""

    async def parts(self, transfer_id: str) -> tuple[int, ...]:
        """Return which parts were acknowledged."""

    async def verify(self, transfer_id: str) -> ObjectCheck:
        """Ask the service whether what was sent is still there."""

    async def remnants(self, destination: str) -> tuple[Remnant, ...]:
        """Return unfinished uploads at the service."""

    async def abort(self, remnant: Remnant) -> None:
        """Abort one of them."""


class MultipartUploadHandler:
    """Uploads to one destination."""

    def __init__(self, engine: Engine, destination: Destination) -> None:
        """The engine must know the destination already."""
        self._engine = engine
        self._destination = destination

    async def upload_large_file(
        self,
        file_path: str,
        s3_key: str,
        extra_args: Mapping[str, Any] | None = None,
        callback: Told | None = None,
    ) -> str:
        """Upload a file and return its ``s3://`` address once the service has confirmed it.

        ``extra_args`` may have ``Metadata``, ``ContentType``, ``ContentEncoding: gzip`` (the file
        is compressed on its way) and ``IfNoneMatch: *``; encryption is the destination's. Who
        stops waiting does not stop the upload. Raises StudioError, with the remedy.
        """
        usual = UploadRequest(file_path, self._destination.id, s3_key, replace=True)
        request = replace(usual, **_chosen(extra_args or {}, self._destination))
        (transfer_id,) = await self._engine.upload([request])
        return await self._finished(transfer_id, callback)

    async def resume_upload(
        self, upload_id: str, file_path: str, s3_key: str, callback: Told | None = None
    ) -> str:
        """Go on with an upload that was paused, failed or broken off; return its address.

        Parts that the service has are kept. Raises NotFound for an upload that the ledger does not
        know: nobody could tell how its parts were cut, and guessing would mix the object up.
        """
        row = await self._known(upload_id, s3_key)
        if row is None:
            raise NotFound(
                "This upload is not in the list of transfers",
                f"Nobody here knows how {s3_key} was cut into parts.",
                "Abort it and upload the file again.",
            )
        if not _same_place(row.path, file_path):
            raise InvalidInput(
                "The upload is of another file",
                f"It was begun with {row.path}.",
                "Go on with that file, or abort the upload.",
            )
        if row.state is TransferState.PAUSED:
            await self._engine.resume([row.id])
        elif row.state.over and row.state is not TransferState.DONE:
            await self._engine.retry([row.id])
        return await self._finished(row.id, callback)

    async def abort_upload(self, upload_id: str, s3_key: str) -> bool:
        """Give an upload up and remove its parts; false when there was nothing to remove."""
        row = await self._known(upload_id, s3_key)
        if row is not None and not row.state.over:
            await self._engine.cancel([row.id])
            return (await self._over(row.id, None)).state is TransferState.CANCELLED
        for remnant in await self._engine.remnants(self._destination.id):
            if (remnant.upload_id, remnant.key) == (upload_id, self._complete(s3_key)):
                await self._engine.abort(remnant)
                return True
        return False

    def calculate_progress(self, uploaded_parts: int, total_parts: int) -> float:
        """Return how much is done, in percent; parts that were sent twice count once."""
        if total_parts <= 0:
            return 0.0
        return min(100.0, max(0.0, uploaded_parts / total_parts * 100.0))

    async def verify_upload_integrity(self, file_path: str, s3_key: str) -> bool:
        """Tell whether a file is what the service has under this key, by its checksum.

        A file that was compressed on its way is compressed again: the same bytes come of it.
        The service is asked each time: what was replaced or removed there is noticed. An ETag is
        never taken for the MD5 of a file: under KMS, and of anything sent in parts, it is none.
        Raises NotFound when nothing was sent under the key, Unavailable where the service cannot be
        asked or vouches for no checksum of the whole.
        """
        row = await self._sent(s3_key)
        there = await self._engine.verify(row.id)
        if not there.intact:
            return False
        kind, colon, checksum = there.checksum.partition(":")
        whole = {one.value for one in ChecksumKind if one.whole}
        if not colon or kind not in whole:
            raise Unavailable(
                "The service has no checksum of the whole object",
                f"{row.key} was checked part by part while it was sent.",
                "Download it to compare it.",
            )
        compare = _is_same_compressed if there.compressed else _is_same
        return await asyncio.to_thread(compare, Path(file_path), row.size, kind, checksum)

    async def task(self, transfer_id: str) -> UploadTask:
        """Return how an upload stands; raises NotFound."""
        return await self._task(await self._engine.get(transfer_id))

    async def _task(self, row: Transfer) -> UploadTask:
        return task_of(row, await self._engine.parts(row.id))

    def _complete(self, s3_key: str) -> str:
        return self._destination.prefix + s3_key

    async def _known(self, upload_id: str, s3_key: str) -> Transfer | None:
        rows = await self._rows(s3_key)
        return next((row for row in rows if upload_id in {row.upload_id, row.id}), None)

    async def _sent(self, s3_key: str) -> Transfer:
        """Return the transfer that put what is under the key there."""
        done = [row for row in await self._rows(s3_key) if row.state is TransferState.DONE]
        if not done:
            raise NotFound(
                f"Nothing was uploaded as {s3_key}", remedy="Upload it, or check the name."
            )
        return max(done, key=lambda row: (row.finished_at or 0.0, row.id))

    async def _rows(self, s3_key: str) -> list[Transfer]:
        key, offset, found = self._complete(s3_key), 0, []
        while True:
            page = await self._engine.page(text=key, offset=offset, limit=CHUNK)
            found += [row for row in page.transfers if self._is_ours(row, key)]
            offset += len(page.transfers)
            if not page.transfers or offset >= page.total:
                return found

    def _is_ours(self, row: Transfer, key: str) -> bool:
        ours = (Direction.UPLOAD, self._destination.id, key)
        return (row.direction, row.destination, row.key) == ours

    async def _finished(self, transfer_id: str, callback: Told | None) -> str:
        row = await self._over(transfer_id, callback)
        if row.state is not TransferState.DONE:
            raise failure(row)
        return f"s3://{row.bucket}/{row.key}"

    async def _over(self, transfer_id: str, callback: Told | None) -> Transfer:
        """Wait until an upload is over, telling how far it is meanwhile."""
        news = asyncio.Event()
        highest = -1

        def hear(event: Event) -> None:
            if any(row.id == transfer_id for row in _rows_in(event)):
                news.set()

        unsubscribe = self._engine.subscribe(hear)
        try:
            while True:
                news.clear()
                row = await self._engine.get(transfer_id)
                if callback is not None and (row.confirmed > highest or row.state.over):
                    highest = max(highest, row.confirmed)
                    callback(await self._task(row))
                if row.state.over:
                    return row
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN):
                        await news.wait()
        finally:
            unsubscribe()


def _same_place(one: str, other: str) -> bool:
    return Path(one).absolute() == Path(other).absolute()


def _rows_in(event: Event) -> tuple[Transfer, ...]:
    if isinstance(event, TransferChanged):
        return (event.transfer,)
    return event.transfers if isinstance(event, TransfersProgressed) else ()


_ENCRYPTIONS = {Encryption.S3: "AES256", Encryption.KMS: "aws:kms"}


def _chosen(extra_args: Mapping[str, Any], destination: Destination) -> dict[str, Any]:
    """Return what ``extra_args`` say of a request; None stands for what was not said."""
    said = {name: value for name, value in extra_args.items() if value is not None}
    encryption = said.pop("ServerSideEncryption", None)
    if encryption not in {None, _ENCRYPTIONS.get(destination.encryption)}:
        raise _unknown("ServerSideEncryption", "Choose the encryption of the destination.")
    if said.pop("SSEKMSKeyId", destination.kms_key_id) != destination.kms_key_id:
        raise _unknown("SSEKMSKeyId", "Choose the key of the destination.")
    changes: dict[str, Any] = {}
    for name, value in said.items():
        match name, value:
            case "Metadata", {**items}:
                changes["metadata"] = tuple((str(key), str(item)) for key, item in items.items())
            case "ContentType", str():
                changes["content_type"] = value
            case "ContentEncoding", "gzip":
                changes["compress"] = True
            case "IfNoneMatch", "*":
                changes["replace"] = False
            case _:
                raise _unknown(name, "Leave it out.")
    return changes


def _unknown(name: str, remedy: str) -> InvalidInput:
    return InvalidInput(f"An upload cannot be given {name} like this", remedy=remedy)


def _is_same(path: Path, size: int, kind: str, checksum: str) -> bool:
    from desktop.cloud import checksums  # noqa: PLC0415 - brings AWS's library along

    try:
        with path.open("rb") as file:
            if path.stat().st_size != size:
                return False
            found = checksums.of_range(file.fileno(), 0, size, ChecksumKind(kind))
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}") from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be read", error.strerror or str(error)) from error
    return found == checksum


def _is_same_compressed(path: Path, size: int, kind: str, checksum: str) -> bool:
    from desktop.cloud.errors import CloudFault  # noqa: PLC0415 - brings AWS's library along
    from desktop.cloud.line import Line  # noqa: PLC0415 - as above
    from desktop.transfers.engine.sources import compress  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder:
        form = Path(folder) / "compressed"
        try:
            with path.open("rb") as file:
                compress(file.fileno(), form, Line())
        except FileNotFoundError as error:
            raise NotFound(f"There is no file {path}") from error
        except (OSError, CloudFault) as error:
            raise Unavailable(f"{path} could not be compressed", str(error)) from error
        return _is_same(form, size, kind, checksum)


_REFUSALS = {FaultKind.DENIED, FaultKind.EXISTS, FaultKind.SOURCE_CHANGED}
_MISSING = {FaultKind.NO_BUCKET, FaultKind.NO_OBJECT, FaultKind.SOURCE_GONE}


def failure(row: Transfer) -> StudioError:
    """Return the error for a transfer that is over and not done."""
    name = Path(row.path).name
    if row.state is TransferState.CANCELLED:
        return Refused(f"The transfer of {name} was cancelled")
    kind = row.fault.kind if row.fault else FaultKind.UNKNOWN
    title = f"{name} was not transferred"
    if kind in _REFUSALS:
        return Refused(title, row.reason, row.remedy)
    return (NotFound if kind in _MISSING else Unavailable)(title, row.reason, row.remedy)


def task_of(row: Transfer, parts: tuple[int, ...]) -> UploadTask:
    """Return an upload as agents and services see it; ``parts`` are those that have arrived."""
    return UploadTask(
        task_id=row.id,
        file_path=row.path,
        s3_bucket=row.bucket,
        s3_key=row.key,
        file_size=row.size,
        bytes_uploaded=row.size if row.state is TransferState.DONE else row.confirmed,
        upload_id=row.upload_id or None,
        parts_uploaded=parts,
        status=row.state.status,
        error_message=(row.reason or None) if row.state.over else None,
        retry_count=row.attempts,
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.finished_at if row.state is TransferState.DONE else None,
    )
