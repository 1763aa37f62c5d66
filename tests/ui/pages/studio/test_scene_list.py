from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.services.values import SceneState
from desktop.ui.models.scenes import ScenesModel
from desktop.ui.pages.studio.scene_card import two_lines
from desktop.ui.pages.studio.scene_list import SceneList
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.theme import Theme, text_font
from tests.ui.conftest import show_active
from tests.ui.pages.studio.conftest import ask_for_menu, scene


class Heard:
    def __init__(self, scenes: SceneList) -> None:
        self.told: list[tuple[object, ...]] = []
        scenes.chosen.connect(lambda one: self.told.append(("chosen", one)))
        scenes.opened.connect(lambda one: self.told.append(("opened", one)))
        scenes.removal_wanted.connect(lambda one: self.told.append(("remove", one)))
        scenes.menu_wanted.connect(lambda one, at: self.told.append(("menu", one)))


@pytest.fixture
def model() -> ScenesModel:
    made = ScenesModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.show_scenes([scene("a"), scene("b"), scene("c")])
    return made


@pytest.fixture
def scenes(model: ScenesModel, theme: Theme) -> Iterator[SceneList]:
    thumbnails = Thumbnails()
    made = SceneList(model, thumbnails)
    made.resize(240, 400)
    made.show()
    yield made
    made.deleteLater()
    thumbnails.deleteLater()


@pytest.fixture
def heard(scenes: SceneList) -> Heard:
    return Heard(scenes)


def middle(scenes: SceneList, place: int) -> QPoint:
    return scenes.visualRect(scenes.model().index(place, 0)).center()


def picture(scenes: SceneList) -> QImage:
    return scenes.viewport().grab().toImage()


def click(qtbot: QtBot, scenes: SceneList, place: int) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(scenes.viewport(), left, pos=middle(scenes, place))


async def test_a_click_goes_to_a_scene_and_says_so_once(
    scenes: SceneList, heard: Heard, qtbot: QtBot
) -> None:
    await show_active(scenes)
    click(qtbot, scenes, 1)
    click(qtbot, scenes, 1)
    assert heard.told == [("chosen", "b"), ("chosen", "b")]


async def test_a_double_click_and_return_open_a_scene(
    scenes: SceneList, heard: Heard, qtbot: QtBot
) -> None:
    await show_active(scenes)
    scenes.show_current("c")
    qtbot.keyClick(scenes, Qt.Key.Key_Return)
    click(qtbot, scenes, 0)
    qtbot.mouseDClick(scenes.viewport(), Qt.MouseButton.LeftButton, pos=middle(scenes, 0))
    assert heard.told == [("opened", "c"), ("chosen", "a"), ("opened", "a")]


async def test_arrows_go_from_scene_to_scene(scenes: SceneList, heard: Heard, qtbot: QtBot) -> None:
    await show_active(scenes)
    scenes.show_current("a")
    scenes.setFocus()
    qtbot.keyClick(scenes, Qt.Key.Key_Down)
    qtbot.keyClick(scenes, Qt.Key.Key_End)
    assert heard.told == [("chosen", "b"), ("chosen", "c")]


async def test_coming_to_the_list_goes_nowhere(scenes: SceneList, heard: Heard) -> None:
    await show_active(scenes)
    scenes.clearFocus()
    scenes.setFocus(Qt.FocusReason.TabFocusReason)
    assert heard.told == []


async def test_delete_asks_to_remove(scenes: SceneList, heard: Heard, qtbot: QtBot) -> None:
    scenes.show_current("b")
    qtbot.keyClick(scenes, Qt.Key.Key_Delete)
    scenes.show_current("")
    qtbot.keyClick(scenes, Qt.Key.Key_Delete)
    assert heard.told == [("remove", "b")]


async def test_the_menu_is_of_the_scene_under_the_pointer_or_of_the_selected_one(
    scenes: SceneList, heard: Heard
) -> None:
    scenes.show_current("a")
    ask_for_menu(scenes, middle(scenes, 2))
    ask_for_menu(scenes, QPoint(), keyboard=True)
    ask_for_menu(scenes, QPoint(5, 390))
    assert heard.told == [("menu", "c"), ("menu", "a")]


async def test_showing_a_scene_tells_nobody(scenes: SceneList, heard: Heard) -> None:
    await show_active(scenes)
    scenes.setFocus()
    scenes.show_current("b")
    assert scenes.current is not None
    assert scenes.current.id == "b"
    scenes.show_current("nowhere")
    assert scenes.current is None
    assert heard.told == []


async def test_an_added_scene_leaves_selection_and_place(
    scenes: SceneList, model: ScenesModel, heard: Heard
) -> None:
    model.show_scenes([scene(f"s{n}") for n in range(40)])
    scenes.show_current("s20")
    before = scenes.verticalScrollBar().value()
    assert before > 0
    model.show_scenes([scene(f"s{n}") for n in range(41)])
    assert scenes.current is not None
    assert scenes.current.id == "s20"
    assert scenes.verticalScrollBar().value() == before
    assert heard.told == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_every_state_looks_different(
    scenes: SceneList, model: ScenesModel, theme: Theme, scheme: str
) -> None:
    theme.choose(scheme)
    seen = []
    for state in SceneState:
        model.show_scenes([scene("a", state=state)])
        seen.append(picture(scenes))
    model.begin_render()
    seen.append(picture(scenes))
    model.show_progress("a", 5, 10)
    seen.append(picture(scenes))
    model.end_render()
    model.show_on_screen("a")
    seen.append(picture(scenes))
    assert all(one != other for place, one in enumerate(seen) for other in seen[:place])


async def test_an_empty_list_says_what_will_be_in_it(scenes: SceneList, model: ScenesModel) -> None:
    model.clear()
    with_words = picture(scenes)
    blank = QImage(with_words.size(), with_words.format())
    blank.fill(with_words.pixelColor(1, 1))
    assert with_words != blank


def test_a_long_title_goes_on_in_a_second_line(theme: Theme) -> None:
    metrics = QFontMetrics(text_font())
    assert two_lines(metrics, "Short", 200) == ("Short", "")
    first, second = two_lines(metrics, "A title that is longer than one line is", 100)
    assert metrics.horizontalAdvance(first) <= 100
    assert f"{first} {second}" == "A title that is longer than one line is"
    assert two_lines(metrics, "Donaudampfschifffahrt" * 3, 100)[1] == ""
