"""What the machine of an upload asks of the cloud and of the file: one function per question.

All of them block and run on threads. A ``Desk`` of questions is a table from the command's class to
the function that answers it; faults and cuts rise as exceptions, ``errands`` makes events of them.
"""

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from desktop.cloud import checksums, values
from desktop.cloud.body import Gate, PartBody, ignore
from desktop.cloud.errors import CloudFault
from desktop.cloud.line import Line
from desktop.cloud.multipart import COMPLETING
from desktop.cloud.objects import ObjectStore
from desktop.cloud.positional import read_at
from desktop.cloud.values import ChecksumKind
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Encryption
from desktop.domain.uploads import ObjectSeen, Part, Stamp, StrayUpload, Upload
from desktop.transfers import commands, steps
from desktop.transfers.engine.sources import Held, Sources
from desktop.transfers.plan import Plan

BLOCK = 2**20

mimetypes.add_type("text/x-python", ".py")
mimetypes.add_type("text/markdown", ".md")
mimetypes.add_type("application/vnd.apple.mpegurl", ".m3u8")
mimetypes.add_type("text/vtt", ".vtt")


@dataclass(frozen=True, slots=True)
class Errand:
    """What an upload's question is answered with."""

    upload: Upload
    store: ObjectStore
    sources: Sources
    line: Line
    known: Callable[[str], bool]
    """Whether the ledger knows a multipart upload."""
    gate: Gate | None = None
    moved: Callable[[int], None] = ignore

    @property
    def key(self) -> str:
        """The object's key."""
        return self.upload.transfer.key

    @property
    def kind(self) -> ChecksumKind:
        """What its parts are verified by."""
        return ChecksumKind(self.upload.checksums)

    @property
    def plan(self) -> Plan:
        """How it is cut."""
        return Plan(self.upload.transfer.size, self.upload.transfer.part_size)

    @property
    def remote(self) -> values.Upload:
        """The multipart upload at the service."""
        return values.Upload(self.key, self.upload.transfer.upload_id, self.kind)

    def held(self) -> Held:
        """Return its file, looked at again if this process has not yet."""
        held = self.sources.held(self.upload.id)
        if held is None:
            self.sources.look(self.upload, self.line)
            held = self.sources.held(self.upload.id)
        if held is None:
            raise CloudFault(Fault(FaultKind.SOURCE_GONE, "The file was closed meanwhile."))
        return held


def send_part(errand: Errand, number: int) -> steps.PartSent:
    """Send a part and look at the file after it."""
    held, plan = errand.held(), errand.plan
    with held.sent.used() as descriptor:
        body = PartBody(
            descriptor,
            plan.offset(number),
            plan.length(number),
            errand.line,
            gate=errand.gate,
            moved=errand.moved,
        )
        part = errand.store.send_part(errand.remote, number, body)
    return steps.PartSent(_ours(part), held.stamp())


def look(errand: Errand, _command: commands.LookAtSource) -> steps.Happened:
    """Describe the file as it is now."""
    return steps.Looked(errand.sources.look(errand.upload, errand.line))


def create(errand: Errand, _command: commands.CreateUpload) -> steps.Happened:
    """Begin a multipart upload."""
    description = described(errand.upload)
    made = errand.store.create(errand.key, description, errand.kind, line=errand.line)
    return steps.Created(made.id)


def described(upload: Upload) -> values.Description:
    """Return what is said of the object."""
    request = upload.request
    guessed = mimetypes.guess_type(request.path)[0]
    return values.Description(
        content_type=request.content_type or guessed or "application/octet-stream",
        content_encoding="gzip" if request.compress else "",
        metadata=request.metadata,
        nonce=upload.nonce,
    )


def find(errand: Errand, _command: commands.FindUploads) -> steps.Happened:
    """List uploads of the key that the ledger does not know."""
    found = []
    for pending in errand.store.list_uploads(errand.key, line=errand.line):
        if pending.key == errand.key and not errand.known(pending.id):
            stray = values.Upload(errand.key, pending.id, errand.kind)
            parts = errand.store.list_parts(stray, line=errand.line).parts
            found.append(StrayUpload(pending.id, pending.initiated_at, len(parts)))
    return steps.UploadsFound(tuple(found))


def list_parts(errand: Errand, _command: commands.ListParts) -> steps.Happened:
    """List what the service has."""
    held = errand.store.list_parts(errand.remote, line=errand.line)
    return steps.PartsListed(tuple(_ours(part) for part in held.parts))


def prove(errand: Errand, command: commands.ProveParts) -> steps.Happened:
    """Compute the checksums of parts from the file as it is now."""
    held = errand.held()
    with held.sent.used() as descriptor:
        proven = tuple(
            _proven(errand, descriptor, number, md5=command.md5) for number in command.numbers
        )
    return steps.PartsProven(proven, held.stamp())


def _proven(errand: Errand, descriptor: int, number: int, *, md5: bool) -> Part:
    errand.line.check()
    offset, size = errand.plan.offset(number), errand.plan.length(number)
    checksum = checksums.of_range(descriptor, offset, size, errand.kind)
    etag = md5_of(descriptor, offset, size) if md5 else ""
    return Part(number, size, etag, checksum)


def md5_of(descriptor: int, offset: int, size: int) -> str:
    """Return the MD5 of a range of a file, as ETags have it."""
    result = hashlib.md5(usedforsecurity=False)
    buffer = memoryview(bytearray(min(BLOCK, max(size, 1))))
    end = offset + size
    while offset < end and (count := read_at(descriptor, buffer[: end - offset], offset)):
        result.update(buffer[:count])
        offset += count
    return result.hexdigest()


