"""Checksums of ranges, and wholes put together from parts."""

import base64
import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.cloud import checksums
from desktop.cloud.errors import SourceShort
from desktop.cloud.values import ChecksumKind, Part
from desktop.domain.faults import FaultKind

WHOLE = [kind for kind in ChecksumKind if kind.whole]
CHECK = b"123456789"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[int, bytes]]:
    content = os.urandom(700_001)
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    fd = os.open(path, os.O_RDONLY)
    yield fd, content
    os.close(fd)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ChecksumKind.CRC64NVME, bytes.fromhex("ae8b14860a799888")),  # of the catalogue of CRCs
        (ChecksumKind.CRC32, bytes.fromhex("cbf43926")),
        (ChecksumKind.MD5, hashlib.md5(CHECK).digest()),
    ],
)
def test_checksums_are_the_published_ones_in_base64(kind: ChecksumKind, value: bytes) -> None:
    assert checksums.of_bytes(CHECK, kind) == base64.b64encode(value).decode()


@pytest.mark.parametrize("kind", ChecksumKind)
@pytest.mark.parametrize(
    ("offset", "size"), [(0, 700_001), (1, 262_144), (262_143, 437_858), (5, 0)]
)
def test_a_range_of_a_file_has_the_checksum_of_its_bytes(
    opened: tuple[int, bytes], kind: ChecksumKind, offset: int, size: int
) -> None:
    fd, content = opened
    piece = content[offset : offset + size]
    assert checksums.of_range(fd, offset, size, kind) == checksums.of_bytes(piece, kind)


def test_a_range_beyond_the_end_says_that_the_file_became_shorter(
    opened: tuple[int, bytes],
) -> None:
    fd, content = opened
    with pytest.raises(SourceShort) as raised:
        checksums.of_range(fd, 1, len(content), ChecksumKind.CRC32)
    assert raised.value.fault.kind is FaultKind.SOURCE_CHANGED


@pytest.mark.parametrize("kind", WHOLE)
@given(pieces=st.lists(st.binary(max_size=300), max_size=8))
def test_the_whole_follows_from_the_parts(kind: ChecksumKind, pieces: list[bytes]) -> None:
    parts = [(checksums.of_bytes(piece, kind), len(piece)) for piece in pieces]
    assert checksums.combine(parts, kind) == checksums.of_bytes(b"".join(pieces), kind)


@given(st.binary(max_size=64), st.integers(0, 70_000))
def test_lengths_of_every_size_shift_a_crc32_rightly(first: bytes, length: int) -> None:
    second = bytes(length)
    together = checksums.combine_crc32(zlib.crc32(first), zlib.crc32(second), length)
    assert together == zlib.crc32(first + second)


def test_crc32s_of_parts_of_gigabytes_combine_as_their_associativity_demands() -> None:
    first, second, third = (zlib.crc32(text) for text in (b"a", b"b", b"c"))
    big, huge = 5 << 30, 50 << 40
    left = checksums.combine_crc32(checksums.combine_crc32(first, second, big), third, huge)
    tail = checksums.combine_crc32(second, third, huge)
    assert left == checksums.combine_crc32(first, tail, big + huge)


def test_md5s_do_not_combine() -> None:
    with pytest.raises(ValueError, match="MD5"):
        checksums.combine([("", 1)], ChecksumKind.MD5)


@pytest.mark.parametrize("text", ["not base64!", "AAA"])
def test_what_is_no_checksum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|padding"):
        checksums.combine([(text, 1)], ChecksumKind.CRC32)


def test_an_etag_of_parts_is_the_md5_of_their_md5s() -> None:
    digests = [hashlib.md5(piece) for piece in (b"one", b"two")]
    parts = [Part(number, 3, digest.hexdigest()) for number, digest in enumerate(digests, 1)]
    joined = hashlib.md5(b"".join(digest.digest() for digest in digests)).hexdigest()
    assert checksums.etag_of(parts) == f"{joined}-2"
