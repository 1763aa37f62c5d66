from collections.abc import Iterator

import pytest

from desktop.domain.errors import Problem
from desktop.domain.library import SourceKind
from desktop.ui.pages.studio.editor_area import CODE, NO_CODE, EditorArea
from desktop.ui.theme import Theme
from tests.ui.conftest import show_active
from tests.ui.pages.studio.conftest import TEXT, scene


@pytest.fixture
def area(theme: Theme) -> Iterator[EditorArea]:
    made = EditorArea()
    made.resize(500, 600)
    made.show()
    yield made
    made.deleteLater()


def tabs(area: EditorArea) -> list[str]:
    return [area.tabs.tabText(place) for place in range(area.tabs.count())]


async def test_a_storyboard_has_text_and_code(area: EditorArea) -> None:
    area.begin(TEXT, SourceKind.STORYBOARD)
    assert tabs(area) == ["Storyboard", "Manim code"]
    assert area.editor.text() == TEXT


async def test_a_manim_file_is_its_own_code(area: EditorArea) -> None:
    area.begin("x = 1\n", SourceKind.MANIM)
    assert tabs(area) == ["Manim file"]


async def test_the_code_is_asked_for_when_it_is_looked_at(area: EditorArea) -> None:
    asked: list[bool] = []
    area.code_wanted.connect(lambda: asked.append(True))
    area.begin(TEXT, SourceKind.STORYBOARD)
    assert asked == []
    area.tabs.setCurrentIndex(CODE)
    assert asked == [True]
    assert area.code_shown
    area.show_text()
    assert not area.code_shown


async def test_another_video_begins_with_its_text(area: EditorArea) -> None:
    area.begin(TEXT, SourceKind.STORYBOARD)
    area.tabs.setCurrentIndex(CODE)
    area.problems.show_problems([Problem("Wrong.", 1)])
    area.begin("## Other\n", SourceKind.STORYBOARD)
    assert not area.code_shown
    assert area.problems.isHidden()
    assert area.code.text() == NO_CODE


async def test_code_is_read_only_and_names_its_scene(area: EditorArea) -> None:
    area.begin(TEXT, SourceKind.STORYBOARD)
    area.show_code(scene("circle", code="class Circle: ...\n"))
    assert area.code.text() == "class Circle: ...\n"
    assert area.code.area.isReadOnly()
    assert area.hint.text() == "Made from “Circle”, renders with plain Manim"


@pytest.mark.parametrize("broken", [None, scene("circle", code="")])
async def test_without_code_it_says_why(area: EditorArea, broken: object) -> None:
    area.begin(TEXT, SourceKind.STORYBOARD)
    area.show_code(broken)  # type: ignore[arg-type]  # a scene or None
    assert area.code.text() == NO_CODE


async def test_a_line_is_shown_without_taking_the_keyboard(area: EditorArea) -> None:
    area.begin(TEXT, SourceKind.STORYBOARD)
    await show_active(area)
    area.tabs.setFocus()
    area.show_line(11)
    assert area.editor.line() == 11
    assert area.tabs.hasFocus()


async def test_finding_is_done_in_what_is_in_sight(area: EditorArea) -> None:
    area.begin(TEXT, SourceKind.STORYBOARD)
    find = next(one for one in area.actions() if one.id == "editor.find")
    find.run()
    assert area.editor.find_bar.isVisible()
    area.editor.search.close_if_open()
    area.tabs.setCurrentIndex(CODE)
    find.run()
    assert area.code.find_bar.isVisible()
    assert area.editor.find_bar.isHidden()


async def test_the_text_has_the_room_that_problems_leave(area: EditorArea) -> None:
    area.begin(TEXT, SourceKind.STORYBOARD)
    area.problems.show_problems([Problem("Wrong.", 1)])
    area.grab()
    assert area.editor.height() > 400
