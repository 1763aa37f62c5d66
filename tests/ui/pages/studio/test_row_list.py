from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QStringListModel, Qt
from pytestqt.qtbot import QtBot

from desktop.ui.pages.studio.row_list import RowList
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.theme import Theme
from tests.ui.pages.studio.conftest import ask_for_menu


@pytest.fixture
def rows(theme: Theme) -> Iterator[RowList]:
    thumbnails = Thumbnails()
    made = RowList(QStringListModel(["a", "b", "c"], thumbnails), thumbnails, "Things", "None yet.")
    made.resize(200, 200)
    made.show()
    yield made
    made.deleteLater()
    thumbnails.deleteLater()


async def test_return_is_told_with_its_row_and_needs_one(rows: RowList, qtbot: QtBot) -> None:
    told: list[int] = []
    rows.returned.connect(lambda index: told.append(index.row()))
    rows.show_row(None)
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    rows.show_row(2)
    qtbot.keyClick(rows, Qt.Key.Key_Enter)
    assert told == [2]
    assert rows.accessibleName() == "Things"


async def test_a_menu_opens_at_the_pointer_or_on_the_selected_row(rows: RowList) -> None:
    told: list[tuple[int, QPoint]] = []
    rows.menu_asked.connect(lambda index, at: told.append((index.row(), at)))
    middle = rows.visualRect(rows.model().index(1, 0)).center()
    ask_for_menu(rows, middle)
    rows.show_row(0)
    ask_for_menu(rows, QPoint(), keyboard=True)
    there = rows.visualRect(rows.model().index(0, 0)).center()
    to_screen = rows.viewport().mapToGlobal
    assert told == [(1, to_screen(middle)), (0, to_screen(there))]


async def test_no_row_has_no_menu(rows: RowList) -> None:
    told: list[QModelIndex] = []
    rows.menu_asked.connect(lambda index, at: told.append(index))
    rows.show_row(None)
    ask_for_menu(rows, QPoint(5, 195))
    ask_for_menu(rows, QPoint(), keyboard=True)
    assert told == []
