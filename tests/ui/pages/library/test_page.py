import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import NotFound
from desktop.domain.events import EventBus, VersionAdded
from desktop.ui.models.projects import PROJECT, TRASH
from desktop.ui.pages.library import LibraryPage
from tests.ui.pages.library.conftest import quiet, texts, until
from tests.ui.pages.library.doubles import LibraryDouble, ShellDouble

CTRL = Qt.KeyboardModifier.ControlModifier


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def enabled(page: LibraryPage) -> set[str]:
    always = {
        "search", "clear_filters", "grid", "list", "details", "show_all", "show_trash",
        "new_project",
    }  # fmt: skip
    found = {name.removeprefix("library.") for name, one in page.actions_by_id.items()
             if one.isEnabled()}  # fmt: skip
    return found - always


def action(page: LibraryPage, name: str) -> QAction:
    return page.actions_by_id[f"library.{name}"]


async def test_actions_are_there_for_what_is_selected(
    page: LibraryPage, library: LibraryDouble
) -> None:
    assert enabled(page) == set()
    page.selection.select([0])
    await quiet()
    assert enabled(page) == {"open", "export", "rename", "duplicate", "move", "trash"}
    page.selection.select([0, 1])
    await quiet()
    assert enabled(page) == {"duplicate", "move", "trash"}
    page.places.choose(PROJECT, "p1")
    await quiet()
    assert enabled(page) == {"rename_project", "trash_project"}
    await library.trash_videos(("v0",))
    page.places.choose(TRASH)
    await quiet(0.2)
    page.selection.select([0])
    await quiet()
    assert enabled(page) == {"restore", "delete", "empty_trash"}


async def test_everything_is_done_with_the_keyboard_alone(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble, qtbot: QtBot
) -> None:
    page.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_F, CTRL)
    assert focused() is page.centre.bar.search
    qtbot.keyClicks(focused(), "quicksort")
    await until(lambda: page.model.query.text == "quicksort")
    await quiet()
    qtbot.keyClick(focused(), Qt.Key.Key_Down)
    assert focused() is page.centre.grid
    await quiet()
    first = page.selection.videos()[0].id
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert shell.opened == [first]
    qtbot.keyClick(focused(), Qt.Key.Key_Delete)
    await quiet(0.2)
    assert library.videos[first].trashed_at
    assert page.selection.one() is not None
    qtbot.keyClick(focused(), Qt.Key.Key_A, CTRL)
    await quiet()
    assert len(page.selection.rows()) == page.model.total == 2


async def test_a_video_is_renamed_with_the_keyboard(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble, qtbot: QtBot
) -> None:
    page.selection.select([2])
    page.centre.grid.setFocus()
    await quiet()
    page.show_details(shown=False)
    qtbot.keyClick(focused(), Qt.Key.Key_F2)
    assert focused() is page.inspector.title
    qtbot.keyClicks(focused(), "Limits")
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    await quiet(0.2)
    assert library.videos["v2"].title == "Limits"
    await shell.undos[0].revert()
    await quiet(0.2)
    assert page.inspector.title.text() == "Why the determinant is a volume 2"


async def test_keys_in_a_text_field_do_not_touch_videos(
    page: LibraryPage, library: LibraryDouble, qtbot: QtBot
) -> None:
    page.selection.select([0])
    await quiet()
    page.centre.bar.search.setFocus()
    qtbot.keyClicks(focused(), "ab")
    qtbot.keyClick(focused(), Qt.Key.Key_Home)
    qtbot.keyClick(focused(), Qt.Key.Key_Delete)
    await quiet(0.2)
    assert page.centre.bar.search.text() == "b"
    assert not any(video.trashed_at for video in library.videos.values())


async def test_the_two_views_and_the_details_have_keys(page: LibraryPage, qtbot: QtBot) -> None:
    page.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_2, CTRL)
    assert page.centre.table.isVisible()
    assert action(page, "list").isChecked()
    assert not action(page, "grid").isChecked()
    qtbot.keyClick(focused(), Qt.Key.Key_1, CTRL)
    assert page.centre.grid.isVisible()
    qtbot.keyClick(focused(), Qt.Key.Key_I, CTRL)
    assert page.inspector.isHidden()
    assert not page.centre.bar.inspector.isChecked()
    qtbot.keyClick(focused(), Qt.Key.Key_I, CTRL)
    assert page.inspector.isVisible()
    assert action(page, "details").isChecked()


async def test_the_selection_stays_when_the_view_changes(page: LibraryPage) -> None:
    page.selection.select([1, 2])
    page.show_view("table")
    await quiet()
    assert page.selection.rows() == (1, 2)


async def test_a_heading_of_the_table_orders_everything(page: LibraryPage) -> None:
    page.show_view("table")
    page.centre.table.order_wanted.emit("title")
    await quiet()
    assert page.model.query.order == "title"
    assert page.centre.bar.order.text() == "Title"


async def test_the_scenes_of_the_selected_video_are_listed(
    page: LibraryPage, library: LibraryDouble
) -> None:
    page.selection.select([0])
    await quiet()
    assert page.inspector.scenes.count() == 5


async def test_a_video_that_has_gone_meanwhile_is_no_error(
    page: LibraryPage,
    library: LibraryDouble,
    shell: ShellDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def gone(video_id: str) -> tuple[str, ...]:
        raise NotFound("This video is gone")

    monkeypatch.setattr(library, "scene_titles", gone)
    page.selection.select([0])
    await quiet()
    assert not shell.errors
    assert page.inspector.scenes.count() == 0


async def test_a_new_version_brings_a_new_picture(
    page: LibraryPage, library: LibraryDouble, bus: EventBus
) -> None:
    page.centre.grid.grab()
    await quiet()
    library.files_asked.clear()
    bus.publish(VersionAdded("v0", 1))
    await quiet(0.2)
    page.centre.grid.grab()
    await quiet()
    assert "v0" in library.files_asked


async def test_menus_open_where_they_are_asked_for(page: LibraryPage, popups: list[QMenu]) -> None:
    page.selection.select([0])
    await quiet()
    page.centre.grid.customContextMenuRequested.emit(page.centre.grid.rect().center())
    page.places.customContextMenuRequested.emit(page.places.rect().center())
    action(page, "move").trigger()
    action(page, "export").trigger()
    found = [texts(menu)[0] for menu in popups]
    assert found == ["Open in studio", "New project…", "Algebra", "Video file…"]


async def test_every_control_has_a_name_for_screen_readers(page: LibraryPage) -> None:
    unnamed = [
        one for one in page.findChildren(QAbstractButton)
        if not (one.text() or one.accessibleName()) and not one.objectName().startswith("qt_")
        and one.parent() is not page.centre.bar.search
    ]  # fmt: skip
    assert not unnamed
    views = (page.centre.grid, page.centre.table, page.places, page.centre.bar.search)
    assert all(view.accessibleName() for view in views)


async def test_tab_reaches_every_part(page: LibraryPage, qtbot: QtBot) -> None:
    page.selection.select([0])
    await quiet()
    page.centre.bar.search.setFocus()
    seen = set()
    for _ in range(60):
        seen.add(focused())
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    wanted = {
        page.centre.bar.search, page.centre.bar.order, page.centre.bar.status, page.centre.grid,
        page.inspector.title, page.inspector.description, page.inspector.open, page.places,
    }  # fmt: skip
    assert wanted <= seen
