from typing import cast

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.models.projects import ALL, HEADING, PROJECT, TRASH, Place, ProjectsModel
from desktop.ui.models.videos import MIME
from desktop.ui.pages.library.places import PlaceDelegate, PlaceList
from desktop.ui.theme import Theme
from tests.ui.conftest import show_active
from tests.ui.fakes import project

MOVE, LEFT, PLAIN = (
    Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
)  # fmt: skip
PROJECTS = (project("Algebra", "a"), project("A project with a very long title", "b"))


@pytest.fixture
async def places(qtbot: QtBot, theme: Theme) -> PlaceList:
    model = ProjectsModel()
    made = PlaceList(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(200, 400)
    await show_active(made)
    model.show_places(PROJECTS, {"a": 3}, 2)
    return made


def model_of(places: PlaceList) -> ProjectsModel:
    return cast("ProjectsModel", places.model())


def centre(places: PlaceList, kind: str, project_id: str = "") -> QPoint:
    row = model_of(places).row_of(kind, project_id)
    assert row is not None
    return places.visualRect(model_of(places).index(row)).center()


def dragged() -> QMimeData:
    data = QMimeData()
    data.setData(MIME, b"v1\nv2")
    return data


def drag_over(places: PlaceList, data: QMimeData, at: QPoint) -> bool:
    """Return whether a drop would be taken there."""
    QApplication.sendEvent(places.viewport(), QDragEnterEvent(at, MOVE, data, LEFT, PLAIN))
    event = QDragMoveEvent(at, MOVE, data, LEFT, PLAIN)
    QApplication.sendEvent(places.viewport(), event)
    return event.isAccepted()


def target(places: PlaceList) -> int:
    return cast("PlaceDelegate", places.itemDelegate()).target


async def test_all_videos_come_first(places: PlaceList) -> None:
    assert places.place.kind == ALL


async def test_before_anything_was_read_all_videos_are_shown(qtbot: QtBot, theme: Theme) -> None:
    empty = PlaceList(ProjectsModel())
    qtbot.addWidget(empty)
    assert empty.place.kind == ALL


async def test_a_click_goes_to_a_place(places: PlaceList, qtbot: QtBot) -> None:
    chosen: list[Place] = []
    places.chosen.connect(chosen.append)
    qtbot.mouseClick(places.viewport(), LEFT, pos=centre(places, PROJECT, "a"))
    assert [place.project_id for place in chosen] == ["a"]
    qtbot.mouseClick(places.viewport(), LEFT, pos=centre(places, HEADING))
    assert places.place.project_id == "a"


async def test_arrows_go_past_the_heading(places: PlaceList, qtbot: QtBot) -> None:
    kinds = []
    for _ in range(3):
        qtbot.keyClick(places, Qt.Key.Key_Down)
        kinds.append(places.place.kind)
    assert kinds == [TRASH, PROJECT, PROJECT]


async def test_the_place_stays_when_projects_come_and_go(places: PlaceList) -> None:
    places.choose(PROJECT, "a")
    model_of(places).show_places((project("Aaa", "0"), *PROJECTS), {}, 0)
    assert places.place.project_id == "a"


async def test_a_place_that_has_gone_leaves_all_videos(places: PlaceList) -> None:
    places.choose(PROJECT, "a")
    model_of(places).show_places(PROJECTS[1:], {}, 0)
    assert places.place.kind == ALL
    places.choose(PROJECT, "a")
    assert places.place.kind == ALL


async def test_a_project_can_be_renamed_and_trashed_with_keys(
    places: PlaceList, qtbot: QtBot
) -> None:
    heard: list[str] = []
    places.rename_wanted.connect(lambda: heard.append("rename"))
    places.trash_wanted.connect(lambda: heard.append("trash"))
    qtbot.keyClick(places, Qt.Key.Key_F2)
    qtbot.keyClick(places, Qt.Key.Key_Delete)
    assert heard == ["rename", "trash"]


@pytest.mark.parametrize(("key", "own"), [(Qt.Key.Key_Delete, True), (Qt.Key.Key_F5, False)])
async def test_the_keys_of_videos_do_not_reach_them_from_here(
    places: PlaceList, key: Qt.Key, own: bool
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, PLAIN)
    event.ignore()
    QApplication.sendEvent(places, event)
    assert event.isAccepted() is own


async def test_a_menu_knows_its_place(places: PlaceList) -> None:
    heard: list[object] = []
    places.menu_wanted.connect(lambda place, _at: heard.append(place))
    places.customContextMenuRequested.emit(centre(places, PROJECT, "a"))
    places.customContextMenuRequested.emit(QPoint(100, 390))
    assert [getattr(one, "project_id", None) for one in heard] == ["a", None]


async def test_videos_dragged_over_a_project_mark_it(places: PlaceList) -> None:
    data, at = dragged(), centre(places, PROJECT, "b")
    assert drag_over(places, data, at)
    assert target(places) == model_of(places).row_of(PROJECT, "b")
    assert not drag_over(places, data, centre(places, ALL))
    assert target(places) == -1
    drag_over(places, data, at)
    QApplication.sendEvent(places.viewport(), QDragLeaveEvent())
    assert target(places) == -1


async def test_the_whole_row_takes_videos(places: PlaceList) -> None:
    data, centre_of_row = dragged(), centre(places, PROJECT, "b")
    for offset in (-15, 0, 15):
        assert drag_over(places, data, centre_of_row + QPoint(0, offset))
        assert target(places) == model_of(places).row_of(PROJECT, "b")


async def test_dropped_videos_are_told_with_their_place(places: PlaceList) -> None:
    dropped: list[tuple[Place, tuple[str, ...]]] = []
    model_of(places).dropped.connect(lambda place, ids: dropped.append((place, ids)))
    data, at = dragged(), centre(places, PROJECT, "b")
    drag_over(places, data, at)
    QApplication.sendEvent(places.viewport(), QDropEvent(QPointF(at), MOVE, data, LEFT, PLAIN))
    assert [(place.project_id, ids) for place, ids in dropped] == [("b", ("v1", "v2"))]
    assert target(places) == -1


async def test_places_are_painted_in_every_state(places: PlaceList) -> None:
    plain = places.grab().toImage()
    places.choose(PROJECT, "b")
    chosen = places.grab().toImage()
    drag_over(places, dragged(), centre(places, TRASH))
    aimed = places.grab().toImage()
    assert plain != chosen != aimed


async def test_the_list_has_a_name_for_screen_readers(places: PlaceList) -> None:
    assert places.accessibleName() == "Projects"
