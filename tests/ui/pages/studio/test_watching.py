import asyncio

import pytest

from desktop.domain import events
from desktop.domain.changes import ChangeKind
from desktop.domain.library import SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from desktop.ui.pages.studio.changes_panel import NOW
from desktop.ui.pages.studio.layout import CHANGES
from tests.ui.pages.studio.conftest import TEXT, Maker, quiet, shown, until
from tests.ui.pages.studio.doubles import FRAMES, FilmRenderer


async def render(services: Services, video: Video, text: str = "") -> None:
    """Make a version as the command line does."""
    if text:
        document = await services.authoring.open(video.id)
        await services.authoring.save(video.id, text, document.revision)
    await services.production.render(video.id, Quality.DRAFT)
    await quiet()


def listed(page: StudioPage) -> list[int]:
    return [row.version.number for row in page.parts.versions_model.rows()]


async def test_a_video_without_versions_says_what_to_do(page: StudioPage, video: Video) -> None:
    await shown(page, video)
    stage = page.parts.player.viewer
    assert "Not rendered yet" in stage.accessibleDescription()
    assert listed(page) == []
    assert not page.parts.info.nothing.isHidden()


async def test_the_newest_version_is_shown(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("- side", "- other side"))
    await shown(page, video)
    assert listed(page) == [2, 1]
    assert page.watching.shown == page.watching.newest == 2
    assert page.parts.stack.current is not None
    assert page.parts.stack.current.number == 2
    assert page.parts.restore_bar.isHidden()
    assert [row.playing for row in page.parts.versions_model.rows()] == [True, False]
    await until(lambda: page.parts.player.viewer.frame_count == 3 * FRAMES)


