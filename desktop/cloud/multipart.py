"""Uploads in parts: created, sent, listed, completed, aborted.

``ListParts`` is the truth of what is held; every list is read to its end. An upload is aborted
until nothing of it is held, since a part that was on its way can arrive after the first abort.
"""

from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from typing import Any

from desktop.cloud import checksums
from desktop.cloud.body import PartBody
from desktop.cloud.calls import FIELDS, NONCE, Answer, Calls
from desktop.cloud.errors import CloudFault, make
from desktop.cloud.line import Line
from desktop.cloud.values import (
    ChecksumKind,
    Completed,
    Description,
    Part,
    PartList,
    PendingUpload,
    Upload,
)
from desktop.domain.faults import FaultKind

LONGEST = 4096
"""Characters of one value of metadata; S3 takes 2 KiB of all together."""

COMPLETING = 600.0
"""Seconds that putting an object together may take."""

ABORTS = 6
"""How often an abort is repeated before it is given back as unfinished."""

PAUSE = 0.25
"""Seconds between two aborts, doubled each time: a late part needs a moment to arrive."""


def described(description: Description) -> Answer:
    """Return what is said of an object when it is made, in botocore's names."""
    metadata = {name: _ascii(value) for name, value in description.metadata}
    if description.nonce:
        metadata[NONCE] = description.nonce
    said: Answer = {"ContentType": description.content_type, "Metadata": metadata}
    if description.content_encoding:
        said["ContentEncoding"] = description.content_encoding
    return said


def _ascii(value: str) -> str:
    """Return metadata as S3 itself tells it where it is not plain: in the form of mail headers."""
    return value if value.isascii() else Header(value, "utf-8", maxlinelen=LONGEST).encode()


def create(
    calls: Calls, key: str, description: Description, kind: ChecksumKind, line: Line | None = None
) -> Upload:
    """Begin an upload whose parts are verified by a kind of checksum."""
    said = described(description)
    if kind.whole:
        said |= {"ChecksumAlgorithm": kind.name, "ChecksumType": "FULL_OBJECT"}
    answer = calls("CreateMultipartUpload", line, Key=key, **said)
    return Upload(key, str(answer["UploadId"]), kind)


def send_part(
    calls: Calls, upload: Upload, number: int, body: PartBody, checksum: str = ""
) -> Part:
    """Send one part; computes its checksum first unless it is given."""
    if not checksum:
        checksum = checksums.of_range(body.fd, body.offset, body.size, upload.kind)
    body.seek(0)
    answer = calls(
        "UploadPart",
        body.line,
        Key=upload.key,
        UploadId=upload.id,
        PartNumber=number,
        Body=body,
        ContentLength=body.size,
        **{FIELDS[upload.kind]: checksum},
    )
    confirm(calls, answer, upload.kind, checksum, upload.key)
    return Part(number, body.size, bare(answer.get("ETag")), checksum)


def confirm(calls: Calls, answer: Answer, kind: ChecksumKind, checksum: str, key: str) -> None:
    """Raise a DIGEST fault when the service says it holds other bytes than were sent."""
    told = answer.get(FIELDS[kind]) if kind.whole else None
    if told and told != checksum:
        raise CloudFault(make(FaultKind.DIGEST, calls.place("", key), "ChecksumMismatch"))


def list_parts(calls: Calls, upload: Upload, line: Line | None = None) -> PartList:
    """Return everything that is held of an upload."""
    parts: list[Part] = []
    marker, abort_at = 0, None
    while True:
        answer = calls(
            "ListParts", line, Key=upload.key, UploadId=upload.id, PartNumberMarker=marker
        )
        abort_at = abort_at or seconds(answer.get("AbortDate")) or None
        parts += [_part(item, upload.kind) for item in answer.get("Parts", ())]
        following = int(answer.get("NextPartNumberMarker") or 0)
        if not answer.get("IsTruncated") or following <= marker:
            return PartList(tuple(sorted(parts, key=lambda part: part.number)), abort_at)
        marker = following


