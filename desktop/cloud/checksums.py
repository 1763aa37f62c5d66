"""Checksums of ranges of files, and those of whole files put together from them.

Texts are base64 of the big-endian value, as S3 writes them. Both CRCs of a whole file follow from
those of its parts and their lengths, so no file is read twice for the sake of the last request.
AWS's own library computes CRC64NVME, about as fast as memory is read and without Python's lock.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from awscrt import checksums as crt  # type: ignore[import-untyped]

from desktop.cloud.errors import SourceShort
from desktop.cloud.positional import read_at
from desktop.cloud.values import ChecksumKind, Part

BLOCK = 256 * 1024
"""Bytes read at a time: large enough for the CRC, small enough for 32 threads' memory."""

CRC32_POLYNOMIAL = 0xEDB88320
"""Bits reversed, the highest power in the lowest bit."""

_ONE = 1 << 31
"""The polynomial 1, in the same order of bits."""


class Digest(Protocol):
    """A checksum that grows with the bytes it is given."""

    def update(self, data: memoryview, /) -> None:
        """Take more bytes."""

    def text(self) -> str:
        """Return the base64 of everything taken so far."""


class _Crc64:
    """CRC64NVME."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: memoryview, /) -> None:
        self._value = crt.crc64nvme(data, self._value)

    def text(self) -> str:
        return encode(self._value, 8)


class _Crc32:
    """CRC32 as in zip files."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: memoryview, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def text(self) -> str:
        return encode(self._value, 4)


class _Md5:
    """MD5, as ``Content-MD5`` carries it: against accidents, not against people."""

    def __init__(self) -> None:
        self._hash = hashlib.md5(usedforsecurity=False)

    def update(self, data: memoryview, /) -> None:
        self._hash.update(data)

    def text(self) -> str:
        return base64.b64encode(self._hash.digest()).decode()


_DIGESTS: dict[ChecksumKind, type[Digest]] = {
    ChecksumKind.CRC64NVME: _Crc64,
    ChecksumKind.CRC32: _Crc32,
    ChecksumKind.MD5: _Md5,
}


def digest(kind: ChecksumKind) -> Digest:
    """Return an empty checksum of a kind."""
    return _DIGESTS[kind]()


def of_bytes(data: bytes, kind: ChecksumKind) -> str:
    """Return the checksum of bytes."""
    result = digest(kind)
    result.update(memoryview(data))
    return result.text()


def of_range(fd: int, offset: int, size: int, kind: ChecksumKind) -> str:
    """Return the checksum of a range of a file; raises SourceShort when the file ends in it."""
    result = digest(kind)
    buffer = memoryview(bytearray(min(BLOCK, size)))
    end = offset + size
    while offset < end:
        count = read_at(fd, buffer[: end - offset], offset)
        if not count:
            raise SourceShort
        result.update(buffer[:count])
        offset += count
    return result.text()


def encode(value: int, width: int) -> str:
    """Return a number of so many bytes as S3 writes it."""
    return base64.b64encode(value.to_bytes(width, "big")).decode()


def decode(text: str) -> int:
    """Return the number that S3 wrote; raises ValueError for anything else."""
    return int.from_bytes(base64.b64decode(text, validate=True), "big")


def combine(pieces: Iterable[tuple[str, int]], kind: ChecksumKind) -> str:
    """Return the checksum of pieces in a row from that of each and its length.

    Raises ValueError for MD5, which cannot be combined, and for texts that are no checksums.
    """
    if kind is ChecksumKind.MD5:
        raise ValueError("MD5s of parts do not combine")
    whole = 0
    for text, size in pieces:
        if kind is ChecksumKind.CRC64NVME:
            whole = crt.combine_crc64nvme(whole, decode(text), size)
        else:
            whole = combine_crc32(whole, decode(text), size)
    return encode(whole, 8 if kind is ChecksumKind.CRC64NVME else 4)


def combine_crc32(first: int, second: int, length: int) -> int:
    """Return the CRC32 of two pieces in a row; ``length`` is that of the second."""
    return _times(_shift(length), first) ^ second


@lru_cache(maxsize=64)
def _shift(length: int) -> int:
    """Return x to the power of eight times the length: what so many bytes do to a CRC."""
    result, power = _ONE, 3
    while length:
        if length & 1:
            result = _times(_square(power), result)
        length >>= 1
        power += 1
    return result


@lru_cache(maxsize=64)
def _square(power: int) -> int:
    """Return x to the power of two to the power of ``power``."""
    if not power:
        return _ONE >> 1
    root = _square(power - 1)
    return _times(root, root)


def _times(left: int, right: int) -> int:
    """Multiply two polynomials over GF(2) and keep the remainder by that of CRC32."""
    product, bit = 0, _ONE
    while left:
        if left & bit:
            product ^= right
            left ^= bit
        bit >>= 1
        right = right >> 1 ^ CRC32_POLYNOMIAL if right & 1 else right >> 1
    return product


def etag_of(parts: Iterable[Part]) -> str:
    """Return the ETag of an object made of these parts where ETags are MD5s.

    Only unencrypted objects and those encrypted by S3's own keys have such ETags.
    """
    digests = [bytes.fromhex(part.etag) for part in parts]
    whole = hashlib.md5(b"".join(digests), usedforsecurity=False)
    return f"{whole.hexdigest()}-{len(digests)}"
