"""A page on a library in memory, and ways to wait for what it does later."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.events import EventBus
from desktop.services.exporting import ExportService
from desktop.services.services import Services
from desktop.ui import tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.pages.library import LibraryPage
from desktop.ui.theme import Theme
from tests.ui.conftest import settle, show_active
from tests.ui.fake_transfers import FakeTransfers
from tests.ui.fakes import FakeConsent, FakeImporting, FakeSamples, project
from tests.ui.pages.library.doubles import LibraryDouble, ShellDouble, many

PATIENCE, STEP = 5.0, 0.01


async def until(true: Callable[[], object]) -> None:
    """Wait until something is so; fails when it does not become so."""
    for _ in range(round(PATIENCE / STEP)):
        if true():
            break
        await asyncio.sleep(STEP)
    assert true()
    await settle()


async def quiet(seconds: float = 0.12) -> None:
    """Wait for what rests before it is shown, and for every task."""
    await asyncio.sleep(seconds)
    await until(lambda: not tasks.running())


def sheet(of: QWidget) -> Sheet:
    """Return the dialog that is open."""
    return next(one for one in of.findChildren(Sheet) if one.isVisible())


def move_mouse(widget: QWidget, at: QPoint) -> None:
    """Move the pointer without a button, as hovering does."""
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(widget.mapToGlobal(at)),
        Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


class ExportingDouble:
    """Remembers what was written where."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str, Path]] = []
        self.numbers: list[int | None] = []

    async def mp4(self, video_id: str, target: Path, number: int | None = None) -> Path:
        return self._note("mp4", video_id, target, number)

    async def gif(self, video_id: str, target: Path, number: int | None = None) -> Path:
        return self._note("gif", video_id, target, number)

    async def scene_stills(self, video_id: str, target: Path, number: int | None = None) -> Path:
        return self._note("stills", video_id, target, number)

    async def folder(self, video_id: str, target: Path, number: int | None = None) -> Path:
        return self._note("folder", video_id, target, number)

    def _note(self, form: str, video_id: str, target: Path, number: int | None) -> Path:
        self.numbers.append(number)
        self.written.append((form, video_id, target))
        return target

    @property
    def real(self) -> ExportService:
        """The same object, as the page sees it."""
        return cast("ExportService", self)


@pytest.fixture
def popups(monkeypatch: pytest.MonkeyPatch) -> list[QMenu]:
    """Collect menus instead of opening them: a platform without windows has no popups."""
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: opened.append(menu))
    return opened


def texts(menu: QMenu) -> list[str]:
    """Return what can be chosen in a menu."""
    return [one.text() for one in menu.actions() if not one.isSeparator()]


def choose(menu: QMenu, text: str) -> None:
    """Trigger one choice of a menu, also of those below it."""
    actions = [*menu.actions()]
    for action in actions:
        below = action.menu()
        actions.extend(below.actions() if isinstance(below, QMenu) else ())
    next(one for one in actions if one.text() == text).trigger()


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def library(bus: EventBus, tmp_path: Path) -> LibraryDouble:
    made = LibraryDouble(bus, tmp_path)
    made.all_projects = {"p1": project("Calculus", "p1"), "p2": project("Algebra", "p2")}
    made.videos = many(30, ("p1", "p2"))
    return made


@pytest.fixture
def exporting() -> ExportingDouble:
    return ExportingDouble()


@pytest.fixture
def shell(bus: EventBus, theme: Theme, qtbot: QtBot) -> ShellDouble:
    made = ShellDouble(bus, theme)
    made.resize(1200, 760)
    qtbot.addWidget(made, before_close_func=lambda window: window.bridge.close())
    return made


@pytest.fixture
async def page(
    library: LibraryDouble, shell: ShellDouble, bus: EventBus, exporting: ExportingDouble
) -> LibraryPage:
    parts = SimpleNamespace(
        bus=bus,
        library=library,
        importing=FakeImporting(library),
        samples=FakeSamples(library),
        exporting=exporting,
        transfers=FakeTransfers(bus),
        consent=FakeConsent(),
    )
    made = LibraryPage(cast("Services", parts), shell)
    made.setParent(shell)
    made.resize(shell.size())
    await show_active(shell)
    made.show()
    await until(lambda: made.model.loaded and made.places_model.rowCount())
    await quiet()
    return made
