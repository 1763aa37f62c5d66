"""What others do to the video that is open."""

import asyncio

import pytest

from desktop.config.paths import Paths
from desktop.domain.library import Video
from desktop.services.services import Services
from desktop.ui.pages.studio.session import RESCUED, SAVE_MS
from tests.ui.pages.studio.conftest import (
    Maker,
    delete_elsewhere,
    overwrite,
    quiet,
    until,
)
from tests.ui.pages.studio.desk import Desk


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
