from typing import cast

import pytest
from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.ui.models.projects import (
    ALL,
    HEADING,
    PLACE_ROLE,
    PROJECT,
    TRASH,
    Place,
    ProjectsModel,
)
from desktop.ui.models.videos import MIME
from tests.ui.fakes import project

ALGEBRA, CALCULUS = project("Algebra", "a"), project("Calculus", "c")
MOVE = Qt.DropAction.MoveAction


@pytest.fixture
def model() -> ProjectsModel:
    made = ProjectsModel()
    QAbstractItemModelTester(
        cast("QAbstractItemModel", made),
        QAbstractItemModelTester.FailureReportingMode.Fatal,
        made,
    )
    made.show_places((ALGEBRA, CALCULUS), {"a": 3}, 2)
    return made


def videos(*ids: str) -> QMimeData:
    data = QMimeData()
    data.setData(MIME, "\n".join(ids).encode())
    return data


def index(model: ProjectsModel, kind: str, project_id: str = "") -> QModelIndex:
    row = model.row_of(kind, project_id)
    assert row is not None
    return model.index(row)


def test_places_stand_above_projects_with_what_they_hold(model: ProjectsModel) -> None:
    assert [(place.kind, place.title, place.videos) for place in model.places()] == [
        (ALL, "All videos", 3),
        (TRASH, "Trash", 2),
        (HEADING, "Projects", 0),
        (PROJECT, "Algebra", 3),
        (PROJECT, "Calculus", 0),
    ]
    assert [place.title for place in model.projects()] == ["Algebra", "Calculus"]


def test_the_model_answers_for_its_rows_and_for_no_others(model: ProjectsModel) -> None:
    row = index(model, PROJECT, "a")
    assert row.data() == "Algebra"
    assert isinstance(row.data(PLACE_ROLE), Place)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Algebra, 3 videos"
    assert row.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.rowCount(row) == 0
    assert model.data(QModelIndex()) is None


def test_the_heading_is_no_place_to_go_to(model: ProjectsModel) -> None:
    assert index(model, HEADING).flags() == Qt.ItemFlag.NoItemFlags
    assert index(model, HEADING).data(Qt.ItemDataRole.AccessibleTextRole) == "Projects"


def test_new_counts_keep_the_rows(model: ProjectsModel) -> None:
    changed: list[int] = []
    resets: list[int] = []
    model.dataChanged.connect(lambda *_: changed.append(1))
    model.modelReset.connect(lambda: resets.append(1))
    model.show_places((ALGEBRA, CALCULUS), {"a": 4}, 2)
    assert (changed, resets) == ([1], [])
    model.show_places((ALGEBRA, CALCULUS), {"a": 4}, 2)
    assert (changed, resets) == ([1], [])


def test_projects_come_and_go(model: ProjectsModel) -> None:
    model.show_places((CALCULUS,), {}, 0)
    assert model.row_of(PROJECT, "a") is None
    assert model.row_of(PROJECT, "c") == 3
    model.show_places((), {}, 0)
    assert model.rowCount() == 3


@pytest.mark.parametrize(("kind", "project_id"), [(TRASH, ""), (PROJECT, "c")])
def test_videos_can_be_dropped_on_projects_and_on_the_trash(
    model: ProjectsModel, kind: str, project_id: str
) -> None:
    dropped: list[tuple[Place, tuple[str, ...]]] = []
    model.dropped.connect(lambda place, ids: dropped.append((place, ids)))
    target = index(model, kind, project_id)
    assert target.flags() & Qt.ItemFlag.ItemIsDropEnabled
    assert not model.dropMimeData(videos("v1", "v2"), MOVE, -1, -1, target)
    assert [(place.key, ids) for place, ids in dropped] == [((kind, project_id), ("v1", "v2"))]


def test_nothing_can_be_dropped_elsewhere(model: ProjectsModel) -> None:
    dropped: list[object] = []
    model.dropped.connect(lambda *given: dropped.append(given))
    text = QMimeData()
    text.setText("v1")
    refused = (
        (videos("v1"), index(model, ALL)),
        (videos("v1"), index(model, HEADING)),
        (videos("v1"), QModelIndex()),
        (videos(), index(model, TRASH)),
        (text, index(model, TRASH)),
    )
    for data, target in refused:
        assert not model.dropMimeData(data, MOVE, -1, -1, target)
    assert not dropped
    assert model.mimeTypes() == [MIME]
    assert model.supportedDropActions() == MOVE
