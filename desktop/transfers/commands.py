"""What machines of transfers ask a runner to do; see ``steps`` for how the two go together."""

from dataclasses import dataclass

from desktop.domain.transfers import Moment
from desktop.domain.uploads import (
    Download,
    Orphan,
    Part,
    Stamp,
    Upload,
)


@dataclass(frozen=True, slots=True)
class Command:
    """Something to be done by the runner."""


@dataclass(frozen=True, slots=True)
class Asking(Command):
    """Something to be done that is answered by one event."""


@dataclass(frozen=True, slots=True)
class Save(Command):
    """Write to the ledger in one transaction, on the disk before anything else is done."""

    transfer: Upload | Download
    """The row as it is to be; of its parts only those named below are written."""
    parts: tuple[Part, ...] = ()
    """Parts acknowledged since the last time."""
    lost: tuple[int, ...] = ()
    """Numbers of parts that turned out not to be there."""
    forget_parts: bool = False
    """Whether all parts that were kept before are removed first."""
    orphans: tuple[Orphan, ...] = ()
    """Multipart uploads that are left behind by this."""
    moments: tuple[Moment, ...] = ()
    """Lines of the transfer's history."""
    guarding: bool = False
    """Whether a question follows, which is not asked when this fails."""


@dataclass(frozen=True, slots=True)
class Tell(Command):
    """Add a line to the history; it may reach the disk with the next ``Save``."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class LookAtSource(Asking):
    """Stat the file and read its sample; answered by ``Looked``."""


@dataclass(frozen=True, slots=True)
class CreateUpload(Asking):
    """Begin a multipart upload with the nonce in its metadata; answered by ``Created``."""


@dataclass(frozen=True, slots=True)
class FindUploads(Asking):
    """List unfinished uploads of the key that the ledger does not know; ``UploadsFound``."""


@dataclass(frozen=True, slots=True)
class ListParts(Asking):
    """List all parts the service has; answered by ``PartsListed``."""


@dataclass(frozen=True, slots=True)
class ProveParts(Asking):
    """Compute the checksums of parts from the file as it is now; answered by ``PartsProven``."""

    numbers: tuple[int, ...]
    md5: bool = False
    """Whether the MD5 of each is wanted as its ``etag``: the service listed no checksums."""


@dataclass(frozen=True, slots=True)
class PutWhole(Asking):
    """Send the file in one request, with the nonce in its metadata; answered by ``WholeSent``."""

    only_if_new: bool
    stamp: Stamp
    """The last bytes only leave once the file, all of it read, still has it; else ``Failed``."""


@dataclass(frozen=True, slots=True)
class CompleteUpload(Asking):
    """Put the parts together; answered by ``Completed``. Takes minutes at times."""

    parts: tuple[Part, ...]
    only_if_new: bool


@dataclass(frozen=True, slots=True)
class HeadObject(Asking):
    """Look at the object under the key; answered by ``Headed``, or ``Failed`` (no object)."""

    expect: bool = False
    """Whether ``Headed.expected`` is wanted."""
    parts: tuple[Part, ...] = ()
    """What it is put together from; empty: it was sent whole."""


@dataclass(frozen=True, slots=True)
class AbortUpload(Asking):
    """Abort the multipart upload; answered by ``Aborted``."""


@dataclass(frozen=True, slots=True)
class RefreshCredentials(Asking):
    """Get the credentials anew; answered by ``Ready``."""


@dataclass(frozen=True, slots=True)
class CorrectClock(Asking):
    """Sign with a clock that is ``offset`` seconds ahead of this computer's; ``Ready``."""

    offset: float


@dataclass(frozen=True, slots=True)
class FollowRegion(Asking):
    """Talk to the bucket in ``region`` (empty: find out which); answered by ``Ready``."""

    region: str


@dataclass(frozen=True, slots=True)
class OpenPartial(Asking):
    """Make sure the unfinished file is there in full length, unless it is; ``PartialOpened``."""

    size: int


@dataclass(frozen=True, slots=True)
class VerifyFile(Asking):
    """Compare the unfinished file with the object's checksum or ETag; ``FileVerified``."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PublishFile(Asking):
    """Flush the file and give it its name; ``Published``, or ``Failed`` (exists)."""

    replace: bool


@dataclass(frozen=True, slots=True)
class RemovePartial(Asking):
    """Remove the unfinished file; answered by ``PartialRemoved``."""


@dataclass(frozen=True, slots=True)
class UseChecksums(Command):
    """Remember that the endpoint verifies this kind and none better."""

    kind: str


@dataclass(frozen=True, slots=True)
class Cut(Command):
    """Close every connection of this transfer now."""


@dataclass(frozen=True, slots=True)
class WaitUntil(Command):
    """Tell ``Woke`` at this time."""

    at: float


@dataclass(frozen=True, slots=True)
class WaitForNetwork(Command):
    """Tell ``Woke`` when the endpoint can be reached again, or at this time to try all the same."""

    at: float


@dataclass(frozen=True, slots=True)
class Rest(Command):
    """Nothing is waited for any more; whoever holds the run may let it go when it is over."""
