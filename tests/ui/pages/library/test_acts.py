import asyncio
from collections.abc import Coroutine
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.domain.errors import Unavailable
from desktop.services.library import LibraryService
from desktop.ui.pages.library.acts import LibraryActs
from tests.ui.conftest import settle
from tests.ui.pages.library.conftest import sheet
from tests.ui.pages.library.doubles import LibraryDouble, ShellDouble


@pytest.fixture
def acts(library: LibraryDouble, shell: ShellDouble) -> LibraryActs:
    shell.show()
    return LibraryActs(shell, cast("LibraryService", library), shell)


async def answered(of: QWidget, work: Coroutine[Any, Any, object], text: str | None = "") -> None:
    """Start something that asks; accept its dialog with ``text``, or cancel it for None."""
    waiting = asyncio.get_running_loop().create_task(work)
    await settle()
    dialog = sheet(of)
    if text is None:
        dialog.reject()
    else:
        for field in dialog.findChildren(QLineEdit):
            field.setText(text)
        dialog.accept()
    await waiting
    await settle()


async def test_videos_go_into_the_trash_and_come_back(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await acts.trash(("v1", "v2"))
    assert library.videos["v1"].trashed_at
    assert shell.undos[0].label == "Moved 2 videos to the trash"
    await shell.undos[0].revert()
    assert not library.videos["v1"].trashed_at


async def test_restoring_can_be_taken_back(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await library.trash_videos(("v1",))
    await acts.restore(("v1",))
    assert not library.videos["v1"].trashed_at
    assert shell.undos[0].label == "Restored 1 video"
    await shell.undos[0].revert()
    assert library.videos["v1"].trashed_at


async def test_nothing_selected_does_nothing(acts: LibraryActs, shell: ShellDouble) -> None:
    await acts.trash(())
    await acts.restore(())
    await acts.delete(())
    await acts.duplicate(())
    await acts.move((), "p2", "Algebra")
    await acts.empty_trash(0, 0)
    assert not shell.undos
    assert not shell.notes


async def test_deleting_for_good_asks_first(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await library.trash_videos(("v1", "v2"))
    await answered(shell, acts.delete(("v1",)), None)
    assert "v1" in library.videos
    await answered(shell, acts.delete(("v1",)))
    assert "v1" not in library.videos
    assert library.purged == ["v1"]
    assert shell.notes == ["Deleted 1 video"]
    assert not shell.undos


async def test_emptying_the_trash_says_what_will_be_gone(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await library.trash_videos(("v1", "v2"))
    waiting = asyncio.get_running_loop().create_task(acts.empty_trash(2, 1))
    await settle()
    assert sheet(shell).accept_button.text() == "Empty the trash"
    texts = [one.text() for one in sheet(shell).findChildren(QWidget) if hasattr(one, "text")]
    assert "Delete 2 videos and 1 project for good?" in texts
    sheet(shell).accept()
    await waiting
    assert library.purged == ["v1", "v2"]
    assert shell.notes == ["The trash is empty: deleted 2 videos and 1 project"]


async def test_an_emptying_that_is_not_wanted_leaves_everything(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await library.trash_videos(("v1",))
    await answered(shell, acts.empty_trash(1, 0), None)
    assert not library.purged


async def test_moving_is_one_act_whatever_the_number(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    before = [library.videos[video_id].project_id for video_id in ("v0", "v1", "v2")]
    await acts.move(("v0", "v1", "v2"), "p2", "Algebra")
    assert {library.videos[video_id].project_id for video_id in ("v0", "v1", "v2")} == {"p2"}
    assert [undo.label for undo in shell.undos] == ["Moved 2 videos to “Algebra”"]
    await shell.undos[0].revert()
    now = [library.videos[video_id].project_id for video_id in ("v0", "v1", "v2")]
    assert now == before


async def test_videos_that_are_there_already_stay(acts: LibraryActs, shell: ShellDouble) -> None:
    await acts.move(("v1",), "p2", "Algebra")
    assert not shell.undos


async def test_copies_go_away_again(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    copies = await acts.duplicate(("v1", "v2"))
    assert [copy.title.endswith("(copy)") for copy in copies] == [True, True]
    assert shell.undos[0].label == "Duplicated 2 videos"
    await shell.undos[0].revert()
    assert all(library.videos[copy.id].trashed_at for copy in copies)


async def test_an_edit_can_be_taken_back(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    before = library.videos["v1"]
    await acts.edit("v1", title="Limits", tags=("a",))
    assert (library.videos["v1"].title, library.videos["v1"].tags) == ("Limits", ("a",))
    await shell.undos[0].revert()
    assert library.videos["v1"] == before


async def test_a_project_is_made_with_the_title_given(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await answered(shell, acts.new_project(), "  Analysis ")
    assert "Analysis" in {one.title for one in library.all_projects.values()}


async def test_a_project_without_a_title_is_not_made(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    waiting = asyncio.get_running_loop().create_task(acts.new_project())
    await settle()
    assert not sheet(shell).accept_button.isEnabled()
    sheet(shell).reject()
    await waiting
    assert len(library.all_projects) == 2


async def test_a_project_gets_another_title_and_its_old_one_back(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await answered(shell, acts.rename_project("p1"), "Analysis")
    assert library.all_projects["p1"].title == "Analysis"
    await shell.undos[0].revert()
    assert library.all_projects["p1"].title == "Calculus"


async def test_the_same_title_is_no_act(acts: LibraryActs, shell: ShellDouble) -> None:
    await answered(shell, acts.rename_project("p1"), "Calculus")
    assert not shell.undos


async def test_a_project_goes_with_its_videos_and_comes_back_with_them(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble
) -> None:
    await acts.trash_project("p1")
    assert library.videos["v0"].trashed_at
    assert "p1" not in library.all_projects
    await acts.restore_project("p1", "Calculus")
    assert not library.videos["v0"].trashed_at
    assert shell.undos[-1].label == "Restored the project “Calculus”"
    await shell.undos[-1].revert()
    assert "p1" in library.trashed_projects


async def test_errors_are_shown_by_the_window(
    acts: LibraryActs, library: LibraryDouble, shell: ShellDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(video_ids: object) -> None:
        raise Unavailable("The disk is full")

    monkeypatch.setattr(library, "trash_videos", refuse)
    acts.start(acts.trash(("v1",)), "trash")
    await settle()
    assert [str(error) for error in shell.errors] == ["The disk is full"]
    assert not shell.undos
