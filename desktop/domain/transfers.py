"""What is sent and fetched: requests, rows as a person sees them, and the states between.

All numbers are bytes and seconds; times are seconds since 1970 in UTC.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.faults import Fault

NORMAL = 0
"""Priority of what nobody has moved; higher goes first."""


class Direction(StrEnum):
    """Which way the bytes go."""

    UPLOAD = "upload"
    DOWNLOAD = "download"


class UploadStatus(StrEnum):
    """How far an upload is, in the few words that other parts of the program need."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TransferState(StrEnum):
    """Where exactly a transfer stands; the words are those a person reads."""

    QUEUED = "queued"
    CREATING = "creating"
    ACTIVE = "active"
    PAUSED = "paused"
    WAITING_NETWORK = "waiting for network"
    WAITING_RETRY = "waiting to retry"
    COMPLETING = "completing"
    VERIFYING = "verifying"
    DONE = "done"
    FAILED = "failed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    SOURCE_CHANGED = "source changed"

    @property
    def status(self) -> UploadStatus:
        """The coarser status."""
        return _STATUSES.get(self, UploadStatus.IN_PROGRESS)

    @property
    def over(self) -> bool:
        """Whether nothing more happens unless a person asks for it."""
        return self in {
            TransferState.DONE,
            TransferState.FAILED,
            TransferState.CANCELLED,
            TransferState.SOURCE_CHANGED,
        }


_STATUSES = {
    TransferState.QUEUED: UploadStatus.PENDING,
    TransferState.PAUSED: UploadStatus.PAUSED,
    TransferState.DONE: UploadStatus.COMPLETED,
    TransferState.FAILED: UploadStatus.FAILED,
    TransferState.SOURCE_CHANGED: UploadStatus.FAILED,
    TransferState.CANCELLING: UploadStatus.CANCELLED,
    TransferState.CANCELLED: UploadStatus.CANCELLED,
}


class Encryption(StrEnum):
    """How objects are encrypted where they are kept."""

    DEFAULT = "default"
    """As the bucket is set up."""
    S3 = "s3"
    KMS = "kms"
    CUSTOMER = "customer"
    """With a key that we send along (SSE-C); kept in the keychain."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A bucket to send to: of AWS, or of any service that speaks S3. Holds no secrets."""

    id: str
    name: str
    """What a person calls it."""
    bucket: str
    region: str = ""
    """Empty: that of the profile, or found out."""
    endpoint_url: str = ""
    """Empty: AWS."""
    path_style: bool = False
    """Whether the bucket is named in the path; most services other than AWS want it."""
    profile: str = ""
    """AWS profile with the credentials; empty: keys from the keychain, named by ``id``."""
    prefix: str = ""
    """What every key begins with, such as ``team/``."""
    encryption: Encryption = Encryption.DEFAULT
    kms_key_id: str = ""
    certificates: str = ""
    """Path of a file of trusted certificates for endpoints with one of their own."""


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """A file that is to become an object."""

    path: str
    destination: str
    """Id of the destination."""
    key: str
    """Without the destination's prefix."""
    priority: int = NORMAL
    rate_limit: int = 0
    """Bytes per second of this file; 0: as fast as it goes."""
    replace: bool = False
    """Whether an object that is there already is replaced."""
    compress: bool = False
    """Whether it is sent as gzip with ``Content-Encoding: gzip``: code files are."""
    content_type: str = ""
    """Empty: by the file's name."""
    metadata: tuple[tuple[str, str], ...] = ()
    batch: str = ""
    """What was added together is announced together when it is done."""


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """An object that is to become a file."""

    destination: str
    key: str
    path: str
    priority: int = NORMAL
    rate_limit: int = 0
    replace: bool = False
    version_id: str = ""
    """Of the object, in buckets that keep versions; empty: the newest."""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One row: a transfer as it stands."""

    id: str
    """ULID: sorts by when it was added."""
    direction: Direction
    path: str
    destination: str
    bucket: str
    key: str
    """With the destination's prefix."""
    size: int
    state: TransferState
    created_at: float
    reason: str = ""
    """Why it waits, failed or stands still; a sentence."""
    remedy: str = ""
    fault: Fault | None = None
    priority: int = NORMAL
    position: int = 0
    """Place within its priority; lower goes first."""
    rate_limit: int = 0
    confirmed: int = 0
    """Bytes the service has acknowledged; never goes backwards."""
    in_flight: int = 0
    """Bytes sent and not yet acknowledged."""
    speed: float = 0.0
    """Bytes per second, averaged over ten seconds."""
    seconds_left: float | None = None
    next_try_at: float | None = None
    part_size: int = 0
    parts: int = 0
    parts_done: int = 0
    sent_again: int = 0
    """Bytes that had to be sent more than once."""
    resumed_from: int | None = None
    """Confirmed bytes when it was taken up again after a crash; None when it never was."""
    attempts: int = 0
    upload_id: str = ""
    etag: str = ""
    checksum: str = ""
    """Of the whole object, such as ``crc64nvme:…``, as the service confirmed it."""
    started_at: float | None = None
    finished_at: float | None = None
    batch: str = ""

    @property
    def progress(self) -> float:
        """Share of confirmed bytes, from 0 to 1."""
        if self.state is TransferState.DONE:
            return 1.0
        return min(1.0, self.confirmed / self.size) if self.size else 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a transfer's history."""

    at: float
    kind: str
    """``added``, ``created``, ``part``, ``retry``, ``paused``, ``resumed``, ``fault``, …"""
    text: str
    """What happened, as a person reads it."""