def _part(item: Answer, kind: ChecksumKind) -> Part:
    checksum = str(item.get(FIELDS[kind]) or "") if kind.whole else ""
    return Part(
        int(item["PartNumber"]),
        int(item.get("Size", 0)),
        bare(item.get("ETag")),
        checksum,
        seconds(item.get("LastModified")),
    )


def list_uploads(
    calls: Calls, prefix: str = "", line: Line | None = None
) -> tuple[PendingUpload, ...]:
    """Return the uploads below a prefix that nobody has completed or aborted."""
    found: dict[tuple[str, str], PendingUpload] = {}
    markers: Answer = {}
    while True:
        answer = calls("ListMultipartUploads", line, Prefix=prefix, **markers)
        before = len(found)
        for item in answer.get("Uploads", ()):
            pending = PendingUpload(item["Key"], item["UploadId"], seconds(item.get("Initiated")))
            found[pending.key, pending.id] = pending
        if not answer.get("IsTruncated") or len(found) == before:
            return tuple(found.values())
        markers = {
            "KeyMarker": answer.get("NextKeyMarker") or "",
            "UploadIdMarker": answer.get("NextUploadIdMarker") or "",
        }


def complete(
    calls: Calls,
    upload: Upload,
    parts: Sequence[Part],
    terms: Answer,
    line: Line | None = None,
) -> Completed:
    """Put an object together; ``terms`` are the checksum, the size and what must not be there."""
    line = line or Line(COMPLETING)
    answer = calls(
        "CompleteMultipartUpload",
        line,
        Key=upload.key,
        UploadId=upload.id,
        MultipartUpload={"Parts": [_named(part, upload.kind) for part in parts]},
        **terms,
    )
    told = str(answer.get(FIELDS[upload.kind]) or "") if upload.kind.whole else ""
    return Completed(bare(answer.get("ETag")), told, str(answer.get("VersionId") or ""))


def terms(kind: ChecksumKind, checksum: str, size: int) -> Answer:
    """Return what a completed object must fulfil for the service to accept it."""
    fulfil: Answer = {"MpuObjectSize": size}
    if kind.whole and checksum:
        fulfil |= {FIELDS[kind]: checksum, "ChecksumType": "FULL_OBJECT"}
    return fulfil


def _named(part: Part, kind: ChecksumKind) -> Answer:
    named: Answer = {"PartNumber": part.number, "ETag": f'"{part.etag}"'}
    if kind.whole and part.checksum:
        named[FIELDS[kind]] = part.checksum
    return named


def abort(calls: Calls, upload: Upload, line: Line | None = None) -> None:
    """Abort until nothing is held; raises a CONFLICT fault when parts keep arriving."""
    line = line or Line()
    for attempt in range(ABORTS):
        if attempt:
            line.wait(PAUSE * 2**attempt)
        try:
            calls("AbortMultipartUpload", line, Key=upload.key, UploadId=upload.id)
        except CloudFault as refused:
            if refused.fault.kind is not FaultKind.NO_UPLOAD:
                raise
        if not _held(calls, upload, line):
            return
    raise CloudFault(make(FaultKind.CONFLICT, calls.place("AbortMultipartUpload", upload.key)))


def _held(calls: Calls, upload: Upload, line: Line) -> bool:
    """Tell whether the service still holds parts; one that cannot tell is believed."""
    try:
        answer = calls("ListParts", line, Key=upload.key, UploadId=upload.id, MaxParts=1)
    except CloudFault as refused:
        if refused.fault.kind in {FaultKind.NO_UPLOAD, FaultKind.UNSUPPORTED, FaultKind.DENIED}:
            return False
        raise
    return bool(answer.get("Parts"))


def bare(etag: Any) -> str:  # noqa: ANN401
    """Return an ETag without its quotes."""
    return str(etag or "").strip('"')


def seconds(moment: datetime | None) -> float:
    """Return a moment as seconds since 1970; 0 for none."""
    return moment.timestamp() if moment else 0.0
