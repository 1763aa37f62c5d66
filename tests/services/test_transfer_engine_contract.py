"""What every transfer engine promises, the one in memory and the real one alike."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import InvalidInput, NotFound, Refused
from desktop.domain.events import (
    TransferBatchEnded,
    TransferChanged,
    TransfersChanged,
)
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import (
    Direction,
    DownloadRequest,
    Limits,
    TransferState,
    UploadRequest,
)
from tests.services.arenas import Arena, in_memory, real
from tests.services.real_engine import RealEngines

State = TransferState

LIVING = frozenset(state for state in State if not state.over)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEngines]:
    with RealEngines(tmp_path_factory.mktemp("transfers")) as made:
        yield made


@pytest.fixture(params=["in memory", "real"])
async def arena(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Arena]:
    folder = tmp_path / "files"
    folder.mkdir()
    if request.param == "in memory":
        opening = in_memory(folder)
    else:
        opening = real(request.getfixturevalue("engines"), folder)
    async with opening as made:
        made.engine.subscribe(made.events.append)
        await made.use()
        yield made


async def test_a_file_becomes_an_object_under_prefix_and_key(arena: Arena) -> None:
    done = await arena.send(arena.file("a.mp4", b"abc" * 1000))
    assert done.state is State.DONE
    assert (done.key, done.direction) == ("team/a.mp4", Direction.UPLOAD)
    assert done.bucket == arena.destination.bucket
    assert (done.size, done.confirmed, done.progress) == (3000, 3000, 1.0)
    assert done.started_at is not None
    assert done.finished_at is not None
    assert arena.stored("team/a.mp4") == b"abc" * 1000


async def test_an_empty_file_becomes_an_empty_object(arena: Arena) -> None:
    done = await arena.send(arena.file("empty.bin", b""))
    assert (done.state, done.progress) == (State.DONE, 1.0)
    assert arena.stored("team/empty.bin") == b""


async def test_ids_come_in_the_order_of_the_files(arena: Arena) -> None:
    paths = [arena.file(f"{name}.txt") for name in "cab"]
    ids = await arena.engine.upload([arena.request(path) for path in paths])
    rows = [await arena.engine.get(one) for one in ids]
    assert [Path(row.path).name for row in rows] == ["c.txt", "a.txt", "b.txt"]


async def test_keys_that_only_another_client_has_are_kept(arena: Arena) -> None:
    """Without a keyring, keys are in the memory of the window that was given them."""
    await arena.engine.use([arena.destination], {}, Limits())
    assert (await arena.send(arena.file("a.txt"))).state is State.DONE


async def test_starting_twice_changes_nothing(arena: Arena) -> None:
    await arena.engine.start()
    assert (await arena.send(arena.file("a.txt"))).state is State.DONE


async def test_a_file_that_is_not_there_is_refused_and_nothing_is_queued(arena: Arena) -> None:
    good = arena.request(arena.file("good.txt"))
    with pytest.raises(NotFound):
        await arena.engine.upload([good, arena.request(arena.folder / "gone.txt")])
    assert (await arena.engine.page()).total == 0


async def test_a_folder_is_refused(arena: Arena) -> None:
    with pytest.raises(InvalidInput):
        await arena.engine.upload([arena.request(arena.folder)])


async def test_a_destination_nobody_told_of_is_refused(arena: Arena) -> None:
    path = arena.file("a.txt")
    with pytest.raises((InvalidInput, NotFound)):
        await arena.engine.upload([UploadRequest(str(path), "01other", "a.txt")])


async def test_what_is_compressed_is_the_file_when_it_is_unpacked(arena: Arena) -> None:
    code = b"from manim import *\n" * 50
    done = await arena.send(arena.file("scene.py", code), compress=True)
    stored = arena.stored("team/scene.py")
    assert done.state is State.DONE
    assert stored is not None
    assert len(stored) < len(code)
    assert gzip.decompress(stored) == code


async def test_an_object_that_is_there_is_only_replaced_when_asked_for(arena: Arena) -> None:
    path = arena.file("a.txt", b"old")
    await arena.send(path)
    path.write_bytes(b"new")
    refused = await arena.send(path)
    assert refused.state is State.FAILED
    assert refused.fault is not None
    assert refused.fault.kind is FaultKind.EXISTS
    assert refused.reason
    assert arena.stored("team/a.txt") == b"old"
    assert (await arena.send(path, replace=True)).state is State.DONE
    assert arena.stored("team/a.txt") == b"new"


async def test_a_bucket_that_is_not_there_is_named_as_the_reason(arena: Arena) -> None:
    path = arena.file("a.txt")
    (one,) = await arena.engine.upload([UploadRequest(str(path), "01gone", "a.txt")])
    failed = await arena.ended(one)
    assert failed.state is State.FAILED
    assert failed.fault is not None
    assert failed.fault.kind is FaultKind.NO_BUCKET


async def test_while_all_is_paused_nothing_moves_and_what_is_added_waits_as_well(
    arena: Arena,
) -> None:
    await arena.engine.pause()
    ids = await arena.engine.upload([arena.request(arena.file("a.txt"))])
    await asyncio.sleep(0.1)
    page = await arena.engine.page()
    assert page.totals.paused
    assert page.transfers[0].state in {State.PAUSED, State.QUEUED}
    assert arena.stored("team/a.txt") is None
    await arena.engine.resume()
    assert (await arena.ended(ids[0])).state is State.DONE
    assert not (await arena.engine.page()).totals.paused


async def test_one_that_is_paused_waits_until_it_is_told_to_go_on(arena: Arena) -> None:
    await arena.engine.pause()
    first, second = await arena.engine.upload(
        [arena.request(arena.file("a.txt")), arena.request(arena.file("b.txt"))]
    )
    await arena.engine.pause([first])
    await arena.engine.resume([second])
    await arena.engine.resume()
    await arena.engine.pause([first])
    await arena.engine.resume([first])
    assert (await arena.ended(first)).state is State.DONE
    assert (await arena.ended(second)).state is State.DONE


async def test_what_is_cancelled_leaves_nothing_at_the_service(arena: Arena) -> None:
    await arena.engine.pause()
    (one,) = await arena.engine.upload([arena.request(arena.file("a.txt"))])
    await arena.engine.cancel([one])
    assert (await arena.ended(one)).state is State.CANCELLED
    await arena.engine.resume()
    await asyncio.sleep(0.05)
    assert arena.stored("team/a.txt") is None
    assert await arena.engine.remnants(arena.destination.id) == ()


async def test_what_failed_can_be_tried_again(arena: Arena) -> None:
    failed = await arena.send(arena.file("a.txt"), destination="01gone")
    assert failed.state is State.FAILED
    await arena.engine.retry([failed.id])
    again = await arena.ended(failed.id)
    assert again.fault is not None
    assert again.fault.kind is FaultKind.NO_BUCKET
    kinds = [moment.kind for moment in await arena.engine.history(failed.id)]
    assert len(kinds) > len(set(kinds)), "the second try is told, too"


async def test_trying_again_what_was_there_already_replaces_it(arena: Arena) -> None:
    path = arena.file("a.txt", b"old")
    await arena.send(path)
    path.write_bytes(b"new")
    refused = await arena.send(path)
    await arena.engine.retry([refused.id])
    assert (await arena.ended(refused.id)).state is State.DONE
    assert arena.stored("team/a.txt") == b"new"


async def test_going_on_with_everything_includes_what_was_paused_singly(arena: Arena) -> None:
    await arena.engine.pause()
    (one,) = await arena.engine.upload([arena.request(arena.file("a.txt"))])
    await arena.engine.pause([one])
    await arena.engine.resume()
    assert (await arena.ended(one)).state is State.DONE


async def test_only_what_is_over_is_forgotten(arena: Arena) -> None:
    done = await arena.send(arena.file("a.txt"))
    await arena.engine.pause()
    (waiting,) = await arena.engine.upload([arena.request(arena.file("b.txt"))])
    await arena.engine.forget([done.id, waiting])
    assert [one.id for one in (await arena.engine.page()).transfers] == [waiting]
    with pytest.raises(NotFound):
        await arena.engine.get(done.id)


async def test_the_list_has_what_goes_on_first_then_the_newest(arena: Arena) -> None:
    first = await arena.send(arena.file("1.txt"))
    second = await arena.send(arena.file("2.txt"))
    await arena.engine.pause()
    third, fourth = await arena.engine.upload(
        [arena.request(arena.file("3.txt")), arena.request(arena.file("4.txt"))]
    )
    page = await arena.engine.page()
    assert [one.id for one in page.transfers] == [third, fourth, second.id, first.id]
    assert page.total == 4


async def test_the_list_is_read_in_pages_and_narrowed(arena: Arena) -> None:
    await arena.engine.pause()
    await arena.engine.upload([arena.request(arena.file(f"film-{n}.mp4")) for n in range(5)])
    await arena.engine.upload([arena.request(arena.file("Notes.txt"))])
    page = await arena.engine.page(offset=2, limit=2)
    assert (len(page.transfers), page.total) == (2, 6)
    assert (await arena.engine.page(text="notes")).total == 1
    assert (await arena.engine.page(states=LIVING)).total == 6
    assert (await arena.engine.page(states=frozenset({State.DONE}))).total == 0


async def test_rows_are_moved_before_others_and_last(arena: Arena) -> None:
    await arena.engine.pause()
    a, b, c = await arena.engine.upload(
        [arena.request(arena.file(f"{name}.txt")) for name in "abc"]
    )
    await arena.engine.move([c], before=a)
    assert [one.id for one in (await arena.engine.page()).transfers] == [c, a, b]
    await arena.engine.move([c, a], before=None)
    assert [one.id for one in (await arena.engine.page()).transfers] == [b, c, a]


async def test_a_higher_priority_goes_first(arena: Arena) -> None:
    await arena.engine.pause()
    low, high = await arena.engine.upload(
        [arena.request(arena.file(f"{name}.txt")) for name in "ab"]
    )
    await arena.engine.prioritise([high], 5)
    rows = (await arena.engine.page()).transfers
    assert [(one.id, one.priority) for one in rows] == [(high, 5), (low, 0)]


async def test_a_limit_of_one_transfer_is_kept_with_it(arena: Arena) -> None:
    await arena.engine.pause()
    (one,) = await arena.engine.upload([arena.request(arena.file("a.txt"), rate_limit=1_000_000)])
    assert (await arena.engine.get(one)).rate_limit == 1_000_000
    await arena.engine.limit([one], 2_000_000)
    assert (await arena.engine.get(one)).rate_limit == 2_000_000


async def test_the_limit_of_all_is_told_with_the_totals(arena: Arena) -> None:
    await arena.use(Limits(rate=3_000_000))
    assert (await arena.engine.page()).totals.rate_limit == 3_000_000


async def test_the_history_begins_with_what_was_added(arena: Arena) -> None:
    done = await arena.send(arena.file("a.txt"))
    history = await arena.engine.history(done.id)
    assert history[0].kind == "added"
    assert len(history) > 1
    assert all(moment.text for moment in history)
    assert [moment.at for moment in history] == sorted(moment.at for moment in history)


async def test_what_is_not_there_is_not_found(arena: Arena) -> None:
    with pytest.raises(NotFound):
        await arena.engine.get("01HZZZZZZZZZZZZZZZZZZZZZZZ")
    with pytest.raises(NotFound):
        await arena.engine.history("01HZZZZZZZZZZZZZZZZZZZZZZZ")


async def test_acts_on_what_is_not_there_do_nothing(arena: Arena) -> None:
    ids = ["01HZZZZZZZZZZZZZZZZZZZZZZZ"]
    await arena.engine.pause(ids)
    await arena.engine.resume(ids)
    await arena.engine.cancel(ids)
    await arena.engine.retry(ids)
    await arena.engine.forget(ids)
    assert (await arena.engine.page()).total == 0


async def test_an_object_becomes_a_file(arena: Arena) -> None:
    await arena.send(arena.file("a.txt", b"content"))
    target = arena.folder / "fetched.txt"
    (one,) = await arena.engine.download(
        [DownloadRequest(arena.destination.id, "a.txt", str(target))]
    )
    done = await arena.ended(one)
    assert (done.state, done.direction, done.size) == (State.DONE, Direction.DOWNLOAD, 7)
    assert target.read_bytes() == b"content"


async def test_a_file_that_is_there_is_only_replaced_when_asked_for(arena: Arena) -> None:
    await arena.send(arena.file("a.txt", b"content"))
    target = arena.file("mine.txt", b"mine")
    request = DownloadRequest(arena.destination.id, "a.txt", str(target))
    (one,) = await arena.engine.download([request])
    failed = await arena.ended(one)
    assert failed.fault is not None
    assert failed.fault.kind is FaultKind.EXISTS
    assert target.read_bytes() == b"mine"


async def test_an_object_that_is_not_there_is_named_as_the_reason(arena: Arena) -> None:
    request = DownloadRequest(arena.destination.id, "none.txt", str(arena.folder / "none.txt"))
    (one,) = await arena.engine.download([request])
    failed = await arena.ended(one)
    assert failed.fault is not None
    assert failed.fault.kind is FaultKind.NO_OBJECT
    assert not (arena.folder / "none.txt").exists()


async def test_everything_that_happens_is_told(arena: Arena) -> None:
    done = await arena.send(arena.file("a.txt", b"abc" * 100), batch="together")
    await arena.hears(TransferBatchEnded("together", 1, 0, 300))
    assert arena.heard(TransfersChanged)
    changes = [event for event in arena.events if isinstance(event, TransferChanged)]
    assert changes[-1].transfer.state is State.DONE
    assert changes[-1].transfer.id == done.id


async def test_the_end_of_a_batch_is_told_once_and_again_after_another_try(arena: Arena) -> None:
    paths = [arena.file(f"{number}.txt", b"abc") for number in range(6)]
    ids = await arena.engine.upload([arena.request(path, batch="six") for path in paths])
    for one in ids:
        await arena.ended(one)
    six = TransferBatchEnded("six", 6, 0, 18)
    await arena.hears(six)
    failed = await arena.send(paths[0], batch="one", destination="01gone")
    alone = TransferBatchEnded("one", 0, 1, 0)
    await arena.hears(six, alone)
    await arena.engine.retry([failed.id])
    await arena.ended(failed.id)
    await arena.hears(six, alone, alone)


async def test_a_sound_destination_is_found_sound_and_a_missing_bucket_missing(
    arena: Arena,
) -> None:
    good = await arena.engine.check(arena.destination.id)
    assert good.ok
    assert good.fault is None
    bad = await arena.engine.check("01gone")
    assert not bad.ok
    assert bad.fault is not None
    assert bad.fault.kind is FaultKind.NO_BUCKET


async def test_the_service_is_asked_whether_what_was_sent_is_still_there(arena: Arena) -> None:
    path = arena.file("a.txt", b"first")
    first = await arena.send(path)
    there = await arena.engine.verify(first.id)
    assert (there.intact, there.reason) == (True, "")
    assert there.checksum == first.checksum
    path.write_bytes(b"second")
    second = await arena.send(path, replace=True)
    replaced = await arena.engine.verify(first.id)
    assert not replaced.intact
    assert replaced.reason
    assert replaced.checksum == second.checksum
    assert not replaced.missing
    assert (await arena.engine.verify(second.id)).intact


async def test_what_was_sent_has_all_its_parts_and_what_waits_none(arena: Arena) -> None:
    done = await arena.send(arena.file("a.txt"))
    assert await arena.engine.parts(done.id) == tuple(range(1, done.parts + 1)) != ()
    await arena.engine.pause()
    (waiting,) = await arena.engine.upload([arena.request(arena.file("b.txt"))])
    assert await arena.engine.parts(waiting) == ()
    with pytest.raises(NotFound):
        await arena.engine.parts("01none")


async def test_only_what_was_sent_can_be_verified(arena: Arena) -> None:
    failed = await arena.send(arena.file("a.txt"), destination="01gone")
    with pytest.raises(Refused):
        await arena.engine.verify(failed.id)
    with pytest.raises(NotFound):
        await arena.engine.verify("01none")
