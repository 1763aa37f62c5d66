import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain import events
from desktop.domain.errors import NotFound, StudioError
from desktop.domain.picture import Quality
from desktop.services.undo import Undo
from desktop.ui import tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.import_preview import ImportPreview
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import PageEntry
from desktop.ui.new_video import NewVideoDialog
from desktop.ui.theme import Theme
from tests.ui.conftest import settle, show_active
from tests.ui.fakes import FakeServices, video


class Studio(QWidget):
    """Stands in for the studio page."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.refuses = False
        self.video_id = ""
        self.finished = False
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)

    def open_video(self, video_id: str) -> None:
        self.opened.append(video_id)
        if not self.refuses:
            self.video_id = video_id

    async def finish(self) -> None:
        await asyncio.sleep(0)
        self.finished = True


@pytest.fixture
def studio(qapp: QApplication) -> Studio:
    return Studio()


@pytest.fixture
async def window(
    services: FakeServices, theme: Theme, studio: Studio, qtbot: QtBot
) -> AsyncIterator[MainWindow]:
    entries = (
        PageEntry("studio", "Studio", lambda: studio, "monitor-play", "F1"),
        PageEntry("library", "Library", QWidget, "squares-four", "F3"),
    )
    made = MainWindow(services.real, theme, entries)
    made.start()
    await show_active(made)
    await settle()
    yield made
    if not made._finished:
        closed = asyncio.Event()
        made.closed.connect(closed.set)
        services.bus.publish(events.RenderEnded("v1", None))
        made.close()
        await asyncio.wait_for(closed.wait(), 5)
    made.deleteLater()


def sheet(window: MainWindow) -> Sheet:
    return next(one for one in window.findChildren(Sheet) if one.isVisible())


async def test_the_first_start_welcomes(window: MainWindow) -> None:
    assert window.pages.current_id == "welcome"


async def test_pages_are_built_when_they_are_shown(window: MainWindow) -> None:
    assert len(window.pages.built()) == 1
    window.pages.show_page("library")
    assert len(window.pages.built()) == 2


async def test_function_keys_turn_pages(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F3)
    assert window.pages.current_id == "library"
    assert window.windowTitle() == "Library - Proofreel"
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.pages.current_id == "studio"


async def test_an_opened_video_is_shown_in_the_studio(
    window: MainWindow, studio: Studio, services: FakeServices
) -> None:
    window.open_video("v7")
    await settle()
    assert studio.opened == ["v7"]
    assert services.settings.current.general.first_run_done


async def test_ctrl_z_takes_back_the_last_act_from_anywhere_but_text(
    window: MainWindow, studio: Studio, qtbot: QtBot
) -> None:
    reverted: list[str] = []

    async def revert() -> None:
        reverted.append("trash")

    window.pages.show_page("studio")
    window.show_undo(Undo("Moved 3 videos to the trash", revert))
    assert window.registry["edit.undo"].text() == "Undo: Moved 3 videos to the trash"
    studio.field.setFocus()
    qtbot.keyClicks(studio.field, "text")
    qtbot.keyClick(studio.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await settle()
    assert studio.field.text() == ""
    assert reverted == []
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await settle()
    assert reverted == ["trash"]
    assert not window.registry["edit.undo"].isEnabled()


async def test_the_notice_undoes_its_own_act(window: MainWindow) -> None:
    reverted: list[str] = []

    async def one() -> None:
        reverted.append("one")

    async def two() -> None:
        reverted.append("two")

    window.show_undo(Undo("one", one))
    window.show_undo(Undo("two", two))
    window.toasts.toasts()[0].accept()
    await settle()
    assert reverted == ["one"]


async def test_dropped_files_are_previewed_then_imported_and_can_be_undone(
    window: MainWindow, services: FakeServices, studio: Studio
) -> None:
    window.drop_target.dropped.emit([Path("limits.md"), Path("notes.docx")])
    await settle()
    preview = sheet(window)
    assert isinstance(preview, ImportPreview)
    assert not services.importing.carried_out
    preview.accept()
    await settle()
    await settle()
    assert studio.opened == ["v1"]
    window.undo_history.undo_latest()
    await settle()
    assert services.importing.reverted == 1


async def test_a_declined_preview_imports_nothing(
    window: MainWindow, services: FakeServices
) -> None:
    window.drop_target.dropped.emit([Path("limits.md")])
    await settle()
    sheet(window).reject()
    await settle()
    assert not services.importing.carried_out


async def test_nothing_to_import_is_said_with_a_remedy(window: MainWindow) -> None:
    window.drop_target.dropped.emit([Path("unknown.xyz")])
    await settle()
    words = [label.text() for label in window.banners.findChildren(QLabel)]
    assert "There is nothing to import" in words


async def test_a_new_video_begins_from_a_template(
    window: MainWindow, services: FakeServices, studio: Studio
) -> None:
    window.registry["file.new"].trigger()
    await settle()
    dialog = sheet(window)
    assert isinstance(dialog, NewVideoDialog)
    dialog.title.setText("Limits")
    dialog.accept()
    await settle()
    await settle()
    assert studio.opened == ["v1"]
    assert services.library.videos["v1"].title == "Limits"
    assert "title: Limits" in services.library.sources["v1"]


async def test_a_sample_opens_with_one_click_and_is_drawn(
    window: MainWindow, studio: Studio, services: FakeServices
) -> None:
    window.pages.page("welcome").sample_wanted.emit("Pythagoras")  # type: ignore[attr-defined]  # the welcome page
    await settle()
    await settle()
    assert studio.opened == ["v1"]
    assert services.production.rendered == ["v1"]


async def test_a_sample_that_was_drawn_before_is_only_opened(
    window: MainWindow, services: FakeServices
) -> None:
    await services.samples.install()
    services.library.videos["v1"] = replace(services.library.videos["v1"], latest_version=2)
    window.pages.page("welcome").sample_wanted.emit("Pythagoras")  # type: ignore[attr-defined]  # the welcome page
    await settle()
    await settle()
    assert services.production.rendered == []


async def test_a_library_that_had_to_be_repaired_is_spoken_of(
    window: MainWindow, services: FakeServices
) -> None:
    services.library.found_damage = StudioError("The library was damaged", "12 videos are here.")
    window.start()
    assert [banner.message.title for banner in window.banners.banners()] == [
        "The library was damaged"
    ]


async def test_the_status_bar_follows_a_render(window: MainWindow, services: FakeServices) -> None:
    services.library.videos["v1"] = video("Limits")
    services.bus.publish(events.RenderStarted("v1", Quality.DRAFT, 4, 2))
    services.bus.publish(events.RenderProgressed("v1", 600, 1200, 42.0))
    await settle()
    assert window.status.progress.name.text() == "Rendering Limits"
    assert window.status.progress.figures.text() == "600 of 1,200 frames, 0:42 left"
    window.status.progress.cancelled.emit()
    assert services.production.cancelled == ["v1"]
    services.bus.publish(events.RenderEnded("v1", None, cancelled=True))
    assert window.status.progress.isHidden()


async def test_the_status_bar_counts_videos(window: MainWindow, services: FakeServices) -> None:
    services.library.videos["v1"] = video("Limits")
    services.bus.publish(events.LibraryChanged())
    await asyncio.sleep(0.3)
    assert window.status.videos.text() == "1 video"


async def test_a_failed_task_of_a_page_becomes_a_banner(window: MainWindow, studio: Studio) -> None:
    async def fail() -> None:
        raise NotFound("The video is gone", remedy="Look into the trash.")

    window.pages.show_page("studio")
    tasks.start(studio, fail(), "open")
    await settle()
    assert window.banners.banners()[0].message.remedy == "Look into the trash."


async def test_the_theme_is_chosen_and_remembered(
    window: MainWindow, services: FakeServices, theme: Theme
) -> None:
    window.registry["view.theme_light"].trigger()
    await settle()
    assert services.settings.current.appearance.theme == "light"
    assert not theme.tokens.dark


async def test_closing_lets_pages_save_and_ends_all_tasks(
    window: MainWindow, studio: Studio
) -> None:
    window.pages.show_page("studio")
    tasks.start(window, asyncio.sleep(60), "long wait")
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    assert window.isVisible()
    await asyncio.wait_for(closed.wait(), 5)
    assert studio.finished
    assert not window.isVisible()


async def test_closing_asks_while_something_renders(
    window: MainWindow, services: FakeServices
) -> None:
    services.library.videos["v1"] = video("Limits")
    services.bus.publish(events.RenderStarted("v1", Quality.FINAL, 4, 0))
    window.close()
    await settle()
    sheet(window).reject()
    await settle()
    assert window.isVisible()
    assert window.isEnabled()


async def test_the_key_sheet_lists_every_shortcut(window: MainWindow) -> None:
    window.registry["help.keys"].trigger()
    words = {label.text() for label in sheet(window).findChildren(QLabel)}
    assert {"Command palette", "Ctrl+K", "Studio", "F1", "Undo", "Ctrl+Z"} <= words
    sheet(window).accept()


async def test_everything_with_a_shortcut_has_one_of_its_own(window: MainWindow) -> None:
    keys = [key for declared, _ in window.registry.all() for key in declared.keys if key]
    assert len(keys) == len(set(keys))


async def test_the_next_window_opens_where_this_one_was(
    window: MainWindow, studio: Studio, services: FakeServices, theme: Theme
) -> None:
    window.open_video("v7")
    studio.refuses = True
    window.open_video("v8")
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await asyncio.wait_for(closed.wait(), 5)
    again = Studio()
    entries = (
        PageEntry("studio", "Studio", lambda: again, "monitor-play"),
        PageEntry("library", "Library", QWidget, "squares-four"),
    )
    second = MainWindow(services.real, theme, entries)
    second.start()
    assert again.opened == ["v7"]
    ended = asyncio.Event()
    second.closed.connect(ended.set)
    second.close()
    await asyncio.wait_for(ended.wait(), 5)
    second.deleteLater()


async def test_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton

    for page in ("welcome", "studio", "library"):
        window.pages.show_page(page)
    unnamed = [
        button
        for button in window.findChildren(QAbstractButton)
        if not (button.text() or button.accessibleName())
        and not button.objectName().startswith("qt_")
    ]
    assert not unnamed
