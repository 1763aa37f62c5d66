"""Whatever is wrong with a file, nothing false is published and the row says what to do."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Limits, TransferState
from tests.transfers.engine.stations import MIB, World, md5

SLOW = {"rate": 32 * MIB}
"""An upload of 20 MiB takes most of a second: time enough to do something to its file."""


async def half_sent(world: World, path: Path) -> str:
    """Return an upload of which one part has been confirmed."""
    world.s3.change(faults=SLOW)
    await world.use(limits=Limits(connections=1))
    transfer_id = await world.upload(path)
    await world.moving(transfer_id, share=0.1)
    return transfer_id


async def refused(world: World, transfer_id: str, kind: FaultKind) -> None:
    """Expect an end without an object and without anything held, in words."""
    row = await world.over(transfer_id)
    assert row.fault is not None
    assert row.fault.kind is kind, row
    assert row.reason
    assert row.remedy
    assert not world.keys()
    await world.nothing_left()


async def test_a_file_that_vanished_before_its_turn_is_named_as_gone(world: World) -> None:
    await world.client.pause()
    path = world.file()
    transfer_id = await world.upload(path)
    path.unlink()
    await world.client.resume()
    row = await world.over(transfer_id)
    assert row.state is TransferState.FAILED
    await refused(world, transfer_id, FaultKind.SOURCE_GONE)


async def test_a_file_removed_while_it_is_sent_becomes_no_object(world: World) -> None:
    path = world.file()
    transfer_id = await half_sent(world, path)
    path.unlink()
    row = await world.over(transfer_id)
    assert row.fault is not None
    assert row.fault.kind in {FaultKind.SOURCE_GONE, FaultKind.SOURCE_CHANGED}
    assert not world.keys()
    await world.client.cancel([transfer_id])
    await world.nothing_left()


def truncated(path: Path) -> None:
    os.truncate(path, 9 * MIB)


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"one more scene")


def rewritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 5)
        file.write(b"other")


def rewritten_secretly(path: Path) -> None:
    before = path.stat()
    rewritten(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(os.urandom(path.stat().st_size))
    other.replace(path)


@pytest.mark.parametrize("change", [truncated, grown, rewritten, rewritten_secretly, replaced])
async def test_a_file_that_changes_while_it_is_sent_becomes_no_mixture(
    world: World, change: Callable[[Path], None]
) -> None:
    path = world.file()
    transfer_id = await half_sent(world, path)
    change(path)
    row = await world.over(transfer_id)
    assert row.state is TransferState.SOURCE_CHANGED
    await refused(world, transfer_id, FaultKind.SOURCE_CHANGED)
    world.s3.change(clear_faults=True)
    await world.client.retry([transfer_id])
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)


async def test_a_small_file_that_changes_as_it_is_sent_becomes_no_mixture(world: World) -> None:
    world.s3.change(faults={"rate": 6 * MIB})
    path = world.file(size=6 * MIB)
    transfer_id = await world.upload(path)
    await world.moving(transfer_id)
    rewritten_secretly(path)
    await world.over(transfer_id)
    await refused(world, transfer_id, FaultKind.SOURCE_CHANGED)


async def test_a_touched_file_with_the_same_contents_is_sent_all_the_same(world: World) -> None:
    path = world.file()
    transfer_id = await half_sent(world, path)
    path.chmod(0o640)
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)
    assert world.s3.account()["resent"] == {}


async def test_an_empty_file_is_an_empty_object(world: World) -> None:
    transfer_id = await world.upload(world.file(size=0))
    row = await world.done(transfer_id)
    assert row.progress == 1.0
    assert world.object()["size"] == 0


async def test_what_a_link_points_to_is_sent(world: World) -> None:
    path = world.file(size=1000)
    link = world.folder / "link.mp4"
    link.symlink_to(path)
    await world.done(await world.upload(link))
    assert world.object()["md5"] == md5(path)


async def test_what_is_no_file_is_refused_at_once(world: World) -> None:
    dangling = world.folder / "dangling"
    dangling.symlink_to(world.folder / "nothing")
    loop = world.folder / "loop"
    loop.symlink_to(loop)
    pipe = world.folder / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(NotFound):
        await world.upload(dangling)
    for path in (loop, pipe, world.folder):
        with pytest.raises(InvalidInput):
            await world.upload(path)
    assert (await world.client.page(text=str(world.folder))).total == 0


async def test_a_file_that_became_a_folder_is_named_as_unreadable(world: World) -> None:
    await world.client.pause()
    path = world.file()
    transfer_id = await world.upload(path)
    path.unlink()
    path.mkdir()
    await world.client.resume()
    await refused(world, transfer_id, FaultKind.SOURCE_UNREADABLE)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
async def test_a_file_that_may_not_be_read_is_named_as_unreadable(world: World) -> None:
    path = world.file()
    path.chmod(0)
    await refused(world, await world.upload(path), FaultKind.SOURCE_UNREADABLE)


async def test_the_second_of_two_files_for_one_key_does_not_replace_the_first(
    world: World,
) -> None:
    first, second = world.file("first.mp4", 1000), world.file("second.mp4", 20 * MIB)
    one, other = await world.upload(first), await world.upload(second)
    await world.done(one)
    row = await world.over(other)
    assert row.fault is not None
    assert row.fault.kind is FaultKind.EXISTS
    assert world.object()["md5"] == md5(first)
    await world.client.retry([other])
    await world.done(other)
    assert world.object()["md5"] == md5(second)
    await world.nothing_left()


async def test_names_that_no_object_can_have_are_refused(world: World) -> None:
    path = world.file(size=10)
    for key in ("", "é" * 600):
        with pytest.raises(InvalidInput):
            await world.upload(path, key)
    with pytest.raises(InvalidInput):
        await world.upload(Path("film.mp4"))
