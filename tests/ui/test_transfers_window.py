"""Transfers in the window: status bar, dock, dropped files, the end of a batch, closing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain import events
from desktop.domain.transfers import TransferState
from desktop.ui import desktop_notice, tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.drop import IMPORT, UPLOAD
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import PageEntry
from desktop.ui.pages.publish.page import PublishPage
from desktop.ui.theme import Theme
from tests.ui.conftest import settle, show_active
from tests.ui.fake_transfers import FakeTransfers, rows_of
from tests.ui.fakes import FakeServices
from tests.ui.pages.library.conftest import until
from tests.ui.pages.publish.conftest import asked


@pytest.fixture
def transfers(services: FakeServices) -> FakeTransfers:
    return services.transfers


@pytest.fixture
async def window(services: FakeServices, theme: Theme) -> AsyncIterator[MainWindow]:
    entries = (
        PageEntry("library", "Library", QWidget, "squares-four", "F3"),
        PageEntry(
            "publish", "Publish", lambda: PublishPage(services.real, made), "cloud-arrow-up", "F4"
        ),
    )
    made = MainWindow(services.real, theme, entries)
    made.start()
    made.pages.show_page("library")
    await show_active(made)
    await settle()
    yield made
    services.transfers.rows = []
    if made.isVisible():
        made.transfers.read()
        await settle()
        await closed(made)
    made.deleteLater()


async def closed(window: MainWindow) -> None:
    gone = asyncio.Event()
    window.closed.connect(gone.set)
    window.close()
    await asyncio.wait_for(gone.wait(), 5)


async def rest(window: MainWindow) -> None:
    """Wait until everything is counted and shown, however long that takes."""
    await settle()
    await until(lambda: not window.transfers._rest.isActive() and not tasks.running())
    await settle()


def press(sheet: Sheet, words: str) -> None:
    buttons = sheet.findChildren(QPushButton)
    next(one for one in buttons if one.text() == words).click()


async def test_f4_opens_the_publish_page(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert window.pages.current_id == "publish"


async def test_the_status_bar_says_how_transfers_stand_and_opens_them(
    window: MainWindow, transfers: FakeTransfers
) -> None:
    assert window.status.transfers.isHidden()
    transfers.fill()
    await rest(window)
    said = window.status.transfers
    assert said.text() == "9 transfers · 8 MB/s · 34:26 left · at most 8 MB/s"
    assert said.toolTip() == "2 transfers failed. Open the publish page"
    said.click()
    assert window.pages.current_id == "publish"
    await rest(window)


async def test_what_moves_is_counted_without_asking(
    window: MainWindow, transfers: FakeTransfers
) -> None:
    transfers.rows = rows_of(1, TransferState.ACTIVE, speed=2e6)
    transfers.pages.clear()
    transfers.tell(*transfers.rows)
    assert window.status.transfers.text() == "1 transfer · 2 MB/s"
    assert not transfers.pages


async def test_ctrl_j_shows_the_same_panel_below_every_page_but_the_publish_page(
    window: MainWindow, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    transfers.fill()
    assert window.dock.panel is None, "it costs nothing until it is wanted"
    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    panel = window.dock.panel
    assert panel is not None
    await until(lambda: panel.model.total == 14)
    assert window.registry["view.transfers"].isChecked()
    window.pages.show_page("publish")
    assert window.dock.isHidden()
    window.pages.show_page("library")
    assert window.dock.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert window.dock.isHidden()
    await rest(window)


async def test_files_go_to_the_queue_where_transfers_are_and_to_the_library_elsewhere(
    window: MainWindow, transfers: FakeTransfers, tmp_path: Path
) -> None:
    transfers.fill()
    window.dock.toggle()
    await rest(window)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    target = window.drop_target
    inside = window.dock.mapTo(window, window.dock.rect().center())
    assert target.purpose(inside) is UPLOAD
    assert target.purpose(QPoint(300, 100)) is IMPORT
    target.place = inside
    target.dropped.emit([film])
    sheet = await asked(window)
    assert sheet.windowTitle() == "Upload 1 file, 4 bytes"
    sheet.reject()
    target.place = QPoint(300, 100)
    target.dropped.emit([film])
    sheet = await asked(window)
    assert sheet.windowTitle() == "Import"
    sheet.reject()
    window.pages.show_page("publish")
    assert target.purpose(QPoint(300, 100)) is UPLOAD
    target.dropped.emit([film])
    sheet = await asked(window)
    assert sheet.windowTitle() == "Upload 1 file, 4 bytes"
    sheet.reject()
    await rest(window)


async def test_the_end_of_a_batch_is_said_and_leads_to_it(
    window: MainWindow, services: FakeServices
) -> None:
    services.bus.publish(events.TransferBatchEnded("b", 3, 1, 1_200_000_000))
    toast = window.toasts.toasts()[-1]
    assert toast.message.text() == "3 files uploaded, 1.2 GB; 1 file failed"
    toast.accept()
    assert window.pages.current_id == "publish"
    await rest(window)


async def test_the_desktop_hears_of_it_when_the_person_works_elsewhere(
    window: MainWindow, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        "desktop.ui.main_window.notify_desktop", lambda _window, _title, text: heard.append(text)
    )
    services.bus.publish(events.TransferBatchEnded("b", 1, 0, 5))
    assert not heard, "who sees the window needs no second notice"
    other = QWidget()
    await show_active(other)
    services.bus.publish(events.TransferBatchEnded("c", 1, 0, 5))
    assert heard == ["1 file uploaded, 5 bytes"]
    other.close()
    other.deleteLater()


async def test_a_desktop_without_a_tray_gets_no_notice_and_no_error(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "desktop.ui.desktop_notice.QSystemTrayIcon.isSystemTrayAvailable", lambda: False
    )
    assert not desktop_notice.notify_desktop(window, "Uploads have ended", "1 file")


async def test_administrators_are_told_in_the_window(
    window: MainWindow, services: FakeServices
) -> None:
    services.bus.publish(events.AdministratorNotice("The account may not write to “films”."))
    assert "“films”" in window.toasts.toasts()[-1].message.text()


async def busy(window: MainWindow, transfers: FakeTransfers) -> Sheet:
    transfers.show(*rows_of(2))
    await rest(window)
    window.close()
    return await asked(window)


async def test_closing_lets_uploads_go_on_in_the_background(
    window: MainWindow, transfers: FakeTransfers
) -> None:
    sheet = await busy(window, transfers)
    words = " ".join(one.text() for one in sheet.findChildren(QLabel))
    assert "2 transfers are not finished" in words
    press(sheet, "Go on in the background")
    await until(lambda: not window.isVisible())
    assert not transfers.asked


async def test_closing_pauses_them_when_the_person_says_so(
    window: MainWindow, transfers: FakeTransfers
) -> None:
    press(await busy(window, transfers), "Pause and quit")
    await until(lambda: not window.isVisible())
    assert transfers.paused_all


async def test_closing_is_taken_back(window: MainWindow, transfers: FakeTransfers) -> None:
    press(await busy(window, transfers), "Stay")
    await settle()
    assert window.isVisible()
    assert window.isEnabled()
    assert not transfers.asked


async def test_what_is_paused_keeps_nobody_from_closing(
    window: MainWindow, transfers: FakeTransfers
) -> None:
    transfers.show(*rows_of(2, TransferState.PAUSED))
    await rest(window)
    await closed(window)
    assert not window.isVisible()
