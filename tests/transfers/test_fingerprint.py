"""A file that is not what it was is noticed, at the cost of a look."""

import os
from pathlib import Path

import pytest

from desktop.transfers import fingerprint

MIB = 2**20


def sample_of(path: Path) -> str:
    descriptor = fingerprint.open_source(path)
    try:
        return fingerprint.sample(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(20 * MIB))
    return path


def test_the_same_contents_have_the_same_sample_wherever_they_are(film: Path) -> None:
    copy = film.with_name("copy.mp4")
    copy.write_bytes(film.read_bytes())
    assert sample_of(copy) == sample_of(film)


def test_every_piece_of_the_sample_counts(film: Path) -> None:
    before = sample_of(film)
    for place in fingerprint.places(20 * MIB):
        with film.open("r+b") as file:
            file.seek(place + 12345)
            byte = file.read(1)
            file.seek(place + 12345)
            file.write(bytes([byte[0] ^ 1]))
        after = sample_of(film)
        assert after != before
        before = after


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, 6 * MIB, 6 * MIB + 1, 10**9, 5 * 10**12])
def test_pieces_lie_within_the_file_and_include_its_ends(size: int) -> None:
    places = fingerprint.places(size)
    assert places == fingerprint.places(size)
    assert len(places) <= 6
    assert all(0 <= place < size for place in places)
    if size:
        assert places[0] == 0
        assert places[-1] + fingerprint.PIECE >= size


def test_a_small_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(os.urandom(3 * MIB))
    before = sample_of(path)
    for place in range(0, 3 * MIB, MIB // 3):
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)
        assert sample_of(path) != before
        before = sample_of(path)


def test_a_file_that_became_shorter_has_another_sample(film: Path) -> None:
    before = sample_of(film)
    descriptor = fingerprint.open_source(film)
    os.truncate(film, 20 * MIB - 1)
    assert fingerprint.sample(descriptor, 20 * MIB) != before
    os.close(descriptor)


def test_a_secret_change_shows_in_the_stamp(film: Path) -> None:
    before = fingerprint.stamp_at(film)
    times = film.stat()
    with film.open("r+b") as file:
        file.write(b"x")
    os.utime(film, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = fingerprint.stamp_at(film)
    assert after != before
    assert after.same_content(before), "only the time of the last change of attributes tells"


def test_a_pipe_without_a_writer_holds_nobody_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(fingerprint.NotAFile):
        fingerprint.open_source(pipe)
    with pytest.raises(OSError, match="not a file"):
        fingerprint.open_source(tmp_path)
