"""The settings show which secrets there are and where, and never what they are."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.config.keychain import Keychain, PassphraseState, Place, Secret
from desktop.config.keychain.passphrase import PassphraseFiles
from desktop.config.keychain.system import SystemKeyring
from desktop.config.redaction import REDACTED
from desktop.domain.errors import StudioError, Unavailable
from desktop.services.secrets import SecretService
from desktop.ui import tasks
from desktop.ui.bridge import EventBridge
from desktop.ui.bug_dialog import BugDialog, details_of
from desktop.ui.pages.passphrase_sheet import PassphraseSheet
from desktop.ui.pages.settings import SettingsPage
from desktop.ui.pages.settings_secrets import SecretsSection
from desktop.ui.shell import Shell
from tests.config.keychains import CANARY, CHEAP, NAME, OTHER, MemoryKeyring, files_with
from tests.ui.conftest import settle
from tests.ui.fakes import FakeServices

PASSPHRASE = "four words " + "will do"


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


Open = Callable[..., SecretsSection]


class Window(QWidget):
    """Stands for the window: collects the errors its parts present."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[Exception] = []

    def present_error(self, error: Exception) -> None:
        self.errors.append(error)


@pytest.fixture
def service(tmp_path: Path, keyring: MemoryKeyring) -> SecretService:
    return SecretService(Keychain(tmp_path, keyring))


@pytest.fixture
def alone(tmp_path: Path) -> SecretService:
    """Return secrets of a computer without a keyring."""
    return SecretService(Keychain(tmp_path, SystemKeyring(), PassphraseFiles(tmp_path, CHEAP)))


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    windows: list[Window] = []  # else they are deleted while the test looks at them

    def build(service: SecretService) -> SecretsSection:
        window = Window()
        windows.append(window)
        qtbot.addWidget(window)
        section = SecretsSection(service)
        section.setParent(window)
        window.resize(700, 500)
        window.show()
        section.show()
        return section

    yield build
    windows.clear()


async def quiet() -> None:
    """Wait until the section has done what it was asked for."""
    for _ in range(3):
        await settle()
        while waiting := tasks.running():
            if dialog():
                return
            await asyncio.wait(waiting, timeout=0.05)


def dialog() -> QDialog | None:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog)]
    return next((one for one in found if one.isVisible()), None)


def words(widget: QWidget) -> str:
    shown = [one.text() for one in widget.findChildren(QLabel) if not one.isHidden()]
    buttons = [one.text() for one in widget.findChildren(QPushButton)]
    return " | ".join([*shown, *buttons])


async def answer(button: str) -> None:
    await quiet()
    sheet = dialog()
    assert sheet is not None
    next(one for one in sheet.findChildren(QPushButton) if one.text() == button).click()
    await quiet()


async def test_without_secrets_it_says_what_will_be_there(
    opened: Open, service: SecretService
) -> None:
    section = opened(service)
    await quiet()
    assert "No secrets yet" in words(section)
    assert "Kept in the Secret Service keyring" in words(section)


async def test_secrets_are_shown_without_their_values(
    opened: Open, service: SecretService, tmp_path: Path
) -> None:
    await service.save(NAME, Secret(CANARY), "Key of the studio")
    await service.save(OTHER, Secret(CANARY * 100))
    section = opened(service)
    await quiet()
    assert [one.title for one in section.rows] == ["Key of the studio", "openai:api-key"]
    assert "aws:secret-key · in the keyring · since 20" in words(section)
    assert "in a sealed file, its key in the keyring" in words(section)
    everything = [
        text
        for one in section.findChildren(QWidget)
        for text in (one.toolTip(), one.accessibleName(), one.accessibleDescription(), repr(one))
    ]
    assert CANARY not in words(section) + "".join(everything)
    assert not files_with(CANARY, tmp_path)


async def test_buttons_say_whose_they_are(opened: Open, service: SecretService) -> None:
    await service.save(NAME, Secret(CANARY), "Key of the studio")
    section = opened(service)
    await quiet()
    (one,) = section.rows
    assert one.test_button.accessibleName() == "Test Key of the studio"
    assert one.delete_button.accessibleName() == "Delete Key of the studio"


async def test_a_test_says_whether_a_secret_can_be_read(
    opened: Open, service: SecretService, keyring: MemoryKeyring
) -> None:
    await service.save(NAME, Secret(CANARY))
    section = opened(service)
    await quiet()
    (one,) = section.rows
    one.test_button.click()
    await quiet()
    assert one.outcome.text() == "It is there and can be read."
    keyring.broken = Unavailable("The keyring is locked", remedy="Unlock it.")
    one.test_button.click()
    await quiet()
    assert one.outcome.text() == "The keyring is locked. Unlock it."
    assert one.outcome.property("role") == "danger"


@pytest.mark.parametrize(("button", "left"), [("Delete", 0), ("Cancel", 1)])
async def test_deleting_asks_before(
    opened: Open, service: SecretService, button: str, left: int
) -> None:
    await service.save(NAME, Secret(CANARY), "Key of the studio")
    section = opened(service)
    await quiet()
    section.rows[0].delete_button.click()
    await quiet()
    sheet = dialog()
    assert sheet is not None
    assert "Delete “Key of the studio”?" in words(sheet)
    await answer(button)
    assert len(section.rows) == len(await service.all()) == left


