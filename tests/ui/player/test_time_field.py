from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.domain.picture import parse_timecode
from desktop.ui.player.time_field import Notation, TimeField, written


@pytest.fixture
def field(qtbot: QtBot) -> TimeField:
    made = TimeField()
    qtbot.addWidget(made)
    made.show_rate(Fraction(30))
    made.show_frame(95)
    made.show()
    return made


@given(st.integers(0, 100_000), st.sampled_from([Fraction(30), Fraction(60), Fraction(24)]))
def test_what_is_shown_can_be_typed(frame: int, rate: Fraction) -> None:
    for notation in (Notation.TIMECODE, Notation.FRAMES):
        assert parse_timecode(written(frame, rate, notation), rate) == frame
    assert abs(parse_timecode(written(frame, rate, Notation.SECONDS), rate) - frame) <= 1


async def test_it_shows_where_the_film_is(field: TimeField) -> None:
    shown = []
    for notation in Notation:
        field.show_notation(notation)
        shown.append(field.shown.text())
    assert shown == ["00:00:03:05", "3.17s", "95"]


@pytest.mark.parametrize(
    ("text", "frame"), [("00:00:02:10", 70), ("0:04", 120), ("2.5s", 75), ("42", 42)]
)
async def test_a_typed_place_is_gone_to(field: TimeField, text: str, frame: int) -> None:
    chosen: list[int] = []
    field.frame_chosen.connect(chosen.append)
    field.shown.click()
    assert field.editing
    assert field.field.selectedText() == "00:00:03:05"
    QTest.keyClicks(field.field, text)
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert chosen == [frame]
    assert not field.editing


@pytest.mark.parametrize("text", ["soon", "1:2:3:4:5", "-4", "infs", "nans", "::"])
async def test_what_is_no_time_is_explained_and_stays(field: TimeField, text: str) -> None:
    chosen: list[int] = []
    field.frame_chosen.connect(chosen.append)
    field.edit()
    QTest.keyClicks(field.field, text)
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert not chosen
    assert field.editing
    assert "00:00:07:12" in field.field.accessibleDescription()


async def test_escape_leaves_everything_as_it_was(field: TimeField) -> None:
    chosen: list[int] = []
    field.frame_chosen.connect(chosen.append)
    field.edit()
    QTest.keyClicks(field.field, "7")
    QTest.keyClick(field.field, Qt.Key.Key_Escape)
    assert not field.editing
    assert not chosen


async def test_what_is_being_typed_is_not_overwritten(field: TimeField) -> None:
    field.edit()
    QTest.keyClicks(field.field, "12")
    field.show_frame(96)
    assert field.field.text() == "12"
    assert field.shown.text() == "00:00:03:06"
