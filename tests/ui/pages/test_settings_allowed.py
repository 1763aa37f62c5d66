"""The settings list the code that was allowed, and take it back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.allowances import Allowance
from desktop.services.consent import ConsentService
from desktop.ui import tasks
from desktop.ui.bridge import EventBridge
from desktop.ui.pages.settings import SettingsPage
from desktop.ui.pages.settings_allowed import MOST, AllowedSection
from desktop.ui.shell import Shell
from desktop.ui.widgets.labels import ElidedLabel
from tests.ui.conftest import settle
from tests.ui.fakes import FakeConsent, FakeServices

WHEN = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


def allowance(number: int, name: str = "", origin: str = "") -> Allowance:
    digest = f"{number:064d}"
    return Allowance(digest, digest, f"Lecture {number}", name, origin, WHEN, ("v",))


async def quiet() -> None:
    for _ in range(3):
        await settle()
        while waiting := tasks.running():
            if dialog():
                return
            await asyncio.wait(waiting, timeout=0.05)


def dialog() -> QDialog | None:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog)]
    return next((one for one in found if one.isVisible()), None)


async def answer(text: str) -> None:
    await quiet()
    sheet = dialog()
    assert sheet is not None
    next(one for one in sheet.findChildren(QPushButton) if one.text() == text).click()
    await quiet()


@pytest.fixture
def consent() -> FakeConsent:
    made = FakeConsent()
    made.allowances = [allowance(1, origin="/in/first.py"), allowance(2, "helpers.py")]
    return made


@pytest.fixture
async def section(qtbot: QtBot, consent: FakeConsent) -> AsyncIterator[AllowedSection]:
    window = QWidget()
    qtbot.addWidget(window)
    made = AllowedSection(cast("ConsentService", consent))
    made.setParent(window)
    window.resize(700, 500)
    window.show()
    made.show()
    await quiet()
    yield made
    await quiet()


def shown(section: AllowedSection) -> list[str]:
    return [one.text() for one in section.findChildren(ElidedLabel)]


async def test_each_is_listed_with_when_and_where_it_came_from(section: AllowedSection) -> None:
    local = f"{WHEN.astimezone():%Y-%m-%d %H:%M}"
    assert shown(section) == [
        "Lecture 1",
        f"allowed {local} · from first.py in /in",
        "helpers.py, beside Lecture 2",
        f"allowed {local}",
    ]
    assert section.more.isHidden()


async def test_what_is_withdrawn_is_asked_about_before_and_gone_afterwards(
    section: AllowedSection, consent: FakeConsent
) -> None:
    section.rows[0].withdraw.click()
    await answer("Cancel")
    assert len(consent.allowances) == 2
    section.rows[0].withdraw.click()
    await answer("Withdraw")
    assert [one.title for one in consent.allowances] == ["Lecture 2"]
    assert [one.allowance.title for one in section.rows] == ["Lecture 2"]


async def test_a_long_list_is_shown_whole_when_it_is_asked_for(
    section: AllowedSection, consent: FakeConsent
) -> None:
    consent.allowances = [allowance(number) for number in range(MOST + 3)]
    section.hide()
    section.show()
    await quiet()
    assert len(section.rows) == MOST
    assert section.more.text() == f"Show all {MOST + 3}"
    section.more.click()
    await quiet()
    assert len(section.rows) == MOST + 3
    assert section.more.isHidden()


async def test_the_search_of_the_page_finds_what_was_allowed(
    qtbot: QtBot, services: FakeServices
) -> None:
    services.consent.allowances = [allowance(1, origin="/in/first.py")]
    real = services.real
    shell = cast("Shell", SimpleNamespace(bridge=EventBridge(services.bus)))
    page = SettingsPage(real.settings, real.secrets, real.consent, real.environment, shell)
    shell.bridge.setParent(page)
    qtbot.addWidget(page)
    page.show()
    await quiet()
    for text, found in (("consent", True), ("first.py", True), ("frame rate", False)):
        page.search.setText(text)
        assert page.allowed.isHidden() is not found
    await quiet()
