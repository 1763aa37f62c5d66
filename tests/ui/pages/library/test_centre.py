from typing import cast

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.services.library import LibraryService
from desktop.ui.models.videos import VideosModel
from desktop.ui.pages.library.centre import Beginnings, Centre
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.pages.library.selection import Selection
from desktop.ui.theme import Theme
from tests.ui.pages.library.doubles import LibraryDouble

REASONS = ("library", "project", "search", "trash", "projects")


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
async def centre(library: LibraryDouble, heard: list[str], qtbot: QtBot, theme: Theme) -> Centre:
    service = cast("LibraryService", library)
    model = VideosModel(service)
    made = Centre(model, Pictures(service, model), Selection(model, model))
    model.setParent(made)
    made.offer(
        Beginnings(
            new_video=lambda: heard.append("new"),
            bring=lambda: heard.append("bring"),
            samples=lambda: heard.append("samples"),
            clear_filters=lambda: heard.append("clear"),
            all_videos=lambda: heard.append("all"),
        )
    )
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def buttons(centre: Centre) -> list[QPushButton]:
    page = centre.stack.currentWidget()
    assert page is not None
    return page.findChildren(QPushButton)


@pytest.mark.parametrize("reason", REASONS)
async def test_every_empty_page_says_why_and_offers_what_to_do(
    centre: Centre, heard: list[str], reason: str
) -> None:
    centre.show_empty(reason)
    assert centre.empty_reason == reason
    for one in buttons(centre):
        one.click()
    expected = {
        "library": ["new", "bring", "samples"],
        "project": ["new", "bring"],
        "search": ["clear"],
    }
    assert heard == expected.get(reason, ["all"])


async def test_the_view_in_use_is_the_one_chosen(centre: Centre) -> None:
    centre.show_videos(snippets=False, projects=True)
    assert centre.view is centre.grid
    centre.show_view("table")
    assert centre.view is centre.table
    assert centre.table.isVisible()
    assert centre.bar.table.isChecked()
    assert not centre.bar.grid.isChecked()


async def test_another_view_does_not_hide_why_there_is_nothing(centre: Centre) -> None:
    centre.show_empty("search")
    centre.show_view("table")
    assert centre.empty_reason == "search"
    centre.show_videos(snippets=False, projects=True)
    assert centre.empty_reason == ""
    assert centre.table.isVisible()


async def test_both_views_show_the_same_selection(centre: Centre) -> None:
    assert centre.grid.selectionModel() is centre.table.selectionModel()


@pytest.mark.parametrize(
    ("videos", "projects", "bar", "restore"),
    [(0, 0, False, False), (3, 0, True, False), (0, 1, True, True)],
)
async def test_the_trash_bar_fits_what_is_in_the_trash(
    centre: Centre, videos: int, projects: int, bar: bool, restore: bool
) -> None:
    centre.show_trash(shown=True, videos=videos, projects=projects)
    assert centre.trash_bar.isVisible() is bar
    assert centre.trash_bar.projects.isVisible() is restore
    centre.show_trash(shown=False, videos=videos, projects=projects)
    assert not centre.trash_bar.isVisible()
