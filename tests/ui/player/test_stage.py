import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.ui.player.stage import Message, Stage, fit
from desktop.ui.theme import Theme

sides = st.integers(2, 4000)


@given(sides, sides, sides, sides, st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
def test_a_picture_is_as_large_as_fits_and_centred(
    width: int, height: int, room_width: int, room_height: int, scale: float
) -> None:
    shape, room = QSize(width, height), QSize(room_width, room_height)
    place = fit(shape, room, scale)
    whole = QRect(0, 0, round(room_width * scale), round(room_height * scale))
    assert whole.contains(place) or min(whole.width(), whole.height()) < 2
    assert place.width() >= whole.width() - 1 or place.height() >= whole.height() - 1
    assert abs(place.left() - (whole.right() - place.right())) <= 1
    assert abs(place.top() - (whole.bottom() - place.bottom())) <= 1


@pytest.fixture
def stage(qtbot: QtBot, theme: Theme) -> Stage:
    made = Stage()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def red(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    return image


async def test_the_rest_around_a_picture_is_dark(stage: Stage, theme: Theme) -> None:
    stage.show_image(red(160, 90), QSize(160, 90))
    seen = stage.grab().toImage()
    assert seen.pixelColor(200, 150) == QColor("#ff0000")
    assert seen.pixelColor(200, 10) == theme.tokens.color("stage")
    assert seen.pixelColor(200, 290) == theme.tokens.color("stage")


async def test_stretched_pixels_are_shown_in_their_aspect(stage: Stage) -> None:
    stage.show_image(red(100, 100), QSize(400, 100))
    assert stage.picture_rect() == QRect(0, 100, 400, 100)


async def test_a_picture_of_the_right_size_is_not_smoothed(stage: Stage) -> None:
    image = QImage(400, 225, QImage.Format.Format_RGB32)
    for x in range(400):
        for y in range(225):
            image.setPixel(x, y, 0xFFFFFFFF if (x + y) % 2 else 0xFF000000)
    stage.show_image(image, QSize(400, 225))
    shown = stage.grab().toImage().copy(stage.picture_rect())
    assert shown.convertToFormat(QImage.Format.Format_RGB32) == image


async def test_a_message_says_what_to_do(stage: Stage) -> None:
    done: list[bool] = []
    stage.show_image(red(16, 9), QSize(16, 9))
    stage.say(Message("No video", "Make one.", action="Render", act=lambda: done.append(True)))
    assert stage.image.isNull()
    assert stage.accessibleDescription() == "No video. Make one."
    assert stage._button.isVisible()
    assert stage.rect().contains(stage._button.geometry())
    stage._button.click()
    assert done == [True]


async def test_a_picture_takes_the_place_of_a_message(stage: Stage) -> None:
    stage.say(Message("No video", action="Render"))
    stage.show_image(red(16, 9), QSize(16, 9))
    assert stage.message is None
    assert not stage._button.isVisible()
    assert not stage.accessibleDescription()
