"""What was written is not lost when it cannot be saved: the window stays and says so."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.domain.errors import Unavailable
from desktop.ui import closing
from desktop.ui.dialogs import Sheet
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import PageEntry
from desktop.ui.theme import Theme
from tests.ui.conftest import settle
from tests.ui.fakes import FakeServices


class Writing(QWidget):
    """A page with a text."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: Exception | None = None
        self.hangs = False
        self.saves = 0
        self.finished = False

    async def save(self) -> None:
        self.saves += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure

    async def finish(self) -> None:
        self.finished = True


class Breaking(QWidget):
    async def finish(self) -> None:
        raise RuntimeError("a mistake")


@pytest.fixture
def writing(theme: Theme) -> Writing:
    return Writing()


@pytest.fixture
async def window(
    services: FakeServices, theme: Theme, writing: Writing
) -> AsyncIterator[MainWindow]:
    entries = (
        PageEntry("studio", "Studio", lambda: writing, "monitor-play"),
        PageEntry("library", "Library", QWidget, "squares-four"),
    )
    made = MainWindow(services.real, theme, entries)
    made.start()
    made.pages.show_page("studio")
    await settle()
    yield made
    writing.failure, writing.hangs = None, False
    if made.isVisible():
        await closed(made)
    made.deleteLater()


def sheets(window: QWidget) -> list[Sheet]:
    return [one for one in window.findChildren(Sheet) if one.isVisible()]


def press(window: QWidget, words: str) -> None:
    buttons = sheets(window)[0].findChildren(QPushButton)
    next(one for one in buttons if one.text() == words).click()


async def asked(window: MainWindow) -> None:
    async with asyncio.timeout(8):
        while not sheets(window):  # noqa: ASYNC110  Qt sets no event of this loop
            await asyncio.sleep(0.01)


async def closed(window: MainWindow) -> None:
    gone = asyncio.Event()
    window.closed.connect(gone.set)
    window.close()
    await asyncio.wait_for(gone.wait(), 8)


async def test_a_text_that_is_saved_lets_the_window_go(
    window: MainWindow, writing: Writing
) -> None:
    await closed(window)
    assert (writing.saves, writing.finished) == (1, True)
    assert not window.isVisible()


async def test_a_text_that_cannot_be_saved_keeps_the_window_open_and_says_why(
    window: MainWindow, writing: Writing
) -> None:
    writing.failure = Unavailable("The disk is full", "No room on /data.", "Free some space.")
    window.close()
    await asked(window)
    words = {one.text() for one in sheets(window)[0].findChildren(QLabel)}
    assert {"The disk is full", "No room on /data.", "Free some space."} <= words
    press(window, "Stay")
    await settle()
    assert window.isVisible()
    assert window.isEnabled()
    assert not writing.finished, "nothing was torn down"


async def test_escape_stays(window: MainWindow, writing: Writing) -> None:
    writing.failure = Unavailable("The disk is full")
    window.close()
    await asked(window)
    sheets(window)[0].reject()
    await settle()
    assert window.isVisible()


async def test_when_it_can_be_saved_again_the_window_closes(
    window: MainWindow, writing: Writing
) -> None:
    writing.failure = Unavailable("The disk is full")
    window.close()
    await asked(window)
    press(window, "Stay")
    await settle()
    writing.failure = None
    await closed(window)
    assert writing.saves == 2


async def test_the_person_may_leave_without_it(window: MainWindow, writing: Writing) -> None:
    writing.failure = Unavailable("The disk is full")
    gone = asyncio.Event()
    window.closed.connect(gone.set)
    window.close()
    await asked(window)
    press(window, "Quit without saving")
    await asyncio.wait_for(gone.wait(), 8)
    assert writing.finished


async def test_a_mistake_while_saving_keeps_the_window_open_too(
    window: MainWindow, writing: Writing, caplog: pytest.LogCaptureFixture
) -> None:
    writing.failure = RuntimeError("a mistake")
    window.close()
    await asked(window)
    assert "Writing could not save" in caplog.text
    press(window, "Stay")
    await settle()


async def test_saving_that_does_not_end_is_told(
    window: MainWindow, writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "SECONDS", 0.05)
    writing.hangs = True
    window.close()
    await asked(window)
    words = {one.text() for one in sheets(window)[0].findChildren(QLabel)}
    assert "The library does not answer" in words
    press(window, "Stay")
    await settle()


async def test_closing_again_meanwhile_asks_once(window: MainWindow, writing: Writing) -> None:
    writing.failure = Unavailable("The disk is full")
    window.close()
    window.close()
    await asked(window)
    window.close()
    await settle()
    assert (len(sheets(window)), writing.saves) == (1, 1)
    press(window, "Stay")
    await settle()


async def test_a_page_that_cannot_end_does_not_hold_up_the_others(
    theme: Theme, caplog: pytest.LogCaptureFixture
) -> None:
    breaking, other = Breaking(), Writing()
    await closing.finish([breaking, other])
    assert other.finished
    assert "Breaking could not finish" in caplog.text
