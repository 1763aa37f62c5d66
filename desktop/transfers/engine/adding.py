"""From what a person asks for to what the ledger keeps; what can never work is said at once."""

import secrets
import stat
import time
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.transfers import (
    Destination,
    Direction,
    DownloadRequest,
    Transfer,
    TransferState,
    UploadRequest,
)
from desktop.domain.uploads import CHECKSUM_KINDS, Download, Upload
from desktop.transfers.plan import planned

LONGEST_KEY = 1024
"""Bytes of UTF-8."""


def new_nonce() -> str:
    """Return what makes an object known as ours."""
    return secrets.token_hex(16)


def upload(transfer_id: str, request: UploadRequest, where: Destination, checksums: str) -> Upload:
    """Return a queued upload; raises NotFound or InvalidInput."""
    row = _row(transfer_id, Direction.UPLOAD, request, where)
    size = _size(Path(request.path))
    planned(size)
    kind = checksums or CHECKSUM_KINDS[0]
    return Upload(replace(row, size=size), request, new_nonce(), checksums=kind)


def download(transfer_id: str, request: DownloadRequest, where: Destination) -> Download:
    """Return a queued download; raises InvalidInput."""
    if Path(request.path).is_dir():
        raise InvalidInput(f"“{request.path}” is a folder", remedy="Choose a name for the file.")
    return Download(_row(transfer_id, Direction.DOWNLOAD, request, where), request)


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise NotFound("The file is not there", str(path), "Choose it again.") from error
    except OSError as error:
        raise InvalidInput("The file cannot be reached", f"{path}: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        raise InvalidInput(
            "Only files can be sent", f"{path} is none.", "Choose the files in it, one by one."
        )
    return found.st_size


def _row(
    transfer_id: str,
    direction: Direction,
    request: UploadRequest | DownloadRequest,
    where: Destination,
) -> Transfer:
    key = where.prefix + request.key
    if not request.key or len(key.encode(errors="replace")) > LONGEST_KEY:
        raise InvalidInput(
            f"“{key[:60]}” cannot be the name of an object",
            "Names have 1 to 1024 bytes.",
            "Choose another name.",
        )
    if not Path(request.path).is_absolute():
        raise InvalidInput(f"“{request.path}” does not say where it is", remedy="Name its folder.")
    return Transfer(
        id=transfer_id,
        direction=direction,
        path=request.path,
        destination=where.id,
        bucket=where.bucket,
        key=key,
        size=0,
        state=TransferState.QUEUED,
        created_at=time.time(),
        priority=request.priority,
        rate_limit=request.rate_limit,
        batch=request.batch,
    )
