"""Journey 7: what people have already, dropped on the window, becomes videos and scenes."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from desktop.domain.events import RenderStarted
from desktop.domain.library import SearchQuery, SourceKind
from desktop.ui.consent import ConsentSheet
from desktop.ui.import_preview import ImportPreview
from tests.journeys.conftest import Person
from tests.playback.films import Film, write
from tests.services.conftest import Heard

pytestmark = [pytest.mark.manim, pytest.mark.timeout(240)]

SCENES = """from manim import *

SIDE = 2.0


def frame():
    return Square(SIDE)


class Grows(Scene):
    def construct(self):
        self.play(Create(frame()), run_time=0.4)


class Turns(Scene):
    def construct(self):
        self.play(Rotate(frame()), run_time=0.4)


class Rests(Scene):
    def construct(self):
        self.add(Circle())
        self.wait(0.4)
"""

STORYBOARD = "---\ntitle: Limits\n---\n\n## The idea\n\n> Closer and closer.\n\n- Never there\n"


async def drops(person: Person, *paths: Path) -> ImportPreview:
    """Drag files over the window and let go; returns the preview that opens."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys, handle = Qt.KeyboardModifier.NoModifier, person.window.windowHandle()
    QApplication.sendEvent(handle, QDragEnterEvent(QPoint(300, 300), copy, data, button, keys))
    assert person.window.drop_target.overlay.isVisible(), "it is said that files can be let go"
    QApplication.sendEvent(handle, QDropEvent(QPointF(300, 300), copy, data, button, keys))
    await person.sees(lambda: person.window.findChildren(ImportPreview))
    return person.window.findChildren(ImportPreview)[0]


async def asked(person: Person) -> ConsentSheet:
    """Wait for the question whether code may run."""
    found = person.window.findChildren
    await person.sees(lambda: any(one.isVisible() for one in found(ConsentSheet)))
    return next(one for one in found(ConsentSheet) if one.isVisible())


async def titles(person: Person) -> dict[str, SourceKind]:
    page = await person.services.library.search(SearchQuery())
    return {video.title: video.kind for video in page.videos}


async def test_a_manim_file_becomes_a_video_whose_scenes_know_what_they_need(
    person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "shapes.py"
    path.write_text(SCENES, "utf-8")
    preview = await drops(person, path)
    preview.accept()
    studio = person.studio
    await person.sees(lambda: studio.session.outline)
    rows = studio.parts.scenes_model.rows
    assert [row.scene.class_name for row in rows()] == ["Grows", "Turns", "Rests"]
    await person.waits()
    person.does("studio.render_draft")
    question = await asked(person)
    assert not studio.watching.newest, "nothing ran before it was allowed"
    question.accept()
    await person.sees(lambda: studio.watching.shown == 1)
    await person.sees(lambda: studio.parts.player.viewer.frame_count)
    await person.waits()

    heard = Heard(person.services.bus, RenderStarted)
    person.writes("Rotate(frame())", "Rotate(frame(), PI / 3)")
    await person.waits()
    await person.renders()
    person.writes("Square(SIDE)", "Square(SIDE * 1.5)")
    await person.waits()
    await person.renders()
    drawn = [event.scenes for event in heard.events if isinstance(event, RenderStarted)]
    assert drawn == [1, 2], "one class is one scene; a shared function those that use it"


async def test_a_folder_becomes_a_project_and_can_be_taken_back(
    person: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "Talk"
    folder.mkdir()
    (folder / "limits.md").write_text(STORYBOARD, "utf-8")
    (folder / "shapes.py").write_text(SCENES, "utf-8")
    write(folder / "clip.mp4", Film(frames=30))
    (folder / "broken.py").write_text("class Oh(Scene:\n", "utf-8")
    (folder / "cut.mp4").write_bytes((folder / "clip.mp4").read_bytes()[:400])
    (folder / "notes.docx").write_text("no", "utf-8")
    preview = await drops(person, folder)
    plan = preview.plan()
    said = {item.path.name: item for item in plan.items}
    assert "invalid syntax" in said["broken.py"].problem or "line 1" in said["broken.py"].problem
    assert said["cut.mp4"].problem
    assert not said["cut.mp4"].accepted
    preview.accept()
    await person.sees(lambda: not person.window.findChildren(ImportPreview))
    question = await asked(person)
    assert "2 videos" in question.windowTitle(), "all of it is one question"
    question.reject()
    await person.waits()
    found = await titles(person)
    assert found["Limits"] is SourceKind.STORYBOARD
    assert SourceKind.FOOTAGE in found.values()
    assert len(found) == 4, "storyboard, two Manim files, one sound video"
    projects = await person.services.library.projects()
    assert "Talk" in [project.title for project in projects]

    person.does("edit.undo")
    await person.waits()
    assert await titles(person) == {}


async def test_a_video_file_plays_at_once(person: Person, tmp_path: Path) -> None:
    path = write(tmp_path / "holiday.mp4", Film(frames=45))
    preview = await drops(person, path)
    preview.accept()
    await person.sees(lambda: person.studio.parts.player.viewer.frame_count == 45)
    await person.waits()
    assert not person.studio.parts.area.isVisible(), "there is no text to write"
    assert not person.window.registry["studio.render_draft"].isEnabled()


async def test_a_manim_file_with_a_mistake_opens_with_the_mistake_shown(
    person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(SCENES.replace("def frame():", "def frame(:"), "utf-8")
    preview = await drops(person, path)
    preview.accept()
    await person.sees(lambda: person.studio.parts.area.problems.problems)
    [problem] = person.studio.parts.area.problems.problems
    assert problem.line == 6
    person.writes("def frame(:", "def frame():")
    await person.sees(lambda: not person.studio.parts.area.problems.problems)
    assert len(person.studio.parts.scenes_model.rows()) == 3
