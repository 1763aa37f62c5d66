"""Setting up where things go: what is asked for, what is kept, what a try of it says."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.errors import InvalidInput
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Destination, DestinationCheck, Encryption
from desktop.ui.pages.publish.check_words import place_of, said_of
from desktop.ui.pages.publish.destination_fields import AWS, KEPT, OTHER, DestinationFields
from desktop.ui.pages.publish.destination_sheet import DestinationSheet
from desktop.ui.pages.publish.page import PublishPage
from desktop.ui.tour_transfers import DESTINATIONS
from tests.ui.fake_transfers import FakeTransfers
from tests.ui.pages.library.conftest import until
from tests.ui.pages.library.doubles import ShellDouble
from tests.ui.pages.publish.conftest import asked, settled

TEAM, ARCHIVE = DESTINATIONS
EMPTY = Destination("new", "", "")


@pytest.fixture
def fields(qtbot: QtBot) -> DestinationFields:
    made = DestinationFields(EMPTY, ("default", "studio"), known=False)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(fields: DestinationFields, **values: object) -> None:
    for name, value in values.items():
        box = getattr(fields, name)
        box.setCurrentIndex(box.findData(value))


def write(fields: DestinationFields, **texts: str) -> None:
    for name, text in texts.items():
        fields.text[name].setText(text)


def visible(fields: DestinationFields) -> set[str]:
    return {name for name, field in fields.text.items() if not field.isHidden()}


def test_a_bucket_of_amazon_with_a_profile_needs_three_words(fields: DestinationFields) -> None:
    assert visible(fields) == {"bucket", "prefix", "region", "name"}
    assert fields.problem() == "Say which bucket."
    write(fields, bucket="reels", prefix="/team")
    assert fields.problem() == ""
    assert fields.destination() == Destination(
        "new", "reels", "reels", profile="default", prefix="team/"
    )
    assert fields.keys() is None


def test_another_service_needs_an_address_and_gets_the_bucket_into_the_path(
    fields: DestinationFields,
) -> None:
    choose(fields, kind=OTHER, profile="")
    assert {"endpoint", "certificates", "key_id", "secret", "token"} <= visible(fields)
    assert fields.path_style.isChecked()
    write(fields, bucket="reels", endpoint="s3.example")
    assert "address of the service" in fields.problem()
    write(fields, endpoint="https://s3.example/", key_id="test-key")
    assert fields.problem() == "Give the secret key."
    write(fields, secret="test-secret")
    assert fields.problem() == ""
    made, keys = fields.destination(), fields.keys()
    assert (made.endpoint_url, made.path_style, made.profile) == ("https://s3.example", True, "")
    assert keys is not None
    assert (keys.key_id, keys.secret.reveal(), keys.token) == ("test-key", "test-secret", None)
    choose(fields, kind=AWS)
    assert (fields.destination().endpoint_url, fields.destination().path_style) == ("", False)


def test_secrets_are_never_shown(fields: DestinationFields) -> None:
    for name in ("secret", "token", "own_key"):
        assert fields.text[name].echoMode() is QLineEdit.EchoMode.Password


def test_encryption_asks_for_the_key_it_needs(fields: DestinationFields) -> None:
    write(fields, bucket="reels")
    choose(fields, encryption=Encryption.KMS)
    assert "kms_key" in visible(fields)
    write(fields, kms_key="alias/films")
    assert fields.destination().kms_key_id == "alias/films"
    choose(fields, encryption=Encryption.CUSTOMER)
    assert "32 bytes" in fields.problem()
    write(fields, own_key="test-key-of-32-bytes")
    keys = fields.keys()
    assert keys is not None
    assert keys.customer_key is not None
    assert fields.destination().kms_key_id == ""


def test_keys_that_are_kept_are_not_asked_for_again(qtbot: QtBot) -> None:
    fields = DestinationFields(ARCHIVE, ("studio",), known=True)
    qtbot.addWidget(fields)
    assert fields.text["secret"].placeholderText() == KEPT
    assert fields.problem() == ""
    assert fields.keys() is None
    assert fields.destination() == ARCHIVE


def test_a_profile_that_is_not_here_is_kept_and_said(qtbot: QtBot) -> None:
    fields = DestinationFields(TEAM, (), known=True)
    qtbot.addWidget(fields)
    assert "not on this computer" in fields.profile.currentText()
    assert fields.destination() == TEAM


def test_a_check_is_told_in_plain_words() -> None:
    good = said_of(DestinationCheck(ok=True, region="eu-central-1", checksums="crc64nvme"))
    assert (good.role, good.short) == ("success", "It works")
    assert good.text == (
        "It works. The bucket is in eu-central-1. Every byte is verified on arrival."
    )
    fault = Fault(FaultKind.NO_BUCKET, "There is no such bucket.", "Check its name.")
    bad = said_of(DestinationCheck(ok=False, fault=fault))
    assert bad.short == "It does not work yet. There is no such bucket. Check its name."
    warned = said_of(DestinationCheck(ok=True, warnings=("It cannot verify what arrives.",)))
    assert (warned.role, warned.lines) == ("warning", ("It cannot verify what arrives.",))


def test_a_place_is_named_shortly() -> None:
    assert place_of(TEAM) == "reels-of-the-team at Amazon S3"
    assert place_of(ARCHIVE) == "masters/lectures at s3.archive.example"


async def test_a_new_destination_is_saved_tried_out_and_listed(
    page: PublishPage, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    page.places.add.click()
    sheet = await asked(shell)
    assert isinstance(sheet, DestinationSheet)
    assert not sheet.accept_button.isEnabled()
    write(sheet.fields, bucket="reels", name="Reels")
    sheet.accept_button.click()
    await quiet_but_for_the_sheet(sheet)
    assert sheet.outcome.text() == "It works"
    assert sheet.accept_button.text() == "Done"
    sheet.accept_button.click()
    await settled(page.panel)
    assert [row.destination.name for row in page.places.rows] == ["Team bucket", "Archive", "Reels"]


async def quiet_but_for_the_sheet(sheet: DestinationSheet) -> None:
    await until(
        lambda: sheet.accept_button.isEnabled() and sheet.outcome.text() != "Trying it out…"
    )


async def test_one_that_does_not_work_says_why_and_is_not_kept_when_given_up(
    page: PublishPage, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    fault = Fault(FaultKind.CREDENTIALS, "The keys are not known.", "Check them.")
    page.places.add.click()
    sheet = await asked(shell)
    assert isinstance(sheet, DestinationSheet)
    transfers.checks[sheet.fields.destination().id] = DestinationCheck(ok=False, fault=fault)
    write(sheet.fields, bucket="reels")
    sheet.accept_button.click()
    await quiet_but_for_the_sheet(sheet)
    assert sheet.words.text() == "The keys are not known.\nCheck them."
    assert sheet.keep.isVisible()
    assert len(transfers.places) == 3
    write(sheet.fields, region="eu-west-1")
    assert sheet.accept_button.text() == "Save and check", "what was said is about other values"
    sheet.reject()
    await settled(page.panel)
    assert len(transfers.places) == 2


async def test_what_cannot_be_saved_is_said_in_the_sheet(
    page: PublishPage,
    transfers: FakeTransfers,
    shell: ShellDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse(*_: object) -> Destination:
        raise InvalidInput("“a b” is not the name of a bucket", remedy="Give its name alone.")

    monkeypatch.setattr(transfers, "save_destination", refuse)
    page.places.rows[0].edit.click()
    sheet = await asked(shell)
    assert isinstance(sheet, DestinationSheet)
    sheet.accept_button.click()
    await quiet_but_for_the_sheet(sheet)
    assert sheet.outcome.text() == "“a b” is not the name of a bucket"
    assert not sheet.keep.isVisible()
    sheet.reject()
    await settled(page.panel)
    assert len(transfers.places) == 2


async def test_a_destination_is_tried_out_in_the_list(page: PublishPage) -> None:
    for row in page.places.rows:
        row.check.click()
    await settled(page.panel)
    said = [row.verdict.text() for row in page.places.rows]
    assert said == [
        "It works",
        "It does not work yet. The account may not write to this bucket.",
    ]


async def test_removing_one_asks_first(
    page: PublishPage, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    page.places.rows[0].remove.click()
    (await asked(shell)).reject()
    await settled(page.panel)
    assert len(transfers.places) == 2
    page.places.rows[0].remove.click()
    (await asked(shell)).accept()
    await settled(page.panel)
    assert [row.destination.id for row in page.places.rows] == ["archive"]


async def test_an_edited_name_is_shown_at_once(
    page: PublishPage, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    transfers.checks[ARCHIVE.id] = DestinationCheck(ok=True)
    page.places.rows[1].edit.click()
    sheet = await asked(shell)
    assert isinstance(sheet, DestinationSheet)
    write(sheet.fields, name="Vault")
    sheet.accept_button.click()
    await quiet_but_for_the_sheet(sheet)
    sheet.accept_button.click()
    await settled(page.panel)
    assert transfers.keys[ARCHIVE.id] is None, "keys that were not typed stay as they are"
    assert page.places.rows[1].destination == replace(ARCHIVE, name="Vault")
