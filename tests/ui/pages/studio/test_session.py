import asyncio
import time

import pytest

from desktop.domain.errors import NotFound, Unavailable
from desktop.domain.events import SourceSaved
from desktop.domain.library import SourceKind, Video
from desktop.services.services import Services
from desktop.services.values import Outline
from desktop.ui.pages.studio.session import SAVE_MS
from tests.services.conftest import Heard
from tests.ui.pages.studio.conftest import (
    TEXT,
    Maker,
    until,
)
from tests.ui.pages.studio.desk import Desk
from tests.ui.pages.studio.doubles import ReaderHere

DISK_FULL = Unavailable("The disk is full", remedy="Free some space.")


def fail_saving(services: Services, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def save(*_: object, **_named: object) -> int:
        raise error

    monkeypatch.setattr(services.authoring, "save", save)


# Saving


async def test_writing_without_a_pause_is_saved_within_half_a_second(
    desk: Desk, make: Maker, video: Video
) -> None:
    begun = time.monotonic()
    written = ""
    while time.monotonic() - begun < 0.3 + SAVE_MS / 1000:
        written += "x"
        desk.write(TEXT + written)
        await asyncio.sleep(0.02)
    await until(lambda: desk.session.state != "")
    saved = await make.text(video.id)
    assert saved.startswith(TEXT + "xxxx")


async def test_nothing_is_saved_that_was_not_changed(
    services: Services, desk: Desk, video: Video
) -> None:
    heard = Heard(services.bus, SourceSaved)
    assert await desk.session.save()
    desk.write(TEXT + "x")
    desk.write(TEXT)
    assert await desk.session.save()
    assert heard.events == []
    assert (await services.authoring.open(video.id)).revision == 1


async def test_the_state_says_where_the_text_stands(desk: Desk) -> None:
    assert desk.session.state == ""
    desk.write("new")
    assert desk.session.state == "Saving…"
    await desk.session.save()
    assert desk.session.state == "Saved"


async def test_what_is_written_while_saving_is_saved_next(
    desk: Desk, make: Maker, video: Video, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.authoring.save

    async def slow(video_id: str, text: str, revision: int, *, own: bool = False) -> int:
        saved = await real(video_id, text, revision, own=own)
        if text == "one":
            desk.write("two")
        return saved

    monkeypatch.setattr(services.authoring, "save", slow)
    desk.write("one")
    await desk.session.save()
    assert desk.session.state == "Saving…"
    await until(lambda: desk.session.state == "Saved")
    assert await make.text(video.id) == "two"


async def test_a_full_disk_keeps_the_text_and_is_tried_again(
    desk: Desk, make: Maker, video: Video, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    over: list[Unavailable] = []
    desk.session.recovered.connect(over.append)
    with monkeypatch.context() as patch:
        fail_saving(services, patch, DISK_FULL)
        patch.setattr("desktop.ui.pages.studio.session.RETRY_MS", 50)
        desk.write("precious")
        with pytest.raises(Unavailable):
            await desk.session.save()
        assert desk.session.state == "Not saved"
        assert over == []
    await until(lambda: desk.session.state == "Saved")
    assert await make.text(video.id) == "precious"
    assert over == [DISK_FULL], "what was said about the disk is taken back, once"


async def test_a_full_disk_keeps_the_video_open(
    desk: Desk, make: Maker, video: Video, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make.video("other")
    fail_saving(services, monkeypatch, DISK_FULL)
    desk.write("precious")
    with pytest.raises(Unavailable):
        await desk.session.open(other.id)
    assert (desk.session.video_id, desk.text) == (video.id, "precious")


async def test_a_save_that_is_cut_off_still_has_to_be_done(
    desk: Desk, make: Maker, video: Video, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **_named: object) -> int:
        await asyncio.Event().wait()
        return 0

    desk.write("precious")
    with monkeypatch.context() as patch:
        patch.setattr(services.authoring, "save", never)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await desk.session.save()
    await desk.session.save()
    assert await make.text(video.id) == "precious"


# Opening


async def test_opening_another_video_saves_this_one(desk: Desk, make: Maker, video: Video) -> None:
    other = await make.video("## Other\n", title="Other")
    desk.write("mine")
    await desk.session.open(other.id)
    assert desk.text == "## Other\n"
    assert desk.session.video is not None
    assert desk.session.video.title == "Other"
    assert await make.text(video.id) == "mine"


async def test_what_is_written_while_another_opens_is_not_lost(
    desk: Desk, make: Maker, video: Video, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make.video("other")
    real = services.library.video

    async def slow(video_id: str) -> Video:
        if video_id == other.id and desk.text == TEXT:
            desk.write("written in between")
        return await real(video_id)

    monkeypatch.setattr(services.library, "video", slow)
    await desk.session.open(other.id)
    assert await make.text(video.id) == "written in between"
    assert desk.text == "other"


async def test_of_videos_asked_for_at_once_the_last_is_opened(
    desk: Desk, make: Maker, video: Video
) -> None:
    others = [await make.video(f"text {n}") for n in range(3)]
    await asyncio.gather(*(desk.session.open(one.id) for one in others))
    assert (desk.session.video_id, desk.text) == (others[2].id, "text 2")


async def test_coming_back_at_once_stays(desk: Desk, make: Maker, video: Video) -> None:
    other = await make.video("other")
    await asyncio.gather(desk.session.open(other.id), desk.session.open(video.id))
    assert (desk.session.video_id, desk.text) == (video.id, TEXT)


async def test_a_video_that_is_not_there_leaves_the_open_one(desk: Desk, video: Video) -> None:
    with pytest.raises(NotFound):
        await desk.session.open("nowhere")
    assert desk.session.video_id == video.id


async def test_footage_has_no_text_to_save(desk: Desk, make: Maker) -> None:
    film = await make.video("", SourceKind.FOOTAGE)
    await desk.session.open(film.id)
    assert not desk.session.writable
    desk.write("nothing")
    assert desk.session.state == ""
    assert await desk.session.exact_outline() is None


# Reading


async def test_the_outline_follows_the_text(desk: Desk) -> None:
    assert [one.title for one in desk.outlines[-1].scenes] == ["Circle", "Square", "Both"]
    desk.write(TEXT + "\n## More\n")
    await until(lambda: len(desk.outlines[-1].scenes) == 4)


async def test_calls_during_a_reading_share_one_more(desk: Desk, reader: ReaderHere) -> None:
    reader.gate = asyncio.Event()
    before = len(desk.outlines)
    async with asyncio.TaskGroup() as calls:
        for _ in range(5):
            calls.create_task(desk.session.read_outline())
        await asyncio.sleep(0.02)
        desk.text = TEXT + "\n## More\n"
        reader.gate.set()
    assert len(desk.outlines) == before + 2
    assert len(desk.outlines[-1].scenes) == 4


async def test_an_exact_outline_is_that_of_the_text_right_now(
    desk: Desk, reader: ReaderHere
) -> None:
    desk.write("\n\n" + TEXT)
    outline = await desk.session.exact_outline()
    assert outline is not None
    assert outline.scenes[0].line == 7
    assert await desk.session.exact_outline() is outline


async def test_a_text_that_never_stands_still_has_no_exact_outline(
    desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.authoring.outline

    async def moving(video_id: str, text: str) -> Outline:
        desk.text += "x"
        return await real(video_id, text)

    monkeypatch.setattr(services.authoring, "outline", moving)
    desk.text += "x"
    assert await desk.session.exact_outline() is None


async def test_an_outline_of_the_last_video_is_not_shown_for_this_one(
    desk: Desk, make: Maker, reader: ReaderHere
) -> None:
    other = await make.video("## Other\n")
    reader.gate = asyncio.Event()
    async with asyncio.TaskGroup() as calls:
        calls.create_task(desk.session.read_outline())
        calls.create_task(desk.session.open(other.id))
        await until(lambda: desk.session.video_id == other.id)
        desk.outlines.clear()
        reader.gate.set()
    assert [[one.title for one in outline.scenes] for outline in desk.outlines] == [["Other"]]


async def test_the_library_learns_shape_and_length(
    desk: Desk, services: Services, video: Video
) -> None:
    assert (await services.library.video(video.id)).scene_count == 3
