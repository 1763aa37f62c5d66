"""A part of a file on its way: counted, paced, cuttable, and honest about its length."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.cloud.body import PartBody
from desktop.cloud.errors import CloudFault, Cut, SourceShort
from desktop.cloud.line import Line
from desktop.domain.faults import FaultKind

CONTENT = bytes(range(256)) * 400


class Stingy:
    """A gate that lets so much through at a time, after so many refusals."""

    def __init__(self, most: int, refusals: int = 0, seconds: float = 0.001) -> None:
        self.most, self.refusals, self.seconds = most, refusals, seconds
        self.asked: list[int] = []

    def grant(self, wanted: int) -> tuple[int, float]:
        self.asked.append(wanted)
        if self.refusals:
            self.refusals -= 1
            return 0, self.seconds
        return self.most, 0.0


@pytest.fixture
def film(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    path = tmp_path / "film.mp4"
    path.write_bytes(CONTENT)
    fd = os.open(path, os.O_RDONLY)
    yield path, fd
    os.close(fd)


def drain(body: PartBody, amount: int) -> list[bytes]:
    return [bytes(block) for block in iter(lambda: body.read(amount), b"")]


def test_a_body_is_exactly_its_part(film: tuple[Path, int]) -> None:
    body = PartBody(film[1], 1000, 5001)
    assert len(body) == 5001
    assert b"".join(drain(body, 700)) == CONTENT[1000:6001]
    assert body.tell() == 5001


def test_reading_all_at_once_gives_all_of_it_whatever_the_gate_says(film: tuple[Path, int]) -> None:
    assert bytes(PartBody(film[1], 7, 900, gate=Stingy(5)).read()) == CONTENT[7:907]


def test_two_bodies_of_one_descriptor_do_not_disturb_each_other(film: tuple[Path, int]) -> None:
    left, right = PartBody(film[1], 0, 300), PartBody(film[1], 50_000, 300)
    pairs = [(bytes(left.read(100)), bytes(right.read(100))) for _ in range(3)]
    assert b"".join(pair[0] for pair in pairs) == CONTENT[:300]
    assert b"".join(pair[1] for pair in pairs) == CONTENT[50_000:50_300]


def test_what_goes_is_counted_and_what_is_rewound_taken_back(film: tuple[Path, int]) -> None:
    counted: list[int] = []
    body = PartBody(film[1], 0, 1000, moved=counted.append)
    body.read(600)
    body.seek(0)
    drain(body, 400)
    assert counted == [600, -600, 400, 400, 200]


def test_botocore_measures_a_body_without_changing_the_count(film: tuple[Path, int]) -> None:
    counted: list[int] = []
    body = PartBody(film[1], 0, 1000, moved=counted.append)
    assert body.seek(0, os.SEEK_END) == 1000
    assert body.seek(0) == 0
    assert not counted


@pytest.mark.parametrize(
    ("offset", "whence", "place"),
    [
        (-10, os.SEEK_SET, 0),
        (10, os.SEEK_CUR, 110),
        (-10, os.SEEK_END, 990),
        (10, os.SEEK_END, 1000),
    ],
)
def test_seeking_stays_within_the_part(
    film: tuple[Path, int], offset: int, whence: int, place: int
) -> None:
    body = PartBody(film[1], 0, 1000)
    body.read(100)
    assert body.seek(offset, whence) == place


def test_a_gate_is_asked_until_it_grants_and_never_exceeded(film: tuple[Path, int]) -> None:
    gate = Stingy(64, refusals=3)
    blocks = drain(PartBody(film[1], 0, 200, gate=gate), 100)
    assert [len(block) for block in blocks] == [64, 64, 64, 8]
    assert gate.asked == [100, 100, 100, 100, 100, 72, 8]


def test_a_limit_that_is_lifted_is_noticed_within_a_quarter_of_a_second(
    film: tuple[Path, int],
) -> None:
    gate = Stingy(1000, refusals=1, seconds=3600.0)
    began = time.monotonic()
    PartBody(film[1], 0, 100, gate=gate).read(100)
    assert time.monotonic() - began < 0.25


def test_a_body_that_waits_for_its_gate_ends_when_its_line_is_cut(film: tuple[Path, int]) -> None:
    line = Line()
    timer = threading.Timer(0.05, line.cut)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Cut):
        PartBody(film[1], 0, 100, line, gate=Stingy(1, refusals=10**9, seconds=3600.0)).read(100)
    assert time.monotonic() - began < 0.3
    timer.join()


def test_waiting_for_a_gate_does_not_look_like_a_dead_line(film: tuple[Path, int]) -> None:
    line = Line()
    line.moved_at = 0.0
    PartBody(film[1], 0, 100, line, gate=Stingy(100)).read(100)
    assert time.monotonic() - line.moved_at < 1


def test_a_cut_body_gives_nothing_more(film: tuple[Path, int]) -> None:
    line = Line()
    body = PartBody(film[1], 0, 100, line)
    body.read(10)
    line.cut()
    with pytest.raises(Cut):
        body.read(10)


def test_a_file_that_was_cut_short_underneath_is_noticed(film: tuple[Path, int]) -> None:
    path, fd = film
    body = PartBody(fd, 0, len(CONTENT))
    body.read(1000)
    with path.open("r+b") as file:
        file.truncate(1500)
    with pytest.raises(SourceShort):
        drain(body, 1000)


def test_a_file_that_cannot_be_read_is_a_fault_of_the_source(film: tuple[Path, int]) -> None:
    with pytest.raises(CloudFault) as raised:
        PartBody(10_000, 0, 100).read(10)
    assert raised.value.fault.kind is FaultKind.SOURCE_UNREADABLE
    assert raised.value.fault.code == "EBADF"
