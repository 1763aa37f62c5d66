from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.domain.library import Version
from desktop.domain.picture import Quality
from desktop.ui.models.rows import ROW_ROLE
from desktop.ui.models.versions import VersionsModel


def version(number: int) -> Version:
    return Version(
        id=f"v{number}",
        video_id="video",
        number=number,
        created_at=datetime(2026, 11, 24, tzinfo=UTC),
        quality=Quality.DRAFT,
        width=426,
        height=240,
        rate=Fraction(15),
        frames=15 * 65,
        size=1000,
        sha256="sha",
        note=f"note {number}",
    )


THREE = [version(3), version(2), version(1)]
POSTERS = ["three.jpg", "", "one.jpg"]


@pytest.fixture
def model() -> VersionsModel:
    made = VersionsModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.show_versions(THREE, POSTERS, 3)
    return made


def test_versions_are_listed_newest_first(model: VersionsModel) -> None:
    assert [row.name for row in model.rows()] == ["Version 3", "Version 2", "Version 1"]
    assert [row.poster for row in model.rows()] == POSTERS
    assert model.row_of(1) == 2
    assert model.row_of(9) is None
    assert model.version(2) == THREE[1]
    assert model.version(9) is None


def test_watching_another_one_keeps_the_list_where_it_is(model: VersionsModel) -> None:
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.show_versions(THREE, POSTERS, 1)
    assert [row.playing for row in model.rows()] == [False, False, True]
    assert resets == []


def test_a_new_version_comes_on_top(model: VersionsModel) -> None:
    model.show_versions([version(4), *THREE], ["", *POSTERS], 4)
    assert [row.version.number for row in model.rows()] == [4, 3, 2, 1]


def test_another_video_has_others(model: VersionsModel) -> None:
    others = [replace(one, id=f"other {one.number}") for one in THREE[1:]]
    model.show_versions(others, ["", ""], 0)
    assert [row.version.id for row in model.rows()] == ["other 2", "other 1"]
    model.show_versions([], [], 0)
    assert model.rowCount() == 0


def test_rows_say_what_they_are(model: VersionsModel) -> None:
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.DisplayRole) == "Version 3"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Version 3, Draft · 1:05, note 3"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "note 3"
    assert index.data(ROW_ROLE) == model.rows()[0]
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None
