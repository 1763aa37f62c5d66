"""The player as a page uses it: a version goes in, keys and buttons work, nothing stays behind."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.library import Version, VersionFiles
from desktop.rendering import stills
from desktop.ui.actions import ActionRegistry
from desktop.ui.player.marks import Marks
from desktop.ui.player.player import Player
from desktop.ui.player.scrubber import HEIGHT
from desktop.ui.theme import Theme
from tests.ui.conftest import show_active
from tests.ui.player.conftest import FRAMES, number_on, until


@pytest.fixture
async def player(qtbot: QtBot, theme: Theme) -> AsyncIterator[Player]:
    made = Player()
    qtbot.addWidget(made)
    made.resize(820, 560)
    registry = ActionRegistry(made)
    registry.add(made, made.actions())
    await show_active(made)
    yield made
    await made.finish()


@pytest.fixture
async def loaded(player: Player, files: VersionFiles, version: Version) -> Player:
    player.load(files, version)
    await until(lambda: player.viewer.frame_count and not player.viewer.image.isNull())
    return player


async def at(player: Player, frame: int) -> None:
    await until(lambda: player.frame == frame)
    assert number_on(player.viewer.image) == frame


def press(player: Player, key: Qt.Key | str) -> None:
    if isinstance(key, str):
        QTest.keyClicks(player, key)
    else:
        QTest.keyClick(player, key)


async def test_a_version_brings_its_scenes(loaded: Player) -> None:
    assert [scene.title for scene in loaded.scrubber.film.scenes] == ["Opening", "Proof", "End"]
    assert loaded.transport.total.text() == "/ 00:00:05:00"
    assert loaded.scene_id == "opening"


async def test_the_scene_on_screen_is_told(loaded: Player) -> None:
    told: list[str] = []
    loaded.scene_changed.connect(told.append)
    for frame in (50, 60, 130, 10):
        loaded.seek(frame)
        await at(loaded, frame)
    assert told == ["proof", "end", "opening"]


async def test_a_scene_can_be_gone_to_by_its_id(loaded: Player) -> None:
    loaded.seek_scene("end")
    await at(loaded, 120)
    loaded.seek_scene("gone")
    await at(loaded, 120)


async def test_a_version_can_open_where_the_last_one_was(
    player: Player, files: VersionFiles, version: Version
) -> None:
    player.load(files, version, frame=77)
    await at(player, 77)


@pytest.mark.parametrize(
    ("key", "frame"),
    [
        (Qt.Key.Key_Right, 61),
        (Qt.Key.Key_Left, 59),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, FRAMES - 1),
        (".", 120),
        (",", 40),
    ],
)
async def test_keys_go_where_edit_suites_go(loaded: Player, key: Qt.Key | str, frame: int) -> None:
    loaded.seek(60)
    await at(loaded, 60)
    press(loaded, key)
    await at(loaded, frame)


async def test_shift_and_arrows_go_ten_frames(loaded: Player) -> None:
    QTest.keyClick(loaded, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    await at(loaded, 10)
    QTest.keyClick(loaded, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    await at(loaded, 0)


@pytest.mark.parametrize("key", [" ", "k"])
async def test_a_key_plays_and_pauses(loaded: Player, key: str) -> None:
    press(loaded, key)
    assert loaded.transport.play.accessibleName() == "Pause"
    await until(lambda: loaded.frame > 3)
    press(loaded, key)
    assert loaded.transport.play.accessibleName() == "Play"
    assert not loaded.viewer.playing


async def test_j_and_l_shuttle(loaded: Player) -> None:
    loaded.seek(60)
    await at(loaded, 60)
    press(loaded, "ll")
    assert loaded.transport.speed.text() == "2x"
    await until(lambda: loaded.frame > 66)
    press(loaded, "j")
    assert loaded.transport.speed.text() == "-1x"
    turned = loaded.frame
    await until(lambda: loaded.frame < turned - 3)
    press(loaded, "k")
    press(loaded, "k")
    assert loaded.transport.speed.text() == "1x"


async def test_in_and_out_mark_a_part_that_loops(loaded: Player) -> None:
    seen: list[int] = []
    for key, frame in (("i", 20), ("o", 24)):
        loaded.seek(frame)
        await at(loaded, frame)
        press(loaded, key)
    assert loaded._marks == Marks(20, 24)
    assert loaded.transport.unmark.isVisible()
    press(loaded, "p")
    loaded.seek(20)
    await at(loaded, 20)
    loaded.frame_changed.connect(seen.append)
    press(loaded, " ")
    await until(lambda: seen.count(20) >= 2)
    assert set(seen) <= {20, 21, 22, 23, 24}
    press(loaded, "\\")
    assert loaded._marks == Marks()
    assert not loaded.transport.unmark.isVisible()


async def test_the_speed_menu_changes_how_fast_it_runs(loaded: Player) -> None:
    loaded.transport.speed_menu.actions()[0].trigger()
    assert loaded.transport.speed.text() == "0.25x"
    loaded.toggle()
    begun, first = time.monotonic(), loaded.frame
    await until(lambda: loaded.frame >= first + 8)
    assert time.monotonic() - begun > 0.7


async def test_a_time_can_be_typed(loaded: Player) -> None:
    loaded.go_to_time()
    QTest.keyClicks(loaded.transport.time.field, "0:03")
    QTest.keyClick(loaded.transport.time.field, Qt.Key.Key_Return)
    await at(loaded, 90)


async def test_times_can_be_read_in_three_ways(loaded: Player) -> None:
    loaded.seek(75)
    await at(loaded, 75)
    texts = []
    for _ in range(3):
        loaded.transport.total.click()
        texts.append((loaded.transport.time.shown.text(), loaded.transport.total.text()))
    assert texts == [("2.50s", "/ 5.00s"), ("75", "/ 150"), ("00:00:02:15", "/ 00:00:05:00")]


async def test_where_there_is_little_room_the_length_is_short(loaded: Player) -> None:
    loaded.transport.resize(500, loaded.transport.height())
    assert loaded.transport.total.text() == "/ 0:05"
    assert loaded.transport.total.isVisibleTo(loaded.transport)
    loaded.transport.resize(700, loaded.transport.height())
    assert loaded.transport.total.text() == "/ 00:00:05:00"


async def test_dragging_shows_frames_on_the_way_and_plays_on(loaded: Player) -> None:
    loaded.toggle()
    await until(lambda: loaded.frame > 2)
    bar, seen = loaded.scrubber, set[int]()
    loaded.frame_changed.connect(seen.add)
    middle, left = HEIGHT // 2, Qt.MouseButton.LeftButton
    QTest.mousePress(bar, left, pos=QPoint(300, middle))
    assert not loaded.viewer.playing
    for x in range(300, 700, 20):
        QTest.mouseMove(bar, QPoint(x, middle))
        await asyncio.sleep(0.03)
    QTest.mouseRelease(bar, left, pos=QPoint(700, middle))
    assert len(seen) >= 8
    assert loaded.viewer.playing


async def test_the_pointer_sees_what_is_where(
    player: Player, files: VersionFiles, version: Version, film: Path, tmp_path: Path
) -> None:
    sheet, index = tmp_path / "a.jpg", tmp_path / "a.json"
    stills.sprite(film, sheet, index)
    player.load(replace(files, sprite=str(sheet), sprite_index=str(index)), version)
    await until(lambda: player._film.frame_count and player.preview._sprites)
    x = round(player.scrubber.x_of(100)) + 1
    player.scrubber.hovered.emit(100, x)
    assert player.preview.isVisible()
    assert player.preview.title.text() == "Proof"
    assert number_on(player.preview.picture.pixmap().toImage()) == 90
    assert player.preview.geometry().bottom() <= player.scrubber.y()
    player.scrubber.left.emit()
    assert not player.preview.isVisible()


async def test_full_screen_and_back_keeps_the_film_and_the_keys(loaded: Player) -> None:
    loaded.seek(30)
    await at(loaded, 30)
    press(loaded, "f")
    full = loaded._full
    assert full is not None
    assert full.isFullScreen()
    QTest.keyClick(full, Qt.Key.Key_Right)
    await at(loaded, 31)
    QTest.keyClick(full, Qt.Key.Key_Escape)
    assert loaded._full is None
    assert loaded.viewer.isVisible()
    await at(loaded, 31)


async def test_a_hidden_player_stands_still(loaded: Player) -> None:
    loaded.toggle()
    loaded.hide()
    assert not loaded.viewer.playing


async def test_any_file_can_be_played(player: Player, other_film: Path) -> None:
    player.load_file(str(other_film))
    await until(lambda: player.viewer.frame_count == 40)
    assert not player.transport.next.isEnabled()
    assert player.transport.play.isEnabled()


async def test_a_version_without_its_file_says_what_to_do(player: Player, version: Version) -> None:
    player.load(VersionFiles(""), version)
    assert player.viewer.message is not None
    assert "Render" in player.viewer.message.text
    assert not player.transport.play.isEnabled()


async def test_clearing_empties_everything(loaded: Player) -> None:
    loaded.clear("Rendering")
    assert loaded.viewer.message is not None
    assert loaded.viewer.message.title == "Rendering"
    assert loaded.scrubber.film.frame_count == 0
    assert loaded.transport.time.shown.text() == "00:00:00:00"
    for key in (" ", "l", "i", ".", Qt.Key.Key_End):
        press(loaded, key)
    assert not loaded.viewer.playing


async def test_every_control_has_a_name(loaded: Player) -> None:
    for one in loaded.findChildren(QAbstractButton):
        assert one.accessibleName() or one.text() or one.isHidden(), one
    assert loaded.viewer.accessibleName()


async def test_a_narrow_player_keeps_what_is_needed(loaded: Player, qapp: QApplication) -> None:
    loaded.resize(340, 300)
    await until(lambda: not loaded.transport.next.isVisible())
    assert loaded.width() <= 345
    for widget in (loaded.transport.play, loaded.transport.time, loaded.transport.full):
        assert widget.isVisible()
        assert loaded.transport.rect().contains(widget.geometry())
