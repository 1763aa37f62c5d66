"""What must outlive a crash about a transfer: the ledger keeps it, the machines change it.

A value here is a promise to the next process: whatever is in it has been acknowledged, by the
service or by the file system, before it was written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypedDict

from typing_extensions import Unpack

from desktop.domain.faults import Fault
from desktop.domain.transfers import DownloadRequest, Transfer, TransferState, UploadRequest

CHECKSUM_KINDS = ("crc64nvme", "crc32", "md5")
"""Best first; an endpoint that refuses one is asked for the next."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says about a file, without reading it."""

    size: int
    mtime_ns: int
    ctime_ns: int
    device: int
    inode: int

    def same_content(self, other: "Stamp") -> bool:
        """Tell whether the file was not written to, as far as times and sizes tell.

        The time of the last change of attributes is left out: it also changes by a new name or
        new rights. Where only that differs, contents have to be compared.
        """
        return (self.size, self.mtime_ns, self.device, self.inode) == (
            other.size,
            other.mtime_ns,
            other.device,
            other.inode,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The file that is sent, as it was when its upload began."""

    stamp: Stamp
    size: int
    """Bytes that are sent: those of the file, or of its compressed form."""
    sample: str = ""
    """Checksum of some pieces of the file, at places that depend on its size alone."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece that the service, or for downloads the disk, has acknowledged."""

    number: int
    """From 1."""
    size: int
    etag: str = ""
    """Without quotes."""
    checksum: str = ""
    """Of the kind its transfer uses, in the form the service uses (base64)."""


class RowChanges(TypedDict, total=False):
    """What machines change about a row; everything else is a person's."""

    state: TransferState
    reason: str
    remedy: str
    fault: Fault | None
    size: int
    confirmed: int
    parts_done: int
    part_size: int
    parts: int
    sent_again: int
    resumed_from: int | None
    attempts: int
    next_try_at: float | None
    upload_id: str
    etag: str
    checksum: str
    started_at: float | None
    finished_at: float | None


NO_PARTS: Mapping[int, Part] = MappingProxyType({})


def _and_one(parts: Mapping[int, Part], part: Part) -> Mapping[int, Part]:
    """Return parts with one more; views of a dictionary are twenty times faster to join."""
    view = parts if isinstance(parts, MappingProxyType) else MappingProxyType(parts)
    return MappingProxyType(view | {part.number: part})


@dataclass(frozen=True, slots=True)
class Upload:
    """Everything that is needed to go on with an upload after a crash."""

    transfer: Transfer
    """Its row, with the state, the plan (``part_size``; 0: in one piece) and the ``upload_id``."""
    request: UploadRequest
    nonce: str
    """Goes into the object's metadata: an object with it is ours, whoever lost the reply."""
    source: Source | None = None
    """None until the file was looked at."""
    checksums: str = CHECKSUM_KINDS[0]
    """Kind that parts and object are checked with."""
    creating_at: float | None = None
    """Since when a multipart upload was asked for whose id is not known yet."""
    unconditional: bool = False
    """Whether the endpoint does not know ``If-None-Match``."""
    largest_part: int = 0
    """Parts of a new upload are at most so large, after time-outs; 0: as large as usual."""
    parts: Mapping[int, Part] = field(default_factory=lambda: NO_PARTS)
    """Acknowledged parts by number."""

    @property
    def id(self) -> str:
        """Id of the transfer."""
        return self.transfer.id

    @property
    def only_if_new(self) -> bool:
        """Whether the service is asked to keep an object that is there already."""
        return not self.request.replace and not self.unconditional

    @property
    def in_order(self) -> tuple[Part, ...]:
        """Acknowledged parts, by number."""
        return tuple(self.parts[number] for number in sorted(self.parts))

    def told(self, **changes: Unpack[RowChanges]) -> "Upload":
        """Return it with changes to its row."""
        return replace(self, transfer=replace(self.transfer, **changes))

    def with_part(self, part: Part) -> "Upload":
        """Return it with one more acknowledged part."""
        row, parts = self.transfer, _and_one(self.parts, part)
        row = replace(row, confirmed=row.confirmed + part.size, parts_done=len(parts))
        return replace(self, transfer=row, parts=parts)

    def with_parts(self, parts: Mapping[int, Part]) -> "Upload":
        """Return it with other acknowledged parts, and the row that goes with them."""
        done = sum(part.size for part in parts.values())
        kept = replace(self, parts=MappingProxyType(dict(parts)))
        return kept.told(confirmed=done, parts_done=len(parts))


@dataclass(frozen=True, slots=True)
class ObjectSeen:
    """What the service says about an object."""

    size: int
    etag: str = ""
    checksum: str = ""
    """Kind and value of the whole object, such as ``crc64nvme:…``; empty: none, or a composite."""
    nonce: str = ""
    version_id: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Everything that is needed to go on with a download after a crash."""

    transfer: Transfer
    request: DownloadRequest
    seen: ObjectSeen | None = None
    """The object when it was begun; parts are only asked for while it is still that one."""
    parts: Mapping[int, Part] = field(default_factory=lambda: NO_PARTS)
    """Parts that are on the disk."""

    @property
    def id(self) -> str:
        """Id of the transfer."""
        return self.transfer.id

    def told(self, **changes: Unpack[RowChanges]) -> "Download":
        """Return it with changes to its row."""
        return replace(self, transfer=replace(self.transfer, **changes))

    def with_part(self, part: Part) -> "Download":
        """Return it with one more part on the disk."""
        row, parts = self.transfer, _and_one(self.parts, part)
        row = replace(row, confirmed=row.confirmed + part.size, parts_done=len(parts))
        return replace(self, transfer=row, parts=parts)

    def with_parts(self, parts: Mapping[int, Part]) -> "Download":
        """Return it with other parts on the disk, and the row that goes with them."""
        done = sum(part.size for part in parts.values())
        kept = replace(self, parts=MappingProxyType(dict(parts)))
        return kept.told(confirmed=done, parts_done=len(parts))


@dataclass(frozen=True, slots=True)
class Orphan:
    """A multipart upload that nobody will complete; it is aborted until nothing of it is held."""

    destination: str
    bucket: str
    key: str
    upload_id: str
    """Empty: its creation was asked for at ``asked_at`` and never confirmed; it is searched for."""
    reason: str
    asked_at: float = 0.0
    tries: int = 0
    next_try_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What was found out about a destination, so that it need not be found out again."""

    destination: str
    checksums: str = ""
    """The best kind it verifies; empty: not known."""
    connections: int = 0
    """How many connections served it well last time; 0: not known."""
    region: str = ""
    checked_at: float = 0.0


@dataclass(frozen=True, slots=True)
class StrayUpload:
    """An unfinished upload of the same key that nobody here knows."""

    upload_id: str
    initiated_at: float
    parts: int