@dataclass(frozen=True, slots=True)
class Remnant:
    """An unfinished upload that lies at the service and costs money."""

    destination: str
    bucket: str
    key: str
    upload_id: str
    initiated_at: float
    held: int
    """Bytes of the parts that are there."""
    parts: int
    ours: bool
    """Whether the ledger knows it."""
    abort_at: float | None = None
    """When the bucket's rules remove it."""


@dataclass(frozen=True, slots=True)
class RateWindow:
    """A rate limit for some hours of some days."""

    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """0 is Monday."""
    start: int = 0
    """Minutes after midnight, local time."""
    end: int = 24 * 60
    """Earlier than ``start``: goes past midnight."""
    rate: int = 0
    """Bytes per second; 0: as fast as it goes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the line transfers may take; 0 stands for no limit."""

    connections: int = 0
    """Most at the same time, 1 to 32; 0: found out by measuring."""
    rate: int = 0
    """Bytes per second of all transfers together."""
    destinations: tuple[tuple[str, int], ...] = ()
    """Bytes per second by destination id."""
    timetable: tuple[RateWindow, ...] = ()
    """Rates by hour, which go before ``rate``; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Totals:
    """All transfers together, for the status bar."""

    active: int = 0
    waiting: int = 0
    """Queued, paused, or waiting for network or a retry."""
    failed: int = 0
    speed: float = 0.0
    seconds_left: float | None = None
    rate_limit: int = 0
    """The limit in force now, in bytes per second; 0: none."""
    connections: int = 0
    paused: bool = False
    """Whether everything was paused at once."""


@dataclass(frozen=True, slots=True)
class TransferPage:
    """Some rows in the order of the list, and how many there are in all."""

    transfers: tuple[Transfer, ...]
    total: int
    totals: Totals = field(default_factory=Totals)


@dataclass(frozen=True, slots=True)
class UploadTask:
    """An upload as agents and services see it."""

    task_id: str
    file_path: str
    s3_bucket: str
    s3_key: str
    file_size: int
    bytes_uploaded: int
    upload_id: str | None
    parts_uploaded: tuple[int, ...]
    status: UploadStatus
    error_message: str | None
    retry_count: int
    created_at: float
    started_at: float | None = None
    completed_at: float | None = None


@dataclass(frozen=True, slots=True)
class ObjectCheck:
    """What a service says now of an object that was sent."""

    intact: bool
    """Whether it is still the one that was sent."""
    checksum: str = ""
    """``crc64nvme:…`` of the whole, as the service has it; empty where it vouches for none."""
    reason: str = ""
    """What is different, as a sentence."""
    compressed: bool = False
    """Whether it is the file as gzip."""
    missing: bool = False
    """Whether there is no object at all under its key."""


@dataclass(frozen=True, slots=True)
class DestinationCheck:
    """What a try of a destination showed."""

    ok: bool
    region: str = ""
    checksums: str = ""
    """The best kind the endpoint verifies: ``crc64nvme``, ``crc32``, ``md5``; empty: not known."""
    fault: Fault | None = None
    warnings: tuple[str, ...] = ()
