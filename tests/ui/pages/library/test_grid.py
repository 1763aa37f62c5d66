from typing import cast

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from desktop.domain.library import SearchQuery
from desktop.services.library import LibraryService
from desktop.ui.models.videos import VideosModel
from desktop.ui.models.videos_window import PAGE
from desktop.ui.pages.library.card import CardDelegate
from desktop.ui.pages.library.grid import CELL, VideoGrid
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.theme import Theme
from tests.ui.conftest import show_active
from tests.ui.pages.library.conftest import move_mouse, quiet, until
from tests.ui.pages.library.doubles import LibraryDouble, many, paint_posters


@pytest.fixture
async def grid(library: LibraryDouble, qtbot: QtBot, theme: Theme) -> VideoGrid:
    paint_posters(library.folder)
    library.videos = many(3_000)
    service = cast("LibraryService", library)
    made = VideoGrid(Pictures(service))
    model = VideosModel(service, made)
    made.setModel(model)
    qtbot.addWidget(made)
    made.resize(720, 560)
    await show_active(made)
    model.show_query(SearchQuery())
    await until(lambda: model.loaded)
    made.grab()
    await quiet()
    return made


def cards(grid: VideoGrid) -> CardDelegate:
    return cast("CardDelegate", grid.itemDelegate())


def at(grid: VideoGrid, row: int) -> QModelIndex:
    return grid.model().index(row, 0)


def stage_centre(grid: VideoGrid, row: int) -> QPoint:
    return cards(grid).stage(grid.visualRect(at(grid, row))).center()


async def test_cards_fill_the_width(grid: VideoGrid) -> None:
    for width in (*range(640, 680, 3), 500, 1500):
        grid.resize(width, 560)
        columns = (width - 13) // CELL
        assert grid.visualRect(at(grid, columns - 1)).top() == grid.visualRect(at(grid, 0)).top()
        assert grid.visualRect(at(grid, columns)).top() > grid.visualRect(at(grid, 0)).top()
        right = grid.visualRect(at(grid, columns - 1)).right()
        assert width - 40 < right < width
    await quiet()


async def test_what_was_at_the_top_stays_there_when_cards_grow(grid: VideoGrid) -> None:
    row = 600
    grid.scrollTo(at(grid, row), QListView.ScrollHint.PositionAtTop)
    grid.show_snippets(True)
    first = grid.indexAt(QPoint(40, 20)).row()
    assert abs(first - row) <= 3
    await quiet()


async def test_thousands_of_cards_are_there_and_few_are_read(
    grid: VideoGrid, library: LibraryDouble
) -> None:
    library.searches.clear()
    grid.scrollToBottom()
    grid.grab()
    await quiet()
    assert len(library.searches) <= 2
    assert library.searches[-1].offset == 2_999 // PAGE * PAGE
    shown = [index.row() for index in grid.visible()]
    assert max(shown) == 2_999
    assert all(grid.model().index(row, 0).data() for row in shown)


async def test_only_cards_on_screen_are_visible(grid: VideoGrid) -> None:
    rows = sorted(index.row() for index in grid.visible())
    assert rows == list(range(len(rows)))
    assert 6 <= len(rows) <= 15


async def test_the_pointer_moves_through_the_video_below_it(grid: VideoGrid) -> None:
    centre = stage_centre(grid, 1)
    move_mouse(grid.viewport(), centre)
    assert cards(grid).scrubbed == 1
    assert abs(cards(grid).share - 0.5) < 0.02
    grid.grab()
    await quiet()
    middle = grid.grab().toImage()
    move_mouse(grid.viewport(), centre + QPoint(60, 0))
    assert grid.grab().toImage() != middle
    move_mouse(grid.viewport(), stage_centre(grid, 0))
    assert cards(grid).scrubbed == 0
    QApplication.sendEvent(grid.viewport(), QEvent(QEvent.Type.Leave))
    assert cards(grid).scrubbed == -1
    await quiet()


async def test_below_the_picture_nothing_moves(grid: VideoGrid) -> None:
    words = grid.visualRect(at(grid, 1)).bottomLeft() + QPoint(40, -14)
    move_mouse(grid.viewport(), words)
    assert cards(grid).scrubbed == -1


async def test_the_pointer_anywhere_else_is_harmless(grid: VideoGrid) -> None:
    move_mouse(grid.viewport(), stage_centre(grid, 1))
    move_mouse(grid.viewport(), QPoint(710, 555))
    move_mouse(grid.viewport(), QPoint(-5, -5))
    assert cards(grid).scrubbed == -1


async def test_enter_and_double_click_open(grid: VideoGrid, qtbot: QtBot) -> None:
    opened: list[int] = []
    grid.opened.connect(opened.append)
    grid.setCurrentIndex(at(grid, 2))
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=stage_centre(grid, 1))
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=stage_centre(grid, 1))
    assert opened == [2, 1]


async def test_arrows_move_from_card_to_card(grid: VideoGrid, qtbot: QtBot) -> None:
    grid.setCurrentIndex(at(grid, 0))
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.currentIndex().row() == 1
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() == 1 + 720 // CELL
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.currentIndex().row() == 2_999
    grid.grab()
    await quiet()


async def test_letters_do_not_read_the_library(
    grid: VideoGrid, library: LibraryDouble, qtbot: QtBot
) -> None:
    library.searches.clear()
    qtbot.keyClicks(grid, "quicksort")
    await quiet()
    assert not library.searches


async def test_the_selection_is_of_whole_rows(grid: VideoGrid, qtbot: QtBot) -> None:
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=stage_centre(grid, 1))
    assert grid.selectionModel().isRowSelected(1, QModelIndex())


async def test_a_picture_that_came_is_painted(grid: VideoGrid) -> None:
    before = grid.grab().toImage()
    cards(grid)._pictures.forget("v0")
    grid.grab()
    await quiet()
    assert grid.grab().toImage() == before


async def test_a_right_click_asks_for_a_menu(grid: VideoGrid) -> None:
    asked: list[QPoint] = []
    grid.menu_wanted.connect(asked.append)
    grid.customContextMenuRequested.emit(QPoint(30, 30))
    assert asked == [grid.viewport().mapToGlobal(QPoint(30, 30))]
