from pathlib import Path

import pytest

from desktop.ui import dialogs
from desktop.ui.import_preview import ImportPreview
from desktop.ui.models.projects import PROJECT
from desktop.ui.new_video import NewVideoDialog
from desktop.ui.pages.library import LibraryPage
from tests.ui.conftest import settle
from tests.ui.pages.library.conftest import quiet, sheet, until
from tests.ui.pages.library.doubles import LibraryDouble, ShellDouble


async def test_a_new_video_goes_into_the_project_that_is_shown(
    page: LibraryPage, library: LibraryDouble, shell: ShellDouble
) -> None:
    page.places.choose(PROJECT, "p2")
    await quiet()
    page.begin.new_video()
    await settle()
    dialog = sheet(page)
    assert isinstance(dialog, NewVideoDialog)
    dialog.title.setText("Groups")
    dialog.accept()
    await until(lambda: shell.opened)
    made = library.videos[shell.opened[0]]
    assert (made.title, made.project_id) == ("Groups", "p2")
    await quiet(0.2)


async def test_a_video_that_is_not_wanted_is_not_made(
    page: LibraryPage, library: LibraryDouble
) -> None:
    page.begin.new_video()
    await settle()
    sheet(page).reject()
    await quiet()
    assert len(library.videos) == 30


async def test_chosen_files_are_shown_before_they_come_in(
    page: LibraryPage, shell: ShellDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def files(*_: object) -> tuple[Path, ...]:
        return (Path("limits.md"),)

    monkeypatch.setattr(dialogs, "choose_files", files)
    page.begin.bring()
    await settle()
    await settle()
    dialog = sheet(page)
    assert isinstance(dialog, ImportPreview)
    dialog.accept()
    await until(lambda: shell.undos)
    assert shell.undos[0].label == "Imported 1 videos"
    await quiet(0.2)


async def test_the_samples_are_installed_and_shown(
    page: LibraryPage, library: LibraryDouble
) -> None:
    page.begin.open_samples()
    await until(lambda: page.places.place.project_id == "samples")
    await quiet(0.2)
    assert page.model.total == 1
