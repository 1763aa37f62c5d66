"""Whole objects: put, described and fetched, at services that speak S3."""

import os
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from desktop.cloud import checksums
from desktop.cloud.line import Line
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind, Description
from desktop.cloud.whole import Span
from desktop.domain.faults import FaultKind
from tests.cloud.conftest import MP4, Film, fault_kind
from tests.s3.server import Effect, S3Server

KEY = "team/film.mp4"


def test_a_small_file_goes_in_one_request(anywhere: ObjectStore, film: Film) -> None:
    key = f"{KEY}-{os.urandom(4).hex()}"
    anywhere.put_whole(key, film.body(), MP4, replace=False)
    stored = anywhere.head(key)
    assert (stored.size, stored.nonce) == (len(film.content), MP4.nonce)
    again = lambda: anywhere.put_whole(key, film.body(), MP4, replace=False)  # noqa: E731
    assert fault_kind(again) is FaultKind.EXISTS
    assert anywhere.put_whole(key, film.body(), MP4, replace=True).etag == stored.etag


def test_an_empty_file_is_a_file(anywhere: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    film = Film(os.open(path, os.O_RDWR), b"")
    key = f"{KEY}-{os.urandom(4).hex()}"
    anywhere.put_whole(key, film.body(), Description(), replace=False)
    assert anywhere.head(key).size == 0
    assert anywhere.get_range(Span(key, 0, 0), film.fd, Line()).size == 0
    os.close(film.fd)


def test_what_was_compressed_says_so(store: ObjectStore, film: Film) -> None:
    said = Description("text/x-python", content_encoding="gzip")
    store.put_whole("code.py", film.body(), said, replace=True)
    assert store.head("code.py").content_encoding == "gzip"


def test_ranges_are_written_where_they_belong(
    anywhere: ObjectStore, film: Film, tmp_path: Path
) -> None:
    anywhere.put_whole("range.mp4", film.body(), MP4, replace=True)
    etag = anywhere.head("range.mp4").etag
    fd = os.open(tmp_path / "copy.mp4", os.O_RDWR | os.O_CREAT)
    moved: list[int] = []
    for _number, offset, size in reversed(film.pieces()):
        span = Span("range.mp4", offset, size, etag)
        fetched = anywhere.get_range(span, fd, Line(), moved=moved.append)
        piece = film.content[offset : offset + size]
        assert fetched.checksum == checksums.of_bytes(piece, ChecksumKind.CRC64NVME)
        assert (fetched.total, fetched.etag) == (len(film.content), etag)
    assert os.pread(fd, len(film.content) + 1, 0) == film.content
    assert sum(moved) == len(film.content)
    os.close(fd)


def test_a_range_of_an_object_that_was_replaced_is_a_conflict(
    anywhere: ObjectStore, film: Film
) -> None:
    anywhere.put_whole("range.mp4", film.body(), MP4, replace=True)
    span = Span("range.mp4", 0, 10, "0" * 32)
    assert fault_kind(lambda: anywhere.get_range(span, film.fd, Line())) is FaultKind.CONFLICT


def test_a_download_that_is_cut_off_is_a_lost_connection(
    store: ObjectStore, s3: S3Server, film: Film, tmp_path: Path
) -> None:
    store.put_whole("range.mp4", film.body(), MP4, replace=True)
    s3.faults.once(Effect.DROP_BODY, operation="GetObject", after=400_000)
    fd = os.open(tmp_path / "copy.mp4", os.O_RDWR | os.O_CREAT)
    span = Span("range.mp4", 0, len(film.content))
    assert fault_kind(lambda: store.get_range(span, fd, Line())) is FaultKind.NETWORK
    assert store.get_range(span, fd, Line()).size == len(film.content)
    os.close(fd)


def test_a_file_that_cannot_be_written_is_told_as_such(store: ObjectStore, film: Film) -> None:
    store.put_whole("range.mp4", film.body(), MP4, replace=True)
    call = lambda: store.get_range(Span("range.mp4", 0, 10), film.fd, Line())  # noqa: E731
    assert fault_kind(call) is FaultKind.READ_ONLY


@pytest.mark.parametrize(
    "key",
    [
        "spaces and + plus & ampersand.mp4",
        "Größe/日本語/🎬.mp4",
        "already%20quoted.mp4",
        "double//slash/.mp4",
        "dots/./and/../more.mp4",
        "~tilde'quote\"(brackets)[];:@=,$!*.mp4",
    ],
)
def test_keys_of_every_kind_find_their_object(
    store: ObjectStore, s3: S3Server, film: Film, key: str
) -> None:
    store.put_whole(key, film.body(), MP4, replace=True)
    assert s3.object("films", key).size == len(film.content)
    assert store.head(key).size == len(film.content)
    upload = store.create(key, MP4, ChecksumKind.CRC64NVME)
    assert [pending.key for pending in store.list_uploads(key)] == [key]
    store.abort(upload)


def test_metadata_may_be_in_any_language(store: ObjectStore, s3: S3Server, film: Film) -> None:
    said = Description(metadata=(("title", "Größe der Kreise"), ("plain", "circles")))
    store.put_whole("titled.mp4", film.body(), said, replace=True)
    headers = s3.object("films", "titled.mp4").headers
    kept = {name.removeprefix("x-amz-meta-"): value for name, value in headers.items()}
    assert kept["plain"] == "circles"
    assert str(make_header(decode_header(kept["title"]))) == "Größe der Kreise"
