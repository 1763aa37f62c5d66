"""Going without a sandbox takes an error that says why, a button, and words that are typed."""

import asyncio

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.domain.errors import Unprotected
from desktop.ui import unprotected
from desktop.ui.dialogs import Sheet
from desktop.ui.main_window import MainWindow
from tests.ui.conftest import settle
from tests.ui.fakes import FakeServices
from tests.ui.test_main_window import Studio, studio, window  # noqa: F401 - fixtures

ERROR = Unprotected("Scenes cannot be run safely", "Landlock: off.", "Install bubblewrap.")


async def sheet(window: MainWindow) -> Sheet:  # noqa: F811
    async with asyncio.timeout(5):
        while not (found := [one for one in window.findChildren(Sheet) if one.isVisible()]):
            await settle()
    return found[0]


@pytest.mark.parametrize(
    ("typed", "allowed"), [("run anyway", True), ("“Run anyway.”", True), ("yes", False)]
)
async def test_only_the_words_let_scenes_run_without_a_sandbox(
    window: MainWindow,  # noqa: F811
    services: FakeServices,
    typed: str,
    allowed: bool,
) -> None:
    window.present_error(ERROR)
    [banner] = window.banners.banners()
    assert "Install bubblewrap." in banner.message.remedy
    banner.help()
    asked = await sheet(window)
    assert unprotected.WORDS in unprotected.QUESTION
    asked.findChildren(QLineEdit)[0].setText(typed)
    asked.accept()
    for _ in range(3):
        await settle()
    assert services.environment.unprotected is allowed
    assert (window.status.isolation.text() == "No sandbox, allowed by you") is allowed


async def test_giving_up_changes_nothing(window: MainWindow, services: FakeServices) -> None:  # noqa: F811
    window.present_error(ERROR)
    window.banners.banners()[0].help()
    (await sheet(window)).reject()
    await settle()
    assert not services.environment.unprotected
