"""The studio on a real library in a folder of its own; only drawing and reading are stand-ins."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QMenu, QPushButton, QWidget

from desktop import app
from desktop.config.paths import Paths, below
from desktop.domain.library import SceneTake, SourceKind, Version, Video
from desktop.domain.picture import Quality
from desktop.services import authoring
from desktop.services.services import Services
from desktop.services.values import OutlineScene, SceneState
from desktop.ui import tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.pages.studio import StudioPage
from desktop.ui.theme import Theme
from tests.ui.conftest import settle
from tests.ui.pages.studio.desk import Desk
from tests.ui.pages.studio.doubles import FilmRenderer, ReaderHere, Shell

PATIENCE, STEP = 60.0, 0.005

TEXT = """---
title: Areas
---

## Circle

> A circle is round.

- radius

## Square

> A square is not.

- side

## Both

> Compare them.

- areas
"""

MANIM = """from manim import *


class First(Scene):
    def construct(self):
        self.play(Create(Square()))


class Second(Scene):
    def construct(self):
        self.play(Create(Circle()))
"""


async def until(true: Callable[[], object]) -> None:
    """Wait until something is so; fails when it does not become so."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110  Qt sets no event of this loop
            await asyncio.sleep(STEP)
    await settle()


async def quiet() -> None:
    """Wait until no task runs."""
    await settle()
    await until(lambda: not tasks.running())


def sheet(of: QWidget) -> Sheet:
    """Return the dialog that is open."""
    return next(one for one in of.findChildren(Sheet) if one.isVisible())


def sheets(of: QWidget) -> list[Sheet]:
    return [one for one in of.findChildren(Sheet) if one.isVisible()]


def press(of: QWidget, words: str) -> None:
    """Click the button with these words."""
    next(one for one in of.findChildren(QPushButton) if one.text() == words).click()


def choose(menu: QMenu, words: str) -> None:
    """Choose an entry of a menu."""
    next(one for one in menu.actions() if one.text() == words).trigger()


def ask_for_menu(view: QAbstractScrollArea, at: QPoint, *, keyboard: bool = False) -> None:
    """Ask for a context menu as the right button or the menu key does."""
    reason = QContextMenuEvent.Reason.Keyboard if keyboard else QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)


@pytest.fixture
def popups(monkeypatch: pytest.MonkeyPatch) -> list[tuple[QMenu, QPoint]]:
    """Collect the menus that are opened, and where."""
    opened: list[tuple[QMenu, QPoint]] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: opened.append((menu, at)))
    return opened


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return below(tmp_path / "library")


@pytest.fixture
def reader() -> ReaderHere:
    return ReaderHere()


@pytest.fixture
def drawing() -> list[FilmRenderer]:
    """Holds the renderer of the open library."""
    return []


@pytest.fixture
async def services(
    paths: Paths,
    reader: ReaderHere,
    drawing: list[FilmRenderer],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> AsyncIterator[Services]:
    def renderer(_paths: object, _settings: object, store: object) -> FilmRenderer:
        drawing.append(FilmRenderer(store, tmp_path / "scratch"))  # type: ignore[arg-type]
        return drawing[0]

    monkeypatch.setattr(app, "_renderer", renderer)
    monkeypatch.setattr(authoring, "SourceReader", lambda: reader)
    async with app.open_services(paths) as opened:
        chosen = replace(opened.settings.current.rendering, draft_short_side=240, draft_fps=15)
        await opened.settings.save(replace(opened.settings.current, rendering=chosen))
        yield opened


@pytest.fixture
def renderer(services: Services, drawing: list[FilmRenderer]) -> FilmRenderer:
    return drawing[0]


@dataclass(frozen=True)
class Maker:
    """Makes videos in one project."""

    services: Services
    project_id: str

    async def video(
        self,
        text: str = TEXT,
        kind: SourceKind = SourceKind.STORYBOARD,
        title: str = "Areas",
        *,
        own: bool = True,
    ) -> Video:
        """Make a video as the window does; one that is not ``own`` came from elsewhere."""
        library = self.services.library
        return await library.create_video(self.project_id, title, kind, text, own=own)

    async def text(self, video_id: str) -> str:
        """Return the text on disk."""
        return (await self.services.authoring.open(video_id)).text


@pytest.fixture
async def make(services: Services) -> Maker:
    return Maker(services, (await services.library.create_project("Geometry")).id)


@pytest.fixture
async def video(make: Maker) -> Video:
    return await make.video()


@pytest.fixture
async def shell(services: Services, theme: Theme) -> AsyncIterator[Shell]:
    made = Shell(services.bus, theme)
    made.resize(1280, 800)
    yield made
    made.bridge.close()
    made.deleteLater()
    await settle()


@pytest.fixture
async def page(services: Services, shell: Shell) -> AsyncIterator[StudioPage]:
    made = StudioPage(services, shell)
    made.setParent(shell)
    made.resize(1280, 800)
    shell.show_video = made.open_video
    shell.show()
    yield made
    await made.finish()
    await tasks.stop()
    await settle()


@pytest.fixture
async def desk(services: Services, video: Video) -> AsyncIterator[Desk]:
    made = Desk(services)
    await made.session.open(video.id)
    yield made
    made.session.stop()
    await tasks.stop()
    made.session.deleteLater()


async def shown(page: StudioPage, video: Video) -> None:
    """Open a video and wait until everything about it is on screen."""
    page.open_video(video.id)
    await until(lambda: page.session.video_id == video.id)
    await quiet()


async def overwrite(services: Services, video_id: str, text: str) -> None:
    """Save another text as another window does."""
    document = await services.authoring.open(video_id)
    await services.authoring.save(video_id, text, document.revision, own=True)


def delete_elsewhere(paths: Paths, video_id: str) -> None:
    """Delete a video for good as another process does."""
    with closing(sqlite3.connect(paths.database)) as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("DELETE FROM videos WHERE id = ?", (video_id,))
        database.commit()


def scene(
    name: str, line: int = 1, end_line: int = 0, state: SceneState = SceneState.NEW, code: str = "x"
) -> OutlineScene:
    """Return a scene of an outline."""
    return OutlineScene(
        name, name.capitalize(), name.capitalize(), line, end_line or line + 3, state, code
    )


def version(number: int, *scenes: str, note: str = "", first: int = 10) -> Version:
    """Return a version whose scenes have ten frames each."""
    takes = tuple(
        SceneTake(name, name.capitalize(), name, f"key {name}", f"code {name}", first * place, 10)
        for place, name in enumerate(scenes)
    )
    return Version(
        id=f"v{number}",
        video_id="video",
        number=number,
        created_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        quality=Quality.DRAFT,
        width=426,
        height=240,
        rate=Fraction(15),
        frames=10 * len(scenes) or 10,
        size=123_456,
        sha256="0123abcd",
        note=note,
        scenes=takes,
        isolation="Limited process" if scenes else "",
    )
