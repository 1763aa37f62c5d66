"""The whole page: opening, playing, restoring, menus, and what others do to an open video."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QTabBar, QWidget

from desktop.config.paths import Paths
from desktop.domain.library import SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.ui import dialogs, tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.navigation import FinishingPage, SavingPage
from desktop.ui.pages.studio import StudioPage
from desktop.ui.pages.studio.changes_panel import NOW
from desktop.ui.pages.studio.layout import CHANGES
from tests.ui.conftest import settle, show_active
from tests.ui.pages.studio.conftest import (
    MANIM,
    Maker,
    choose,
    delete_elsewhere,
    quiet,
    shown,
    until,
)
from tests.ui.pages.studio.doubles import FRAMES, FilmRenderer, Shell
from tests.ui.pages.studio.rendered import OTHER_TEXT, Popups, rendered, scene_id

# Opening


async def test_before_a_video_is_open_the_page_offers_one(page: StudioPage, shell: Shell) -> None:
    words = {one.text() for one in page.findChildren(QPushButton) if one.isVisible()}
    assert {"New video", "Open a sample"} <= words
    assert not any(action.isEnabled() for action in page.actions_by_id.values())


async def test_a_video_is_named_and_its_actions_are_there(page: StudioPage, video: Video) -> None:
    await shown(page, video)
    assert page.parts.header.title.text() == "Areas"
    assert page.parts.header.facts.text() == "Geometry · Storyboard · Wide 16:9"
    disabled = [name for name, one in page.actions_by_id.items() if not one.isEnabled()]
    assert disabled == ["studio.cancel"], "nothing renders"


@pytest.mark.parametrize(
    ("kind", "possible"),
    [
        (SourceKind.STORYBOARD, {"studio.add_scene", "studio.render_draft", "editor.find"}),
        (SourceKind.MANIM, {"studio.render_draft", "editor.find"}),
        (SourceKind.FOOTAGE, set()),
    ],
)
async def test_only_what_makes_sense_can_be_done(
    page: StudioPage, make: Maker, kind: SourceKind, possible: set[str]
) -> None:
    await shown(page, await make.video(MANIM if kind is SourceKind.MANIM else "", kind))
    asked = ("studio.add_scene", "studio.render_draft", "editor.find")
    assert {one for one in asked if page.actions_by_id[one].isEnabled()} == possible
    assert page.actions_by_id["player.play"].isEnabled()
    assert page.actions_by_id["studio.export"].isEnabled()


async def test_another_title_is_shown_at_once(
    page: StudioPage, services: Services, video: Video
) -> None:
    await shown(page, video)
    await services.library.edit_video(video.id, title="Surfaces")
    await until(lambda: page.parts.header.title.text() == "Surfaces")
    await quiet()


async def test_a_video_put_into_the_trash_says_so_and_keeps_its_text(
    page: StudioPage, services: Services, make: Maker, video: Video
) -> None:
    await shown(page, video)
    undo = await services.library.trash_videos([video.id])
    await until(lambda: page.parts.header.facts.text().startswith("In the trash"))
    page.parts.area.editor.replace(OTHER_TEXT)
    await until(lambda: page.session.state == "Saved")
    assert await make.text(video.id) == OTHER_TEXT
    await undo.revert()
    await until(lambda: page.parts.header.facts.text().startswith("Geometry"))
    await quiet()


async def test_a_video_deleted_for_good_stays_readable(
    page: StudioPage, services: Services, shell: Shell, paths: Paths, video: Video
) -> None:
    await rendered(page, services, video)
    delete_elsewhere(paths, video.id)
    await services.library.trash_videos(())
    await page._look_again()
    await quiet()
    assert page.parts.area.editor.text() == OTHER_TEXT
    assert shell.errors == []


async def test_showing_the_page_again_keeps_the_state_of_the_text(
    page: StudioPage, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    page.parts.area.editor.replace(OTHER_TEXT)
    await until(lambda: page.session.state == "Saved")
    page.hide()
    page.show()
    assert shell.status[-1] == "Saved"
    await quiet()


async def test_the_status_follows_the_text(page: StudioPage, shell: Shell, video: Video) -> None:
    await shown(page, video)
    shell.status.clear()
    page.parts.area.editor.replace(OTHER_TEXT)
    await until(lambda: shell.status[-1:] == ["Saved"])
    assert shell.status == ["Saving…", "Saved"]
    await quiet()


# Scenes and film


async def test_going_to_a_scene_shows_text_and_film(
    page: StudioPage, services: Services, video: Video
) -> None:
    await rendered(page, services, video)
    page.parts.scenes.chosen.emit(scene_id(page, 1))
    assert page.parts.area.editor.line() == 11
    await until(lambda: page.parts.player.frame == FRAMES)
    assert [row.on_screen for row in page.parts.scenes_model.rows()] == [False, True, False]
    assert not page.parts.player.viewer.playing


async def test_opening_a_scene_plays_it(page: StudioPage, services: Services, video: Video) -> None:
    await rendered(page, services, video)
    page.parts.scenes.opened.emit(scene_id(page, 2))
    assert page.parts.player.viewer.playing
    await until(lambda: page.parts.player.frame >= 2 * FRAMES)
    page.parts.player.viewer.pause()


async def test_a_scene_that_is_in_no_version_shows_its_own_film(
    page: StudioPage, services: Services, video: Video
) -> None:
    await shown(page, video)
    page.rendering.render_scene(scene_id(page, 1))
    await quiet()
    page.parts.player.clear()
    page.parts.scenes.chosen.emit(scene_id(page, 1))
    await until(lambda: page.parts.player.viewer.path.endswith("scene.mp4"))
    page.parts.scenes.chosen.emit(scene_id(page, 0))
    await quiet()


async def test_during_a_render_it_can_be_cancelled_and_no_other_begun(
    page: StudioPage, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    gate = asyncio.Event()
    renderer.gates = {"Circle": gate}
    page.actions_by_id["studio.render_draft"].trigger()
    names = ("studio.cancel", "studio.render_draft", "studio.render_scene")
    await until(lambda: page.rendering.running)
    assert [page.actions_by_id[name].isEnabled() for name in names] == [True, False, False]
    page.actions_by_id["studio.cancel"].trigger()
    await quiet()
    assert [page.actions_by_id[name].isEnabled() for name in names] == [False, True, True]


# Menus


async def test_the_menu_of_a_version_leads_to_its_changes(
    page: StudioPage, services: Services, popups: Popups, video: Video
) -> None:
    await rendered(page, services, video)
    page.parts.stack.menu_wanted.emit(1, QPoint(10, 10))
    choose(popups[0][0], "What changed since")
    assert page.parts.tabs.currentIndex() == CHANGES
    await quiet()
    assert page.parts.changes.chosen() == (1, NOW)
    assert page.parts.changes.summary.text() == "1 scene differs, 2 the same."
    page.parts.stack.menu_wanted.emit(99, QPoint(10, 10))
    assert len(popups) == 1


async def test_menus_go_when_they_are_closed(
    page: StudioPage, popups: Popups, video: Video
) -> None:
    await shown(page, video)
    before = page.findChildren(QMenu)
    for place in range(3):
        page.parts.scenes.menu_wanted.emit(scene_id(page, place), QPoint(10, 10))
        popups[-1][0].aboutToHide.emit()
        await settle()
    assert page.findChildren(QMenu) == before


async def test_every_version_can_be_exported(
    page: StudioPage,
    services: Services,
    popups: Popups,
    shell: Shell,
    video: Video,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    async def target(parent: object, title: str, name: str, patterns: str) -> Path:
        return tmp_path / name

    monkeypatch.setattr(dialogs, "choose_target", target)
    await rendered(page, services, video)
    page.parts.stack.menu_wanted.emit(1, QPoint(10, 10))
    choose(popups[0][0].findChildren(QMenu)[0], "Video file…")
    await quiet()
    assert shell.notes == [f"Exported Areas version 1.mp4 to {tmp_path}"]
    film = (tmp_path / "Areas version 1.mp4").read_bytes()
    assert film == Path(services.versions.files(video.id, 1).video).read_bytes()


async def test_every_version_can_be_uploaded(
    page: StudioPage, services: Services, popups: Popups, video: Video
) -> None:
    await rendered(page, services, video)
    page.parts.stack.menu_wanted.emit(1, QPoint(10, 10))
    choose(popups[0][0], "Upload…")
    sheets: list[Sheet] = []
    async with asyncio.timeout(10):
        while not sheets:
            await asyncio.sleep(0.01)
            sheets = [one for one in page.findChildren(Sheet) if one.isVisible()]
    assert sheets[0].windowTitle() == "Where videos go", "the first upload needs a destination"
    sheets[0].reject()
    await quiet()


async def test_export_is_offered_under_its_button(
    page: StudioPage, services: Services, popups: Popups, video: Video
) -> None:
    await rendered(page, services, video)
    page.actions_by_id["studio.export"].trigger()
    menu, at = popups[0]
    assert [one.isEnabled() for one in menu.actions()] == [True] * 4
    button = page.parts.header.export
    assert at == button.mapToGlobal(button.rect().bottomLeft())


# Everybody can use it


async def test_every_control_has_a_name(page: StudioPage, services: Services, video: Video) -> None:
    await rendered(page, services, video)
    for place in range(page.parts.tabs.count()):
        page.parts.tabs.setCurrentIndex(place)
        await quiet()
        unnamed = [
            one
            for one in page.findChildren(QWidget)
            if one.isVisible()
            and one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not (one.accessibleName() or getattr(one, "text", str)())
        ]
        assert unnamed == [], [(one.parent(), one.objectName()) for one in unnamed]


async def test_every_part_is_reached_with_tab(
    page: StudioPage, shell: Shell, services: Services, video: Video
) -> None:
    await rendered(page, services, video)
    await show_active(shell)
    page.parts.header.draft.setFocus()
    reached: list[QWidget] = []
    for _ in range(80):
        shell.focusNextChild()
        widget = QApplication.focusWidget()
        assert widget is not None
        if widget in reached:
            break
        reached.append(widget)
    parts = page.parts
    wanted = [
        parts.header.draft, parts.header.final, parts.header.export, parts.add_scene, parts.scenes,
        parts.area.tabs, parts.area.editor.area, parts.player.scrubber, parts.stack,
        parts.tabs.tabBar(),
    ]  # fmt: skip
    assert [one for one in wanted if one not in reached] == []
    assert any(isinstance(one, QTabBar) for one in reached)


async def test_the_window_asks_the_page_to_save_before_it_ends_it(page: StudioPage) -> None:
    assert isinstance(page, SavingPage)
    assert isinstance(page, FinishingPage)


async def test_nothing_runs_after_the_end(
    page: StudioPage, services: Services, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    page.rendering.render(Quality.DRAFT)
    page.parts.area.editor.replace(OTHER_TEXT)
    await asyncio.sleep(0.05)
    await page.save()
    await page.finish()
    await tasks.stop()
    assert not services.production.running(video.id)
