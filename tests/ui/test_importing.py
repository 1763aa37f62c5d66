"""Files dropped on the window, with the real services on a library of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.errors import InvalidInput, Unavailable
from desktop.domain.library import SearchQuery, SourceKind
from desktop.services.services import Services
from desktop.services.values import ImportPlan, ImportResult
from desktop.ui import dialogs, importing, tasks
from desktop.ui.consent import ConsentSheet
from desktop.ui.drop import DropTarget
from desktop.ui.import_preview import ImportPreview, ItemRow
from desktop.ui.importing import ImportFlow
from desktop.ui.theme import Theme
from tests.playback.films import Film, write
from tests.ui.conftest import settle
from tests.ui.pages.library.conftest import until
from tests.ui.pages.library.doubles import ShellDouble

STORYBOARD = "---\ntitle: Limits\n---\n\n## The idea\n\n- Closer and closer\n"
SCENE = "from manim import Scene\n\n\nclass One(Scene):\n    def construct(self):\n        pass\n"


class Window(ShellDouble):
    """A window that takes files anywhere, over its editor too."""

    def __init__(self, services: Services, theme: Theme) -> None:
        super().__init__(services.bus, theme)
        self.library = services.library
        self.target = DropTarget(self)
        self.flow = ImportFlow(self, self, services.importing, services.consent, services.library)
        self.target.dropped.connect(
            lambda paths: tasks.start(self, self.flow.take(paths), "import")
        )
        QVBoxLayout(self).addWidget(QWidget())

    def drop(self, *paths: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        event = QDropEvent(
            QPointF(200, 200), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QCoreApplication.sendEvent(self.windowHandle(), event)

    async def preview(self) -> ImportPreview:
        await until(lambda: any(one.isVisible() for one in self.findChildren(ImportPreview)))
        return next(one for one in self.findChildren(ImportPreview) if one.isVisible())

    async def held(self) -> tuple[set[str], set[str]]:
        """Return the titles of projects and videos that are not in the trash."""
        await until(lambda: not tasks.running())
        page = await self.library.search(SearchQuery())
        projects = await self.library.projects()
        return {one.title for one in projects}, {one.title for one in page.videos}


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with open_services(below(tmp_path / "home")) as opened:
        yield opened


@pytest.fixture
async def window(services: Services, theme: Theme, qtbot: QtBot) -> AsyncIterator[Window]:
    made = Window(services, theme)
    qtbot.addWidget(made, before_close_func=lambda window: window.bridge.close())
    made.resize(900, 700)
    made.show()
    made.target.start()
    yield made
    await until(lambda: not tasks.running())


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a folder as an editor has it: usable files among others."""
    folder = tmp_path / "analysis course"
    (folder / "scenes").mkdir(parents=True)
    (folder / "limits.md").write_text(STORYBOARD, "utf-8")
    (folder / "scenes" / "one.py").write_text(SCENE, "utf-8")
    (folder / "notes.docx").write_bytes(b"not a document")
    (folder / ".hidden.md").write_text(STORYBOARD, "utf-8")
    write(folder / "talk.mp4", Film(12, width=64, height=64))
    return folder


def rows(preview: ImportPreview) -> list[tuple[str, bool]]:
    found = preview.findChildren(ItemRow)
    return [(row.item().path.name, row.tick.isEnabled()) for row in found]


def words(of: QWidget) -> str:
    return "\n".join(one.text() for one in of.findChildren(QLabel) if one.isVisible())


async def test_a_dropped_folder_is_shown_before_anything_happens(
    window: Window, course: Path
) -> None:
    window.drop(course)
    preview = await window.preview()
    assert sorted(rows(preview)) == [("limits.md", True), ("one.py", True), ("talk.mp4", True)]
    assert preview.accept_button.text() == "Import 3 items"
    assert preview.project.currentText() == "New project “Analysis course”"
    assert "Storyboard, 1 scene" in words(preview)
    preview.reject()
    assert await window.held() == (set(), set())
    assert not window.undos


