"""Whole objects: put, described, fetched in ranges, removed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.response import StreamingBody

from desktop.cloud import checksums
from desktop.cloud.body import Gate, PartBody, ignore, pass_through
from desktop.cloud.calls import FIELDS, NONCE, Answer, Calls
from desktop.cloud.errors import CloudFault, Cut, fault_of, fault_of_file, make
from desktop.cloud.line import Line
from desktop.cloud.multipart import bare, confirm, described, seconds
from desktop.cloud.positional import write_all
from desktop.cloud.values import ChecksumKind, Completed, Description, Fetched, Stored
from desktop.cloud.wire import BLOCK
from desktop.domain.faults import FaultKind


def put(
    calls: Calls,
    key: str,
    body: PartBody,
    description: Description,
    kind: ChecksumKind,
    terms: Answer,
) -> Completed:
    """Send a small file in one request; ``terms`` say what must not be there."""
    checksum = checksums.of_range(body.fd, body.offset, body.size, kind)
    body.seek(0)
    answer = calls(
        "PutObject",
        body.line,
        Key=key,
        Body=body,
        ContentLength=body.size,
        **described(description),
        **{FIELDS[kind]: checksum},
        **terms,
    )
    confirm(calls, answer, kind, checksum, key)
    told = str(answer.get(FIELDS[kind]) or "") if kind.whole else ""
    return Completed(bare(answer.get("ETag")), told, str(answer.get("VersionId") or ""))


def head(calls: Calls, key: str, version_id: str = "", line: Line | None = None) -> Stored:
    """Return what is said of an object; raises a NO_OBJECT fault when there is none."""
    answer = calls("HeadObject", line, Key=key, ChecksumMode="ENABLED", **_version(version_id))
    kind, checksum = _checksum(answer)
    metadata = {name.lower(): value for name, value in answer.get("Metadata", {}).items()}
    return Stored(
        key,
        size=int(answer.get("ContentLength", 0)),
        etag=bare(answer.get("ETag")),
        kind=kind,
        checksum=checksum,
        nonce=metadata.get(NONCE, ""),
        version_id=str(answer.get("VersionId") or ""),
        modified_at=seconds(answer.get("LastModified")),
        content_type=str(answer.get("ContentType") or ""),
        content_encoding=str(answer.get("ContentEncoding") or ""),
        encryption=str(
            answer.get("ServerSideEncryption") or answer.get("SSECustomerAlgorithm") or ""
        ),
    )


def _version(version_id: str) -> Answer:
    return {"VersionId": version_id} if version_id else {}


def _checksum(answer: Answer) -> tuple[ChecksumKind | None, str]:
    """Return the checksum of the whole object; those of checksums of parts end in a count."""
    for kind in (ChecksumKind.CRC64NVME, ChecksumKind.CRC32):
        text = str(answer.get(FIELDS[kind]) or "")
        if text and "-" not in text and answer.get("ChecksumType") != "COMPOSITE":
            return kind, text
    return None, ""


def delete(calls: Calls, key: str, version_id: str = "", line: Line | None = None) -> None:
    """Remove an object; one that is not there is no fault."""
    calls("DeleteObject", line, Key=key, **_version(version_id))


@dataclass(frozen=True, slots=True)
class Span:
    """Which bytes of which object are fetched."""

    key: str
    offset: int
    size: int
    etag: str = ""
    """Of the object as it was when the download began."""
    version_id: str = ""


@dataclass(frozen=True, slots=True)
class Sink:
    """Where fetched bytes go: a file, in step with a gate."""

    fd: int
    gate: Gate | None = None
    moved: Callable[[int], None] = ignore


def fetch(calls: Calls, span: Span, sink: Sink, line: Line) -> Fetched:
    """Write a range of an object into a file, at the same place.

    Raises a CONFLICT fault when the object is no longer the one of ``span.etag``.
    """
    asked: Answer = _version(span.version_id)
    if span.size:
        asked["Range"] = f"bytes={span.offset}-{span.offset + span.size - 1}"
    if span.etag:
        asked["IfMatch"] = f'"{span.etag}"'
    with line.carrying():
        answer = calls.within(line, "GetObject", Key=span.key, **asked)
        stream: StreamingBody = answer["Body"]
        try:
            total = _total(calls, answer, span)
            checksum = _pour(calls, stream, span, sink, line)
        finally:
            stream.close()
    return Fetched(span.size, bare(answer.get("ETag")), checksum, total)


def _total(calls: Calls, answer: Answer, span: Span) -> int:
    """Return the object's size; raises UNSUPPORTED when other bytes come than were asked for."""
    told = str(answer.get("ContentRange") or "")
    length = int(answer.get("ContentLength", 0))
    if told.startswith(f"bytes {span.offset}-") and length == span.size:
        total = told.rpartition("/")[2]
        return int(total) if total.isdecimal() else 0
    if not told and not span.offset and length == span.size:
        return length
    raise CloudFault(make(FaultKind.UNSUPPORTED, calls.place("GetObject", span.key), "Range"))


def _pour(calls: Calls, stream: StreamingBody, span: Span, sink: Sink, line: Line) -> str:
    """Write what arrives; return its checksum."""
    digest = checksums.digest(ChecksumKind.CRC64NVME)
    done = 0
    while done < span.size:
        wanted = pass_through(sink.gate, min(BLOCK, span.size - done), line)
        block = memoryview(_receive(calls, stream, wanted, span, line))
        digest.update(block)
        try:
            write_all(sink.fd, block, span.offset + done)
        except OSError as error:
            raise CloudFault(fault_of_file(error, writing=True)) from error
        done += len(block)
        line.moved()
        sink.moved(len(block))
    return digest.text()


def _receive(calls: Calls, stream: StreamingBody, wanted: int, span: Span, line: Line) -> bytes:
    """Return the next bytes; raises NETWORK when the stream ends too early."""
    place = calls.place("GetObject", span.key)
    try:
        block: Any = stream.read(wanted)
    except Exception as error:
        if line.is_cut:
            raise Cut from error
        raise CloudFault(fault_of(error, place)) from error
    line.check()
    if not block:
        raise CloudFault(make(FaultKind.NETWORK, place, "IncompleteRead"))
    return bytes(block)
