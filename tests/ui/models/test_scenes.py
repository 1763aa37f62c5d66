import time

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.domain.errors import Problem
from desktop.services.values import OutlineScene, SceneState
from desktop.ui.models.rows import ROW_ROLE
from desktop.ui.models.scenes import ScenesModel


def scene(name: str, line: int = 1, state: SceneState = SceneState.NEW) -> OutlineScene:
    return OutlineScene(name, name.upper(), name, line, line + 3, state, "code")


@pytest.fixture
def model() -> ScenesModel:
    made = ScenesModel()
    QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Fatal, made
    )  # aborts on a broken promise
    made.show_scenes([scene("a", 3), scene("b", 10), scene("c", 20)])
    return made


def ids(model: ScenesModel) -> list[str]:
    return [row.scene.id for row in model.rows()]


def words(model: ScenesModel) -> list[str]:
    return [row.words for row in model.rows()]


@pytest.mark.parametrize(
    "after", ["abc", "", "a", "c", "xabc", "axbc", "abcx", "bca", "cba", "acb", "xyz", "aaxbyc"[2:]]
)
def test_any_list_of_scenes_follows_any_other(model: ScenesModel, after: str) -> None:
    model.show_scenes([scene(name) for name in after])
    assert ids(model) == list(after)
    assert [row.number for row in model.rows()] == list(range(1, len(after) + 1))
    assert all(model.row_of(name) == place for place, name in enumerate(after))


def test_an_added_scene_leaves_the_others_in_their_rows(model: ScenesModel) -> None:
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    added: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: added.append((first, last)))
    model.show_scenes([scene("a"), scene("x"), scene("b"), scene("c")])
    assert (resets, added) == ([], [(1, 1)])


def test_editing_a_text_only_changes_rows(model: ScenesModel) -> None:
    moved: list[object] = []
    for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
        signal.connect(lambda *args: moved.append(args))
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda one, two, *_: changed.append((one.row(), two.row())))
    model.show_scenes([scene("a", 3), scene("b", 10, SceneState.CHANGED), scene("c", 20)])
    assert moved == []
    assert changed == [(1, 1)]


def test_the_same_scenes_again_change_nothing(model: ScenesModel) -> None:
    changed: list[object] = []
    model.dataChanged.connect(lambda *args: changed.append(args))
    model.show_scenes([row.scene for row in model.rows()])
    assert changed == []


def test_a_render_goes_from_waiting_to_drawing_to_its_end(model: ScenesModel) -> None:
    model.begin_render()
    assert words(model) == ["Waiting"] * 3
    model.show_progress("b", 0, 0)
    model.show_progress("a", 30, 120)
    assert words(model) == ["Rendering 25 %", "Waiting", "Waiting"]
    model.end_scene("a")
    assert words(model) == ["New", "Waiting", "Waiting"]
    model.end_render()
    assert words(model) == ["New"] * 3


def test_a_render_of_one_scene_waits_for_that_one(model: ScenesModel) -> None:
    model.begin_render("b")
    assert words(model) == ["New", "Waiting", "New"]


def test_writing_during_a_render_keeps_its_progress(model: ScenesModel) -> None:
    model.show_progress("b", 6, 12)
    model.show_scenes([scene("x"), scene("b", 9, SceneState.CHANGED)])
    assert words(model) == ["New", "Rendering 50 %"]


def test_progress_of_a_scene_that_was_removed_meanwhile_is_ignored(model: ScenesModel) -> None:
    model.show_progress("gone", 1, 2)
    model.end_scene("gone")
    assert words(model) == ["New"] * 3


def test_one_scene_is_on_screen(model: ScenesModel) -> None:
    model.show_on_screen("a")
    model.show_on_screen("c")
    assert [row.on_screen for row in model.rows()] == [False, False, True]
    model.show_scenes([scene("c"), scene("a")])
    assert [row.on_screen for row in model.rows()] == [True, False]
    model.show_on_screen("")
    assert not any(row.on_screen for row in model.rows())


def test_the_scene_on_screen_is_marked_when_it_comes_later(model: ScenesModel) -> None:
    model.show_on_screen("new")
    model.show_scenes([scene("a"), scene("new")])
    assert [row.on_screen for row in model.rows()] == [False, True]


@pytest.mark.parametrize(
    ("line", "found"), [(1, None), (2, None), (3, "a"), (9, "a"), (10, "b"), (20, "c"), (99, "c")]
)
def test_a_line_belongs_to_the_scene_that_began_before_it(
    model: ScenesModel, line: int, found: str | None
) -> None:
    at = model.at_line(line)
    assert (at.id if at else None) == found


def test_clearing_forgets_all(model: ScenesModel) -> None:
    model.show_on_screen("a")
    model.clear()
    assert model.rowCount() == 0
    assert model.scene("a") is None
    assert model.at_line(5) is None


def test_rows_say_what_they_are(model: ScenesModel) -> None:
    problem = Problem("The block is not known.", 4)
    broken = OutlineScene("a", "A", "A", 3, 6, SceneState.BROKEN, "", problems=(problem,))
    model.show_scenes([broken])
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.DisplayRole) == "A"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Scene 1: A, Has errors"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "A\nline 4: The block is not known."
    assert index.data(ROW_ROLE) == model.rows()[0]
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None


@pytest.mark.parametrize("state", SceneState)
def test_every_state_has_words(model: ScenesModel, state: SceneState) -> None:
    model.show_scenes([scene("a", state=state)])
    assert words(model)[0]


def test_thousands_of_scenes_render_without_a_stutter() -> None:
    model = ScenesModel()
    told: list[object] = []
    model.dataChanged.connect(lambda *args: told.append(args))
    model.show_scenes([scene(f"s{n}", n) for n in range(5000)])
    begun = time.perf_counter()
    model.begin_render()
    model.show_progress("s4000", 1, 10)
    model.end_render()
    assert time.perf_counter() - begun < 2.0  # one look at all others for each was a minute
    assert len(told) == 3
