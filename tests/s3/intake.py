"""Taking in a body: unwrapped, slowed down, counted, damaged on demand, hashed and compared."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.s3 import digests
from tests.s3.errors import Dropped, S3Error
from tests.s3.faults import Effect
from tests.s3.signature import STREAMING, UNSIGNED
from tests.s3.wire import AwsChunks, Buffered, Exactly, HttpChunks, Source

MOST_IN_MEMORY = 8 << 20
LARGEST = 5 << 30
"""Most bytes of one request, as the service has it."""


@dataclass(slots=True)
class Taken:
    """A body that came in whole and is what the client said it is."""

    size: int = 0
    md5: str = ""
    """Hexadecimal; empty when it was not computed."""
    said: dict[str, str] = field(default_factory=dict)
    """Checksums the client gave, by kind."""
    computed: dict[str, str] = field(default_factory=dict)
    """All that were computed, by kind."""


@dataclass(slots=True)
class Said:
    """What the head says of the body."""

    length: int
    checksums: dict[str, str]
    trailers: tuple[str, ...]
    content_md5: str
    sha256: str
    framed: bool
    chunked: bool

    @property
    def kinds(self) -> set[str]:
        """All checksums the client gives, ahead or behind."""
        return {*self.checksums, *self.trailers}


def said(headers: dict[str, str], *, of_body: bool = True) -> Said:
    """Read what the head says; raises S3Error for what cannot be.

    At a completion the checksum headers are of the object, not of the body: ``of_body=False``.
    """
    chunked = headers.get("transfer-encoding", "").lower() == "chunked"
    sha256 = headers.get("x-amz-content-sha256", "")
    framed = sha256.startswith("STREAMING-") or "aws-chunked" in headers.get("content-encoding", "")
    given = {kind: headers.get(f"x-amz-checksum-{kind}", "") for kind in digests.KINDS}
    checksums = {kind: value for kind, value in given.items() if value and of_body}
    for kind, value in checksums.items():
        if not digests.valid(kind, value):
            raise S3Error("InvalidRequest", f"Value for x-amz-checksum-{kind} header is invalid.")
    if len(checksums) > 1:
        raise S3Error("InvalidRequest", "Expecting a single x-amz-checksum- header")
    content_md5 = headers.get("content-md5", "")
    if content_md5 and digests.decoded(content_md5, 16) is None:
        raise S3Error("InvalidDigest")
    trailers = tuple(
        name.strip().removeprefix("x-amz-checksum-")
        for name in headers.get("x-amz-trailer", "").lower().split(",")
        if name.strip().startswith("x-amz-checksum-")
    )
    return Said(
        _length(headers, chunked=chunked, framed=framed),
        checksums,
        trailers,
        content_md5,
        sha256,
        framed,
        chunked,
    )


def _length(headers: dict[str, str], *, chunked: bool, framed: bool) -> int:
    name = "x-amz-decoded-content-length" if framed else "content-length"
    text = headers.get(name, "")
    if not text.isdecimal():
        raise S3Error("NotImplemented" if chunked and not framed else "MissingContentLength")
    if int(text) > LARGEST:
        raise S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    return int(text)


@dataclass(slots=True)
class Terms:
    """How a body is taken in."""

    said: Said
    verify: bool = True
    compute: frozenset[str] = frozenset()
    """Checksums that are wanted whatever the client said."""
    pace: Callable[[int], None] = lambda _count: None
    """Waits until so many bytes would have come."""
    block: Callable[[], int] = lambda: 1 << 30
    """Most bytes to be taken before the pace is asked."""
    moved: Callable[[int], None] = lambda _count: None
    damage: bool = False
    cut: tuple[Effect, int, float] | None = None
    """What happens after how many bytes, and for how long."""
    stall: Callable[[float], None] = lambda _seconds: None
    chunk_signatures: object = None


class Intake:
    """One body on its way in."""

    def __init__(self, wire: Buffered, headers: dict[str, str], terms: Terms) -> None:
        self._terms = terms
        self._said = terms.said
        self._outer: Source
        if self._said.chunked:
            self._outer = HttpChunks(wire)
        else:
            self._outer = Exactly(wire, int(headers.get("content-length") or 0))
        self._frames: AwsChunks | None = None
        if self._said.framed:
            self._frames = AwsChunks(self._outer, terms.chunk_signatures, hashlib.sha256)  # type: ignore[arg-type]  # a Chain or None
        self._running = {kind: digests.start(kind) for kind in self._kinds()}
        self._size = 0
        self.ended = False
        """Whether the line is at the end of the body, whatever is thought of it."""

    def _kinds(self) -> set[str]:
        terms, told = self._terms, self._said
        kinds = {kind for kind in told.kinds if kind in digests.KINDS} if terms.verify else set()
        kinds |= terms.compute
        if terms.verify and told.content_md5:
            kinds.add("md5")
        if terms.verify and _is_hash(told.sha256):
            kinds.add("sha256")
        return kinds

    def into_file(self, fd: int | None, view: memoryview) -> Taken:
        """Take everything in, to a file or to nowhere; raises S3Error or Dropped."""
        for block in self._blocks(view):
            if fd is not None:
                _write_all(fd, block)
        return self._finished()

    def into_memory(self, view: memoryview) -> bytes:
        """Take a short body in."""
        found = bytearray()
        for block in self._blocks(view):
            found += block
            if len(found) > MOST_IN_MEMORY:
                raise S3Error("MalformedXML")
        self._finished()
        return bytes(found)

    def _blocks(self, view: memoryview) -> Iterator[memoryview]:
        source = self._frames or self._outer
        while count := self._fill(source, view):
            self._take(view[:count])
            yield view[:count]
        while self._outer.read_into(view):
            pass  # what ends the framing
        self.ended = True

    def _fill(self, source: Source, view: memoryview) -> int:
        """Fill the buffer as far as goes, so that hashing and writing are done in large blocks."""
        filled, most = 0, self._most(len(view))
        while filled < most and (count := source.read_into(view[filled:most])):
            filled += count
            self._terms.moved(count)
        if filled:
            self._terms.pace(filled)
        return filled

    def _most(self, room: int) -> int:
        room = min(room, self._terms.block())
        if self._terms.cut is None:
            return room
        effect, after, seconds = self._terms.cut
        left = after - self._size
        if left <= 0:
            if effect is Effect.DROP_BODY:
                raise Dropped("cut on demand")
            self._terms.stall(seconds)
            self._terms.cut = None
            return room
        return min(room, left)

    def _take(self, block: memoryview) -> None:
        if self._terms.damage:
            block[len(block) // 2] ^= 0x01
            self._terms.damage = False
        self._size += len(block)
        for running in self._running.values():
            running.update(block)

    def _finished(self) -> Taken:
        told = self._said
        if self._size != told.length:
            raise S3Error("IncompleteBody")
        checksums = {**told.checksums, **self._trailers()}
        found = {kind: running.digest() for kind, running in self._running.items()}
        if self._terms.verify:
            _compare(told, checksums, found)
        md5 = found["md5"].hex() if "md5" in found else ""
        computed = {kind: digests.text(value) for kind, value in found.items()}
        return Taken(self._size, md5, checksums, computed)

    def _trailers(self) -> dict[str, str]:
        got = self._frames.trailers if self._frames else {}
        missing = [kind for kind in self._said.trailers if f"x-amz-checksum-{kind}" not in got]
        if missing:
            raise S3Error(
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed",
            )
        return {kind: got[f"x-amz-checksum-{kind}"] for kind in self._said.trailers}


def _compare(told: Said, checksums: dict[str, str], found: dict[str, bytes]) -> None:
    if told.content_md5 and digests.text(found["md5"]) != told.content_md5:
        raise S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.")
    if _is_hash(told.sha256) and found["sha256"].hex() != told.sha256:
        raise S3Error("XAmzContentSHA256Mismatch")
    for kind, value in checksums.items():
        if kind not in found:
            raise S3Error("InvalidRequest", f"Checksum algorithm {kind} is not supported here.")
        if digests.text(found[kind]) != value:
            raise S3Error(
                "BadDigest",
                f"The {kind.upper()} you specified did not match the calculated checksum.",
            )


def _is_hash(value: str) -> bool:
    return bool(value) and value not in (*UNSIGNED, *STREAMING)


def _write_all(fd: int, view: memoryview) -> None:
    while view:
        view = view[os.write(fd, view) :]
