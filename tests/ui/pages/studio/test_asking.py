import pytest

from desktop.config.paths import Paths
from desktop.domain.errors import Conflict, Unavailable
from desktop.domain.library import Video
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from desktop.ui.pages.studio.session import SAVE_MS
from tests.ui.conftest import settle
from tests.ui.pages.studio.conftest import (
    Maker,
    delete_elsewhere,
    overwrite,
    press,
    quiet,
    sheet,
    sheets,
    shown,
    until,
)
from tests.ui.pages.studio.doubles import Shell

MINE, THEIRS = "## Mine\n", "## Theirs\n"


async def clash(page: StudioPage, services: Services, video: Video) -> None:
    """Write here and elsewhere; the question is on screen afterwards."""
    await shown(page, video)
    page.parts.area.editor.replace(MINE)
    await overwrite(services, video.id, THEIRS)
    await until(lambda: sheets(page))


async def test_two_writers_are_asked_about(
    page: StudioPage, services: Services, make: Maker, video: Video
) -> None:
    await clash(page, services, video)
    assert sheet(page).windowTitle() == "The text was changed elsewhere"
    assert page.parts.area.editor.text() == MINE
    assert await make.text(video.id) == THEIRS
    sheet(page).reject()
    await quiet()


async def test_keeping_mine_saves_it_and_theirs_can_be_brought_back(
    page: StudioPage, services: Services, shell: Shell, make: Maker, video: Video
) -> None:
    await clash(page, services, video)
    press(sheet(page), "Keep my text")
    await quiet()
    assert await make.text(video.id) == MINE
    assert page.session.state == "Saved"
    await shell.undos[0].revert()
    await until(lambda: page.parts.area.editor.text() == THEIRS)
    await quiet()


async def test_taking_theirs_shows_it_and_mine_can_be_brought_back(
    page: StudioPage, services: Services, shell: Shell, video: Video
) -> None:
    await clash(page, services, video)
    press(sheet(page), "Take the other text")
    await quiet()
    assert page.parts.area.editor.text() == THEIRS
    await shell.undos[0].revert()
    await until(lambda: page.parts.area.editor.text() == MINE)
    await quiet()


async def test_escape_decides_nothing_and_the_question_stays_at_hand(
    page: StudioPage, services: Services, shell: Shell, make: Maker, video: Video
) -> None:
    await clash(page, services, video)
    sheet(page).reject()
    await quiet()
    assert (page.parts.area.editor.text(), await make.text(video.id)) == (MINE, THEIRS)
    assert shell.buttons == ["Decide…"]
    act = shell.acts[0]
    assert act is not None
    act()
    await until(lambda: sheets(page))
    press(sheet(page), "Keep my text")
    await quiet()
    assert await make.text(video.id) == MINE


async def test_typing_on_is_not_interrupted_by_a_second_question(
    page: StudioPage, services: Services, video: Video
) -> None:
    await clash(page, services, video)
    page.parts.area.editor.replace(MINE + "more\n")
    page.session.clashed.emit()
    await settle()
    assert len(sheets(page)) == 1
    sheet(page).reject()
    await quiet()
    page.parts.area.editor.replace(MINE + "and more\n")
    await until(lambda: not page.session._timer.isActive())
    await quiet()
    assert not sheets(page)
    assert SAVE_MS < 500


async def test_the_text_of_a_video_deleted_elsewhere_is_kept_as_a_new_one(
    page: StudioPage, make: Maker, paths: Paths, video: Video
) -> None:
    await shown(page, video)
    delete_elsewhere(paths, video.id)
    page.parts.area.editor.replace(MINE)
    await until(lambda: sheets(page))
    assert sheet(page).windowTitle() == "The video was deleted elsewhere"
    press(sheet(page), "Keep it as a new video")
    await until(lambda: page.session.video_id not in {"", video.id})
    await quiet()
    assert page.parts.area.editor.text() == MINE
    assert await make.text(page.session.video_id) == MINE


async def test_it_is_let_go_only_when_the_person_says_so(
    page: StudioPage, make: Maker, paths: Paths, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    delete_elsewhere(paths, video.id)
    page.parts.area.editor.replace(MINE)
    await until(lambda: sheets(page))
    sheet(page).reject()
    await quiet()
    other = await make.video("## Other\n", title="Other")
    page.open_video(other.id)
    await until(lambda: sheets(page))
    assert page.session.video_id == video.id
    press(sheet(page), "Let it go")
    await quiet()
    await shown(page, other)
    assert page.parts.area.editor.text() == "## Other\n"


async def test_saving_for_the_end_says_what_is_undecided(
    page: StudioPage, services: Services, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    await page.save()
    page.parts.area.editor.replace(MINE)
    await overwrite(services, video.id, THEIRS)
    with pytest.raises(Conflict, match="not saved"):
        await page.save()
    assert not sheets(page)
    assert shell.buttons == ["Decide…"]


async def test_saving_for_the_end_tells_that_the_disk_is_full(
    page: StudioPage, services: Services, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def save(*_: object, **_named: object) -> int:
        raise Unavailable("The disk is full")

    await shown(page, video)
    page.parts.area.editor.replace(MINE)
    monkeypatch.setattr(services.authoring, "save", save)
    with pytest.raises(Unavailable):
        await page.save()
