from fractions import Fraction

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.ui.player.marks import FilmMap, Marks
from desktop.ui.player.scrubber import HEIGHT, Scrubber
from desktop.ui.theme import Theme
from tests.ui.player.conftest import SCENES

MIDDLE = HEIGHT // 2
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> Scrubber:
    made = Scrubber()
    qtbot.addWidget(made)
    made.resize(616, HEIGHT)
    made.show_film(FilmMap(150, Fraction(30), SCENES))
    made.show()
    return made


def sought(bar: Scrubber) -> list[int]:
    frames: list[int] = []
    bar.seek_wanted.connect(frames.append)
    return frames


async def test_places_and_frames_belong_together(bar: Scrubber) -> None:
    assert [bar.frame_at(bar.x_of(frame) + 1) for frame in range(150)] == list(range(150))
    assert bar.frame_at(-50) == 0
    assert bar.frame_at(5000) == 149


async def test_showing_a_frame_is_not_a_wish(bar: Scrubber) -> None:
    frames = sought(bar)
    bar.show_frame(77)
    assert bar.value() == 77
    assert not frames
    assert bar.accessibleDescription() == "00:00:02:17, Proof"


async def test_the_pointer_takes_the_playhead_along(bar: Scrubber) -> None:
    frames = sought(bar)
    held: list[bool] = []
    bar.scrubbing_changed.connect(held.append)
    QTest.mousePress(bar, LEFT, pos=QPoint(8, MIDDLE))
    QTest.mouseMove(bar, QPoint(308, MIDDLE))
    bar.show_frame(3)
    assert bar.value() == 75
    QTest.mouseRelease(bar, LEFT, pos=QPoint(608, MIDDLE))
    assert frames == [75, 149]
    assert held == [True, False]


async def test_a_press_where_the_playhead_is_wants_nothing_new(bar: Scrubber) -> None:
    bar.show_frame(75)
    frames = sought(bar)
    QTest.mouseClick(bar, LEFT, pos=QPoint(308, MIDDLE))
    assert not frames


@pytest.mark.parametrize(
    ("key", "modifier", "frames"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, -1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 10),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, -10),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 30),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, -30),
    ],
)
async def test_keys_step(
    bar: Scrubber, key: Qt.Key, modifier: Qt.KeyboardModifier, frames: int
) -> None:
    steps: list[int] = []
    bar.step_wanted.connect(steps.append)
    QTest.keyClick(bar, key, modifier)
    assert steps == [frames]


async def test_home_and_end_go_to_the_ends(bar: Scrubber) -> None:
    frames = sought(bar)
    QTest.keyClick(bar, Qt.Key.Key_End)
    QTest.keyClick(bar, Qt.Key.Key_Home)
    assert frames == [149, 0]


async def test_screen_readers_find_a_slider(bar: Scrubber) -> None:
    interface = QAccessible.queryAccessibleInterface(bar)
    assert interface is not None
    assert interface.role() is QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name) == "Position in the video"


async def test_scenes_marks_and_playhead_are_painted(bar: Scrubber) -> None:
    plain = bar.grab().toImage()
    bar.show_frame(60)
    played = bar.grab().toImage()
    bar.show_marks(Marks(50, 100))
    marked = bar.grab().toImage()
    assert plain != played != marked
    gap = round(bar.x_of(120)) - 1
    assert plain.pixelColor(gap, MIDDLE) != plain.pixelColor(gap + 4, MIDDLE)


async def test_without_a_film_there_is_nothing_to_press(bar: Scrubber) -> None:
    bar.show_film(FilmMap())
    assert not bar.isEnabled()
    bar.grab()