async def test_what_was_accepted_comes_in_and_undo_takes_it_back(
    window: Window, course: Path, services: Services
) -> None:
    imported: list[ImportResult] = []
    window.flow.imported.connect(imported.append)
    window.drop(course)
    preview = await window.preview()
    talk = next(row for row in preview.findChildren(ItemRow) if row.item().path.suffix == ".py")
    talk.tick.setChecked(False)
    preview.accept()
    await until(lambda: window.undos)
    assert await window.held() == ({"Analysis course"}, {"Limits", "Talk"})
    assert window.undos[0].label == "Imported 2 videos"
    assert len(imported[0].video_ids) == 2
    footage = await services.library.search(SearchQuery(kind=SourceKind.FOOTAGE))
    assert footage.videos[0].latest_version == 1
    await window.undos[0].revert()
    assert await window.held() == (set(), set())
    trashed = await services.library.search(SearchQuery(trashed=True))
    assert trashed.total == 2


async def test_files_go_into_the_project_the_person_chooses(
    window: Window, course: Path, services: Services
) -> None:
    await services.library.create_project("Lectures")
    window.drop(course / "limits.md")
    preview = await window.preview()
    preview.project.setCurrentIndex(1)
    preview.accept()
    await until(lambda: window.undos)
    assert await window.held() == ({"Lectures"}, {"Limits"})
    await window.undos[0].revert()
    assert await window.held() == ({"Lectures"}, set())


