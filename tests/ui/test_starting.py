from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.services.library import LibraryService
from desktop.services.samples import SampleService
from desktop.ui import tasks
from desktop.ui.new_video import TEMPLATES, NewVideo, NewVideoDialog
from desktop.ui.starting import StartFlow
from tests.ui.conftest import settle
from tests.ui.fakes import FakeServices, project, video


class Start:
    """A flow, its window and the videos it opened."""

    def __init__(self, window: QWidget, services: FakeServices) -> None:
        self.window = window
        self.opened: list[str] = []
        self.library = services.library
        self.flow = StartFlow(
            window,
            cast("LibraryService", services.library),
            cast("SampleService", services.samples),
            self.opened.append,
        )

    async def asked(self, project_id: str | None = None) -> NewVideoDialog:
        tasks.start(self.window, self.flow.new_video(project_id), "new video")
        await settle()
        return next(one for one in self.window.findChildren(NewVideoDialog) if one.isVisible())


@pytest.fixture
async def start(services: FakeServices, qtbot: QtBot) -> Start:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    services.library.all_projects["p2"] = project("Talks", "p2")
    return Start(window, services)


async def test_a_video_is_made_from_its_template_and_opened(start: Start) -> None:
    await start.flow.create(NewVideo("Limits", TEMPLATES[1], "p1"))
    assert start.opened == ["v1"]
    assert start.library.videos["v1"].project_id == "p1"
    assert "title: Limits" in start.library.sources["v1"]


async def test_a_new_project_gets_the_name_that_was_promised(start: Start) -> None:
    await start.flow.create(NewVideo("Limits", TEMPLATES[0], None, "My videos"))
    assert start.library.all_projects[start.library.videos["v1"].project_id].title == "My videos"


async def test_a_new_video_is_proposed_for_the_project_worked_on_last(start: Start) -> None:
    start.library.videos["v9"] = replace(video("Old", "v9"), project_id="p2")
    dialog = await start.asked()
    assert dialog.project.currentText() == "Talks"
    dialog.reject()
    await settle()
    assert not start.opened


async def test_a_new_video_is_proposed_for_the_project_that_is_shown(start: Start) -> None:
    start.library.videos["v9"] = replace(video("Old", "v9"), project_id="p1")
    dialog = await start.asked("p2")
    assert dialog.project.currentText() == "Talks"
    dialog.accept()
    await settle()
    await settle()
    assert start.library.videos[start.opened[0]].project_id == "p2"


async def test_the_first_video_of_all_makes_a_project(start: Start) -> None:
    start.library.all_projects.clear()
    dialog = await start.asked()
    assert dialog.project.currentText() == "New project “My videos”"
    dialog.accept()
    await settle()
    await settle()
    assert [one.title for one in start.library.all_projects.values()] == ["My videos"]


async def test_a_sample_is_installed_and_opened_by_its_title(start: Start) -> None:
    await start.flow.open_sample("Pythagoras")
    assert start.opened == ["v1"]
    await start.flow.open_sample("A sample that was renamed")
    assert start.opened == ["v1", "v1"]
