"""What can go wrong between this computer and the cloud, and what is done about it.

Adapters turn each library's error into one ``Fault``; rules for recovery are written against its
``FaultKind`` and know no library. Kinds and recoveries are those of the design's error table.
"""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Why a request or a file did not do what was asked of it."""

    NETWORK = "network"
    """No connection, or one that was cut."""
    NAME = "name"
    """The host's name could not be resolved."""
    TIMEOUT = "timeout"
    """No answer, or no byte moved, for too long."""
    THROTTLED = "throttled"
    """The service asks to be slower (429, SlowDown)."""
    SERVER = "server"
    """The service is ill (500, 502, 503, 504)."""
    DENIED = "denied"
    """The account may not do this (403)."""
    CREDENTIALS = "credentials"
    """There are none, or they are wrong."""
    EXPIRED = "expired"
    """The credentials were right once."""
    CLOCK = "clock"
    """This computer's clock differs too much from the service's."""
    REGION = "region"
    """The bucket lies in another region."""
    NO_BUCKET = "no bucket"
    NO_OBJECT = "no object"
    NO_UPLOAD = "no upload"
    """The multipart upload has ended or never was."""
    EXISTS = "exists"
    """There is an object under this key already, and it is not to be replaced (412)."""
    CONFLICT = "conflict"
    """Another request changed the same object meanwhile (409)."""
    DIGEST = "digest"
    """Bytes arrived damaged: the checksum differs."""
    UNSUPPORTED = "unsupported"
    """The endpoint does not know what was asked (501, checksum kinds)."""
    CERTIFICATE = "certificate"
    """The endpoint's certificate is not trusted."""
    INVALID = "invalid"
    """The request itself is wrong; asking again changes nothing."""
    SOURCE_GONE = "source gone"
    SOURCE_CHANGED = "source changed"
    SOURCE_UNREADABLE = "source unreadable"
    DISK_FULL = "disk full"
    READ_ONLY = "read only"
    """The folder to write to cannot be written."""
    UNKNOWN = "unknown"


class RecoveryAction(StrEnum):
    """What is done about a fault."""

    RETRY = "retry"
    """The same again after a jittered wait."""
    RETRY_SLOWER = "retry slower"
    """The same again after a longer wait, with fewer connections."""
    RETRY_SMALLER = "retry smaller"
    """The same again with smaller pieces and more patience; parts of an upload keep their size."""
    SWITCH_ENDPOINT = "switch endpoint"
    """The same by another endpoint of the service, where there is one."""
    WAIT_FOR_NETWORK = "wait for network"
    REFRESH_CREDENTIALS = "refresh credentials"
    CORRECT_CLOCK = "correct clock"
    """Sign with the service's time."""
    FOLLOW_REGION = "follow region"
    START_AGAIN = "start again"
    """The upload is gone at the service: a new one is begun."""
    VERIFY = "verify"
    """Look whether it was done all the same."""
    FREE_SPACE = "free space"
    """Remove temporary files, then try again."""
    OFFER_TO_CREATE = "offer to create"
    ASK = "ask"
    """A person has to decide."""
    STOP = "stop"
    """It fails, in plain words; administrators hear of it where access was denied."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure, in words a person understands."""

    kind: FaultKind
    message: str
    """What happened; one sentence."""
    remedy: str = ""
    """What a person can do; empty when nothing needs to be done."""
    code: str = ""
    """The service's own name for it, such as ``SlowDown``; for reports."""
    retry_after: float | None = None
    """Seconds the service asks to wait."""
    region: str = ""
    """Where the bucket is, when the kind is ``REGION`` and it is known."""
    clock_offset: float = 0.0
    """Seconds to add to this computer's clock, when the kind is ``CLOCK``."""
