"""The publish page on transfers in memory."""

from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.events import EventBus
from desktop.services.services import Services
from desktop.ui import tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.pages.publish.page import PublishPage
from desktop.ui.pages.publish.panel import TransferPanel
from desktop.ui.theme import Theme
from tests.ui.conftest import settle, show_active
from tests.ui.fake_transfers import FakeTransfers
from tests.ui.pages.library.conftest import popups, until
from tests.ui.pages.library.doubles import ShellDouble

__all__ = ["popups"]


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def transfers(bus: EventBus) -> FakeTransfers:
    made = FakeTransfers(bus)
    made.fill()
    return made


@pytest.fixture
def shell(bus: EventBus, theme: Theme, qtbot: QtBot) -> ShellDouble:
    made = ShellDouble(bus, theme)
    made.resize(1204, 740)
    qtbot.addWidget(made, before_close_func=lambda window: window.bridge.close())
    return made


@pytest.fixture
async def page(transfers: FakeTransfers, bus: EventBus, shell: ShellDouble) -> PublishPage:
    parts = SimpleNamespace(bus=bus, transfers=transfers)
    made = PublishPage(cast("Services", parts), shell)
    made.setParent(shell)
    made.resize(shell.size())
    made.show()
    await show_active(shell)
    await until(lambda: made.panel.model.loaded)
    await settled(made.panel)
    return made


@pytest.fixture
def panel(page: PublishPage) -> TransferPanel:
    return page.panel


def choose(panel: TransferPanel, *rows: int) -> None:
    """Select rows of the list."""
    view = panel.list
    view.clearSelection()
    view.setCurrentIndex(panel.model.index(rows[0]))
    for row in rows[1:]:
        flag = view.selectionModel().SelectionFlag.Select
        view.selectionModel().select(panel.model.index(row), flag)


async def asked(of: QWidget) -> Sheet:
    """Wait for a question and return it; whoever asks goes on with its answer."""
    await until(lambda: _open(of))
    return _open(of)[-1]


def _open(of: QWidget) -> list[Sheet]:
    return [one for one in of.findChildren(Sheet) if one.isVisible()]


async def settled(panel: TransferPanel) -> None:
    """Wait until the panel has done and shown everything it was about to, however long."""
    await settle()
    await until(lambda: not tasks.running() and not _about_to(panel))
    await settle()


def _about_to(panel: TransferPanel) -> bool:
    timers = (panel.model._rest, panel.model._later, panel.bar._typing)
    return any(timer.isActive() for timer in timers) or panel.model._reading