async def test_a_new_version_is_shown_from_its_first_changed_scene(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await shown(page, video)
    await render(services, video, TEXT.replace("- areas", "- sums"))
    await until(lambda: page.watching.shown == 2)
    await until(lambda: page.parts.player.frame == 2 * FRAMES)
    assert [row.on_screen for row in page.parts.scenes_model.rows()] == [False, False, True]


async def test_a_version_without_changed_scenes_leaves_the_person_where_they_are(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await shown(page, video)
    await until(lambda: page.parts.player.viewer.frame_count)
    page.parts.player.seek(20)
    await until(lambda: page.parts.player.frame == 20)
    await services.production.render(video.id, Quality.FINAL)
    await quiet()
    assert page.watching.shown == 2
    await until(lambda: page.parts.player.frame == 20)


async def test_first_scenes_are_shown_while_the_first_render_goes_on(
    page: StudioPage, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    gate = asyncio.Event()
    renderer.gates = {"Square": gate, "Both": gate}
    page.rendering.render(Quality.DRAFT)
    await until(lambda: "Rendering" in page.parts.player.viewer.accessibleDescription())
    await until(lambda: page.parts.player.viewer.path.endswith("scene.mp4"))
    assert page.rendering.running
    assert page.parts.scenes_model.rows()[0].scene.poster
    gate.set()
    await quiet()
    assert page.watching.shown == 1
    assert page.parts.player.viewer.path.endswith("video.mp4")


async def test_a_render_that_makes_nothing_says_what_to_do(
    page: StudioPage, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    renderer.gates = dict.fromkeys(("Circle", "Square", "Both"), asyncio.Event())
    page.rendering.render(Quality.DRAFT)
    await until(lambda: "Rendering" in page.parts.player.viewer.accessibleDescription())
    page.rendering.cancel()
    await quiet()
    assert "Not rendered yet" in page.parts.player.viewer.accessibleDescription()


async def test_watching_an_older_version_offers_to_restore_it(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("- side", "- other side"))
    await shown(page, video)
    page.parts.stack.chosen.emit(1)
    assert page.watching.shown == 1
    assert not page.parts.restore_bar.isHidden()
    assert page.parts.restore_hint.text() == "You are watching version 1"
    page.watching.show_version(2)
    assert page.parts.restore_bar.isHidden()


async def test_the_offer_goes_with_the_version(
    page: StudioPage, services: Services, make: Maker, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("- side", "- other side"))
    await shown(page, video)
    page.watching.show_version(1)
    page.watching.show_film(page.parts.scenes_model.rows()[0].scene.film)
    assert page.parts.restore_bar.isHidden()
    page.watching.show_version(1)
    await shown(page, await make.video("## Other\n", title="Other"))
    assert page.parts.restore_bar.isHidden()
    assert listed(page) == []
    assert page.parts.player.viewer.path == ""


async def test_neighbours_are_gone_through_and_the_place_is_kept(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("- side", "- other side"))
    await shown(page, video)
    await until(lambda: page.parts.player.viewer.frame_count)
    page.parts.player.seek(17)
    await until(lambda: page.parts.player.frame == 17)
    page.actions_by_id["studio.older"].trigger()
    assert page.watching.shown == 1
    await until(lambda: page.parts.player.frame == 17)
    page.actions_by_id["studio.older"].trigger()
    assert page.watching.shown == 1
    page.actions_by_id["studio.newer"].trigger()
    assert page.watching.shown == 2
    page.actions_by_id["studio.newer"].trigger()
    assert page.watching.shown == 2


async def test_from_a_single_scene_the_way_back_is_the_newest_version(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await shown(page, video)
    page.watching.show_film(page.parts.scenes_model.rows()[0].scene.film)
    assert page.watching.shown == 0
    page.watching.show_neighbour(-1)
    assert page.watching.shown == 1
    await quiet()


async def test_a_version_made_by_another_process_is_listed_and_moves_nobody(
    page: StudioPage, services: Services, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    await render(services, video)
    await shown(page, video)
    with monkeypatch.context() as patch:
        patch.setattr(services.bus, "publish", lambda event: None)  # not heard in this process
        await render(services, video, TEXT.replace("- side", "- other side"))
    assert listed(page) == [1]
    services.bus.publish(events.LibraryChanged())
    await quiet()
    assert listed(page) == [2, 1]
    assert page.watching.shown == 1
    assert not page.parts.restore_bar.isHidden()


async def test_the_first_version_is_shown_whoever_made_it(
    page: StudioPage, services: Services, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shown(page, video)
    with monkeypatch.context() as patch:
        patch.setattr(services.bus, "publish", lambda event: None)  # not heard in this process
        await render(services, video)
    services.bus.publish(events.LibraryChanged())
    await quiet()
    assert page.watching.shown == 1


# What changed


def told(page: StudioPage) -> str:
    return page.parts.changes.summary.text()


async def test_the_two_newest_versions_are_compared(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("- side", "- other side"))
    await shown(page, video)
    assert page.parts.changes.chosen() == (1, 2)
    assert told(page) == "1 scene differs, 2 the same."
    assert "+ - other side" in page.parts.changes.difference.toPlainText()


async def test_the_only_version_is_compared_with_the_text_now(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await shown(page, video)
    assert page.parts.changes.chosen() == (1, NOW)
    assert told(page) == "No changes."


async def test_the_text_now_stays_the_text_now(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await shown(page, video)
    page.parts.tabs.setCurrentIndex(CHANGES)
    page.parts.area.editor.replace(TEXT.replace("- side", "- other side"))
    await until(lambda: told(page) == "1 scene differs, 2 the same.")
    await quiet()


async def test_what_was_written_while_nobody_looked_is_compared_when_they_do(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await shown(page, video)
    page.parts.area.editor.replace(TEXT.replace("- side", "- other side"))
    await until(lambda: page.session.state == "Saved")
    await quiet()
    assert told(page) == "No changes."
    page.parts.tabs.setCurrentIndex(CHANGES)
    await until(lambda: told(page) == "1 scene differs, 2 the same.")
    await quiet()


async def test_what_changed_since_a_version_is_asked_from_its_menu(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("- side", "- other side"))
    await shown(page, video)
    page.parts.tabs.setCurrentIndex(CHANGES)
    page.watching.compare_from(1)
    await quiet()
    assert page.parts.tabs.currentIndex() == CHANGES
    assert page.parts.changes.chosen() == (1, NOW)
    assert told(page) == "1 scene differs, 2 the same."


async def test_an_answer_that_comes_too_late_is_not_shown(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("- side", "- other side"))
    await shown(page, video)
    page.parts.changes.choose(1, 2)
    page.watching.compare()
    page.parts.changes.choose(2, NOW)
    await quiet()
    assert told(page) == "1 scene differs, 2 the same."
    page.watching.compare()
    await quiet()
    assert told(page) == "No changes."


async def test_footage_is_watched_and_has_nothing_to_compare(page: StudioPage, make: Maker) -> None:
    await shown(page, await make.video("", SourceKind.FOOTAGE))
    assert not page.parts.tabs.isTabVisible(CHANGES)
    assert page.parts.area.isHidden()
    assert page.parts.left.isHidden()
    await shown(page, await make.video())
    assert page.parts.tabs.isTabVisible(CHANGES)
    assert not page.parts.area.isHidden()


async def test_kinds_of_changes_are_told(
    page: StudioPage, services: Services, video: Video
) -> None:
    await render(services, video)
    await render(services, video, TEXT.replace("## Square", "## New\n\n- n\n\n## Square"))
    changes = await services.versions.changes(video.id, 1, 2)
    assert [one.kind for one in changes.scenes].count(ChangeKind.ADDED) == 1
    await shown(page, video)
    assert told(page) == "1 scene differs, 3 the same."
