"""Checksums as the service keeps them: running, in base64, of parts and of whole objects."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol

from awscrt import checksums as crt  # type: ignore[import-untyped]

FULL, COMPOSITE = "FULL_OBJECT", "COMPOSITE"


class Running(Protocol):
    """A checksum that is fed piece by piece."""

    def update(self, data: memoryview, /) -> None:
        """Take the next bytes."""

    def digest(self) -> bytes:
        """Return the checksum of everything so far."""


class Crc:
    """A cyclic redundancy check with the face of hashlib."""

    def __init__(self, step: Callable[[bytes, int], int], width: int) -> None:
        self._step = step
        self._width = width
        self._value = 0

    def update(self, data: memoryview, /) -> None:
        self._value = self._step(data, self._value)  # type: ignore[arg-type]  # takes any buffer

    def digest(self) -> bytes:
        return self._value.to_bytes(self._width, "big")


_FACTORIES: dict[str, Callable[[], Running]] = {
    "crc32": lambda: Crc(crt.crc32, 4),
    "crc32c": lambda: Crc(crt.crc32c, 4),
    "crc64nvme": lambda: Crc(crt.crc64nvme, 8),
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "md5": hashlib.md5,
}
_COMBINE: dict[str, Callable[[int, int, int], int]] = {
    "crc32": crt.combine_crc32,
    "crc32c": crt.combine_crc32c,
    "crc64nvme": crt.combine_crc64nvme,
}
_SIZES = {"crc32": 4, "crc32c": 4, "crc64nvme": 8, "sha1": 20, "sha256": 32}
KINDS = tuple(_SIZES)
"""Checksums a client can send; MD5 travels in a header of its own."""
_TYPES = {
    "crc32": (COMPOSITE, FULL),
    "crc32c": (COMPOSITE, FULL),
    "crc64nvme": (FULL,),
    "sha1": (COMPOSITE,),
    "sha256": (COMPOSITE,),
}


def start(kind: str) -> Running:
    """Begin a checksum."""
    return _FACTORIES[kind]()


def element(kind: str) -> str:
    """Return the name of a checksum in XML, such as ``ChecksumCRC64NVME``."""
    return f"Checksum{kind.upper()}"


def text(digest: bytes) -> str:
    """Return a digest as it stands in headers."""
    return base64.b64encode(digest).decode()


def decoded(value: str, size: int) -> bytes | None:
    """Return the digest a header holds; None when it cannot be one of that size."""
    try:
        digest = base64.b64decode(value, validate=True)
    except ValueError:
        return None
    return digest if len(digest) == size else None


def valid(kind: str, value: str) -> bool:
    """Tell whether a header's value can be a checksum of this kind."""
    return decoded(value, _SIZES[kind]) is not None


def default_type(kind: str) -> str:
    """Return how parts make up the object's checksum unless the upload says otherwise."""
    return _TYPES[kind][0]


def allows(kind: str, checksum_type: str) -> bool:
    """Tell whether a checksum kind can be of this type."""
    return checksum_type in _TYPES[kind]


def combined(kind: str, parts: Iterable[tuple[str, int]]) -> str:
    """Return the checksum of the whole from those of its parts and their sizes."""
    total, combine = 0, _COMBINE[kind]
    for value, size in parts:
        total = combine(total, int.from_bytes(base64.b64decode(value), "big"), size)
    return text(total.to_bytes(_SIZES[kind], "big"))


def composite(kind: str, parts: Iterable[str]) -> str:
    """Return the checksum of the parts' checksums, with their number behind it."""
    values = [base64.b64decode(value) for value in parts]
    whole = start(kind)
    whole.update(memoryview(b"".join(values)))
    return f"{text(whole.digest())}-{len(values)}"


def etag_of_parts(parts: Iterable[str]) -> str:
    """Return the MD5 of the parts' MD5s, with their number behind it."""
    values = [bytes.fromhex(value) for value in parts]
    return f"{hashlib.md5(b''.join(values)).hexdigest()}-{len(values)}"
