"""What goes into the machines of transfers and what comes out: all of it values.

A machine never does anything. It is told an event and returns commands; a runner carries them out,
in order, and tells the machine what came of it::

    run, commands = machine.step(run, event, now)

The runner's side of the bargain:

- ``Save`` is on the disk before the next command is looked at. If that fails, the rest of the
  batch is dropped and ``SaveFailed`` is told.
- Each ``Asking`` command is answered by exactly one event: its own, or ``Failed``, or
  ``RequestCut`` after a ``Cut``. A machine has one question open at most.
- Each part that was begun (``PartStarted``, told when the scheduler picked it) is answered by
  exactly one of ``PartSent``, ``PartFetched``, ``PartFailed`` and ``PartCut``.
- ``Cut`` closes every connection of the transfer at once; its answers still come, soon.
- ``WaitUntil`` and ``WaitForNetwork`` are answered by ``Woke``; a later one or ``Rest`` ends it.

After a crash a run is made again from the ledger and told ``Begin``, like every other.
"""

from dataclasses import dataclass

from desktop.domain.faults import Fault
from desktop.domain.uploads import (
    ObjectSeen,
    Part,
    Source,
    Stamp,
    StrayUpload,
)
from desktop.transfers.commands import Save


@dataclass(frozen=True, slots=True)
class Happened:
    """Something a machine is told."""


@dataclass(frozen=True, slots=True)
class Begin(Happened):
    """It is its turn: begin, or go on from whatever the ledger says."""


@dataclass(frozen=True, slots=True)
class Pause(Happened):
    """Send nothing new; ``hard``: also cut what is being sent."""

    hard: bool = True


@dataclass(frozen=True, slots=True)
class Resume(Happened):
    """Queue it again after a pause; ``Begin`` follows when it is its turn."""


@dataclass(frozen=True, slots=True)
class Cancel(Happened):
    """Stop for good and remove what lies at the service."""


@dataclass(frozen=True, slots=True)
class Retry(Happened):
    """Queue it again after it failed, was cancelled, or the file changed."""

    nonce: str
    """Used when it has to be begun anew."""
    replace: bool | None = None
    """Whether an object that is there is replaced; None: as it was asked for."""


@dataclass(frozen=True, slots=True)
class Woke(Happened):
    """What was waited for has come."""


@dataclass(frozen=True, slots=True)
class SaveFailed(Happened):
    """The ledger could not be written; the commands after the ``Save`` were not carried out."""

    fault: Fault
    save: Save


@dataclass(frozen=True, slots=True)
class Failed(Happened):
    """A question was answered by a fault."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class RequestCut(Happened):
    """A question has no answer: its connection was cut on our command."""


@dataclass(frozen=True, slots=True)
class Looked(Happened):
    """The file as it is now."""

    source: Source


@dataclass(frozen=True, slots=True)
class Created(Happened):
    """A multipart upload was begun."""

    upload_id: str


@dataclass(frozen=True, slots=True)
class UploadsFound(Happened):
    """Unfinished uploads of the key; none that the ledger knows."""

    uploads: tuple[StrayUpload, ...]


@dataclass(frozen=True, slots=True)
class PartsListed(Happened):
    """All parts the service has of the upload."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PartsProven(Happened):
    """Parts as the file would give them now, and the file's stamp after they were read."""

    parts: tuple[Part, ...]
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class WholeSent(Happened):
    """The object is there."""

    etag: str
    checksum: str
    """Kind and value; what was sent."""


@dataclass(frozen=True, slots=True)
class Completed(Happened):
    """The parts were put together."""

    etag: str
    checksum: str
    """Kind and value of the whole object, from the parts' checksums; empty for MD5."""


@dataclass(frozen=True, slots=True)
class Headed(Happened):
    """The object under the key."""

    seen: ObjectSeen
    expected: str = ""
    """Kind and value it must have: of its parts or its file; ``md5:`` and an ETag; or empty."""


@dataclass(frozen=True, slots=True)
class Aborted(Happened):
    """The service has accepted the abort; parts that were on their way may still be held."""


@dataclass(frozen=True, slots=True)
class Ready(Happened):
    """Credentials, clock or region are in order."""


@dataclass(frozen=True, slots=True)
class PartialOpened(Happened):
    """The unfinished file is there."""

    fresh: bool
    """Whether it had to be made: nothing of before is in it."""


@dataclass(frozen=True, slots=True)
class FileVerified(Happened):
    """What is on the disk is what the service has, or is not."""

    same: bool
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Published(Happened):
    """The file has its name."""


@dataclass(frozen=True, slots=True)
class PartialRemoved(Happened):
    """The unfinished file is gone."""


@dataclass(frozen=True, slots=True)
class PartStarted(Happened):
    """The scheduler gave a part a connection; a second one of the same part is a duplicate."""

    number: int


@dataclass(frozen=True, slots=True)
class PartSent(Happened):
    """The service has acknowledged a part."""

    part: Part
    stamp: Stamp
    """Of the file, after the part was read."""


@dataclass(frozen=True, slots=True)
class PartFetched(Happened):
    """A part is on the disk, flushed."""

    part: Part


@dataclass(frozen=True, slots=True)
class PartFailed(Happened):
    """A part did not get through."""

    number: int
    fault: Fault
    moved: int = 0
    """Bytes that went over the line in vain."""


@dataclass(frozen=True, slots=True)
class PartCut(Happened):
    """A part was cut on our command."""

    number: int
    moved: int = 0
