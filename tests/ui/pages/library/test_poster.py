from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.library import VideoStatus
from desktop.services.library import LibraryService
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.pages.library.poster import Poster
from desktop.ui.theme import Theme
from tests.ui.fakes import video
from tests.ui.pages.library.conftest import move_mouse, quiet
from tests.ui.pages.library.doubles import LibraryDouble, paint_posters

LIMITS = replace(video("Limits", "v0"), latest_version=1)


@pytest.fixture
async def poster(library: LibraryDouble, qtbot: QtBot, theme: Theme) -> Poster:
    paint_posters(library.folder)
    made = Poster(Pictures(cast("LibraryService", library)))
    qtbot.addWidget(made)
    made.resize(320, 180)
    made.show()
    return made


async def test_nothing_is_shown_before_there_is_a_video(poster: Poster) -> None:
    empty = poster.grab().toImage()
    poster.show_video(LIMITS)
    assert poster.grab().toImage() != empty
    await quiet(0)


async def test_the_picture_comes_when_it_was_read(poster: Poster) -> None:
    poster.show_video(LIMITS)
    before = poster.grab().toImage()
    await quiet(0)
    assert poster.grab().toImage() != before
    assert poster.accessibleName() == "Picture of Limits"


async def test_the_pointer_moves_through_the_video(poster: Poster) -> None:
    poster.show_video(LIMITS)
    poster.grab()
    await quiet(0)
    still = poster.grab().toImage()
    move_mouse(poster, QPoint(40, 90))
    poster.grab()
    await quiet(0)
    early = poster.grab().toImage()
    move_mouse(poster, QPoint(300, 90))
    assert still != early != poster.grab().toImage()
    QApplication.sendEvent(poster, QEvent(QEvent.Type.Leave))
    assert poster.grab().toImage() == still


async def test_what_is_as_it_should_be_does_not_cover_the_picture(poster: Poster) -> None:
    pictures = []
    for status in (VideoStatus.RENDERED, VideoStatus.TRANSCODED, VideoStatus.FAILED):
        poster.show_video(replace(LIMITS, status=status))
        poster.grab()
        await quiet(0)
        pictures.append(poster.grab().toImage())
    assert pictures[0] == pictures[1] != pictures[2]


async def test_a_video_without_pictures_shows_its_kind(poster: Poster) -> None:
    poster.show_video(video("Limits"))
    first = poster.grab().toImage()
    move_mouse(poster, QPoint(100, 90))
    assert poster.grab().toImage() == first


async def test_a_double_click_opens(poster: Poster, qtbot: QtBot) -> None:
    opened: list[int] = []
    poster.opened.connect(lambda: opened.append(1))
    qtbot.mouseDClick(poster, Qt.MouseButton.RightButton)
    qtbot.mouseDClick(poster, Qt.MouseButton.LeftButton)
    assert opened == [1]


async def test_the_height_follows_the_width(poster: Poster) -> None:
    assert poster.hasHeightForWidth()
    assert poster.heightForWidth(320) == 180
