from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.domain.library import SearchQuery
from desktop.services.library import LibraryService
from desktop.ui.models.videos import COLUMNS, VideosModel
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.pages.library.table import TITLE_WIDTH, VideoTable
from desktop.ui.theme import Theme
from tests.ui.conftest import show_active
from tests.ui.pages.library.conftest import quiet, until
from tests.ui.pages.library.doubles import LibraryDouble, paint_posters


@pytest.fixture
async def table(library: LibraryDouble, qtbot: QtBot, theme: Theme) -> VideoTable:
    paint_posters(library.folder)
    service = cast("LibraryService", library)
    made = VideoTable(Pictures(service))
    model = VideosModel(service, made)
    made.show_videos(model)
    qtbot.addWidget(made)
    made.resize(800, 500)
    await show_active(made)
    model.show_query(SearchQuery())
    await until(lambda: model.loaded)
    made.grab()
    await quiet()
    return made


def columns(table: VideoTable) -> list[str]:
    return [name for at, name in enumerate(COLUMNS) if not table.isColumnHidden(at)]


async def test_narrow_tables_leave_out_what_matters_least(table: VideoTable) -> None:
    assert columns(table) == list(COLUMNS)
    table.resize(600, 500)
    assert columns(table) == ["Title", "Status", "Length", "Changed"]
    table.resize(440, 500)
    assert columns(table) == ["Title", "Status", "Length"]
    table.resize(310, 500)
    assert columns(table) == ["Title", "Length"]
    table.resize(800, 500)
    assert columns(table) == list(COLUMNS)
    assert table.columnWidth(0) >= TITLE_WIDTH


async def test_the_project_is_left_out_where_all_are_of_one(table: VideoTable) -> None:
    table.show_projects(False)
    assert "Project" not in columns(table)
    table.resize(900, 500)
    assert "Project" not in columns(table)
    table.show_projects(True)
    assert columns(table) == list(COLUMNS)


async def test_a_click_on_a_heading_asks_for_its_order(table: VideoTable) -> None:
    orders: list[str] = []
    table.order_wanted.connect(orders.append)
    for column in range(len(COLUMNS)):
        table.horizontalHeader().sectionClicked.emit(column)
    assert orders == ["title", "duration", "updated"]


async def test_enter_and_double_click_open(table: VideoTable, qtbot: QtBot) -> None:
    opened: list[int] = []
    table.opened.connect(opened.append)
    table.setCurrentIndex(table.model().index(2, 0))
    qtbot.keyClick(table, Qt.Key.Key_Enter)
    where = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == [2, 1]


async def test_tab_leaves_the_table(table: VideoTable, qtbot: QtBot) -> None:
    table.setCurrentIndex(table.model().index(2, 0))
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert table.currentIndex().row() == 2
    assert table.currentIndex().column() == 0


async def test_letters_do_not_read_the_library(
    table: VideoTable, library: LibraryDouble, qtbot: QtBot
) -> None:
    library.searches.clear()
    qtbot.keyClicks(table, "quicksort")
    await quiet()
    assert not library.searches


async def test_found_words_are_painted_below_the_title(table: VideoTable) -> None:
    model = cast("VideosModel", table.model())
    plain = table.grab().toImage()
    model.show_query(SearchQuery(text="quicksort"))
    await quiet()
    table.grab()
    await quiet()
    assert model.total < 5
    assert table.grab().toImage() != plain


async def test_selected_and_current_rows_can_be_seen(table: VideoTable) -> None:
    plain = table.grab().toImage()
    table.selectRow(1)
    selected = table.grab().toImage()
    table.setFocus()
    assert plain != selected
    assert table.selectionModel().selectedRows()[0].row() == 1


async def test_a_right_click_asks_for_a_menu(table: VideoTable) -> None:
    asked: list[QPoint] = []
    table.menu_wanted.connect(asked.append)
    table.customContextMenuRequested.emit(QPoint(30, 30))
    assert asked == [table.viewport().mapToGlobal(QPoint(30, 30))]


async def test_the_table_has_names_for_screen_readers(table: VideoTable) -> None:
    assert table.accessibleName() == "Videos"
    assert table.horizontalHeader().accessibleName() == "Columns"
