import dataclasses
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from desktop.config.settings import Settings
from desktop.ui.bridge import EventBridge
from desktop.ui.pages.settings import SettingRow, SettingsPage
from desktop.ui.shell import Shell
from desktop.ui.widgets.switch import Switch
from tests.ui.conftest import settle
from tests.ui.fakes import FakeServices


@pytest.fixture
async def page(qtbot: QtBot, services: FakeServices) -> SettingsPage:
    shell = SimpleNamespace(bridge=EventBridge(services.bus))
    real = services.real
    made = SettingsPage(
        real.settings, real.secrets, real.consent, real.environment, cast("Shell", shell)
    )
    shell.bridge.setParent(made)
    qtbot.addWidget(made)
    made.show()
    return made


def row(page: SettingsPage, name: str) -> SettingRow:
    rows = [one for section in page.sections for one in section.rows]
    return next(one for one in rows if one.field.name == name)


async def test_every_declared_setting_has_a_row_and_hidden_ones_have_none(
    page: SettingsPage,
) -> None:
    declared = {
        field.name
        for section in dataclasses.fields(Settings)
        for field in dataclasses.fields(getattr(Settings(), section.name))
        if not field.metadata["hidden"]
    }
    shown = {one.field.name for section in page.sections for one in section.rows}
    assert shown == declared
    await settle()


async def test_a_change_is_saved_at_once(page: SettingsPage, services: FakeServices) -> None:
    theme = row(page, "theme").editor.widget
    assert isinstance(theme, QComboBox)
    theme.setCurrentIndex(theme.findData("light"))
    wrap = row(page, "wrap").editor.widget
    assert isinstance(wrap, Switch)
    wrap.click()
    workers = row(page, "workers").editor.widget
    assert isinstance(workers, QSpinBox)
    workers.setValue(2)
    await settle()
    current = services.settings.current
    assert (current.appearance.theme, current.editing.wrap, current.rendering.workers) == (
        "light", False, 2,
    )  # fmt: skip
    assert services.settings.saves == 3


async def test_values_stay_within_their_limits(page: SettingsPage) -> None:
    rate = row(page, "draft_fps").editor.widget
    assert isinstance(rate, QSpinBox)
    rate.setValue(500)
    assert rate.value() == 60
    await settle()


async def test_a_change_made_elsewhere_is_shown_and_not_saved_again(
    page: SettingsPage, services: FakeServices
) -> None:
    current = services.settings.current
    rendering = dataclasses.replace(current.rendering, workers=4)
    await services.settings.save(dataclasses.replace(current, rendering=rendering))
    await settle()
    assert row(page, "workers").editor.read() == 4
    assert services.settings.saves == 1


async def test_a_setting_returns_to_its_default(page: SettingsPage, services: FakeServices) -> None:
    workers = row(page, "workers")
    assert isinstance(workers.editor.widget, QSpinBox)
    workers.editor.widget.setValue(3)
    await settle()
    workers.reset()
    await settle()
    assert services.settings.current == Settings()


async def test_search_leaves_what_matches(page: SettingsPage) -> None:
    page.search.setText("frame rate")
    shown = [
        one.field.name
        for section in page.sections
        for one in section.rows
        if not section.isHidden() and not one.isHidden()
    ]
    assert shown == ["draft_fps", "final_fps"]
    page.search.setText("no such setting")
    assert page._nothing.isVisible()
    await settle()


async def test_the_state_of_this_computer_is_shown_with_remedies(page: SettingsPage) -> None:
    await settle()
    words = [label.text() for label in page.environment.findChildren(QLabel)]
    assert "The render process did not start" in words
    assert "Run packaging/run again." in words


async def test_scrolling_the_page_changes_no_value(page: SettingsPage, qtbot: QtBot) -> None:
    from PySide6.QtCore import QCoreApplication, QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    box = row(page, "draft_short_side").editor.widget
    assert isinstance(box, QAbstractSpinBox)
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QCoreApplication.sendEvent(box, event)
    assert row(page, "draft_short_side").editor.read() == 480
    await settle()
