"""Speeds and hours, and what lies unfinished at the service."""

import pytest
from PySide6.QtCore import QTime
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Unavailable
from desktop.domain.transfers import Limits, RateWindow, Remnant
from desktop.ui.pages.publish.limits_sheet import LimitsSheet
from desktop.ui.pages.publish.page import PublishPage
from desktop.ui.pages.publish.remnants_sheet import RemnantsSheet
from desktop.ui.tour_transfers import DESTINATIONS
from tests.ui.fake_transfers import FakeTransfers
from tests.ui.pages.library.conftest import until
from tests.ui.pages.library.doubles import ShellDouble
from tests.ui.pages.publish.conftest import asked, settled

LIMITS = Limits(
    connections=4,
    rate=2_500_000,
    destinations=(("archive", 1_000_000),),
    timetable=(RateWindow((0, 1, 2, 3, 4), 540, 1020, 500_000), RateWindow((5, 6), 1320, 360, 0)),
)


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_what_is_not_touched_stays_as_it_was(parent: QWidget) -> None:
    assert LimitsSheet(parent, LIMITS, DESTINATIONS).limits() == LIMITS
    whole = Limits(timetable=(RateWindow((0,), 0, 1440, 0),))
    assert LimitsSheet(parent, whole, DESTINATIONS).limits() == whole


def test_every_limit_can_be_set(parent: QWidget) -> None:
    sheet = LimitsSheet(parent, Limits(), DESTINATIONS)
    assert sheet.limits() == Limits()
    sheet.rate.setValue(3.5)
    sheet.connections.setValue(8)
    sheet.destinations["team"].setValue(1)
    sheet.add_hours(RateWindow())
    hours = sheet.hours[0]
    for day in hours.days[5:]:
        day.setChecked(False)
    hours.start.setTime(QTime(22, 30))
    hours.end.setTime(QTime(6, 0))
    hours.rate.setValue(20)
    assert sheet.limits() == Limits(
        connections=8,
        rate=3_500_000,
        destinations=(("team", 1_000_000),),
        timetable=(RateWindow((0, 1, 2, 3, 4), 1350, 360, 20_000_000),),
    )


def test_hours_without_a_day_and_removed_hours_do_not_count(parent: QWidget) -> None:
    sheet = LimitsSheet(parent, LIMITS, DESTINATIONS)
    for day in sheet.hours[1].days:
        day.setChecked(False)
    sheet.hours[0].removed.emit()
    assert sheet.limits().timetable == ()
    assert len(sheet.hours) == 1


def test_nothing_stands_for_no_limit(parent: QWidget) -> None:
    sheet = LimitsSheet(parent, Limits(), DESTINATIONS)
    assert sheet.rate.text() == "No limit"
    assert sheet.connections.text() == "Automatic"


async def test_saved_limits_are_in_force_at_once(
    page: PublishPage, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    page.places.limits.click()
    sheet = await asked(shell)
    assert isinstance(sheet, LimitsSheet)
    sheet.rate.setValue(1)
    sheet.accept()
    await settled(page.panel)
    assert transfers.speeds.rate == 1_000_000
    assert page.panel.bar.limit.text() == "Limited to 1 MB/s"


async def opened(page: PublishPage, shell: ShellDouble) -> RemnantsSheet:
    page.places.remnants.click()
    sheet = await asked(shell)
    assert isinstance(sheet, RemnantsSheet)
    await until(sheet.again.isEnabled)
    return sheet


def words(of: QWidget) -> set[str]:
    return {one.text() for one in of.findChildren(QLabel) if one.isVisible()}


async def test_what_is_left_at_the_service_is_listed_with_what_it_holds(
    page: PublishPage, shell: ShellDouble
) -> None:
    sheet = await opened(page, shell)
    assert sheet.summary.text() == "3 unfinished uploads hold 2.17 GB"
    assert {"1.28 GB", "577 MB", "310 MB", "Belongs to a transfer here"} <= words(sheet)
    sheet.accept()
    await settled(page.panel)


async def test_one_click_and_a_yes_remove_what_is_left(
    page: PublishPage, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    sheet = await opened(page, shell)
    buttons = [one for one in sheet.findChildren(QPushButton) if one.text() == "Remove…"]
    largest = next(one for one in buttons if "old take" in one.accessibleName())
    largest.click()
    question = await asked(sheet)
    assert question.windowTitle() == "Remove 1 unfinished upload?"
    question.accept()
    await until(lambda: len(transfers.left) == 2)
    await until(lambda: sheet.summary.text() == "2 unfinished uploads hold 887 MB")
    sheet.all.click()
    everything = await asked(sheet)
    assert "start from the beginning" in " ".join(words(everything))
    everything.accept()
    await until(lambda: sheet.summary.text() == "Nothing is left over.")
    assert not transfers.left
    sheet.accept()
    await settled(page.panel)


async def test_a_place_that_does_not_answer_hides_no_other(
    page: PublishPage,
    transfers: FakeTransfers,
    shell: ShellDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = transfers.remnants

    async def remnants(destination_id: str) -> tuple[Remnant, ...]:
        if destination_id == "archive":
            raise Unavailable("It does not answer", remedy="Try again later.")
        return await usual(destination_id)

    monkeypatch.setattr(transfers, "remnants", remnants)
    sheet = await opened(page, shell)
    assert sheet.problems.text() == "Archive: It does not answer. Try again later."
    assert len(sheet.remnants) == 2
    sheet.accept()
    await settled(page.panel)
