"""Rows for tests of the ledger of transfers."""

from dataclasses import replace
from typing import Any

from desktop.domain.transfers import (
    Direction,
    DownloadRequest,
    Transfer,
    TransferState,
    UploadRequest,
)
from desktop.domain.uploads import (
    Download,
    Part,
    Upload,
)
from desktop.storage.ledger import Ledger

S = TransferState


def a_row(id_: str, direction: Direction = Direction.UPLOAD, **changes: Any) -> Transfer:
    row = Transfer(
        id_, direction, f"/films/{id_}.mp4", "d", "bucket", f"clips/{id_}.mp4", 100, S.QUEUED, 1.0
    )
    return replace(row, **changes)


def an_upload(id_: str, **changes: Any) -> Upload:
    request = UploadRequest(f"/films/{id_}.mp4", "d", f"{id_}.mp4", metadata=(("a", "b"),))
    return Upload(a_row(id_, **changes), request, nonce=f"nonce-{id_}")


def a_download(id_: str, **changes: Any) -> Download:
    row = a_row(id_, Direction.DOWNLOAD, **changes)
    return Download(row, DownloadRequest("d", "k", row.path, version_id="v"))


def a_part(number: int) -> Part:
    return Part(number, 10, f"etag-{number}", f"sum-{number}")


def in_order(ledger: Ledger) -> list[str]:
    return [row.id for row in ledger.page()[0]]
