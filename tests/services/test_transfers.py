"""What a person can do with transfers, on an engine in memory."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.config.destinations import DestinationFiles
from desktop.config.keychain import Secret
from desktop.config.paths import Paths
from desktop.domain.errors import Conflict, InvalidInput, NotFound, Unavailable
from desktop.domain.events import TransferChanged, TransferEngineChanged, TransfersChanged
from desktop.domain.library import Project, SourceKind, VersionFiles, Video
from desktop.domain.transfers import (
    Destination,
    DownloadRequest,
    Encryption,
    Limits,
    RateWindow,
    Remnant,
    Totals,
    TransferState,
    UploadRequest,
)
from desktop.services.destinations import Destinations
from desktop.services.engine_link import EngineLink
from desktop.services.services import Services
from desktop.services.transfers import Backlog, TransferService
from desktop.services.values import CheckState
from tests.services.conftest import Heard
from tests.services.fake_engine import FakeEngine

PLACE = Destination("01PLACE", "Studio", "films", prefix="team/")
KEYS = AccessKeys("test-key", Secret("test-secret-of-the-studio"))


class Desk:
    """A service on an engine in memory."""

    def __init__(self, services: Services, paths: Paths) -> None:
        self.engine = FakeEngine({"films": {}})
        self.backlog = Backlog()
        self.looks = 0
        self.services = services
        self.places = Destinations(DestinationFiles(paths.destinations), services.secrets)
        self.service = self.make()

    def make(self) -> TransferService:
        """Return a service as another window or command would have it, on the same engine."""
        given = self.services
        link = EngineLink(self.engine, self.places, given.settings, given.bus, self.look)
        return TransferService(link, self.places, given.settings, given.library, given.bus)

    def look(self) -> Backlog:
        assert threading.current_thread() is not threading.main_thread()
        self.looks += 1
        return self.backlog

    @property
    def stored(self) -> dict[str, bytes]:
        return self.engine.buckets["films"]


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


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0.002)


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
    with pytest.raises(InvalidInput, match="It is gone"):
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


# Destinations and their keys


async def test_keys_reach_the_engine_and_no_file(
    transfers: TransferService, desk: Desk, paths: Paths, film: Path
) -> None:
    await transfers.upload_files([film], PLACE.id)
    assert desk.engine.keys == {PLACE.id: KEYS}
    for path in paths.config.rglob("*"):
        if path.is_file():
            assert b"test-secret" not in path.read_bytes()


async def test_keys_that_are_not_given_again_stay(transfers: TransferService, desk: Desk) -> None:
    await transfers.save_destination(replace(PLACE, name="Renamed"), None)
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: KEYS}
    assert desk.engine.destinations[PLACE.id].name == "Renamed"


async def test_new_keys_replace_old_ones_and_a_token_that_belonged_to_them(
    transfers: TransferService, desk: Desk
) -> None:
    temporary = AccessKeys("temp-key", Secret("temp-secret-value"), Secret("temp-token-value"))
    await transfers.save_destination(PLACE, temporary)
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: temporary}
    await transfers.save_destination(PLACE, KEYS)
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: KEYS}


async def test_a_destination_with_a_profile_keeps_no_keys(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.save_destination(replace(PLACE, profile="studio"))
    assert await services.secrets.all() == ()
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {}


async def test_a_key_to_encrypt_with_goes_along_with_a_profile(
    transfers: TransferService, desk: Desk
) -> None:
    own = replace(PLACE, profile="studio", encryption=Encryption.CUSTOMER)
    await transfers.save_destination(own, AccessKeys("", Secret(""), None, Secret("own-key-text")))
    await transfers.check(PLACE.id)
    assert desk.engine.keys[PLACE.id].customer_key == Secret("own-key-text")
    assert not desk.engine.keys[PLACE.id].key_id


async def test_keys_that_cannot_be_read_are_said_where_they_are_needed_and_tried_again(
    transfers: TransferService,
    desk: Desk,
    services: Services,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locked = Unavailable("The keyring is locked")
    read = services.secrets.read

    async def refuse(_name: object) -> None:
        raise locked

    monkeypatch.setattr(services.secrets, "read", refuse)
    with pytest.raises(Unavailable, match="locked"):
        await transfers.upload_files([film], PLACE.id)
    assert (await transfers.page()).total == 0
    monkeypatch.setattr(services.secrets, "read", read)
    await transfers.wait(await transfers.upload_files([film], PLACE.id))


async def test_what_another_window_changed_is_told_before_it_is_used(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    await transfers.check(PLACE.id)
    other = desk.make()
    await other.save_destination(Destination("01NEW", "New", "films"), KEYS)
    await transfers.upload_files([film], "01NEW")
    assert set(desk.engine.keys) == {PLACE.id, "01NEW"}


async def test_an_engine_is_told_once_while_nothing_changes(
    transfers: TransferService, desk: Desk, film: Path, tmp_path: Path
) -> None:
    for number in range(3):
        await transfers.upload_files([film], PLACE.id, f"{number}/")
        await transfers.page()
    await settle()
    assert desk.engine.uses == 1


async def test_an_engine_that_was_started_again_is_told_what_holds_now(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.check(PLACE.id)
    await desk.make().save_destination(Destination("01NEW", "New", "films"), KEYS)
    desk.engine.keys.clear()
    services.bus.publish(TransferEngineChanged(running=True))
    await settle()
    assert set(desk.engine.keys) == {PLACE.id, "01NEW"}


async def test_a_removed_destination_takes_its_keys_along(
    transfers: TransferService, services: Services, paths: Paths
) -> None:
    await transfers.remove_destination(PLACE.id)
    assert await transfers.destinations() == ()
    assert await services.secrets.all() == ()
    assert list(paths.destinations.iterdir()) == []


async def test_a_destination_is_not_removed_while_something_is_on_its_way_there(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    desk.engine.hold()
    (one,) = await transfers.upload_files([film], PLACE.id)
    with pytest.raises(Conflict, match=r"on its way.*team/film.mp4"):
        await transfers.remove_destination(PLACE.id)
    await transfers.cancel([one])
    await transfers.remove_destination(PLACE.id)


async def test_a_check_says_what_the_service_cannot_know(
    transfers: TransferService, desk: Desk
) -> None:
    await transfers.save_destination(replace(PLACE, endpoint_url="http://s3.example.org"), KEYS)
    found = await transfers.check(PLACE.id)
    assert found.ok
    assert any("http" in warning for warning in found.warnings)
    assert any("only in memory" in warning for warning in found.warnings)
    await transfers.save_destination(replace(PLACE, endpoint_url="http://127.0.0.1:9000"), KEYS)
    near = await transfers.check(PLACE.id)
    assert not any("http" in warning for warning in near.warnings)


@pytest.mark.parametrize("bucket", ["", " ", "my/bucket", "my bucket"])
async def test_a_bucket_without_a_name_is_refused(transfers: TransferService, bucket: str) -> None:
    with pytest.raises(InvalidInput, match="name of a bucket"):
        await transfers.save_destination(replace(PLACE, bucket=bucket))


@pytest.mark.parametrize(
    "url", ["s3.example.org", "ftp://s3.example.org", "https://", "http://a:b", "https://h/?x=1"]
)
async def test_an_address_that_is_none_is_refused(transfers: TransferService, url: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be used"):
        await transfers.save_destination(replace(PLACE, endpoint_url=url))


async def test_an_address_with_keys_in_it_is_refused_and_not_repeated(
    transfers: TransferService,
) -> None:
    url = "https://someone:hidden-word@s3.example.org"
    with pytest.raises(InvalidInput, match="must not hold keys") as caught:
        await transfers.save_destination(replace(PLACE, endpoint_url=url))
    assert "hidden-word" not in str(caught.value)


async def test_a_destination_is_kept_in_its_usual_form(transfers: TransferService) -> None:
    given = Destination("01X", " ", " films ", endpoint_url="https://h:9000/", prefix="/a/b")
    saved = await transfers.save_destination(given)
    wanted = Destination("01X", "films", "films", endpoint_url="https://h:9000", prefix="a/b/")
    assert saved == wanted
    assert wanted in await transfers.destinations()


# Limits


async def test_limits_are_kept_and_put_in_force(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.check(PLACE.id)
    hours = (RateWindow((0, 1, 2, 3, 4), 9 * 60, 17 * 60, 2_000_000),)
    wanted = Limits(8, 1_500_000, ((PLACE.id, 700_000),), hours)
    await transfers.set_limits(wanted)
    assert await transfers.limits() == wanted
    await settle()
    assert desk.engine.limits == wanted
    again = desk.make()
    assert await again.limits() == wanted
    assert services.settings.current.transfers.timetable == "Mon,Tue,Wed,Thu,Fri 09:00-17:00 2M"


async def test_a_changed_setting_reaches_a_running_engine(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.check(PLACE.id)
    current = services.settings.current
    slower = replace(current.transfers, rate_limit_mb=0.5, connections=2)
    await services.settings.save(replace(current, transfers=slower))
    await settle()
    assert (desk.engine.limits.rate, desk.engine.limits.connections) == (500_000, 2)


async def test_a_timetable_that_nobody_can_read_limits_nothing(
    transfers: TransferService, services: Services
) -> None:
    current = services.settings.current
    wrong = replace(current.transfers, timetable="sometimes slowly", rate_limit_mb=1.0)
    await services.settings.save(replace(current, transfers=wrong))
    limits = await transfers.limits()
    assert (limits.timetable, limits.rate) == ((), 1_000_000)


async def test_hours_that_could_not_be_kept_are_refused_and_nothing_changes(
    transfers: TransferService,
) -> None:
    with pytest.raises(InvalidInput):
        await transfers.set_limits(Limits(5, timetable=(RateWindow((0,), 60, 60, 2_000_000),)))
    assert await transfers.limits() == Limits()


async def test_changes_in_quick_succession_end_with_the_last(
    transfers: TransferService, desk: Desk
) -> None:
    await transfers.check(PLACE.id)
    for rate in range(1, 30):
        await transfers.set_limits(Limits(rate=rate * 1_000_000))
    await settle()
    assert desk.engine.limits.rate == 29_000_000


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
