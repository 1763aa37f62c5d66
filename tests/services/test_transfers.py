"""What a person can do with transfers, on an engine in memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.config.paths import Paths
from desktop.domain.errors import InvalidInput, NotFound, Unavailable
from desktop.domain.events import TransferChanged, TransferEngineChanged, TransfersChanged
from desktop.domain.library import Project, SourceKind, VersionFiles, Video
from desktop.domain.transfers import (
    DownloadRequest,
    Limits,
    Remnant,
    Totals,
    TransferState,
    UploadRequest,
)
from desktop.services.services import Services
from desktop.services.transfers import Backlog, TransferService
from desktop.services.values import CheckState
from tests.services.conftest import Heard
from tests.services.transfer_desk import KEYS, PLACE, Desk, settle


@pytest.fixture
async def desk(services: Services, paths: Paths) -> AsyncIterator[Desk]:
    made = Desk(services, paths)
    yield made
    await made.service.close()


@pytest.fixture
async def transfers(desk: Desk) -> TransferService:
    await desk.service.save_destination(PLACE, KEYS)
    return desk.service


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"picture" * 100)
    return path


# Starting only when needed


async def test_nothing_starts_an_engine_that_is_not_needed(desk: Desk) -> None:
    service = desk.service
    service.start()
    await settle()
    assert await service.uploads_left() == 0
    assert (await service.page()).total == 0
    await service.save_destination(PLACE, KEYS)
    assert await service.destinations() == (PLACE,)
    await service.set_limits(Limits(rate=1_000_000))
    await service.report()
    await settle()
    assert desk.engine.starts == 0


async def test_how_things_stand_is_known_without_an_engine_that_has_nothing_to_do(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    desk.backlog = Backlog(exists=True)
    assert await transfers.standing() == Totals()
    assert desk.engine.starts == 0
    desk.backlog = Backlog(exists=True, unfinished=1)
    await transfers.pause()
    assert (await transfers.standing()).paused


async def test_a_window_that_finds_unfinished_transfers_lets_them_go_on(
    transfers: TransferService, desk: Desk
) -> None:
    desk.backlog = Backlog(exists=True, unfinished=2)
    transfers.start()
    await settle()
    assert desk.engine.starts == 1
    assert desk.engine.keys == {PLACE.id: KEYS}


async def test_a_window_joins_an_engine_that_runs(desk: Desk) -> None:
    desk.backlog = Backlog(exists=True, process=4711)
    desk.service.start()
    await settle()
    assert desk.engine.starts == 1


async def test_starting_does_not_wait_for_an_engine_that_hangs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang() -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(desk.engine, "start", hang)
    desk.backlog = Backlog(exists=True, unfinished=1)
    desk.service.start()
    async with asyncio.timeout(1):
        await desk.service.destinations()
        await settle()
        await desk.service.close()


async def test_an_engine_that_cannot_start_is_told_to_whoever_listens(
    desk: Desk, services: Services
) -> None:
    heard = Heard(services.bus, TransferEngineChanged)
    desk.engine.refusal = Unavailable("No engine", "The folder is read-only.")
    desk.backlog = Backlog(exists=True, unfinished=1)
    desk.service.start()
    await settle()
    (event,) = heard.events
    assert event == TransferEngineChanged(
        running=False, message="No engine The folder is read-only."
    )


async def test_what_needs_the_engine_says_that_there_is_none_and_tries_again_later(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    desk.engine.refusal = Unavailable("No engine")
    with pytest.raises(Unavailable, match="No engine"):
        await transfers.upload_files([film], PLACE.id)
    desk.engine.refusal = None
    assert len(await transfers.upload_files([film], PLACE.id)) == 1


async def test_closing_leaves_an_engine_alone_that_was_never_asked(desk: Desk) -> None:
    desk.engine.running = True
    await desk.service.close()
    assert desk.engine.running


# What is uploaded


async def test_files_and_folders_are_uploaded_under_names_that_say_where_they_were(
    transfers: TransferService, desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "lectures"
    (folder / "part 1").mkdir(parents=True)
    (folder / "part 1" / "a.mp4").write_bytes(b"a")
    (folder / "b.mp4").write_bytes(b"b")
    (folder / ".hidden").write_bytes(b"h")
    (tmp_path / "c.mp4").write_bytes(b"c")
    ids = await transfers.upload_files([folder, tmp_path / "c.mp4"], PLACE.id, "2026/")
    rows = await transfers.wait(ids)
    assert [row.state for row in rows] == [TransferState.DONE] * 3
    assert desk.stored == {
        "team/2026/lectures/b.mp4": b"b",
        "team/2026/lectures/part 1/a.mp4": b"a",
        "team/2026/c.mp4": b"c",
    }
    assert len({row.batch for row in rows}) == 1
    assert rows[0].batch


async def test_nothing_to_upload_is_said_with_the_reason(
    transfers: TransferService, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput, match=r"nothing to upload.*It is empty"):
        await transfers.upload_files([tmp_path / "empty"], PLACE.id)
    with pytest.raises(InvalidInput, match="It is not there"):
        await transfers.upload_files([tmp_path / "gone.mp4"], PLACE.id)


async def test_a_destination_that_does_not_exist_is_not_uploaded_to(
    transfers: TransferService, film: Path
) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        await transfers.upload([UploadRequest(str(film), "01OTHER", "film.mp4")])


async def test_a_version_is_uploaded_under_keys_of_its_own_with_its_code_packed(
    transfers: TransferService,
    desk: Desk,
    services: Services,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    video = await services.library.create_video(project.id, "Shapes", SourceKind.MANIM, "x")
    film, module = tmp_path / "video.mp4", tmp_path / "module.py"
    film.write_bytes(b"film")
    module.write_bytes(b"from manim import *\n")
    files = VersionFiles(str(film), module=str(module))
    monkeypatch.setattr(services.library, "files", lambda _id, _number: files)
    ids = await transfers.upload_version(video.id, 7, PLACE.id)
    await transfers.wait(ids)
    base = f"{project.id}/{video.id}"
    assert set(desk.stored) == {
        f"team/videos/{base}/chunk_000_v7.mp4",
        f"team/code/{base}/{video.id}_v7.py",
    }
    packed = desk.stored[f"team/code/{base}/{video.id}_v7.py"]
    assert packed.startswith(b"\x1f\x8b")
    request = desk.engine._rows[ids[0]].request
    assert isinstance(request, UploadRequest)
    assert dict(request.metadata)["version"] == "7"


async def test_a_version_without_a_film_cannot_be_uploaded(
    transfers: TransferService, manim_video: Video
) -> None:
    with pytest.raises(NotFound, match="has no film"):
        await transfers.upload_version(manim_video.id, 1, PLACE.id)


async def test_objects_are_fetched(transfers: TransferService, desk: Desk, tmp_path: Path) -> None:
    desk.stored["team/a.txt"] = b"content"
    target = tmp_path / "a.txt"
    (one,) = await transfers.download([DownloadRequest(PLACE.id, "a.txt", str(target))])
    await transfers.wait([one])
    assert target.read_bytes() == b"content"


# Waiting, pausing, stopping


async def test_waiting_ends_when_all_are_over_however_they_end(
    transfers: TransferService, desk: Desk, film: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(b"other")
    desk.engine.hold()
    ids = await transfers.upload_files([film, other], PLACE.id)
    waiting = asyncio.get_running_loop().create_task(transfers.wait([ids[1], ids[0]]))
    await settle()
    assert not waiting.done()
    await transfers.cancel([ids[1]])
    desk.engine.release()
    rows = await waiting
    assert [row.state for row in rows] == [TransferState.CANCELLED, TransferState.DONE]


async def test_waiting_survives_events_that_were_lost(
    transfers: TransferService, desk: Desk, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.transfers.LOOK_AGAIN", 0.02)
    desk.engine.hold()
    ids = await transfers.upload_files([film], PLACE.id)
    waiting = asyncio.get_running_loop().create_task(transfers.wait(ids))
    await settle()
    desk.engine._receivers.clear()
    desk.engine.release()
    async with asyncio.timeout(2):
        (row,) = await waiting
    assert row.state is TransferState.DONE


async def test_how_pausing_is_done_is_a_setting(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.pause()
    current = services.settings.current
    softly = replace(current.transfers, pause_at_once=False)
    await services.settings.save(replace(current, transfers=softly))
    await transfers.pause()
    await transfers.pause(hard=True)
    assert desk.engine.pauses == [True, False, True]


async def test_what_is_left_is_counted_for_the_question_at_closing(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    desk.engine.hold()
    ids = await transfers.upload_files([film], PLACE.id)
    assert await transfers.uploads_left() == 1
    desk.engine.release()
    await transfers.wait(ids)
    assert await transfers.uploads_left() == 0
    desk.engine.running = False
    assert await transfers.uploads_left() == 0


async def test_the_service_is_asked_again_for_what_was_sent(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    (sent,) = await transfers.upload_files([film], PLACE.id)
    await transfers.wait([sent])
    assert (await transfers.verify(sent)).intact
    desk.stored["team/film.mp4"] = b"somebody else's"
    replaced = await transfers.verify(sent)
    assert (replaced.intact, replaced.missing) == (False, False)
    del desk.stored["team/film.mp4"]
    gone = await transfers.verify(sent)
    assert (gone.intact, gone.missing) == (False, True)


async def test_everything_else_is_passed_on(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    desk.engine.hold()
    first, second = await transfers.upload_files([film, Path(__file__)], PLACE.id)
    await transfers.pause([first])
    assert (await transfers.get(first)).state is TransferState.PAUSED
    await transfers.move([second], before=None)
    await transfers.prioritise([second], 3)
    await transfers.limit([second], 1_000_000)
    row = await transfers.get(second)
    assert (row.priority, row.rate_limit) == (3, 1_000_000)
    assert (await transfers.history(first))[0].kind == "added"
    await transfers.cancel([second])
    await transfers.forget([second])
    assert [one.id for one in await transfers.unfinished()] == [first]
    await transfers.resume([first])
    desk.engine.release()
    await transfers.wait([first])
    await transfers.retry([first])
    assert (await transfers.get(first)).state is TransferState.DONE


async def test_what_is_left_at_the_service_is_listed_and_aborted(
    transfers: TransferService, desk: Desk
) -> None:
    left = Remnant(PLACE.id, "films", "team/a.mp4", "u1", 0.0, 8 << 20, 1, ours=False)
    desk.engine.left = [left]
    assert await transfers.remnants(PLACE.id) == (left,)
    await transfers.abort(left)
    assert await transfers.remnants(PLACE.id) == ()


async def test_what_the_engine_tells_reaches_the_bus(
    transfers: TransferService, services: Services, film: Path
) -> None:
    heard = Heard(services.bus, TransferChanged, TransfersChanged)
    await transfers.wait(await transfers.upload_files([film], PLACE.id))
    assert heard.of(TransfersChanged)
    assert heard.of(TransferChanged)
    await transfers.close()
    count = len(heard.events)
    services.bus.publish(TransfersChanged())
    assert len(heard.events) == count + 1, "the bus itself goes on"


# The doctor


async def test_the_doctor_says_how_transfers_stand(transfers: TransferService, desk: Desk) -> None:
    desk.backlog = Backlog(exists=True, unfinished=3, process=4711)
    check = await transfers.report()
    assert check.state is CheckState.OK
    assert check.detail == "1 destination, 3 unfinished, engine runs as process 4711"


async def test_the_doctor_says_when_the_record_cannot_be_read(
    transfers: TransferService, desk: Desk
) -> None:
    desk.backlog = Backlog(exists=True, problem="transfers.db is damaged.")
    check = await transfers.report()
    assert check.state is CheckState.ERROR
    assert check.detail == "transfers.db is damaged."
    assert check.remedy
