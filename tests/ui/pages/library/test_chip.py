import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.ui.pages.library.chip import Chip
from tests.ui.pages.library.conftest import texts


@pytest.fixture
async def chip(qtbot: QtBot) -> Chip:
    made = Chip("Status", {1: "Rendered", 2: "Failed"})
    qtbot.addWidget(made)
    made.show()
    return made


def choices(chip: Chip) -> list[tuple[str, bool]]:
    menu = chip.menu_of_choices()
    found = [(one.text(), one.isChecked()) for one in menu.actions() if not one.isSeparator()]
    menu.deleteLater()
    return found


async def test_a_chip_says_what_it_filters_until_it_does(chip: Chip) -> None:
    assert (chip.text(), chip.accessibleName()) == ("Status", "Status: any")
    assert not chip.isChecked()
    chip.show_value(2)
    assert (chip.text(), chip.accessibleName()) == ("Failed", "Status: Failed")
    assert chip.isChecked()
    chip.show_value(None)
    assert chip.text() == "Status"


async def test_the_menu_marks_the_choice_in_force(chip: Chip) -> None:
    chip.show_value(1)
    assert choices(chip) == [("Any status", False), ("Rendered", True), ("Failed", False)]


async def test_a_choice_is_told(chip: Chip) -> None:
    chosen: list[object] = []
    chip.chosen.connect(chosen.append)
    menu = chip.menu_of_choices()
    next(one for one in menu.actions() if one.text() == "Failed").trigger()
    next(one for one in menu.actions() if one.text() == "Any status").trigger()
    assert chosen == [2, None]
    menu.deleteLater()


async def test_showing_a_value_is_not_choosing_it(chip: Chip) -> None:
    chosen: list[object] = []
    chip.chosen.connect(chosen.append)
    chip.show_value(2)
    assert not chosen


async def test_counts_stand_in_the_menu_only(chip: Chip) -> None:
    chip.offer({"a": "algebra"}, {"a": "1,204"})
    assert choices(chip)[1] == ("algebra  (1,204)", False)
    chip.show_value("a")
    assert chip.text() == "algebra"


async def test_a_menu_without_choices_says_so(chip: Chip) -> None:
    chip.offer({}, {})
    menu = chip.menu_of_choices()
    last = menu.actions()[-1]
    assert (last.text(), last.isEnabled()) == ("No status yet", False)
    menu.deleteLater()


async def test_a_click_opens_the_menu_and_changes_nothing(chip: Chip, popups: list[QMenu]) -> None:
    chip.show_value(1)
    chip.click()
    assert chip.isChecked()
    assert chip.value == 1
    assert texts(popups[0]) == ["Any status", "Rendered", "Failed"]
