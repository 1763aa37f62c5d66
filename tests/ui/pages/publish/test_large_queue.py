"""Ten thousand transfers, dozens of them moving: the window works in short stretches only."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.events import EventBus, TransfersProgressed
from desktop.domain.transfers import Totals, TransferState
from desktop.ui.models.transfers_window import KEPT, PAGE
from desktop.ui.pages.publish.panel import TransferPanel
from tests.ui.fake_transfers import FakeTransfers, rows_of
from tests.ui.pages.library.conftest import until
from tests.ui.pages.library.test_large_library import MOST_WORK, Pulse
from tests.ui.pages.publish.conftest import settled

MANY, MOVING = 10_000, 32


@pytest.fixture
def transfers(bus: EventBus) -> FakeTransfers:
    made = FakeTransfers(bus)
    active = rows_of(MOVING, TransferState.ACTIVE, size=10**9)
    made.show(*active, *rows_of(MANY)[MOVING:])
    return made


async def test_moving_and_scrolling_never_make_the_window_stutter(
    panel: TransferPanel, transfers: FakeTransfers, bus: EventBus
) -> None:
    bar = panel.list.verticalScrollBar()
    pulse = Pulse()
    for step in range(60):
        moved = tuple(replace(row, confirmed=step) for row in transfers.rows[:MOVING])
        bus.publish(TransfersProgressed(moved, Totals(active=MOVING)))
        bar.setValue(step * bar.maximum() // 60)
        await asyncio.sleep(0.01)
    pulse.stop()
    assert pulse.work < MOST_WORK
    bar.setValue(0)
    await settled(panel)
    assert len(list(panel.model._window.rows())) <= KEPT * PAGE


async def test_only_what_is_on_screen_is_painted_again(
    panel: TransferPanel, transfers: FakeTransfers, bus: EventBus
) -> None:
    changed: list[int] = []
    panel.model.dataChanged.connect(
        lambda first, last: changed.append(last.row() - first.row() + 1)
    )
    moved = tuple(replace(row, confirmed=7) for row in transfers.rows[:MOVING])
    bus.publish(TransfersProgressed(moved, Totals(active=MOVING)))
    await until(lambda: changed)
    assert sum(changed) == len(panel.list.rows_on_screen()) < MOVING


async def test_all_of_them_can_be_paused_at_once(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    panel.list.selectAll()
    assert panel.details.summary.text() == "10,000 transfers selected."
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    await settled(panel)
    assert {row.state for row in transfers.rows} == {TransferState.PAUSED}


async def test_the_last_row_is_reached_with_one_key(panel: TransferPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(panel.list, Qt.Key.Key_End)
    await until(lambda: panel.model.transfer(MANY - 1))
    assert panel.conduct.known()[0].id == f"r{MANY - 1:05}"
