"""What the machine of a download asks of the cloud and of the disk: one function per question."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.cloud import checksums
from desktop.cloud.body import Gate, ignore
from desktop.cloud.errors import CloudFault, fault_of_file
from desktop.cloud.line import Line
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind, Stored
from desktop.cloud.whole import Span
from desktop.domain.uploads import Download, Part
from desktop.transfers import commands, steps
from desktop.transfers.engine.partials import Partials, looks_compressed, partial_path, taken
from desktop.transfers.engine.sending import md5_of, seen
from desktop.transfers.plan import Plan

MD5 = re.compile(r"[0-9a-f]{32}")
"""ETags of objects that were sent in one request and encrypted by S3's own keys, or not at all."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a download's question is answered with."""

    download: Download
    store: ObjectStore
    partials: Partials
    line: Line
    gate: Gate | None = None
    moved: Callable[[int], None] = ignore

    @property
    def key(self) -> str:
        """The object's key."""
        return self.download.transfer.key

    @property
    def version(self) -> str:
        """The object's version, where one was asked for."""
        return self.download.request.version_id


def fetch_part(errand: Errand, number: int) -> steps.PartFetched:
    """Fetch a range into its place, down to the disk."""
    row, object_seen = errand.download.transfer, errand.download.seen
    plan = Plan(row.size, row.part_size)
    span = Span(
        errand.key,
        plan.offset(number),
        plan.length(number),
        object_seen.etag if object_seen else "",
        errand.version,
    )
    with errand.partials.held(errand.download).used() as descriptor:
        fetched = errand.store.get_range(
            span, descriptor, errand.line, gate=errand.gate, moved=errand.moved
        )
        try:
            os.fsync(descriptor)
        except OSError as error:
            raise CloudFault(fault_of_file(error, writing=True)) from error
    return steps.PartFetched(Part(number, fetched.size, fetched.etag, fetched.checksum))


def head(errand: Errand, _command: commands.HeadObject) -> steps.Happened:
    """Look at the object, and whether its place is free: better now than after it was fetched."""
    stored = errand.store.head(errand.key, errand.version, line=errand.line)
    if not errand.download.request.replace:
        _must_be_free(errand, stored)
    return steps.Headed(seen(stored))


def _must_be_free(errand: Errand, stored: Stored) -> None:
    """Raise a fault when another file has the name; one that is the object is as good as ours."""
    target = Path(errand.download.request.path)
    try:
        with target.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            kind = stored.kind or ChecksumKind.CRC64NVME
            same = size == stored.size and stored.checksum in {
                "",
                checksums.of_range(file.fileno(), 0, size, kind),
            }
    except FileNotFoundError:
        return
    if not same:
        raise taken(target)


def open_partial(errand: Errand, command: commands.OpenPartial) -> steps.Happened:
    """Make sure the unfinished file is there."""
    return steps.PartialOpened(errand.partials.open(errand.download, command.size))


def verify(errand: Errand, command: commands.VerifyFile) -> steps.Happened:
    """Read the file once more and compare it with what the service says of the object."""
    told = errand.download.seen.checksum if errand.download.seen else ""
    etag = errand.download.seen.etag if errand.download.seen else ""
    size = errand.download.transfer.size
    with errand.partials.held(errand.download).used() as descriptor:
        try:
            if told:
                kind = ChecksumKind(told.partition(":")[0])
                own = f"{kind.value}:{checksums.of_range(descriptor, 0, size, kind)}"
                return steps.FileVerified(own == told, own)
            if MD5.fullmatch(etag) and md5_of(descriptor, 0, size) == etag:
                return steps.FileVerified(same=True, checksum=f"md5:{etag}")
            own = checksums.of_range(descriptor, 0, size, ChecksumKind.CRC64NVME)
        except OSError as error:
            raise CloudFault(fault_of_file(error)) from error
    pieces = [(part.checksum, part.size) for part in command.parts]
    same = own == checksums.combine(pieces, ChecksumKind.CRC64NVME) and not _contradicted(errand)
    return steps.FileVerified(same, f"crc64nvme:{own}")


def _contradicted(errand: Errand) -> bool:
    """Tell whether the ETag is an MD5 and another one than the file's, which was looked at."""
    stored = errand.store.head(errand.key, errand.version, line=errand.line)
    return bool(MD5.fullmatch(stored.etag)) and stored.encryption in {"", "AES256"}


def publish(errand: Errand, command: commands.PublishFile) -> steps.Happened:
    """Give the file its name, in its plain form if it is kept compressed."""
    errand.partials.publish(
        errand.download, replace=command.replace, compressed=_kept_compressed(errand)
    )
    return steps.Published()


def _kept_compressed(errand: Errand) -> bool:
    try:
        if not looks_compressed(partial_path(errand.download)):
            return False
    except OSError as error:
        raise CloudFault(fault_of_file(error)) from error
    stored = errand.store.head(errand.key, errand.version, line=errand.line)
    return stored.content_encoding.lower() == "gzip"


def remove(errand: Errand, _command: commands.RemovePartial) -> steps.Happened:
    """Remove the unfinished file."""
    errand.partials.remove(errand.download)
    return steps.PartialRemoved()


QUESTIONS: Mapping[type[commands.Command], Callable[[Errand, Any], steps.Happened]] = {
    commands.HeadObject: head,
    commands.OpenPartial: open_partial,
    commands.VerifyFile: verify,
    commands.PublishFile: publish,
    commands.RemovePartial: remove,
}
"""Who answers what."""
