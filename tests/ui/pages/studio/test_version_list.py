from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.ui.models.versions import VersionsModel
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.pages.studio.version_list import VersionList
from desktop.ui.theme import Theme
from tests.ui.pages.studio.conftest import ask_for_menu, version

THREE = [version(number, "a", note=f"note {number}") for number in (3, 2, 1)]


@pytest.fixture
def model() -> VersionsModel:
    made = VersionsModel()
    made.show_versions(THREE, ["", "", ""], 3)
    return made


@pytest.fixture
def stack(model: VersionsModel, theme: Theme) -> Iterator[VersionList]:
    thumbnails = Thumbnails()
    made = VersionList(model, thumbnails)
    made.resize(400, 300)
    made.show()
    yield made
    made.deleteLater()
    thumbnails.deleteLater()


def middle(stack: VersionList, place: int) -> QPoint:
    return stack.visualRect(stack.model().index(place, 0)).center()


def picture(stack: VersionList) -> QImage:
    return stack.viewport().grab().toImage()


async def test_a_click_and_return_show_a_version(stack: VersionList, qtbot: QtBot) -> None:
    told: list[int] = []
    stack.chosen.connect(told.append)
    qtbot.mouseClick(stack.viewport(), Qt.MouseButton.LeftButton, pos=middle(stack, 1))
    qtbot.keyClick(stack, Qt.Key.Key_Down)
    qtbot.keyClick(stack, Qt.Key.Key_Return)
    assert told == [2, 1]


async def test_return_without_a_version_shows_none(stack: VersionList, qtbot: QtBot) -> None:
    told: list[int] = []
    stack.chosen.connect(told.append)
    stack.show_current(0)
    assert stack.current is None
    qtbot.keyClick(stack, Qt.Key.Key_Return)
    assert told == []


async def test_showing_a_version_tells_nobody(stack: VersionList) -> None:
    told: list[int] = []
    stack.chosen.connect(told.append)
    stack.show_current(2)
    assert stack.current == THREE[1]
    assert told == []


async def test_the_menu_is_of_the_version_under_the_pointer_or_of_the_selected_one(
    stack: VersionList,
) -> None:
    told: list[int] = []
    stack.menu_wanted.connect(lambda number, at: told.append(number))
    stack.show_current(3)
    ask_for_menu(stack, middle(stack, 2))
    stack.show_current(3)
    ask_for_menu(stack, QPoint(), keyboard=True)
    ask_for_menu(stack, QPoint(5, 290))
    assert told == [1, 3]


async def test_the_version_that_plays_is_marked(stack: VersionList, model: VersionsModel) -> None:
    before = picture(stack)
    model.show_versions(THREE, ["", "", ""], 1)
    assert picture(stack) != before


async def test_an_empty_stack_says_how_versions_come(
    stack: VersionList, model: VersionsModel
) -> None:
    model.show_versions([], [], 0)
    words = picture(stack)
    blank = QImage(words.size(), words.format())
    blank.fill(words.pixelColor(1, 1))
    assert words != blank
