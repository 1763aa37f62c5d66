"""Versions of videos on their way to a destination, from the menus of library and studio."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from desktop.domain.transfers import Destination
from desktop.services.gathering import GatheredFile, Gathering, SkippedPath
from desktop.ui import tasks
from desktop.ui.pages.publish.panel import TransferPanel
from desktop.ui.pages.publish.upload_sheet import UploadSheet
from desktop.ui.pages.publish.uploading import UploadFlow
from desktop.ui.tour_transfers import DESTINATIONS
from tests.ui.fake_transfers import FakeTransfers
from tests.ui.fakes import video
from tests.ui.pages.library.conftest import choose, until
from tests.ui.pages.library.doubles import ShellDouble
from tests.ui.pages.publish.conftest import asked, settled

TEAM, ARCHIVE = DESTINATIONS

LIMITS = replace(video("Limits"), latest_version=3)


@pytest.fixture
def flow(shell: ShellDouble, transfers: FakeTransfers) -> UploadFlow:
    shell.show()
    return UploadFlow(shell, transfers.real, shell)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"f" * 1_500)
    return path


def words(sheet: UploadSheet) -> str:

    return " ".join(one.text() for one in sheet.findChildren(QLabel) if not one.isHidden())


async def test_a_version_keeps_its_name_at_the_destination(
    flow: UploadFlow, transfers: FakeTransfers, shell: ShellDouble, film: Path
) -> None:
    menu = QMenu(shell)
    flow.fill(menu, LIMITS, str(film))
    choose(menu, "Upload…")
    sheet = await asked(shell)
    assert isinstance(sheet, UploadSheet)
    assert sheet.prefix.isHidden() or not sheet.prefix.isVisible()
    assert sheet.preview.text() == ("Becomes s3://reels-of-the-team/videos/p1/v1/chunk_000_v3.mp4")
    sheet.accept()
    await until(lambda: shell.notes)
    (_, requests) = transfers.asked[-1]
    assert isinstance(requests, tuple)
    assert requests[0].key == "videos/p1/v1/chunk_000_v3.mp4"
    assert shell.notes == ["1 file queued for Team bucket"]


async def test_an_older_version_can_be_named(
    flow: UploadFlow, shell: ShellDouble, film: Path
) -> None:
    menu = QMenu(shell)
    flow.fill(menu, LIMITS, str(film), 2)
    choose(menu, "Upload…")
    sheet = await asked(shell)
    assert isinstance(sheet, UploadSheet)
    assert sheet.preview.text().endswith("chunk_000_v2.mp4")
    sheet.reject()
    await until(lambda: not sheet.isVisible())


def test_what_was_never_rendered_cannot_be_uploaded(flow: UploadFlow, shell: ShellDouble) -> None:
    menu = QMenu(shell)
    flow.fill(menu, video("Empty"), "")
    assert not menu.actions()[0].isEnabled()


async def test_a_film_that_is_gone_is_said(
    flow: UploadFlow, shell: ShellDouble, tmp_path: Path
) -> None:
    menu = QMenu(shell)
    flow.fill(menu, LIMITS, str(tmp_path / "gone.mp4"))
    choose(menu, "Upload…")
    await until(lambda: shell.errors)
    assert str(shell.errors[0]).startswith("The film of this version is gone")


async def test_the_last_destination_is_offered_first(
    flow: UploadFlow, shell: ShellDouble, film: Path
) -> None:
    flow.last = ARCHIVE.id
    menu = QMenu(shell)
    flow.fill(menu, LIMITS, str(film))
    choose(menu, "Upload…")
    sheet = await asked(shell)
    assert isinstance(sheet, UploadSheet)
    assert sheet.choice().destination == ARCHIVE
    sheet.reject()
    await until(lambda: not sheet.isVisible())


@pytest.fixture
def sheet_of(shell: QWidget) -> Callable[[Gathering], UploadSheet]:
    def make(found: Gathering, *places: Destination) -> UploadSheet:
        return UploadSheet(shell, found, places or DESTINATIONS)

    return make


def test_what_stays_here_is_said_with_the_reason(
    sheet_of: Callable[[Gathering], UploadSheet],
) -> None:
    files = tuple(GatheredFile(Path(f"/a/{n}.mp4"), f"{n}.mp4", 1_000) for n in range(6))
    skipped = tuple(SkippedPath(Path(f"/a/{n}.tmp"), "It cannot be read.") for n in range(5))
    said = words(sheet_of(Gathering(files, skipped, hidden=2)))
    assert "Upload 6 files, 6 KB" in said
    assert "and 2 more files" in said
    assert "0.tmp stays here. It cannot be read." in said
    assert "2 more things cannot be uploaded" in said
    assert "2 hidden files left out" in said


def test_nothing_is_replaced_unless_a_person_says_so(
    sheet_of: Callable[[Gathering], UploadSheet],
) -> None:
    sheet = sheet_of(Gathering((GatheredFile(Path("/a/b.mp4"), "b.mp4", 1),)))
    assert not sheet.choice().replace
    sheet.prefix.setText("/a/b/")
    assert sheet.choice().prefix == "a/b/"
    sheet.prefix.setText(" / ")
    assert sheet.choice().prefix == ""


async def test_files_are_uploaded_where_the_person_says(
    panel: TransferPanel, transfers: FakeTransfers, shell: ShellDouble, tmp_path: Path
) -> None:
    film, folder = tmp_path / "film.mp4", tmp_path / "stills"
    film.write_bytes(b"f" * 2_000)
    folder.mkdir()
    (folder / "one.png").write_bytes(b"p" * 500)
    panel.take([film, folder, tmp_path / "gone.mp4"])
    asking = await asked(shell)
    assert isinstance(asking, UploadSheet)
    assert asking.windowTitle() == "Upload 2 files, 2.5 KB"
    asking.choose("archive")
    asking.prefix.setText(" /2026/spring/ ")
    assert asking.preview.text() == "Becomes s3://masters/lectures/2026/spring/film.mp4"
    asking.replace.setChecked(True)
    asking.accept()
    await settled(panel)
    (_, requests) = transfers.asked[-1]
    assert isinstance(requests, tuple)
    assert [(one.key, one.destination, one.replace) for one in requests] == [
        ("2026/spring/film.mp4", "archive", True),
        ("2026/spring/stills/one.png", "archive", True),
    ]
    assert shell.notes == ["2 files queued for Archive"]
    assert panel.model.index(0).data() == "film.mp4"


async def test_folders_without_files_are_told_apart_from_work(
    panel: TransferPanel, shell: ShellDouble, tmp_path: Path
) -> None:
    panel.take([tmp_path])
    await until(lambda: shell.errors)
    assert "empty" in str(shell.errors[0])


async def test_what_the_sheet_says_is_what_is_uploaded(
    flow: UploadFlow, transfers: FakeTransfers, shell: ShellDouble, tmp_path: Path
) -> None:
    folder = tmp_path / "lectures"
    folder.mkdir()
    for name in ("a.mp4", ".hidden.mp4"):
        (folder / name).write_bytes(b"f")
    tasks.start(flow, flow.take([folder]), "upload")
    sheet = await asked(shell)
    assert isinstance(sheet, UploadSheet)
    assert "Upload 1 file" in words(sheet)
    (folder / "came-later.mp4").write_bytes(b"f")
    sheet.prefix.setText("2026")
    sheet.accept()
    await until(lambda: shell.notes)
    (_, requests) = transfers.asked[-1]
    assert isinstance(requests, tuple)
    assert [one.key for one in requests] == ["2026/lectures/a.mp4"]
