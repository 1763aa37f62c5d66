"""Trying what an endpoint can do: which checksums it verifies, whether it protects objects.

Many services speak a part of S3. Some refuse a checksum they do not know, some ignore it, and some
repeat it without looking; so the try sends a part with a wrong checksum, which must be refused.
"""

from dataclasses import dataclass

from desktop.cloud import checksums
from desktop.cloud.calls import FIELDS, Answer, Calls
from desktop.cloud.errors import CloudFault
from desktop.cloud.line import Line
from desktop.cloud.multipart import abort, create
from desktop.cloud.values import ChecksumKind, Description, Upload
from desktop.domain.faults import FaultKind

SAMPLE = b"proofreel"
"""What is sent for a try."""

_VERDICTS = {FaultKind.DIGEST, FaultKind.INVALID, FaultKind.UNSUPPORTED}
"""Faults that say what the endpoint can do, and not that it cannot be reached."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The checksum to use with an endpoint."""

    kind: ChecksumKind
    verified: bool
    """Whether the endpoint refuses bytes that do not fit it."""


def try_checksums(calls: Calls, key: str, line: Line) -> Verdict:
    """Return the best kind that the endpoint verifies; MD5, unverified, when there is none."""
    for kind in ChecksumKind:
        try:
            upload = create(calls, key, Description(), kind, line)
        except CloudFault as refused:
            _learn(refused)
            continue
        try:
            if _verifies(calls, upload, line):
                return Verdict(kind, verified=True)
        finally:
            abort(calls, upload)  # on a line of its own: also when this one was cut
    return Verdict(ChecksumKind.MD5, verified=False)


def _verifies(calls: Calls, upload: Upload, line: Line) -> bool:
    """Tell whether a right checksum is accepted and a wrong one refused."""
    right = checksums.of_bytes(SAMPLE, upload.kind)
    wrong = checksums.of_bytes(SAMPLE[::-1], upload.kind)
    return _accepts(calls, upload, right, line) and not _accepts(calls, upload, wrong, line)


def _accepts(calls: Calls, upload: Upload, checksum: str, line: Line) -> bool:
    part: Answer = {
        "Key": upload.key,
        "UploadId": upload.id,
        "PartNumber": 1,
        "Body": SAMPLE,
        FIELDS[upload.kind]: checksum,
    }
    try:
        calls("UploadPart", line, **part)
    except CloudFault as refused:
        _learn(refused)
        return False
    return True


def _learn(refused: CloudFault) -> None:
    """Let a fault pass that says nothing of what the endpoint can do."""
    if refused.fault.kind not in _VERDICTS:
        raise refused
