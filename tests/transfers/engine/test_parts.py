"""The small pieces of the engine, each by itself."""

import asyncio
import errno
import gzip
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.cloud.errors import CloudFault
from desktop.cloud.line import Line
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import (
    Destination,
    Direction,
    DownloadRequest,
    Transfer,
    TransferState,
)
from desktop.domain.uploads import Download
from desktop.transfers.engine.meters import Meter
from desktop.transfers.engine.partials import Partials, partial_path
from desktop.transfers.engine.reach import Reach, answers
from desktop.transfers.engine.sources import OpenFile, compress
from desktop.transfers.engine.stores import address


def download(target: Path, size: int = 1000) -> Download:
    row = Transfer(
        "01ABC", Direction.DOWNLOAD, str(target), "d", "b", "k", size, TransferState.ACTIVE, 1.0
    )
    return Download(row, DownloadRequest("d", "k", str(target)))


def test_a_speed_is_right_from_the_first_second_on() -> None:
    meter = Meter()
    for tick in range(11):
        meter.read(tick * 1000, tick * 0.1)
    assert meter.speed == pytest.approx(10_000, rel=0.01)


def test_bytes_sent_in_vain_make_no_speed() -> None:
    meter = Meter()
    for tick, position in enumerate((0, 1000, 0, 500, 1000)):
        meter.read(position, float(tick))
    assert 0 < meter.speed < 500


@given(st.lists(st.tuples(st.integers(0, 10**9), st.floats(0, 10)), max_size=30))
def test_a_speed_is_never_negative(steps: list[tuple[int, float]]) -> None:
    meter, now = Meter(), 0.0
    for position, passed in steps:
        now += passed
        assert meter.read(position, now) >= 0.0


def test_a_disk_that_is_too_full_says_so_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(CloudFault) as refused:
        Partials().open(download(tmp_path / "film.mp4"), 1000)
    assert refused.value.fault.kind is FaultKind.DISK_FULL
    assert refused.value.fault.remedy
    assert list(tmp_path.iterdir()) == []


def test_an_unfinished_file_is_kept_over_a_crash_and_made_anew_in_another_size(
    tmp_path: Path,
) -> None:
    wanted = download(tmp_path / "film.mp4")
    first, second = Partials(), Partials()
    assert first.open(wanted, 1000)
    first.end(wanted.id)
    assert not second.open(wanted, 1000)
    assert second.open(wanted, 2000)
    second.remove(wanted)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_kept_unless_the_contents_are_the_same(tmp_path: Path) -> None:
    wanted = download(tmp_path / "film.mp4", 4)
    for there, kept in ((b"mine", True), (b"ours", False)):
        partials = Partials()
        partials.open(wanted, 4)
        partial_path(wanted).write_bytes(b"ours")
        (tmp_path / "film.mp4").write_bytes(there)
        if kept:
            with pytest.raises(CloudFault) as refused:
                partials.publish(wanted, replace=False, compressed=False)
            assert refused.value.fault.kind is FaultKind.EXISTS
            assert (tmp_path / "film.mp4").read_bytes() == there
            partials.end(wanted.id)
        else:
            partials.publish(wanted, replace=False, compressed=False)
            assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_a_long_name_leaves_room_for_that_of_the_unfinished_file(tmp_path: Path) -> None:
    wanted = download(tmp_path / ("é" * 120 + ".mp4"))
    partials = Partials()
    assert partials.open(wanted, 10)
    partials.publish(wanted, replace=False, compressed=False)
    assert Path(wanted.request.path).stat().st_size == 10


def test_a_compressed_form_is_the_same_every_time_and_holds_the_contents(tmp_path: Path) -> None:
    path = tmp_path / "scene.py"
    path.write_bytes(b"self.play(FadeIn(title))\n" * 100_000)
    forms = []
    for name in ("one.gz", "two.gz"):
        descriptor = os.open(path, os.O_RDONLY)
        compress(descriptor, tmp_path / name, Line())
        os.close(descriptor)
        forms.append((tmp_path / name).read_bytes())
        time.sleep(0.01)
    assert forms[0] == forms[1]
    assert gzip.decompress(forms[0]) == path.read_bytes()


def test_a_descriptor_lives_as_long_as_somebody_uses_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"film")
    file = OpenFile(os.open(path, os.O_RDONLY))
    with file.used() as descriptor:
        file.end()
        assert os.pread(descriptor, 4, 0) == b"film"
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(descriptor)


@pytest.mark.parametrize(
    ("url", "region", "expected"),
    [
        ("", "", ("s3.us-east-1.amazonaws.com", 443)),
        ("", "eu-west-1", ("s3.eu-west-1.amazonaws.com", 443)),
        ("http://127.0.0.1:9000", "", ("127.0.0.1", 9000)),
        ("https://minio.example", "", ("minio.example", 443)),
    ],
)
def test_the_address_of_a_destination(url: str, region: str, expected: tuple[str, int]) -> None:
    assert address(Destination("d", "D", "b", region=region, endpoint_url=url)) == expected


async def test_who_waits_for_the_network_is_woken_when_something_answers() -> None:
    woken, there_again = list[str](), asyncio.Event()
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    there = Destination("d", "D", "b", endpoint_url=f"http://127.0.0.1:{port}")
    assert not await answers(there)
    async with asyncio.TaskGroup() as group:
        reach = Reach(group)
        call_off = reach.wait(there, time.time() + 30, lambda: woken.append("called off"))
        reach.wait(there, time.time() + 30, there_again.set)
        reach.wait(there, time.time() + 0.1, lambda: woken.append("time is up"))
        call_off()
        await asyncio.sleep(0.2)
        assert woken == ["time is up"]
        server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", port)
        async with asyncio.timeout(5):
            await there_again.wait()
    assert woken == ["time is up"]
    server.close()
