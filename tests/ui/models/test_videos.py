import asyncio
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.domain.errors import Unavailable
from desktop.domain.events import EventBus
from desktop.domain.library import SearchPage, SearchQuery, SourceKind
from desktop.services.library import LibraryService
from desktop.ui import tasks
from desktop.ui.models.videos import (
    COLUMNS,
    MIME,
    PROJECT_ROLE,
    SNIPPET_ROLE,
    VIDEO_ROLE,
    VideosModel,
)
from desktop.ui.models.videos_window import PAGE
from tests.ui.conftest import settle
from tests.ui.pages.library.conftest import until
from tests.ui.pages.library.doubles import LibraryDouble, many

MANY = 2_000


@pytest.fixture
def library(tmp_path: Path) -> LibraryDouble:
    made = LibraryDouble(EventBus(), tmp_path)
    made.videos = many(MANY)
    return made


@pytest.fixture
def model(library: LibraryDouble) -> VideosModel:
    made = VideosModel(cast("LibraryService", library))
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


async def shown(model: VideosModel, text: str = "") -> VideosModel:
    model.show_query(SearchQuery(text=text))
    await read()
    return model


async def read() -> None:
    await settle()
    await until(lambda: not tasks.running())
    await asyncio.sleep(0.02)
    await until(lambda: not tasks.running())


def title(model: VideosModel, row: int) -> str | None:
    found = model.index(row, 0).data()
    return found if found is None else str(found)


