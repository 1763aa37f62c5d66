from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QMenu

from desktop.ui.models.projects import PROJECT, TRASH, Place
from desktop.ui.pages.library import LibraryPage
from tests.ui.conftest import settle
from tests.ui.fakes import NOW, project
from tests.ui.pages.library.conftest import choose, quiet, sheet, texts, until
from tests.ui.pages.library.doubles import LibraryDouble, ShellDouble, many


async def select(page: LibraryPage, *rows: int) -> None:
    page.selection.select(rows)
    await quiet()


async def in_trash(page: LibraryPage, library: LibraryDouble, *video_ids: str) -> None:
    await library.trash_videos(video_ids)
    page.places.choose(TRASH)
    await quiet(0.2)
    page.selection.select(range(len(video_ids)))
    await quiet()


async def test_a_video_opens_in_the_studio(page: LibraryPage, shell: ShellDouble) -> None:
    await select(page, 3)
    page.conduct.open()
    assert shell.opened == ["v3"]
    await select(page, 3, 4)
    page.conduct.open()
    assert shell.opened == ["v3"]


async def test_a_video_of_the_trash_is_not_opened(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    await in_trash(page, library, "v3")
    page.conduct.open()
    assert not shell.opened
    assert shell.notes == ["Restore the video to open it"]


async def test_the_next_video_is_selected_after_one_was_trashed(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    await select(page, 3)
    page.conduct.trash()
    await quiet(0.2)
    assert library.videos["v3"].trashed_at
    assert [video.id for video in page.selection.videos()] == ["v4"]
    await shell.undos[0].revert()
    await quiet(0.2)
    assert page.model.total == 30


async def test_videos_are_restored_or_deleted_from_the_trash(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    await in_trash(page, library, "v1", "v2")
    page.selection.select([0])
    page.conduct.restore()
    await quiet(0.2)
    assert not library.videos["v1"].trashed_at
    page.selection.select([0])
    page.conduct.delete()
    await settle()
    sheet(page).accept()
    await quiet(0.2)
    assert library.purged == ["v2"]


async def test_trashing_in_the_trash_does_nothing(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    await in_trash(page, library, "v1")
    page.conduct.trash()
    await quiet()
    assert not shell.undos


async def test_the_trash_is_emptied_after_asking(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    await in_trash(page, library, "v1", "v2")
    page.centre.trash_bar.empty.click()
    await settle()
    sheet(page).accept()
    await quiet(0.2)
    assert library.purged == ["v1", "v2"]
    assert page.centre.empty_reason == "trash"


async def test_selected_videos_move_by_menu_and_back_by_undo(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble, popups: list[QMenu]
) -> None:
    await select(page, 0, 2)
    page.conduct.show_projects(QPoint(0, 0))
    assert texts(popups[0]) == ["Algebra", "New project…"]
    choose(popups[0], "Algebra")
    await quiet(0.2)
    assert {library.videos["v0"].project_id, library.videos["v2"].project_id} == {"p2"}
    await shell.undos[0].revert()
    await quiet(0.2)
    assert library.videos["v0"].project_id == "p1"


async def test_videos_can_move_to_a_project_made_for_them(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    await select(page, 0)
    page.conduct.move_to_new()
    await settle()
    sheet(page).findChildren(QLineEdit)[0].setText("Analysis")
    sheet(page).accept()
    await quiet(0.2)
    titles = {one.id: one.title for one in library.all_projects.values()}
    assert titles[library.videos["v0"].project_id] == "Analysis"


async def test_giving_up_on_a_project_leaves_the_videos(
    page: LibraryPage, library: LibraryDouble
) -> None:
    await select(page, 0)
    page.conduct.move_to_new()
    await settle()
    sheet(page).reject()
    await quiet()
    assert library.videos["v0"].project_id == "p1"
    assert len(library.all_projects) == 2


async def test_videos_dropped_on_a_project_move_there(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    page.places_model.dropped.emit(Place(PROJECT, "Algebra", "p2"), ("v0",))
    await quiet(0.2)
    assert library.videos["v0"].project_id == "p2"
    assert shell.undos[0].label == "Moved 1 video to “Algebra”"


async def test_videos_dropped_on_the_trash_go_there(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    page.places_model.dropped.emit(Place(TRASH, "Trash"), ("v0", "v1"))
    await quiet(0.2)
    assert library.videos["v1"].trashed_at
    await shell.undos[0].revert()
    await quiet(0.2)
    assert not library.videos["v1"].trashed_at


async def test_everything_selected_moves_not_only_what_was_looked_at(
    page: LibraryPage, library: LibraryDouble
) -> None:
    library.videos = many(400, ("p1",))
    page.browsing.library_changed()
    await quiet(0.2)
    page.selection.select(range(400))
    await quiet()
    data = page.model.mimeData([page.model.index(row, 0) for row in range(400)])
    target = page.places_model.index(page.places_model.row_of(PROJECT, "p2") or 0)
    page.places_model.dropMimeData(data, page.model.supportedDragActions(), -1, -1, target)
    await until(lambda: {one.project_id for one in library.videos.values()} == {"p2"})
    await quiet(0.2)


async def test_a_video_dropped_out_of_the_trash_lives_again(
    page: LibraryPage, library: LibraryDouble
) -> None:
    await in_trash(page, library, "v0")
    page.places_model.dropped.emit(Place(PROJECT, "Algebra", "p2"), ("v0",))
    await quiet(0.2)
    assert not library.videos["v0"].trashed_at
    assert library.videos["v0"].project_id == "p2"
    page.places_model.dropped.emit(Place(TRASH, "Trash"), ("v0",))
    await quiet(0.2)
    assert not library.videos["v0"].trashed_at


async def test_a_new_project_is_shown_at_once(page: LibraryPage, library: LibraryDouble) -> None:
    page.conduct.new_project()
    await settle()
    sheet(page).findChildren(QLineEdit)[0].setText("Analysis")
    sheet(page).accept()
    await quiet(0.2)
    assert page.places.place.title == "Analysis"
    assert page.centre.empty_reason == "project"


async def test_the_chosen_project_can_be_renamed_and_trashed(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    page.places.choose(PROJECT, "p1")
    page.conduct.rename_project()
    await settle()
    sheet(page).findChildren(QLineEdit)[0].setText("Analysis")
    sheet(page).accept()
    await quiet(0.2)
    assert page.places.place.title == "Analysis"
    page.conduct.trash_project()
    await quiet(0.2)
    assert page.places.place.title == "All videos"
    await shell.undos[-1].revert()
    await quiet(0.2)
    assert library.all_projects["p1"].title == "Analysis"


async def test_no_project_chosen_means_none_is_changed(
    page: LibraryPage, library: LibraryDouble
) -> None:
    page.conduct.rename_project()
    page.conduct.trash_project()
    await quiet()
    assert len(library.all_projects) == 2


async def test_the_menu_of_videos_fits_the_selection(page: LibraryPage) -> None:
    await select(page, 0)
    assert texts(page.conduct.videos_menu()) == [
        "Open in studio", "Rename", "Export", "Upload…", "Duplicate", "Move to", "Move to trash",
    ]  # fmt: skip
    await select(page, 0, 1)
    assert texts(page.conduct.videos_menu()) == ["Duplicate", "Move to", "Move to trash"]


async def test_the_menu_of_the_trash_restores_and_deletes(
    page: LibraryPage, library: LibraryDouble
) -> None:
    await in_trash(page, library, "v0")
    assert texts(page.conduct.videos_menu()) == ["Restore from trash", "Delete for good…"]


@pytest.mark.parametrize(
    ("place", "choices"),
    [
        (None, ["New project…"]),
        (Place(TRASH, "Trash"), ["New project…"]),
        (
            Place(PROJECT, "Calculus", "p1"),
            ["New video here…", "Rename project…", "Move project to trash", "New project…"],
        ),
    ],
)
async def test_the_menu_of_a_place_fits_it(
    page: LibraryPage, place: Place | None, choices: list[str]
) -> None:
    if place is not None:
        page.places.choose(place.kind, place.project_id)
    await quiet()
    assert texts(page.conduct.places_menu(place)) == choices


async def test_projects_of_the_trash_can_be_restored(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    library.trashed_projects["p8"] = project("Old", "p8")
    library.videos["v0"] = replace(library.videos["v0"], project_id="p8", trashed_at=NOW)
    page.browsing.library_changed()
    await quiet(0.2)
    choose(page.conduct.restore_menu(), "Old")
    await quiet(0.2)
    assert "p8" in library.all_projects
    assert not library.videos["v0"].trashed_at


async def test_exports_are_offered_for_one_video(page: LibraryPage, popups: list[QMenu]) -> None:
    page.conduct.show_exports(QPoint(0, 0))
    assert not popups
    await select(page, 0)
    page.conduct.show_exports(QPoint(0, 0))
    assert "Video file…" in texts(popups[0])


async def test_copies_are_made_of_everything_selected(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    await select(page, 0, 1)
    page.conduct.duplicate()
    await quiet(0.2)
    assert len(library.videos) == 32
    assert shell.undos[0].label == "Duplicated 2 videos"
