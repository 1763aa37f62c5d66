"""Bytes from a connection: lines and blocks, plain, in HTTP's chunks or in those of AWS.

Bodies go through one buffer a connection, so that receiving a gibibyte costs a third of a second.
"""

import socket
from collections.abc import Callable
from typing import Protocol

from tests.s3.errors import Dropped, S3Error

LONGEST_LINE = 64 * 1024


class Source(Protocol):
    """Anything that fills a buffer; 0 says that it is at its end."""

    def read_into(self, view: memoryview) -> int:
        """Put bytes at the beginning of ``view``; return how many."""


class Plug:
    """A socket as a source; a client that left ends it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def read_into(self, view: memoryview) -> int:
        try:
            return self._sock.recv_into(view)
        except (OSError, ValueError) as gone:
            raise Dropped(str(gone)) from gone


class Buffered:
    """A source that can also be read by lines."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._held = bytearray()

    def read_into(self, view: memoryview) -> int:
        if not self._held:
            return self._source.read_into(view)
        count = min(len(self._held), len(view))
        view[:count] = self._held[:count]
        del self._held[:count]
        return count

    def line(self) -> bytes:
        """Return the next line without its end; raises Dropped at the end of everything."""
        start = 0
        while (end := self._held.find(b"\n", start)) < 0:
            start = len(self._held)
            if start > LONGEST_LINE:
                raise Dropped("a line without end")
            self._fill()
        found = bytes(self._held[:end]).rstrip(b"\r")
        del self._held[: end + 1]
        return found

    def _fill(self) -> None:
        block = bytearray(16 * 1024)
        count = self._source.read_into(memoryview(block))
        if not count:
            raise Dropped("end of data within a line")
        self._held += block[:count]

    def exactly(self, count: int) -> bytes:
        """Return so many bytes; raises Dropped when there are fewer."""
        found = bytearray(count)
        view, at = memoryview(found), 0
        while at < count:
            read = self.read_into(view[at:])
            if not read:
                raise Dropped("end of data within a block")
            at += read
        return bytes(found)


class Exactly:
    """The next so many bytes of a source."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._left = size

    def read_into(self, view: memoryview) -> int:
        if not self._left:
            return 0
        count = self._source.read_into(view[: self._left])
        if not count:
            raise Dropped("the client sent less than it said")
        self._left -= count
        return count


def _size(line: bytes) -> int:
    try:
        return int(line.partition(b";")[0].strip() or b"-", 16)
    except ValueError:
        raise S3Error("InvalidRequest", "The chunk size is not a hexadecimal number") from None


class HttpChunks:
    """A body with ``Transfer-Encoding: chunked``, unwrapped."""

    def __init__(self, source: Buffered) -> None:
        self._source = source
        self._left = 0
        self._begun = self._over = False

    def read_into(self, view: memoryview) -> int:
        if not self._left and not self._over:
            self._next()
        if self._over:
            return 0
        count = self._source.read_into(view[: self._left])
        if not count:
            raise Dropped("the client left within a chunk")
        self._left -= count
        return count

    def _next(self) -> None:
        if self._begun:
            self._source.line()
        self._begun = True
        self._left = _size(self._source.line())
        if not self._left:
            self._over = True
            while self._source.line():
                pass


class ChunkSignatures(Protocol):
    """Checks the signatures that stand between the chunks."""

    def chunk(self, signature: str, digest: bytes) -> None:
        """Raise S3Error when the signature is not that of a chunk with this SHA-256."""

    def trailer(self, signature: str, lines: bytes) -> None:
        """Raise S3Error when the signature is not that of these trailing headers."""


class AwsChunks:
    """A body with ``Content-Encoding: aws-chunked``, unwrapped; its trailing headers are kept."""

    def __init__(
        self,
        source: Source,
        signatures: ChunkSignatures | None,
        sha256: Callable[[], "Hash"],
    ) -> None:
        self._source = Buffered(source)
        self._signatures = signatures
        self._sha256 = sha256
        self._hash: Hash = sha256()
        self._signature = ""
        self._left = 0
        self._begun = self._over = False
        self.trailers: dict[str, str] = {}

    def read_into(self, view: memoryview) -> int:
        if not self._left and not self._over:
            self._next()
        if self._over:
            return 0
        view = view[: self._left]
        count = self._source.read_into(view)
        if not count:
            raise Dropped("the client left within a chunk")
        if self._signatures:
            self._hash.update(view[:count])
        self._left -= count
        return count

    def _next(self) -> None:
        if self._begun:
            self._close()
            self._source.line()
        self._begun = True
        line = self._source.line()
        self._left = _size(line)
        self._hash = self._sha256()
        self._signature = line.partition(b"chunk-signature=")[2].decode()
        if not self._left:
            self._over = True
            self._close()
            self._trailing()

    def _close(self) -> None:
        if self._signatures:
            self._signatures.chunk(self._signature, self._hash.digest())

    def _trailing(self) -> None:
        signature, lines = "", b""
        while line := self._line():
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "x-amz-trailer-signature":
                signature = value.strip()
                continue
            self.trailers[name.lower()] = value.strip()
            lines += f"{name.lower()}:{value.strip()}\n".encode()
        if self._signatures and lines:
            self._signatures.trailer(signature, lines)

    def _line(self) -> bytes:
        try:
            return self._source.line()
        except Dropped:
            return b""  # the last empty line is not always sent


class Hash(Protocol):
    """What is needed of hashlib."""

    def update(self, data: memoryview, /) -> None: ...

    def digest(self) -> bytes: ...