async def test_only_the_pages_looked_at_are_read(
    model: VideosModel, library: LibraryDouble
) -> None:
    await shown(model)
    assert model.rowCount() == MANY
    library.searches.clear()
    assert title(model, 1_000) is None
    await read()
    assert title(model, 1_000) == library.videos["v1000"].title
    assert {query.offset for query in library.searches} == {1_000 // PAGE * PAGE}
    assert all(query.limit == PAGE for query in library.searches)


async def test_every_row_can_be_reached(model: VideosModel, library: LibraryDouble) -> None:
    await shown(model)
    for row in (0, PAGE - 1, PAGE, 999, MANY - 1):
        title(model, row)
        await read()
        assert title(model, row) == library.videos[f"v{row}"].title


async def test_pages_that_were_scrolled_past_are_not_read(
    model: VideosModel, library: LibraryDouble
) -> None:
    await shown(model)
    library.searches.clear()
    for row in range(0, MANY, PAGE):
        title(model, row)
    await read()
    assert len(library.searches) <= 4
    assert title(model, MANY - 1) is not None


async def test_the_newest_of_many_queries_is_shown_and_the_others_stop(
    model: VideosModel, library: LibraryDouble
) -> None:
    arrived: list[str] = []
    gates = {text: asyncio.Event() for text in ("q", "qu", "qui")}
    library.delays = {text: gate.wait for text, gate in gates.items()}
    model.arrived.connect(lambda: arrived.append(model.query.text))
    for text in gates:
        model.show_query(SearchQuery(text=text))
        await settle()
    assert len(tasks.running()) == 1
    for gate in reversed(gates.values()):
        gate.set()
    await read()
    assert arrived == ["qui"]
    assert model.total == sum("qui" in one.title.casefold() for one in library.videos.values())


async def test_old_rows_stay_until_new_ones_are_here(
    model: VideosModel, library: LibraryDouble
) -> None:
    await shown(model)
    gate = asyncio.Event()
    library.delays = {"quicksort": gate.wait}
    model.show_query(SearchQuery(text="quicksort"))
    await settle()
    assert model.total == MANY
    gate.set()
    await read()
    assert model.total < MANY
    assert "Quicksort" in str(title(model, 0))


async def test_a_page_of_an_old_query_does_not_get_into_the_new_one(
    model: VideosModel, library: LibraryDouble
) -> None:
    gate = asyncio.Event()
    await shown(model)
    library.delays = {"": gate.wait}
    title(model, 700)
    await settle()
    await asyncio.sleep(0.01)
    model.show_query(SearchQuery(text="eigenvectors"))
    await settle()
    gate.set()
    await read()
    assert model.query.text == "eigenvectors"
    found = [one for row in range(model.total) if (one := model.video(row))]
    assert found
    assert all("Eigenvectors" in one.title for one in found)


async def test_a_page_wanted_during_a_refresh_is_read_after_it(
    model: VideosModel, library: LibraryDouble
) -> None:
    await shown(model)
    gate = asyncio.Event()
    library.delays = {"": gate.wait}
    model.refresh()
    await settle()
    assert title(model, 1_200) is None
    await asyncio.sleep(0.01)
    gate.set()
    await until(lambda: model.video(1_200))


async def test_a_change_during_a_read_is_seen_after_it(
    model: VideosModel, library: LibraryDouble
) -> None:
    await shown(model)
    gate = asyncio.Event()
    library.delays = {"": gate.wait}
    title(model, 1_200)
    await asyncio.sleep(0.02)
    library.videos = dict(list(library.videos.items())[:50])
    model.refresh()
    gate.set()
    await until(lambda: model.total == 50)


async def test_a_refresh_keeps_rows_and_follows_what_came_and_went(
    model: VideosModel, library: LibraryDouble
) -> None:
    await shown(model)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    del library.videos["v0"]
    model.refresh()
    await read()
    assert (model.total, title(model, 0)) == (MANY - 1, library.videos["v1"].title)
    library.videos |= {"new": replace(library.videos["v1"], id="new")}
    model.refresh()
    await read()
    assert model.total == MANY
    assert not resets


async def test_a_refresh_before_anything_was_read_reads_the_first_page(
    model: VideosModel,
) -> None:
    model.refresh()
    await read()
    assert model.loaded
    assert model.total == MANY


async def test_ids_of_rows_nobody_has_looked_at_are_read(model: VideosModel) -> None:
    await shown(model)
    assert await model.ids((1, 150, 1_999)) == ("v1", "v150", "v1999")
    assert await model.ids(range(3 * PAGE)) == tuple(f"v{row}" for row in range(3 * PAGE))


async def test_a_search_that_fails_leaves_the_old_rows(
    model: VideosModel, library: LibraryDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shown(model)
    errors: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: errors.append(context))

    async def refuse(query: SearchQuery) -> SearchPage:
        raise Unavailable("The library cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr(library, "search", refuse)
        await shown(model, "limits")
    assert model.total == MANY
    assert isinstance(errors[0]["exception"], Unavailable)
    await shown(model, "limits")
    assert model.query.text == "limits"
    loop.set_exception_handler(None)


async def test_each_column_has_its_words(model: VideosModel, library: LibraryDouble) -> None:
    await shown(model)
    model.name_projects({"p1": "Calculus"})
    cells = [model.index(0, column).data() for column in range(len(COLUMNS))]
    assert cells[:4] == ["The chain rule 0", "Calculus", "Rendered", "0:41"]
    heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(len(COLUMNS))]
    assert tuple(heads) == COLUMNS
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    right = model.index(0, COLUMNS.index("Length")).data(Qt.ItemDataRole.TextAlignmentRole)
    assert right & Qt.AlignmentFlag.AlignRight


async def test_the_first_column_carries_the_video_for_views_and_screen_readers(
    model: VideosModel, library: LibraryDouble
) -> None:
    await shown(model)
    model.name_projects({"p1": "Calculus"})
    first = model.index(0, 0)
    assert first.data(VIDEO_ROLE) == library.videos["v0"]
    assert first.data(PROJECT_ROLE) == "Calculus"
    spoken = first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "The chain rule 0, Calculus, Rendered, 0:41"
    assert first.data(Qt.ItemDataRole.ToolTipRole) == "The chain rule 0"
    assert model.data(QModelIndex(), VIDEO_ROLE) is None


async def test_found_words_are_read_without_markup(
    model: VideosModel, library: LibraryDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(library.videos["v0"], kind=SourceKind.STORYBOARD)

    async def find(query: SearchQuery) -> SearchPage:
        return SearchPage((limits,), 1, {"v0": "## The\n«slope»"})

    monkeypatch.setattr(library, "search", find)
    await shown(model, "slope")
    assert model.index(0, 0).data(SNIPPET_ROLE) == "The «slope»"


async def test_dragged_videos_are_carried_by_id(model: VideosModel) -> None:
    await shown(model)
    rows = [model.index(row, column) for row in (2, 0) for column in (0, 1)]
    data = model.mimeData(rows)
    assert bytes(data.data(MIME).data()).decode().split() == ["v0", "v2"]
    assert model.mimeTypes() == [MIME]
    assert model.supportedDragActions() == Qt.DropAction.MoveAction
    assert model.index(0, 0).flags() & Qt.ItemFlag.ItemIsDragEnabled
