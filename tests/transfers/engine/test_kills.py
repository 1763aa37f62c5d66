"""The engine may die at any moment: what was acknowledged is not sent again, nothing is left."""

import asyncio
import os
import random
import signal
import time

from desktop.domain.transfers import Limits
from tests.transfers.engine.stations import MIB, World, md5

KILLS = int(os.environ.get("PROOFREEL_KILLS", "5"))


async def test_an_upload_goes_on_after_kills_at_any_moment(own_world: World) -> None:
    world, source = own_world, random.Random()
    world.s3.change(faults={"connection_rate": 12 * MIB})
    await world.use(limits=Limits(connections=4))
    path = world.file(size=120 * MIB)
    transfer_id = await world.upload(path)
    for kill in range(KILLS):
        await world.moving(
            transfer_id, share=min(0.4, 0.1 * kill)
        )  # the last one finds parts there
        await asyncio.sleep(source.uniform(0.0, 0.9))
        if pid := world.station.pid:
            os.kill(pid, signal.SIGKILL)
    world.s3.change(faults={"connection_rate": 0})
    row = await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)
    assert world.s3.account()["resent"] == {}
    assert row.resumed_from is not None
    await world.nothing_left()


async def test_a_download_goes_on_after_a_kill(own_world: World) -> None:
    world = own_world
    path = world.file(size=40 * MIB)
    world.s3.client().upload_file(str(path), world.bucket, "film.mp4")
    world.s3.change(faults={"connection_rate": 8 * MIB}, clear_account=True)
    await world.use(limits=Limits(connections=2))
    target = world.folder / "back.mp4"
    transfer_id = await world.download(target)
    await world.moving(transfer_id, share=0.3)
    os.kill(world.station.pid, signal.SIGKILL)
    assert not target.exists()
    world.s3.change(faults={"connection_rate": 0})
    await world.done(transfer_id)
    assert md5(target) == md5(path)
    receipts = world.s3.account()["receipts"]
    fetched = sum(one["sent"] for one in receipts if one["operation"] == "GetObject")
    assert fetched <= path.stat().st_size + 2 * 8 * MIB
    assert world.names() == ["back.mp4", "film.mp4", "transfers"]


async def test_a_kill_while_an_endpoint_is_tried_leaves_nothing_there(own_world: World) -> None:
    world = own_world
    world.s3.rule("stall", operation="UploadPart", times=1)
    path = world.file(size=MIB)
    transfer_id = await world.upload(path)
    until = time.monotonic() + 20.0
    while not (tried := world.s3.uploads(world.bucket)):
        assert time.monotonic() < until
        await asyncio.sleep(0.01)
    assert ".proofreel-check-" in tried[0]["key"]
    os.kill(world.station.pid, signal.SIGKILL)
    world.s3.change(clear_faults=True)
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)
    await world.nothing_left()


async def test_a_soft_stop_keeps_what_was_acknowledged(own_world: World) -> None:
    world = own_world
    world.s3.change(faults={"connection_rate": 8 * MIB})
    await world.use(limits=Limits(connections=2))
    path = world.file(size=40 * MIB)
    transfer_id = await world.upload(path)
    await world.moving(transfer_id, share=0.3)
    os.kill(world.station.pid, signal.SIGTERM)
    world.s3.change(faults={"connection_rate": 0})
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)
    assert world.s3.account()["resent"] == {}


async def test_an_engine_goes_on_without_clients_and_ends_when_it_has_nothing_to_do(
    own_world: World,
) -> None:
    world = own_world
    world.s3.change(faults={"rate": 24 * MIB})
    path = world.file(size=24 * MIB)
    await world.upload(path)
    pid = world.station.pid
    await world.client.close()
    while not world.keys():
        assert world.station.pid == pid
        await asyncio.sleep(0.05)
    assert world.object()["md5"] == md5(path)
    assert await asyncio.to_thread(world.station.gone, 8.0)
    assert not world.station.place.record_file.exists()
