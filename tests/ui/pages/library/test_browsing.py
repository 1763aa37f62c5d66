import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.events import EventBus, LibraryChanged
from desktop.domain.library import SourceKind, VideoStatus
from desktop.ui.models.projects import PROJECT, TRASH
from desktop.ui.pages.library import LibraryPage
from tests.ui.conftest import settle
from tests.ui.fakes import NOW, project
from tests.ui.pages.library.conftest import quiet, until
from tests.ui.pages.library.doubles import LibraryDouble, ShellDouble


def heading(page: LibraryPage) -> tuple[str, str]:
    bar = page.centre.bar
    return bar.title.text(), bar.count.text().strip()


async def test_all_videos_are_shown_at_first(page: LibraryPage, library: LibraryDouble) -> None:
    assert page.model.total == 30
    assert heading(page) == ("All videos", "30 videos")
    assert [place.title for place in page.places_model.projects()] == ["Algebra", "Calculus"]


async def test_a_project_shows_its_videos(page: LibraryPage, library: LibraryDouble) -> None:
    page.places.choose(PROJECT, "p1")
    await quiet()
    assert heading(page) == ("Calculus", "15 videos")
    assert library.searches[-1].project_id == "p1"


async def test_a_search_says_how_many_of_how_many(page: LibraryPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.centre.bar.search, "quicksort")
    await until(lambda: page.model.query.text == "quicksort")
    await quiet()
    assert heading(page) == ("All videos", "3 of 30")
    page.places.choose(PROJECT, "p2")
    await quiet()
    assert heading(page) == ("Algebra", "3 of 15")


async def test_filters_and_orders_reach_the_library(
    page: LibraryPage, library: LibraryDouble
) -> None:
    bar = page.centre.bar
    bar.status.pick(VideoStatus.FAILED)
    bar.kind.pick(SourceKind.MANIM)
    bar.choose_order("title")
    await quiet()
    query = library.searches[-1]
    assert (query.status, query.kind, query.order) == (
        VideoStatus.FAILED, SourceKind.MANIM, "title",
    )  # fmt: skip
    titles = [one.title for row in range(page.model.total) if (one := page.model.video(row))]
    assert titles == sorted(titles)


async def test_the_same_question_is_asked_once(page: LibraryPage, library: LibraryDouble) -> None:
    library.searches.clear()
    page.browsing.look()
    page.browsing.look()
    await quiet()
    assert not library.searches


@pytest.mark.parametrize(
    ("search", "kind", "reason"),
    [("zzz", "", "search"), ("", "p9", "project"), ("", TRASH, "trash")],
)
async def test_an_empty_place_says_why(
    page: LibraryPage, library: LibraryDouble, search: str, kind: str, reason: str
) -> None:
    library.all_projects["p9"] = project("Empty", "p9")
    page.browsing.library_changed()
    await quiet(0.2)
    if kind == TRASH:
        page.places.choose(TRASH)
    elif kind:
        page.places.choose(PROJECT, kind)
    page.centre.bar.search.setText(search)
    await quiet(0.2)
    assert page.centre.empty_reason == reason


async def test_a_library_without_videos_offers_ways_to_begin(
    page: LibraryPage, library: LibraryDouble
) -> None:
    library.videos = {}
    page.browsing.library_changed()
    await quiet(0.2)
    assert page.centre.empty_reason == "library"


async def test_a_trash_with_empty_projects_only_is_not_called_empty(
    page: LibraryPage, library: LibraryDouble
) -> None:
    library.trashed_projects["p8"] = project("Old", "p8")
    page.places.choose(TRASH)
    page.browsing.library_changed()
    await quiet(0.2)
    assert page.centre.empty_reason == "projects"
    assert page.centre.trash_bar.isVisible()


async def test_changes_that_come_together_are_shown_at_once(
    page: LibraryPage, library: LibraryDouble, bus: EventBus
) -> None:
    library.searches.clear()
    library.videos["v0"] = replace(library.videos["v0"], title="Another title")
    for _ in range(50):
        bus.publish(LibraryChanged(("v0",)))
        await asyncio.sleep(0)
    await quiet(0.2)
    assert len(library.searches) <= 3
    assert page.model.index(0, 0).data() == "Another title"


async def test_counts_and_tags_follow_the_library(
    page: LibraryPage, library: LibraryDouble
) -> None:
    await library.trash_videos(("v0", "v1", "v2"))
    await quiet(0.2)
    counts = {place.title: place.videos for place in page.places_model.places()}
    assert counts == {
        "All videos": 27, "Trash": 3, "Projects": 0, "Algebra": 14, "Calculus": 13,
    }  # fmt: skip
    assert page.browsing.videos_in_trash == 3


async def test_a_hidden_page_catches_up_when_it_is_looked_at(
    page: LibraryPage, library: LibraryDouble, bus: EventBus
) -> None:
    page.hide()
    library.searches.clear()
    library.videos["v0"] = replace(library.videos["v0"], trashed_at=NOW)
    bus.publish(LibraryChanged(("v0",)))
    await quiet(0.2)
    assert not library.searches
    page.show()
    await quiet(0.2)
    assert page.model.total == 29


async def test_a_new_result_begins_at_its_top(page: LibraryPage, shell: ShellDouble) -> None:
    page.centre.grid.verticalScrollBar().setValue(400)
    assert page.centre.grid.verticalScrollBar().value() > 0
    page.centre.bar.choose_order("title")
    await quiet()
    assert page.centre.grid.verticalScrollBar().value() == 0


async def test_a_refresh_keeps_the_place_on_screen(
    page: LibraryPage, library: LibraryDouble, bus: EventBus
) -> None:
    page.centre.grid.verticalScrollBar().setValue(300)
    bus.publish(LibraryChanged())
    await quiet(0.2)
    assert page.centre.grid.verticalScrollBar().value() == 300


async def test_projects_to_move_to_leave_out_the_one_all_are_in(page: LibraryPage) -> None:
    titles = [place.title for place in page.browsing.projects_but(["p1", "p1"])]
    assert titles == ["Algebra"]
    assert len(page.browsing.projects_but(["p1", "p2"])) == 2
    await settle()


async def test_cards_say_their_project_only_where_there_are_several(page: LibraryPage) -> None:
    page.show_view("table")
    column = 1
    assert not page.centre.table.isColumnHidden(column) or page.centre.table.width() < 700
    page.places.choose(PROJECT, "p1")
    await quiet()
    assert page.centre.table.isColumnHidden(column)
    assert page.focusPolicy() == Qt.FocusPolicy.NoFocus
