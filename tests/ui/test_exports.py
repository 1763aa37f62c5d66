import asyncio
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.domain.events import EventBus
from desktop.domain.library import SourceKind, Video
from desktop.services.library import LibraryService
from desktop.ui import dialogs
from desktop.ui.exports import ExportActs, file_name
from desktop.ui.theme import Theme
from tests.ui.fakes import video
from tests.ui.pages.library.conftest import ExportingDouble, choose, quiet, texts
from tests.ui.pages.library.doubles import LibraryDouble, ShellDouble

LIMITS = replace(video("Limits: a first look", "v1"), latest_version=2)


@pytest.fixture
def exporting() -> ExportingDouble:
    return ExportingDouble()


@pytest.fixture
def shell(theme: Theme, qtbot: QtBot) -> ShellDouble:
    made = ShellDouble(EventBus(), theme)
    qtbot.addWidget(made, before_close_func=lambda window: window.bridge.close())
    return made


@pytest.fixture
def exports(shell: ShellDouble, exporting: ExportingDouble, tmp_path: Path) -> ExportActs:
    library = LibraryDouble(EventBus(), tmp_path)
    return ExportActs(shell, exporting.real, cast("LibraryService", library), shell)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Answer every file dialog; collect what was proposed."""
    proposed: list[str] = []

    async def target(parent: object, title: str, name: str, patterns: str) -> Path:
        proposed.append(name)
        return tmp_path / name

    async def folder(parent: object, title: str) -> Path:
        proposed.append(title)
        return tmp_path

    monkeypatch.setattr(dialogs, "choose_target", target)
    monkeypatch.setattr(dialogs, "choose_folder", folder)
    return proposed


def menu_of(exports: ExportActs, shown: Video, number: int | None = None) -> QMenu:
    menu = QMenu(exports.page)
    exports.fill(menu, shown, number)
    return menu


def possible(exports: ExportActs, shown: Video) -> list[str]:
    return [one.text() for one in menu_of(exports, shown).actions() if one.isEnabled()]


async def test_what_can_be_exported_depends_on_what_there_is(exports: ExportActs) -> None:
    assert texts(menu_of(exports, LIMITS)) == possible(exports, LIMITS)
    assert possible(exports, replace(LIMITS, latest_version=0)) == ["Manim project folder…"]
    footage = replace(LIMITS, kind=SourceKind.FOOTAGE)
    assert possible(exports, footage) == ["Video file…", "GIF…"]


async def test_each_form_is_written_where_the_person_says(
    exports: ExportActs, exporting: ExportingDouble, asked: list[str], tmp_path: Path
) -> None:
    menu = menu_of(exports, LIMITS)
    for text in texts(menu):
        choose(menu, text)
        await quiet(0)
    written = [(form, path.relative_to(tmp_path).name) for form, _, path in exporting.written]
    assert written == [
        ("mp4", "Limits a first look.mp4"),
        ("gif", "Limits a first look.gif"),
        ("stills", "Limits a first look stills"),
        ("folder", "Limits a first look"),
    ]


async def test_an_older_version_is_written_and_named(
    exports: ExportActs, exporting: ExportingDouble, asked: list[str]
) -> None:
    menu = menu_of(exports, LIMITS, 1)
    for text in texts(menu):
        choose(menu, text)
        await quiet(0)
    assert exporting.numbers == [1] * 4
    assert [path.name for _, _, path in exporting.written] == [
        "Limits a first look version 1.mp4",
        "Limits a first look version 1.gif",
        "Limits a first look version 1 stills",
        "Limits a first look version 1",
    ]


async def test_the_person_is_told_when_it_is_done(
    exports: ExportActs, asked: list[str], shell: ShellDouble, tmp_path: Path
) -> None:
    await exports.gif(LIMITS)
    assert shell.notes == [
        "Writing the GIF…", f"Exported Limits a first look.gif to {tmp_path}",
    ]  # fmt: skip


async def test_a_person_who_gives_up_gets_nothing(
    exports: ExportActs, exporting: ExportingDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(dialogs, "choose_target", nothing)
    monkeypatch.setattr(dialogs, "choose_folder", nothing)
    for write in (exports.film, exports.gif, exports.stills, exports.folder):
        await write(LIMITS)
    assert not exporting.written


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Limits", "Limits"),
        ('a/b\\c: "d"?', "a b c d"),
        ("...", "Video"),
        ("ends with dots. . ", "ends with dots"),
        ("x" * 200, "x" * 80),
        ("línea\n2", "línea 2"),
    ],
)
def test_a_title_becomes_a_file_name_every_system_accepts(title: str, name: str) -> None:
    assert file_name(video(title), "") == name
