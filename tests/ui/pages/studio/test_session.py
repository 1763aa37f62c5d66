import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from desktop.config.paths import Paths
from desktop.domain.errors import NotFound, Unavailable
from desktop.domain.events import SourceSaved
from desktop.domain.library import SourceKind, Video
from desktop.services.services import Services
from desktop.services.values import Outline
from desktop.ui import tasks
from desktop.ui.pages.studio.session import RESCUED, SAVE_MS, Session
from tests.services.conftest import Heard
from tests.ui.pages.studio.conftest import (
    TEXT,
    Maker,
    delete_elsewhere,
    overwrite,
    quiet,
    until,
)
from tests.ui.pages.studio.doubles import ReaderHere

DISK_FULL = Unavailable("The disk is full", remedy="Free some space.")


class Desk:
    """A session and the editor's text, as plain as it can be."""

    def __init__(self, services: Services) -> None:
        self.text = ""
        self.session = Session(services.library, services.authoring, lambda: self.text)
        self.asked: list[str] = []
        self.outlines: list[Outline] = []
        self.session.opened.connect(self._show)
        self.session.replaced.connect(self._show)
        self.session.outlined.connect(self.outlines.append)
        self.session.clashed.connect(lambda: self.asked.append("clash"))
        self.session.orphaned.connect(lambda: self.asked.append("orphan"))

    def _show(self, document: object) -> None:
        self.text = document.text  # type: ignore[attr-defined]  # signals carry objects

    def write(self, text: str) -> None:
        self.text = text
        self.session.touch()


@pytest.fixture
async def desk(services: Services, video: Video) -> AsyncIterator[Desk]:
    made = Desk(services)
    await made.session.open(video.id)
    yield made
    made.session.stop()
    await tasks.stop()
    made.session.deleteLater()


def fail_saving(services: Services, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def save(*_: object) -> int:
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

    async def slow(video_id: str, text: str, revision: int) -> int:
        saved = await real(video_id, text, revision)
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
    with monkeypatch.context() as patch:
        fail_saving(services, patch, DISK_FULL)
        patch.setattr("desktop.ui.pages.studio.session.RETRY_MS", 50)
        desk.write("precious")
        with pytest.raises(Unavailable):
            await desk.session.save()
        assert desk.session.state == "Not saved"
    await until(lambda: desk.session.state == "Saved")
    assert await make.text(video.id) == "precious"


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
    async def never(*_: object) -> int:
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


# Changes elsewhere


async def test_a_text_saved_elsewhere_is_taken_over(
    desk: Desk, services: Services, video: Video
) -> None:
    await overwrite(services, video.id, "## Theirs\n")
    await desk.session.look_again()
    assert desk.text == "## Theirs\n"
    assert [one.title for one in desk.outlines[-1].scenes] == ["Theirs"]


async def test_it_is_not_taken_over_what_is_unsaved_here(
    desk: Desk, services: Services, video: Video
) -> None:
    desk.write("mine")
    await overwrite(services, video.id, "theirs")
    await desk.session.look_again()
    assert desk.text == "mine"
    assert not await desk.session.save()
    assert desk.asked == ["clash"]
    assert desk.session.state == "Not saved: changed elsewhere"


async def test_typing_on_does_not_ask_again(desk: Desk, services: Services, video: Video) -> None:
    await overwrite(services, video.id, "theirs")
    desk.write("mine")
    await until(lambda: desk.asked)
    desk.write("mine, more of it")
    await asyncio.sleep(SAVE_MS / 1000 + 0.1)
    await quiet()
    assert desk.asked == ["clash"]


async def test_my_text_wins_and_theirs_can_be_brought_back(
    desk: Desk, make: Maker, services: Services, video: Video
) -> None:
    desk.write("mine")
    await overwrite(services, video.id, "theirs")
    await desk.session.save()
    undo = await desk.session.resolve(keep_mine=True)
    assert await make.text(video.id) == "mine"
    assert undo is not None
    await undo.revert()
    assert await make.text(video.id) == "theirs"


async def test_their_text_wins_and_mine_can_be_brought_back(
    desk: Desk, make: Maker, services: Services, video: Video
) -> None:
    desk.write("mine")
    await overwrite(services, video.id, "theirs")
    await desk.session.save()
    undo = await desk.session.resolve(keep_mine=False)
    assert desk.text == "theirs"
    assert undo is not None
    await undo.revert()
    assert await make.text(video.id) == "mine"


async def test_a_third_writer_clashes_again(desk: Desk, services: Services, video: Video) -> None:
    desk.write("mine")
    await overwrite(services, video.id, "theirs")
    await desk.session.save()
    real = services.authoring.open

    async def raced(video_id: str) -> object:
        found = await real(video_id)
        services.authoring.open = real  # type: ignore[method-assign]
        await overwrite(services, video_id, "a third one's")
        return found

    services.authoring.open = raced  # type: ignore[method-assign, assignment]
    await desk.session.resolve(keep_mine=True)
    assert desk.asked == ["clash", "clash"]
    assert desk.text == "mine"


async def test_opening_another_video_during_a_clash_asks_again(
    desk: Desk, make: Maker, services: Services, video: Video
) -> None:
    other = await make.video("other")
    desk.write("mine")
    await overwrite(services, video.id, "theirs")
    await desk.session.save()
    await desk.session.open(other.id)
    assert desk.asked == ["clash", "clash"]
    assert desk.text == "mine"


async def test_details_changed_elsewhere_never_belong_to_another_video(
    desk: Desk, make: Maker, services: Services, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make.video("other", title="Other")
    real = services.library.video

    async def slow(video_id: str) -> Video:
        found = await real(video_id)
        if video_id == video.id:
            monkeypatch.setattr(services.library, "video", real)
            await desk.session.open(other.id)
        return found

    monkeypatch.setattr(services.library, "video", slow)
    await desk.session.look_again()
    assert desk.session.video_id == other.id


# Deleted elsewhere


async def test_the_text_of_a_deleted_video_becomes_a_new_one(
    desk: Desk, make: Maker, paths: Paths, video: Video, services: Services
) -> None:
    delete_elsewhere(paths, video.id)
    await desk.session.look_again()
    desk.write("## Precious\n")
    assert not await desk.session.save()
    assert desk.asked == ["orphan"]
    assert desk.session.state == "Not saved: deleted elsewhere"
    await desk.session.rescue()
    assert desk.session.video_id != video.id
    assert desk.session.video is not None
    assert desk.session.video.title == video.title
    assert await make.text(desk.session.video_id) == "## Precious\n"


@pytest.mark.parametrize("for_good", [False, True])
async def test_a_text_without_a_project_gets_one(
    desk: Desk, paths: Paths, video: Video, services: Services, for_good: bool
) -> None:
    delete_elsewhere(paths, video.id)
    await services.library.trash_project(video.project_id)
    if for_good:
        await services.library.empty_trash()
    desk.write("## Precious\n")
    await desk.session.save()
    await desk.session.rescue()
    assert desk.session.video is not None
    project = await services.library.project(desk.session.video.project_id)
    assert project.title == RESCUED


async def test_a_text_that_is_let_go_holds_nobody_up(
    desk: Desk, make: Maker, paths: Paths, video: Video
) -> None:
    other = await make.video("other")
    delete_elsewhere(paths, video.id)
    desk.write("mine")
    await desk.session.save()
    desk.session.forget()
    await desk.session.open(other.id)
    assert desk.text == "other"


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
