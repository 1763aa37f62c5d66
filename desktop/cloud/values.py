"""What a bucket says of objects, uploads and parts, without the words of AWS's library."""

from dataclasses import dataclass
from enum import StrEnum


class ChecksumKind(StrEnum):
    """What an endpoint verifies bytes by, best first."""

    CRC64NVME = "crc64nvme"
    CRC32 = "crc32"
    MD5 = "md5"
    """Each part by itself, as ``Content-MD5``; there is no checksum of the whole object."""

    @property
    def whole(self) -> bool:
        """Whether those of parts combine to that of the whole object."""
        return self is not ChecksumKind.MD5


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of an object when it is made; a person's choices are in its destination."""

    content_type: str = "application/octet-stream"
    content_encoding: str = ""
    """``gzip`` for what was compressed before it was sent."""
    metadata: tuple[tuple[str, str], ...] = ()
    nonce: str = ""
    """Kept in the object's metadata, so that a lost answer can be made up for."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A multipart upload at the service."""

    key: str
    id: str
    kind: ChecksumKind
    """What its parts are verified by; fixed when it is created."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that the service holds."""

    number: int
    size: int
    etag: str
    checksum: str = ""
    """Base64, of the upload's kind; empty where the service does not tell."""
    modified_at: float = 0.0


@dataclass(frozen=True, slots=True)
class PartList:
    """Everything that is held of an upload."""

    parts: tuple[Part, ...]
    """By number, ascending."""
    abort_at: float | None = None
    """When the bucket's rules remove it."""


@dataclass(frozen=True, slots=True)
class PendingUpload:
    """An upload that nobody has completed or aborted."""

    key: str
    id: str
    initiated_at: float


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the bucket."""

    key: str
    size: int
    etag: str
    """Without quotes."""
    kind: ChecksumKind | None = None
    checksum: str = ""
    """Base64 of the whole object; empty where the service does not tell."""
    nonce: str = ""
    version_id: str = ""
    modified_at: float = 0.0
    content_type: str = ""
    content_encoding: str = ""
    encryption: str = ""
    """``AES256``, ``aws:kms``, …; with anything else than the first the ETag is no MD5."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The answer to completing or putting an object."""

    etag: str
    checksum: str = ""
    """Base64 of the whole object, as the service computed it; empty where it does not tell."""
    version_id: str = ""
    warnings: tuple[str, ...] = ()
    """Sentences for the person: what the endpoint could not promise."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A range of an object that was written to a file."""

    size: int
    etag: str
    checksum: str
    """Base64 CRC64NVME of these bytes, as they were written."""
    total: int
    """Size of the whole object."""
