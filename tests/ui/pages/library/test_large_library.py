"""The page on the real library service: ten thousand videos in SQLite."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.library import SourceKind, Video, VideoStatus
from desktop.services.services import Services
from desktop.storage import projects, videos
from desktop.storage.transaction import Transaction
from desktop.ui.models.projects import TRASH
from desktop.ui.pages.library import LibraryPage
from desktop.ui.theme import Theme
from tests.storage.builders import a_project, a_video, later
from tests.ui.conftest import settle, show_active
from tests.ui.pages.library.conftest import quiet, until
from tests.ui.pages.library.doubles import ShellDouble

MANY = 10_000
SUBJECTS = ("derivative", "integral", "matrix", "vector", "entropy", "gradient", "network", "prime")

MOST_WORK = 0.25
"""Seconds the window's thread may work at a stretch, whatever else the machine does."""
MOST_WAITING = 3.0
"""Seconds between two beats on the most crowded machine; a window that waits is stuck."""


class Pulse:
    """Beats on the window's loop and notes how long the loop was kept from beating."""

    def __init__(self) -> None:
        self.work = self.wait = 0.0
        self.beats = 0
        self._last = time.thread_time(), time.perf_counter()
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.thread_time(), time.perf_counter()
        self.work = max(self.work, now[0] - self._last[0])
        self.wait = max(self.wait, now[1] - self._last[1])
        self.beats += 1
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def _one(number: int) -> Video:
    subject, other = SUBJECTS[number % 8], SUBJECTS[number // 8 % 8]
    return a_video(
        f"v{number}",
        project_id=f"p{number % 5}",
        title=f"Lecture {number}: {subject} and {other}",
        description=f"What a {other} has to do with a {subject}",
        tags=(subject,),
        kind=tuple(SourceKind)[number % 3],
        status=VideoStatus.FAILED if number % 50 == 0 else VideoStatus.CODE_READY,
        updated_at=later(number),
    )


def _fill(tx: Transaction) -> None:
    for number in range(5):
        projects.insert(tx, a_project(f"p{number}", title=f"Course {number}"))
    for number in range(MANY):
        videos.insert(tx, _one(number))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library with ten thousand videos, made once."""
    folder = tmp_path_factory.mktemp("large")

    async def fill() -> None:
        async with open_services(below(folder)) as services:
            await services.library._database.write(_fill)

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(fill())
    return folder


@pytest.fixture
async def services(filled: Path, tmp_path: Path) -> AsyncIterator[Services]:
    own = tmp_path / "large"
    await asyncio.to_thread(shutil.copytree, filled, own)
    async with open_services(below(own)) as opened:
        yield opened


@pytest.fixture
async def page(services: Services, theme: Theme, qtbot: QtBot) -> AsyncIterator[LibraryPage]:
    shell = ShellDouble(services.bus, theme)
    shell.resize(1280, 800)
    made = LibraryPage(cast("Services", SimpleNamespace(**_parts(services))), shell)
    made.setParent(shell)
    made.resize(shell.size())
    await show_active(shell)
    await until(lambda: made.model.total == MANY and made.places_model.rowCount() == 8)
    await quiet()
    yield made
    await quiet()
    shell.bridge.close()
    shell.close()
    shell.deleteLater()
    await settle()


def _parts(services: Services) -> dict[str, object]:
    names = ("bus", "library", "importing", "samples", "exporting", "transfers", "consent")
    return {name: getattr(services, name) for name in names}


def titles(page: LibraryPage) -> list[str]:
    return [video.title for row in range(20) if (video := page.model.video(row))]


async def test_typing_never_makes_the_window_stutter(page: LibraryPage, qtbot: QtBot) -> None:
    search = page.centre.bar.search
    search.setFocus()
    pulse = Pulse()
    for letter in "gradient prime":
        qtbot.keyClicks(search, letter)
        page.centre.grid.viewport().repaint()
        await asyncio.sleep(0.05)
    await until(lambda: page.model.query.text == "gradient prime")
    for _ in range(len("gradient prime")):
        search.backspace()
        await asyncio.sleep(0.02)
    await until(lambda: page.model.query.text == "")
    await quiet()
    pulse.stop()
    assert page.model.total == MANY
    assert pulse.beats > 50
    assert pulse.work < MOST_WORK
    assert pulse.wait < MOST_WAITING


async def test_what_is_typed_is_found(page: LibraryPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.centre.bar.search, "lecture 77 ")
    await until(lambda: page.model.query.text == "lecture 77 ")
    await quiet()
    assert titles(page) == ["Lecture 77: gradient and integral"]
    page.centre.bar.search.setText("entrop gradi")
    await until(lambda: page.model.query.text == "entrop gradi")
    assert page.model.total == 0
    page.centre.bar.search.setText("entropy gradi")
    await until(lambda: page.model.query.text == "entropy gradi")
    await quiet()
    found = titles(page)
    assert found
    assert all("entropy" in title and "gradient" in title for title in found)


async def test_scrolling_through_everything_never_makes_the_window_stutter(
    page: LibraryPage,
) -> None:
    bar = page.centre.grid.verticalScrollBar()
    pulse = Pulse()
    for step in range(40):
        bar.setValue(bar.maximum() * step // 39)
        page.centre.grid.viewport().repaint()
        await asyncio.sleep(0.01)
    await quiet()
    page.centre.grid.viewport().repaint()
    await quiet()
    pulse.stop()
    last = page.model.video(MANY - 1)
    assert last is not None
    assert last.id == "v0"
    assert pulse.work < MOST_WORK
    assert pulse.wait < MOST_WAITING


async def test_filters_and_places_narrow_the_real_library(page: LibraryPage) -> None:
    page.centre.bar.status.pick(VideoStatus.FAILED)
    await quiet()
    assert page.model.total == MANY // 50
    page.centre.bar.kind.pick(SourceKind.MANIM)
    page.centre.bar.tag.pick("derivative")
    await quiet()
    shown = [one for row in range(page.model.total) if (one := page.model.video(row))]
    assert shown
    assert {(one.kind, one.status, one.tags) for one in shown} == {
        (SourceKind.MANIM, VideoStatus.FAILED, ("derivative",))
    }
    page.centre.bar.clear_all()
    page.centre.bar.choose_order("title")
    await quiet()
    found = titles(page)
    assert found == sorted(found, key=str.casefold)


async def test_everything_can_be_selected_trashed_and_brought_back(page: LibraryPage) -> None:
    shell = cast("ShellDouble", page.parent())
    page.centre.bar.search.setText("lecture 12")
    await until(lambda: page.model.query.text == "lecture 12")
    await quiet()
    number = page.model.total
    assert number > 100
    page.centre.grid.selectAll()
    await quiet()
    assert page.inspector.summary.text() == f"{number} videos selected"
    page.conduct.trash()
    await until(lambda: page.model.total == 0)
    await quiet(0.2)
    assert page.browsing.videos_in_trash == number
    await shell.undos[-1].revert()
    await until(lambda: page.model.total == number)
    await quiet(0.2)
    assert page.browsing.videos_in_trash == 0


async def test_an_edit_and_its_undo_reach_the_disk(page: LibraryPage, services: Services) -> None:
    shell = cast("ShellDouble", page.parent())
    page.selection.select([0])
    await quiet()
    before = page.inspector.title.text()
    page.inspector.title.setText("Continuity")
    page.inspector.title.commit()
    await until(lambda: shell.undos)
    await quiet(0.2)
    assert (await services.library.video("v9999")).title == "Continuity"
    await shell.undos[0].revert()
    await quiet(0.2)
    assert (await services.library.video("v9999")).title == before
    assert page.inspector.title.text() == before


async def test_one_video_is_deleted_for_good_and_no_other(
    page: LibraryPage, services: Services
) -> None:
    await services.library.trash_videos(("v7", "v8"))
    page.places.choose(TRASH)
    await quiet(0.2)
    assert await services.library.delete_videos(("v7", "v9")) == 1
    await quiet(0.2)
    assert [video.id for row in range(2) if (video := page.model.video(row))] == ["v8"]
    assert (await services.library.video("v9")).trashed_at is None
