from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Severity
from desktop.domain.library import SourceKind, Video
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from desktop.ui.pages.studio.editor_area import CODE
from tests.ui.conftest import show_active
from tests.ui.pages.studio.conftest import MANIM, TEXT, Maker, overwrite, quiet, shown, until
from tests.ui.pages.studio.doubles import Shell


def titles(page: StudioPage) -> list[str]:
    return [row.scene.title for row in page.parts.scenes_model.rows()]


def current(page: StudioPage) -> str:
    scene = page.parts.scenes.current
    return scene.title if scene is not None else ""


async def read(page: StudioPage, text: str) -> None:
    page.parts.area.editor.replace(text)
    await page.session.read_outline()
    await quiet()


def at_line(page: StudioPage, line: int) -> str:
    """Return what is said about the beginning of a line."""
    area = page.parts.area.editor.area
    return area.explain_at(area.cursor_at(line, 2).position())


def gutter(page: StudioPage) -> QImage:
    return page.parts.area.editor.area.gutter.grab().toImage()


async def test_the_list_follows_the_cursor(page: StudioPage, video: Video) -> None:
    await shown(page, video)
    editor = page.parts.area.editor
    seen = []
    for line in (1, 5, 9, 11, 20):
        editor.go_to_line(line)
        seen.append(current(page))
    assert seen == ["", "Circle", "Circle", "Square", "Both"]


async def test_the_cursor_follows_the_list_and_the_list_keeps_the_keyboard(
    page: StudioPage, shell: Shell, video: Video, qtbot: QtBot
) -> None:
    await shown(page, video)
    await show_active(shell)
    scenes, editor = page.parts.scenes, page.parts.area.editor
    editor.go_to_line(5)
    scenes.setFocus()
    assert editor.line() == 5
    seen = [(5, current(page))]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(scenes, key)
        seen.append((editor.line(), current(page)))
        assert scenes.hasFocus()
    assert seen[1:] == [(11, "Square"), (17, "Both"), (11, "Square")]


async def test_writing_from_the_menu_of_a_scene_takes_the_keyboard(
    page: StudioPage, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    await show_active(shell)
    page.parts.area.tabs.setCurrentIndex(CODE)
    page.parts.scenes.setFocus()
    page.writing.write_scene(page.parts.scenes_model.rows()[1].scene.id)
    assert page.parts.area.editor.area.hasFocus()
    assert page.parts.area.editor.line() == 11


async def test_following_the_cursor_moves_no_film(page: StudioPage, video: Video) -> None:
    await shown(page, video)
    heard: list[str] = []
    page.parts.scenes.chosen.connect(heard.append)
    page.parts.area.editor.go_to_line(11)
    assert heard == []


async def test_errors_are_in_the_list_in_the_gutter_and_at_their_line(
    page: StudioPage, video: Video
) -> None:
    await shown(page, video)
    area = page.parts.area
    assert area.problems.isHidden()
    await read(page, TEXT.replace("- side", "```chrat\na: 1\n```"))
    line = 1 + TEXT.split("\n").index("- side")
    assert [one.line for one in area.problems.problems] == [line]
    assert area.problems.problems[0].severity is Severity.ERROR
    assert not area.problems.isHidden()
    assert "chrat" in at_line(page, line)
    assert page.parts.scenes_model.rows()[1].words == "Has errors"
    area.problems.chosen.emit(area.problems.problems[0])
    assert area.editor.line() == line


async def test_errors_go_away_when_they_are_mended(page: StudioPage, video: Video) -> None:
    await shown(page, video)
    area = page.parts.area
    whole = gutter(page)
    await read(page, TEXT.replace("- side", "```chrat\na: 1\n```"))
    assert gutter(page) != whole
    await read(page, TEXT)
    assert area.problems.isHidden()
    assert gutter(page) == whole
    assert not at_line(page, 1 + TEXT.split("\n").index("- side"))
    assert page.parts.scenes_model.rows()[1].words == "New"


async def test_half_a_line_of_python_does_not_empty_the_list(page: StudioPage, make: Maker) -> None:
    await shown(page, await make.video(MANIM, SourceKind.MANIM))
    assert titles(page) == ["First", "Second"]
    await read(page, MANIM.replace("self.play(Create(Circle()))", "self.play(Create("))
    assert titles(page) == ["First", "Second"]
    assert [one.line for one in page.parts.area.problems.problems] == [11]
    await read(page, MANIM.replace("Second", "Third"))
    assert titles(page) == ["First", "Third"]


async def test_a_manim_file_that_was_broken_from_the_start_shows_its_error(
    page: StudioPage, make: Maker
) -> None:
    await shown(page, await make.video("class (\n", SourceKind.MANIM, "Broken"))
    assert titles(page) == []
    assert page.parts.area.problems.problems[0].line == 1


async def test_an_empty_text_says_how_to_begin(page: StudioPage, make: Maker) -> None:
    await shown(page, await make.video(""))
    assert "There is no scene yet." in page.parts.area.problems.list.item(0).text()


async def test_a_storyboard_that_loses_its_scenes_has_none(page: StudioPage, video: Video) -> None:
    await shown(page, video)
    await read(page, "")
    assert titles(page) == []


async def test_the_code_tab_shows_the_scene_the_cursor_is_in(
    page: StudioPage, video: Video
) -> None:
    await shown(page, video)
    area = page.parts.area
    area.editor.go_to_line(11)
    area.tabs.setCurrentIndex(CODE)
    assert "Square" in area.hint.text()
    assert "class Square" in area.code.text()
    area.editor.go_to_line(1)
    assert "Circle" in area.hint.text()


async def test_a_text_taken_over_keeps_the_place(
    page: StudioPage, services: Services, video: Video
) -> None:
    await shown(page, video)
    page.parts.area.editor.go_to_line(13)
    await overwrite(services, video.id, TEXT.replace("- areas", "- sums"))
    await until(lambda: page.parts.area.editor.text().endswith("- sums\n"))
    await quiet()
    assert page.parts.area.editor.line() == 13
    assert titles(page) == ["Circle", "Square", "Both"]


async def test_thousands_of_scenes_are_listed_and_followed(page: StudioPage, make: Maker) -> None:
    text = "".join(f"## Scene {number}\n\n- x\n\n" for number in range(2000))
    await shown(page, await make.video(text))
    assert len(titles(page)) == 2000
    page.parts.area.editor.go_to_line(4 * 1500 + 1)
    assert current(page) == "Scene 1500"
