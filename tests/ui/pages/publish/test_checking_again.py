"""What was uploaded can be looked for again; what is found is said in plain words."""

import pytest

from desktop.domain.errors import Unavailable
from desktop.domain.transfers import ObjectCheck
from desktop.ui.pages.publish.panel import TransferPanel
from tests.ui.fake_transfers import FakeTransfers
from tests.ui.pages.library.doubles import ShellDouble
from tests.ui.pages.publish.conftest import choose, settled

DONE, DONE_AS_WELL, FAILED = 11, 12, 9


def shown(panel: TransferPanel) -> str:
    """Return the id of the transfer in the details."""
    assert panel.details.transfer is not None
    return panel.details.transfer.id


@pytest.mark.parametrize(
    ("found", "role", "words"),
    [
        (ObjectCheck(intact=True), "success", "It is there, as it was sent"),
        (
            ObjectCheck(intact=False, reason="It has another checksum."),
            "danger",
            "Somebody has replaced it. It has another checksum.",
        ),
        (ObjectCheck(intact=False, missing=True), "danger", "It is not there any more."),
    ],
)
async def test_what_is_found_is_said_beside_the_transfer(
    panel: TransferPanel, transfers: FakeTransfers, found: ObjectCheck, role: str, words: str
) -> None:
    panel.show_details(shown=True)
    choose(panel, DONE)
    transfers.found[shown(panel)] = found
    assert panel.details.verdict.isHidden()
    panel.details.check.click()
    assert panel.details.verdict.text() == "Asking the service…"
    await settled(panel)
    assert panel.details.verdict.text() == words
    assert panel.details.verdict.property("role") == role


async def test_what_was_found_of_one_is_not_said_of_another(panel: TransferPanel) -> None:
    panel.show_details(shown=True)
    choose(panel, DONE)
    panel.details.check.click()
    choose(panel, DONE_AS_WELL)
    await settled(panel)
    assert panel.details.verdict.isHidden()
    panel.details.check.click()
    await settled(panel)
    assert panel.details.verdict.isVisible()


async def test_only_what_was_uploaded_can_be_checked(panel: TransferPanel) -> None:
    panel.show_details(shown=True)
    choose(panel, FAILED)
    assert panel.details.check.isHidden()
    choose(panel, DONE)
    assert panel.details.check.isVisible()


async def test_no_answer_is_an_error_and_it_can_be_asked_again(
    panel: TransferPanel, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    panel.show_details(shown=True)
    choose(panel, DONE)
    await settled(panel)
    transfers.failure = Unavailable("The service did not do it")
    panel.details.check.click()
    await settled(panel)
    assert shell.errors == [transfers.failure]
    assert panel.details.verdict.isHidden()
    transfers.failure = None
    panel.details.check.click()
    await settled(panel)
    assert panel.details.verdict.text() == "It is there, as it was sent"