async def test_what_cannot_be_deleted_stays_and_is_told(
    opened: Open, service: SecretService, keyring: MemoryKeyring
) -> None:
    await service.save(NAME, Secret(CANARY))
    section = opened(service)
    await quiet()
    keyring.broken = Unavailable("The keyring is locked", remedy="Unlock it.")
    section.rows[0].delete_button.click()
    await answer("Delete")
    window = section.window()
    assert isinstance(window, Window)
    (error,) = window.errors
    assert isinstance(error, StudioError)
    assert error.remedy == "Unlock it."
    assert len(section.rows) == 1


async def test_checking_again_keeps_what_was_in_memory(
    opened: Open, service: SecretService, keyring: MemoryKeyring
) -> None:
    keyring.broken = Unavailable("The keyring is locked", remedy="Unlock it.")
    await service.save(NAME, Secret(CANARY))
    section = opened(service)
    await quiet()
    assert "Kept in memory only" in words(section)
    assert "The keyring is locked." in words(section)
    assert "Unlock it." in words(section)
    keyring.broken = None
    section.again.click()
    await quiet()
    assert "Kept in the Secret Service keyring" in words(section)
    assert section.rows[0].info.place is Place.KEYRING
    assert section.again.isEnabled()


async def test_a_passphrase_is_chosen_where_there_is_no_keyring(
    opened: Open, alone: SecretService
) -> None:
    await alone.save(NAME, Secret(CANARY))
    section = opened(alone)
    await quiet()
    assert "gone when Proofreel closes" in words(section)
    assert section.place is not None
    section.place.buttons["Use a passphrase…"].click()
    await quiet()
    sheet = dialog()
    assert isinstance(sheet, PassphraseSheet)
    sheet.first.setText(PASSPHRASE)
    sheet.again.setText(PASSPHRASE)
    await answer("Use passphrase")
    assert "Kept in files that your passphrase opens" in words(section)
    assert section.rows[0].info.place is Place.PASSPHRASE


@pytest.mark.parametrize(
    ("typed", "state"), [(PASSPHRASE, "open"), ("not the right one", "locked")]
)
async def test_a_passphrase_unlocks(
    opened: Open, alone: SecretService, tmp_path: Path, typed: str, state: str
) -> None:
    before = Keychain(tmp_path, SystemKeyring(), PassphraseFiles(tmp_path, CHEAP))
    before.start_passphrase(Secret(PASSPHRASE))
    section = opened(alone)
    await quiet()
    assert section.place is not None
    section.place.buttons["Unlock…"].click()
    await quiet()
    sheet = dialog()
    assert isinstance(sheet, PassphraseSheet)
    sheet.first.setText(typed)
    await answer("Unlock")
    assert (await alone.status()).passphrase is PassphraseState(state)
    window = section.window()
    assert isinstance(window, Window)
    assert len(window.errors) == (state == "locked")


async def test_forgetting_the_passphrase_asks_before(opened: Open, alone: SecretService) -> None:
    await alone.start_passphrase(Secret(PASSPHRASE))
    await alone.save(NAME, Secret(CANARY))
    section = opened(alone)
    await quiet()
    assert section.place is not None
    section.place.buttons["Forget passphrase…"].click()
    await answer("Delete secrets")
    assert section.rows == ()
    assert "Kept in memory only" in words(section)


async def test_a_new_passphrase_is_long_and_typed_twice(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    sheet = PassphraseSheet(parent, new=True)
    states = []
    for first, again in (
        ("short", "short"),
        (PASSPHRASE, ""),
        (PASSPHRASE, "x"),
        (PASSPHRASE,) * 2,
    ):
        sheet.first.setText(first)
        sheet.again.setText(again)
        states.append(sheet.accept_button.isEnabled())
    assert states == [False, False, False, True]
    assert sheet.first.echoMode() == sheet.again.echoMode() == QLineEdit.EchoMode.Password
    assert sheet.take() == Secret(PASSPHRASE)
    assert sheet.first.text() == sheet.again.text() == ""


async def test_the_search_of_the_page_finds_secrets(qtbot: QtBot, services: FakeServices) -> None:
    real = services.real
    await services.secrets.save(NAME, Secret(CANARY), "Key of the studio")
    shell = SimpleNamespace(bridge=EventBridge(services.bus))
    page = SettingsPage(
        real.settings, real.secrets, real.consent, real.environment, cast("Shell", shell)
    )
    shell.bridge.setParent(page)
    qtbot.addWidget(page)
    page.show()
    await quiet()
    for text, found in (("keyring", True), ("of the studio", True), ("frame rate", False)):
        page.search.setText(text)
        assert page.secrets.isHidden() is not found
    page.search.setText("no such thing")
    assert page._nothing.isVisible()
    await quiet()


async def test_the_report_of_a_bug_holds_no_secret(qtbot: QtBot) -> None:
    Secret(CANARY)
    parent = QWidget()
    qtbot.addWidget(parent)
    details = details_of(RuntimeError(f"bad {CANARY}"))
    report = BugDialog(parent, "Title", "Text", details)
    report.copy()
    assert f"RuntimeError: bad {REDACTED}" in QGuiApplication.clipboard().text()
    assert CANARY not in report.details.toPlainText()