async def test_files_that_make_no_sense_are_explained(window: Window, tmp_path: Path) -> None:
    bad = {
        "notes.docx": b"not a document",
        "latin.md": "## caf\u00e9".encode("latin-1"),
        "empty.md": b"",
        "cut.mp4": b"\x00\x00\x00 ftypisom",
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    window.drop(*(tmp_path / name for name in bad), tmp_path / "gone.md")
    preview = await window.preview()
    assert [enabled for _, enabled in rows(preview)] == [False] * 5
    told = words(preview)
    for part in (
        "Not a storyboard, Manim file or video.",
        "latin.md is not UTF-8 text",
        "Storyboard without scenes.",
        "cut.mp4 is damaged or not a video",
        "Cannot be read",
        "Proofreel imports storyboards (.md), Manim files (.py), videos",
    ):
        assert part in told
    assert "Errno" not in told
    assert not preview.project.isVisible()
    preview.accept()
    assert await window.held() == (set(), set())
    assert not window.errors


async def test_a_broken_manim_file_comes_in_with_its_error(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(SCENE.replace("(self)", "(self"), "utf-8")
    window.drop(path)
    preview = await window.preview()
    assert "Line 5" in words(preview)
    preview.accept()
    await until(lambda: window.undos)
    assert (await window.held())[1] == {"Broken"}


async def test_a_folder_without_anything_usable_says_what_can_be_dropped(
    window: Window, tmp_path: Path
) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear", "utf-8")
    window.drop(folder)
    await until(lambda: window.errors)
    error = window.errors[0]
    assert isinstance(error, InvalidInput)
    assert error.title == "There is nothing to import"
    assert "holiday" in error.detail
    assert ".md" in error.remedy


async def test_an_import_that_fails_after_all_leaves_nothing(window: Window, course: Path) -> None:
    window.drop(course / "limits.md")
    preview = await window.preview()
    (course / "limits.md").unlink()
    preview.accept()
    await until(lambda: window.errors)
    assert "limits.md" in str(window.errors[0])
    assert not window.undos
    assert await window.held() == (set(), set())


async def test_the_code_of_several_files_is_one_question_after_the_import(
    window: Window, tmp_path: Path, services: Services
) -> None:
    for number in range(3):
        scene = SCENE.replace("pass", f"self.wait({number})")
        (tmp_path / f"scene{number}.py").write_text(scene, "utf-8")
    imported: list[ImportResult] = []
    window.flow.imported.connect(imported.append)
    window.drop(*sorted(tmp_path.glob("*.py")))
    preview = await window.preview()
    assert "3 files bring code. Importing runs none of it" in words(preview)
    for row in preview.findChildren(ItemRow)[:2]:
        row.tick.setChecked(False)
    assert "One file brings code." in words(preview)
    for row in preview.findChildren(ItemRow):
        row.tick.setChecked(True)
    preview.accept()
    await until(lambda: [one for one in window.findChildren(ConsentSheet) if one.isVisible()])
    [sheet] = [one for one in window.findChildren(ConsentSheet) if one.isVisible()]
    assert "Allow the code of 3 videos?" in words(sheet)
    sheet.accept()
    await until(lambda: imported)
    async with asyncio.timeout(5):
        while await services.consent.needed(*imported[0].video_ids):  # noqa: ASYNC110  given soon
            await asyncio.sleep(0.01)


async def test_a_file_that_brings_no_code_says_nothing_of_it(window: Window, course: Path) -> None:
    window.drop(course / "limits.md")
    preview = await window.preview()
    assert "code" not in words(preview)
    preview.accept()
    await until(lambda: window.undos)
    assert not window.findChildren(ConsentSheet)


async def test_what_failed_is_named_and_the_rest_is_there(window: Window, course: Path) -> None:
    window.drop(course)
    preview = await window.preview()
    (course / "limits.md").unlink()
    preview.accept()
    await until(lambda: window.undos)
    assert window.undos[0].label == "Imported 2 videos"
    assert "limits.md" in str(window.errors[0])
    assert (await window.held())[1] == {"One", "Talk"}


async def test_a_long_look_is_announced_and_a_short_one_is_not(
    window: Window, course: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.drop(course / "limits.md")
    (await window.preview()).reject()
    await until(lambda: not tasks.running())
    before = len(window.notes)
    monkeypatch.setattr(importing, "MOMENT", 0.02)

    async def slow(paths: Sequence[Path]) -> ImportPlan:
        await asyncio.sleep(0.1)
        return ImportPlan((), "Nothing")

    monkeypatch.setattr(services.importing, "plan", slow)
    window.drop(course / "limits.md")
    await until(lambda: window.errors)
    assert window.notes[before:] == ["Looking at the files…"]
    monkeypatch.setattr(importing, "MOMENT", 60)
    window.drop(course / "limits.md")
    await until(lambda: len(window.errors) == 2)
    assert len(window.notes) == before + 1


async def test_a_full_disk_is_told_and_nothing_is_half_done(
    window: Window, course: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise Unavailable("The disk is full", remedy="Free some space.")

    window.drop(course / "limits.md")
    preview = await window.preview()
    monkeypatch.setattr(services.library, "create_video", full)
    preview.accept()
    await until(lambda: window.errors)
    assert "The disk is full" in str(window.errors[0])
    assert await window.held() == (set(), set())


async def test_files_and_folders_can_be_chosen_as_well(
    window: Window, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def files(*_: object) -> tuple[Path, ...]:
        return (course / "limits.md",)

    async def folder(*_: object) -> Path:
        return course

    async def nothing(*_: object) -> tuple[Path, ...]:
        return ()

    monkeypatch.setattr(dialogs, "choose_files", files)
    monkeypatch.setattr(dialogs, "choose_folder", folder)
    for choose, count in ((window.flow.choose_files, 1), (window.flow.choose_folder, 3)):
        tasks.start(window, choose(), "choose")
        preview = await window.preview()
        assert len(rows(preview)) == count
        preview.reject()
        await until(lambda: not tasks.running())
    monkeypatch.setattr(dialogs, "choose_files", nothing)
    await window.flow.choose_files()
    await settle()
    assert not [one for one in window.findChildren(ImportPreview) if one.isVisible()]
