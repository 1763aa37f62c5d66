"""What a person does with transfers takes effect at once and is the same in every window."""

import asyncio
import os
import sqlite3
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from desktop.domain.errors import NotFound, Refused
from desktop.domain.events import TransferChanged, TransfersChanged
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Limits, TransferState, UploadRequest
from desktop.transfers.client import EngineClient
from tests.s3.process import S3Process
from tests.transfers.engine.stations import MIB, ROOT, Station, World, engine_command, md5


def received(world: World) -> int:
    return int(world.s3.account()["received"])


async def test_a_pause_falls_silent_and_nothing_acknowledged_is_sent_again(world: World) -> None:
    await world.use(limits=Limits(rate=12 * MIB))
    path = world.file(size=24 * MIB)
    transfer_id = await world.upload(path)
    await world.moving(transfer_id)
    began = time.monotonic()
    await world.client.pause([transfer_id])
    await asyncio.sleep(max(0.0, began + 0.25 - time.monotonic()))
    row = await world.client.get(transfer_id)
    assert row.state is TransferState.PAUSED
    before = received(world)
    await asyncio.sleep(0.4)
    assert received(world) == before
    await world.use()
    await world.client.resume([transfer_id])
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)
    assert world.s3.account()["resent"] == {}


async def test_a_soft_pause_lets_parts_on_their_way_arrive(world: World) -> None:
    world.s3.change(faults={"rate": 16 * MIB})
    await world.use(limits=Limits(connections=1))
    path = world.file(size=24 * MIB)
    transfer_id = await world.upload(path)
    await world.moving(transfer_id)
    await world.client.pause([transfer_id], hard=False)
    row = await world.until(transfer_id, lambda row: row.parts_done == 1)
    assert row.state is TransferState.PAUSED
    assert row.sent_again == 0
    await world.client.resume([transfer_id])
    await world.done(transfer_id)


async def test_a_cancelled_upload_leaves_nothing_within_a_second(world: World) -> None:
    world.s3.change(faults={"rate": 12 * MIB})
    transfer_id = await world.upload(world.file(size=24 * MIB))
    await world.moving(transfer_id)
    began = time.monotonic()
    await world.client.cancel([transfer_id])
    row = await world.over(transfer_id)
    assert row.state is TransferState.CANCELLED
    await world.nothing_left(1.0)
    assert time.monotonic() - began < 1.5
    assert not world.keys()


async def test_everything_paused_stays_so_until_everything_goes_on(world: World) -> None:
    await world.client.pause()
    ids = [await world.upload(world.file(name, 1000), name) for name in ("a.mp4", "b.mp4", "c.mp4")]
    await asyncio.sleep(0.2)
    page = await world.client.page(states=frozenset({TransferState.QUEUED}))
    assert set(ids) <= {row.id for row in page.transfers}
    await world.until(ids[0], lambda _row: True)
    await world.client.resume()
    for transfer_id in ids:
        await world.done(transfer_id)


async def test_what_is_moved_up_goes_first(world: World) -> None:
    await world.client.pause()
    names = [f"{number}.mp4" for number in range(5)]
    requests = [
        UploadRequest(str(world.file(name, 1000)), world.destination.id, name) for name in names
    ]
    ids = await world.client.upload(requests)
    await world.use(limits=Limits(connections=1))
    await world.client.move([ids[4]], ids[0])
    await world.client.prioritise([ids[3]], 5)
    await world.client.resume()
    for transfer_id in ids:
        await world.done(transfer_id)
    puts = [r for r in world.s3.account()["receipts"] if r["operation"] == "PutObject"]
    order = [r["key"] for r in puts if r["key"] in names]
    assert order == ["3.mp4", "4.mp4", "0.mp4", "1.mp4", "2.mp4"]


async def test_rows_that_are_over_can_be_forgotten_and_no_others(world: World) -> None:
    await world.client.pause()
    over, waiting = world.file("over", 10), world.file("waiting", 10)
    first = await world.upload(over, "over")
    await world.client.resume()
    await world.done(first)
    await world.client.pause()
    second = await world.upload(waiting, "waiting")
    await world.client.forget([first, second])
    with pytest.raises(NotFound):
        await world.client.get(first)
    assert (await world.client.get(second)).state is TransferState.QUEUED
    await world.client.resume()
    await world.done(second)
    assert [moment.kind for moment in await world.client.history(second)][-1] == "done"


async def test_two_clients_see_the_same(world: World) -> None:
    other = EngineClient(world.station.place.folder)
    heard: list[object] = []
    other.subscribe(heard.append)
    await other.start()
    try:
        transfer_id = await world.upload(world.file(size=1000))
        row = await world.done(transfer_id)
        assert await other.get(transfer_id) == row
        await asyncio.sleep(0.05)
        states = [e.transfer.state for e in heard if isinstance(e, TransferChanged)]
        assert states[-1] is TransferState.DONE
        assert any(isinstance(event, TransfersChanged) for event in heard)
    finally:
        await other.close()


async def test_a_download_arrives_whole_and_is_verified(world: World) -> None:
    path = world.file()
    await world.done(await world.upload(path))
    target = world.folder / "new folder" / "back.mp4"
    row = await world.done(await world.download(target))
    assert md5(target) == md5(path)
    assert row.checksum.startswith("crc64nvme:")
    assert [path.name for path in target.parent.iterdir()] == ["back.mp4"]


