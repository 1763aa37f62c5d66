"""How transfers are written in the columns of the ledger, and read from them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import (
    Direction,
    DownloadRequest,
    Transfer,
    TransferState,
    UploadRequest,
)
from desktop.domain.uploads import Download, ObjectSeen, Part, Source, Stamp, Upload
from desktop.storage.rows import Row

Either = Upload | Download

COLUMNS = (
    "id", "direction", "path", "destination", "bucket", "key", "size", "state", "created_at",
    "reason", "remedy", "fault", "priority", "position", "rate_limit", "confirmed", "in_flight",
    "next_try_at", "part_size", "parts", "parts_done", "sent_again", "resumed_from", "attempts",
    "upload_id", "etag", "checksum", "started_at", "finished_at", "batch",
)  # fmt: skip
"""Columns that are fields of a row of the same name."""

SELECTED = ", ".join(COLUMNS)

PERSONAL = {"priority", "position", "rate_limit"}
"""What only a person changes: machines do not write it."""


def values_of(row: Transfer) -> dict[str, object]:
    """Return the columns of a row by name."""
    values: dict[str, object] = {name: getattr(row, name) for name in COLUMNS}
    values["direction"] = row.direction.value
    values["state"] = row.state.value
    values["fault"] = None if row.fault is None else json.dumps(asdict(row.fault))
    values["is_over"] = int(row.state.over)
    values["words"] = f"{row.path}\n{row.bucket}/{row.key}".casefold()
    return values


def transfer_of(row: Row) -> Transfer:
    """Return the row of a person's list from columns in the order of ``COLUMNS``."""
    values: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    values["direction"] = Direction(values["direction"])
    values["state"] = TransferState(values["state"])
    values["fault"] = _fault_of(values["fault"])
    return Transfer(**values)


def upload_values(upload: Upload) -> dict[str, object]:
    """Return what only uploads have, by column."""
    return {
        "request": json.dumps(asdict(upload.request)),
        "nonce": upload.nonce,
        "source": None if upload.source is None else json.dumps(asdict(upload.source)),
        "checksums": upload.checksums,
        "creating_at": upload.creating_at,
        "unconditional": int(upload.unconditional),
        "largest_part": upload.largest_part,
    }


def download_values(download: Download) -> dict[str, object]:
    """Return what only downloads have, by column."""
    seen = None if download.seen is None else json.dumps(asdict(download.seen))
    return {"request": json.dumps(asdict(download.request)), "seen": seen}


UPLOAD_COLUMNS = "request, nonce, source, checksums, creating_at, unconditional, largest_part"
DOWNLOAD_COLUMNS = "request, seen"


def upload_of(transfer: Transfer, row: Row, parts: Mapping[int, Part]) -> Upload:
    """Return an upload from its row, its own columns and its parts."""
    request, nonce, source, checksums, creating_at, unconditional, largest_part = row
    asked = json.loads(request)
    asked["metadata"] = tuple((name, value) for name, value in asked["metadata"])
    upload = Upload(
        transfer,
        UploadRequest(**asked),
        nonce,
        source=_source_of(source),
        checksums=checksums,
        creating_at=creating_at,
        unconditional=bool(unconditional),
        largest_part=largest_part,
        parts=MappingProxyType(dict(parts)),
    )
    # What parts say is what counts, unless the object is there and they are of the past.
    return upload if transfer.etag else upload.with_parts(upload.parts)


def download_of(transfer: Transfer, row: Row, parts: Mapping[int, Part]) -> Download:
    """Return a download from its row, its own columns and its parts."""
    request, seen = row
    found = None if seen is None else ObjectSeen(**json.loads(seen))
    kept = MappingProxyType(dict(parts))
    download = Download(transfer, DownloadRequest(**json.loads(request)), found, kept)
    return download if transfer.state.over else download.with_parts(kept)


def _source_of(text: str | None) -> Source | None:
    if text is None:
        return None
    values = json.loads(text)
    return Source(Stamp(**values.pop("stamp")), **values)


def _fault_of(text: str | None) -> Fault | None:
    if text is None:
        return None
    values = json.loads(text)
    return Fault(FaultKind(values.pop("kind")), **values)
