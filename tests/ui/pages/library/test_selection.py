from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import QItemSelectionModel

from desktop.domain.library import SearchQuery
from desktop.services.library import LibraryService
from desktop.ui.models.videos import VideosModel
from desktop.ui.pages.library.selection import REMEMBERED, Selection
from tests.ui.pages.library.conftest import quiet
from tests.ui.pages.library.doubles import LibraryDouble, many


@pytest.fixture
async def model(library: LibraryDouble) -> VideosModel:
    library.videos = many(1000)
    made = VideosModel(cast("LibraryService", library))
    made.show_query(SearchQuery())
    await quiet()
    return made


@pytest.fixture
async def selection(model: VideosModel) -> Selection:
    return Selection(model, model)


async def test_rows_are_selected_whole_from_top_to_bottom(selection: Selection) -> None:
    selection.select([3, 1])
    assert selection.rows() == (1, 3)
    assert [video.id for video in selection.videos()] == ["v1", "v3"]
    assert selection.one() is None
    selection.select([2])
    found = selection.one()
    assert found is not None
    assert found.id == "v2"
    await quiet()


async def test_moving_through_the_videos_tells_once_where_it_rests(selection: Selection) -> None:
    heard: list[tuple[int, ...]] = []
    selection.changed.connect(lambda: heard.append(selection.rows()))
    for row in range(20):
        selection.select([row])
    await quiet()
    assert heard == [(19,)]


async def test_ids_of_everything_selected_are_read(
    selection: Selection, model: VideosModel
) -> None:
    everything = range(model.total)
    selection.select(everything)
    assert len(selection.videos()) < 1000
    assert await selection.ids() == tuple(f"v{row}" for row in everything)
    await quiet()


async def test_the_same_videos_stay_selected_when_rows_move(
    selection: Selection, model: VideosModel, library: LibraryDouble
) -> None:
    selection.select([2, 4])
    new = replace(library.videos["v1"], id="new")
    library.videos = {"new": new, **library.videos}
    model.refresh()
    await quiet()
    assert selection.rows() == (3, 5)
    assert [video.id for video in selection.videos()] == ["v2", "v4"]


async def test_what_moves_up_is_selected_when_the_selected_video_goes(
    selection: Selection, model: VideosModel, library: LibraryDouble
) -> None:
    selection.select([2])
    selection.go_on_from(selection.rows())
    del library.videos["v2"]
    model.refresh()
    await quiet()
    assert [video.id for video in selection.videos()] == ["v3"]


async def test_the_last_row_is_selected_when_the_end_goes(
    selection: Selection, model: VideosModel, library: LibraryDouble
) -> None:
    library.videos = many(3)
    model.refresh()
    await quiet()
    selection.select([2])
    selection.go_on_from(selection.rows())
    del library.videos["v2"]
    model.refresh()
    await quiet()
    assert [video.id for video in selection.videos()] == ["v1"]


async def test_the_last_videos_stay_selected_when_others_go(
    selection: Selection, model: VideosModel, library: LibraryDouble
) -> None:
    library.videos = many(9)
    model.refresh()
    await quiet()
    selection.select([7, 8])
    for video_id in ("v1", "v2", "v3"):
        del library.videos[video_id]
    model.refresh()
    await quiet()
    assert [video.id for video in selection.videos()] == ["v7", "v8"]


async def test_nothing_is_selected_in_place_of_a_video_somebody_else_took_away(
    selection: Selection, model: VideosModel, library: LibraryDouble
) -> None:
    selection.select([2])
    del library.videos["v2"]
    model.refresh()
    await quiet()
    assert selection.rows() == ()


async def test_another_result_begins_without_a_selection(
    selection: Selection, model: VideosModel, library: LibraryDouble
) -> None:
    heard: list[int] = []
    selection.select([0, 12])
    await quiet()
    selection.changed.connect(lambda: heard.append(len(selection.rows())))
    model.show_query(SearchQuery(text="chain"))
    await quiet()
    assert selection.rows() == ()
    model.refresh()
    await quiet()
    assert selection.rows() == ()
    assert set(heard) == {0}


async def test_large_selections_keep_their_rows(
    selection: Selection, model: VideosModel, library: LibraryDouble
) -> None:
    selection.select(range(REMEMBERED + 1))
    model.refresh()
    await quiet()
    assert len(selection.rows()) == REMEMBERED + 1


async def test_views_share_the_selection(selection: Selection, model: VideosModel) -> None:
    selection.rows_model.select(
        model.index(5, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    assert selection.rows() == (5,)
    await quiet()