@pytest.mark.parametrize("effect", ["damage sent", "drop body", "error"])
async def test_a_download_survives_what_goes_wrong_once(world: World, effect: str) -> None:
    path = world.file()
    await world.done(await world.upload(path))
    world.s3.change(rule={"effect": effect, "operation": "GetObject", "times": 1, "after": MIB})
    target = world.folder / "back.mp4"
    await world.done(await world.download(target))
    assert md5(target) == md5(path)


async def test_a_file_that_is_there_is_kept_unless_it_may_be_replaced(world: World) -> None:
    path = world.file(size=1000)
    await world.done(await world.upload(path))
    target = world.folder / "mine.mp4"
    target.write_bytes(b"mine")
    row = await world.over(await world.download(target))
    assert row.fault is not None
    assert row.fault.kind is FaultKind.EXISTS
    assert target.read_bytes() == b"mine"
    await world.done(await world.download(target, replace=True))
    assert md5(target) == md5(path)


async def test_an_object_that_is_not_there_leaves_no_file(world: World) -> None:
    target = world.folder / "back.mp4"
    row = await world.over(await world.download(target))
    assert row.fault is not None
    assert row.fault.kind is FaultKind.NO_OBJECT
    assert list(world.folder.iterdir()) == []


async def test_an_object_replaced_under_way_is_never_mixed(world: World) -> None:
    old, new = world.file("old.mp4", 24 * MIB), world.file("new.mp4", 24 * MIB)
    await world.done(await world.upload(old))
    world.s3.change(faults={"connection_rate": 12 * MIB})
    await world.use(limits=Limits(connections=1))
    target = world.folder / "back.mp4"
    transfer_id = await world.download(target)
    await world.moving(transfer_id, share=0.2)
    await world.client.pause([transfer_id])
    world.s3.change(faults={"connection_rate": 0})
    await world.use()
    await world.done(await world.upload(new, replace=True))
    await world.client.resume([transfer_id])
    row = await world.over(transfer_id)
    assert row.state is TransferState.DONE
    assert md5(target) == md5(new)


async def test_no_engine_answers_whoever_has_not_read_its_record(world: World) -> None:
    record = world.station.place.read()
    assert record is not None
    assert world.station.place.record_file.stat().st_mode & 0o077 == 0
    reader, writer = await asyncio.open_connection("127.0.0.1", record.port)
    writer.write(b'{"kind":"Hello","version":1,"token":"guessed"}\n')
    assert await reader.read() == b""
    writer.close()


async def test_keys_are_in_no_file_of_the_engine(world: World) -> None:
    await world.done(await world.upload(world.file(size=1000)))
    secret = world.s3.keys.secret.encode()
    for path in world.station.place.folder.rglob("*"):
        assert path.is_dir() or secret not in path.read_bytes(), path


async def test_a_full_disk_while_journaling_stops_nothing_for_good(own_world: World) -> None:
    world = own_world
    world.s3.change(faults={"connection_rate": 12 * MIB})
    await world.use(limits=Limits(connections=2))
    path = world.file(size=40 * MIB)
    transfer_id = await world.upload(path)
    await world.moving(transfer_id, share=0.1)
    engine = world.station.process
    unlimited = engine.rlimit(psutil.RLIMIT_FSIZE)
    engine.rlimit(psutil.RLIMIT_FSIZE, (0, unlimited[1]))
    row = await world.until(
        transfer_id, lambda row: row.state is TransferState.WAITING_RETRY or row.state.over
    )
    assert row.state is TransferState.WAITING_RETRY
    assert row.reason
    assert not world.keys()
    engine.rlimit(psutil.RLIMIT_FSIZE, unlimited)
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)


async def test_a_damaged_ledger_is_kept_aside_and_work_goes_on(
    s3: S3Process, own_world: World
) -> None:
    world = own_world
    await world.done(await world.upload(world.file(size=1000)))
    await world.client.close()
    await asyncio.to_thread(world.station.end)
    ledger = world.station.place.ledger
    data = bytearray(ledger.read_bytes())
    data[4096:12288] = os.urandom(8192)
    ledger.write_bytes(data)
    for side in ("-wal", "-shm"):
        Path(f"{ledger}{side}").unlink(missing_ok=True)
    await world.client.start()
    await world.done(await world.upload(world.file("other.mp4", 1000), "other.mp4"))
    assert bytes(data) in {path.read_bytes() for path in ledger.parent.glob("transfers*")}


async def test_a_ledger_of_a_newer_version_is_left_alone_and_named(own_world: World) -> None:
    world = own_world
    await world.client.close()
    await asyncio.to_thread(world.station.end)
    with sqlite3.connect(world.station.place.ledger) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(Refused):
        await world.client.page()


async def test_a_network_that_is_away_is_waited_for(world: World, tmp_path: Path) -> None:
    path = world.file()
    with S3Process(tmp_path / "s3", buckets=("films",)) as far:
        await world.begin(bucket="films", endpoint_url=far.endpoint)
        far.change(faults={"rate": 12 * MIB})
        transfer_id = await world.upload(path)
        await world.moving(transfer_id)
        far.kill()
        row = await world.until(transfer_id, lambda row: row.state is TransferState.WAITING_NETWORK)
        assert row.reason
        far.start()
        began = time.monotonic()
        await world.done(transfer_id)
        assert time.monotonic() - began < 10.0
        assert far.object("films", "film.mp4")["md5"] == md5(path)


def test_only_one_engine_runs_for_a_library(tmp_path: Path) -> None:
    with Station(tmp_path / "transfers") as station:
        while not station.pid:
            time.sleep(0.02)
        second = subprocess.run(
            engine_command(str(station.place.folder)),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert second.returncode == 3
