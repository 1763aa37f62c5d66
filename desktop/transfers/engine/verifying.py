"""Whether an object that was sent is still the one that was sent, by what its service says now."""

from desktop.cloud.errors import CloudFault
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import Stored
from desktop.domain.errors import Refused
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Direction, ObjectCheck, Transfer, TransferState


def sent(row: Transfer) -> Transfer:
    """Return a finished upload; raises Refused for anything else."""
    if row.direction is Direction.UPLOAD and row.state is TransferState.DONE:
        return row
    raise Refused(
        "Only what was uploaded can be checked",
        f"{row.key} is {row.state.value}.",
        "Check it again when it is done.",
    )


def verify(store: ObjectStore, row: Transfer) -> ObjectCheck:
    """Ask for an object and compare it with what was confirmed; raises CloudFault.

    Blocks. The ETag tells whether it is the same object at all; the checksum whether its bytes are.
    """
    try:
        stored = store.head(row.key)
    except CloudFault as error:
        if error.fault.kind is not FaultKind.NO_OBJECT:
            raise
        return ObjectCheck(intact=False, reason=error.fault.message, missing=True)
    checksum = f"{stored.kind.value}:{stored.checksum}" if stored.kind and stored.checksum else ""
    reason = _difference(row, stored, checksum)
    return ObjectCheck(not reason, checksum, reason, stored.content_encoding.lower() == "gzip")


def _difference(row: Transfer, stored: Stored, checksum: str) -> str:
    same_kind = checksum.partition(":")[0] == row.checksum.partition(":")[0]
    if checksum and same_kind and checksum != row.checksum:
        return "What lies there has another checksum than what was sent."
    if row.etag and stored.etag != row.etag:
        return "It was replaced by another object since it was sent."
    return ""