class GuardedBody(PartBody):
    """A whole file as a body; its last bytes only leave while the file is as it was."""

    def guard(self, held: Held, stamp: Stamp) -> None:
        """Keep the last bytes back unless the file has this stamp then."""
        self._held, self._stamp = held, stamp

    @override
    def read(self, amount: int = -1) -> memoryview:
        """Return the next bytes; raises CloudFault when the file has changed at the last."""
        block = super().read(amount)
        if self.tell() == self.size:
            must_be(self._stamp, self._held)
        return block


def must_be(stamp: Stamp, held: Held) -> None:
    """Raise a fault unless the file is still as it was."""
    if held.stamp() != stamp:
        raise CloudFault(
            Fault(
                FaultKind.SOURCE_CHANGED,
                "The file changed while it was being sent.",
                "Retry to send it as it is now.",
            )
        )


def put(errand: Errand, command: commands.PutWhole) -> steps.Happened:
    """Send the file in one request."""
    stamp = _expected_stamp(errand, command.stamp)
    held = errand.held()
    must_be(stamp, held)
    with held.sent.used() as descriptor:
        size = errand.upload.transfer.size
        body = GuardedBody(descriptor, 0, size, errand.line, gate=errand.gate, moved=errand.moved)
        body.guard(held, stamp)
        replace = not command.only_if_new
        done = errand.store.put_whole(errand.key, body, described(errand.upload), replace=replace)
        kind = errand.store.probe()
        checksum = done.checksum or checksums.of_range(descriptor, 0, size, kind)
    return steps.WholeSent(done.etag, f"{kind.value}:{checksum}" if kind.whole else "")


def _expected_stamp(errand: Errand, stamp: Stamp) -> Stamp:
    """Return the stamp that the file must have; looks at it if this process has not yet.

    Between two processes its attributes may have changed and its contents not: then it is the
    stamp of now that counts.
    """
    source = errand.upload.source
    if errand.sources.held(errand.upload.id) is not None or source is None:
        return stamp
    now = errand.sources.look(errand.upload, errand.line)
    same = now.stamp.same_content(stamp) and now.sample == source.sample
    return now.stamp if same else stamp


def complete(errand: Errand, command: commands.CompleteUpload) -> steps.Happened:
    """Put the parts together."""
    checksum = _combined(errand, command.parts)
    done = errand.store.complete(
        errand.remote,
        [_theirs(part) for part in command.parts],
        checksum=checksum,
        size=errand.upload.transfer.size,
        replace=not command.only_if_new,
        line=errand.line,
    )
    return steps.Completed(done.etag, f"{errand.kind.value}:{checksum}" if checksum else "")


def _combined(errand: Errand, parts: tuple[Part, ...]) -> str:
    if not errand.kind.whole:
        return ""
    return checksums.combine([(part.checksum, part.size) for part in parts], errand.kind)


def head(errand: Errand, command: commands.HeadObject) -> steps.Happened:
    """Look at the object, and at what it would have to be."""
    stored = errand.store.head(errand.key, line=errand.line)
    expected = _expected(errand, command.parts, stored) if command.expect else ""
    return steps.Headed(seen(stored), expected)


def seen(stored: values.Stored) -> ObjectSeen:
    """Return an object in the words of machines."""
    checksum = f"{stored.kind.value}:{stored.checksum}" if stored.kind else ""
    return ObjectSeen(stored.size, stored.etag, checksum, stored.nonce, stored.version_id)


def _expected(errand: Errand, parts: tuple[Part, ...], stored: values.Stored) -> str:
    """Return the checksum the object must have, as far as it can be told."""
    if parts and errand.kind.whole:
        return f"{errand.kind.value}:{_combined(errand, parts)}"
    if parts:
        return f"md5:{checksums.etag_of(map(_theirs, parts))}" if _plain(errand, stored) else ""
    return _of_file(errand, stored)


def _plain(errand: Errand, stored: values.Stored) -> bool:
    """Tell whether ETags are MD5s: they are not with keys of the customer or of KMS."""
    ours = errand.store.destination.encryption in {Encryption.DEFAULT, Encryption.S3}
    return ours and stored.encryption in {"", "AES256"}


def _of_file(errand: Errand, stored: values.Stored) -> str:
    """Return the checksum of the file, if it is still the one that was sent."""
    if stored.kind is None or errand.upload.source is None:
        return ""
    try:
        held = errand.held()
        with held.sent.used() as descriptor:
            size = errand.upload.transfer.size
            checksum = checksums.of_range(descriptor, 0, size, stored.kind)
        same = held.stamp().same_content(errand.upload.source.stamp)
    except CloudFault:
        return ""
    return f"{stored.kind.value}:{checksum}" if same else ""


def abort(errand: Errand, _command: commands.AbortUpload) -> steps.Happened:
    """Abort the multipart upload."""
    errand.store.abort(errand.remote, line=errand.line)
    return steps.Aborted()


def _ours(part: values.Part) -> Part:
    return Part(part.number, part.size, part.etag, part.checksum)


def _theirs(part: Part) -> values.Part:
    return values.Part(part.number, part.size, part.etag, part.checksum)


QUESTIONS: Mapping[type[commands.Command], Callable[[Errand, Any], steps.Happened]] = {
    commands.LookAtSource: look,
    commands.CreateUpload: create,
    commands.FindUploads: find,
    commands.ListParts: list_parts,
    commands.ProveParts: prove,
    commands.PutWhole: put,
    commands.CompleteUpload: complete,
    commands.HeadObject: head,
    commands.AbortUpload: abort,
}
"""Who answers what."""

PATIENCE: Mapping[type[commands.Command], float] = {commands.CompleteUpload: COMPLETING}
"""Seconds without a byte that an answer may take, where that is longer than usual."""
