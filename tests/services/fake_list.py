"""The list of transfers as every engine orders and counts it."""

import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.cloud import checksums
from desktop.cloud.values import ChecksumKind
from desktop.domain.errors import Refused
from desktop.domain.transfers import (
    Direction,
    DownloadRequest,
    Limits,
    Moment,
    ObjectCheck,
    Totals,
    Transfer,
    TransferState,
    UploadRequest,
)

State = TransferState

WAITING = {State.QUEUED, State.PAUSED, State.WAITING_NETWORK, State.WAITING_RETRY}
RUNNING = {State.CREATING, State.ACTIVE, State.COMPLETING, State.VERIFYING}
BROKEN = {State.FAILED, State.SOURCE_CHANGED}


@dataclass
class Row:
    transfer: Transfer
    request: UploadRequest | DownloadRequest
    moments: list[Moment]


def in_order(rows: Iterable[Transfer]) -> list[Transfer]:
    """Return what is not over by turn, then what is over, the newest first."""
    every = list(rows)
    living = [one for one in every if not one.state.over]
    over = [one for one in every if one.state.over]
    living.sort(key=lambda one: (-one.priority, one.position))
    return living + sorted(over, key=lambda one: one.id, reverse=True)


def totals(rows: Sequence[Transfer], limits: Limits, *, paused: bool) -> Totals:
    states = [row.state for row in rows]
    return Totals(
        active=sum(state in RUNNING for state in states),
        waiting=sum(state in WAITING for state in states),
        failed=sum(state in BROKEN for state in states),
        rate_limit=limits.rate,
        paused=paused,
    )


def moved(row: Transfer, size: int, step: int, steps: int) -> Transfer:
    """Return a row as it is when so many of its pieces have arrived."""
    return replace(row, size=size, confirmed=size * step // steps, parts=steps, parts_done=step)


def packed(data: bytes) -> bytes:
    """Return gzip as the real engine makes it: the same of the same contents."""
    form = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, form, mtime=0) as file:
        file.write(data)
    return form.getvalue()


def verified(known: Row, buckets: Mapping[str, Mapping[str, bytes]]) -> ObjectCheck:
    """Compare what lies in a bucket with what was sent."""
    row = known.transfer
    if row.direction is not Direction.UPLOAD or row.state is not State.DONE:
        raise Refused("Only what was uploaded can be checked")
    data = buckets[row.bucket].get(row.key)
    if data is None:
        return ObjectCheck(intact=False, reason="There is no such object.", missing=True)
    compressed = isinstance(known.request, UploadRequest) and known.request.compress
    if not row.checksum.startswith("crc64nvme:"):
        return ObjectCheck(intact=True, compressed=compressed)
    checksum = f"crc64nvme:{checksums.of_bytes(data, ChecksumKind.CRC64NVME)}"
    same = checksum == row.checksum
    return ObjectCheck(same, checksum, "" if same else "It has another checksum.", compressed)
