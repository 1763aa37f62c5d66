"""The viewer shows exactly what it says, and the window goes on meanwhile."""

import asyncio
import gc
import random
import threading
import time
from collections.abc import AsyncIterator
from fractions import Fraction
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.player.stage import Message
from desktop.ui.player.viewer import EMPTY, Viewer
from tests.ui.conftest import settle
from tests.ui.player.conftest import FRAMES, number_on, until


@pytest.fixture
async def viewer(qtbot: QtBot) -> AsyncIterator[Viewer]:
    made = Viewer()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    yield made
    await made.finish()


async def loaded(viewer: Viewer, path: Path, rate: Fraction | None = None) -> list[int]:
    """Open a film; returns the list every frame on screen is added to."""
    seen: list[int] = []

    def saw(frame: int) -> None:
        assert number_on(viewer.image) == frame == viewer.frame
        seen.append(frame)

    viewer.frame_changed.connect(saw)
    viewer.load(str(path), rate)
    await until(lambda: seen)
    return seen


async def test_it_begins_empty_and_says_what_to_do(viewer: Viewer) -> None:
    assert viewer.message == EMPTY
    assert (viewer.frame, viewer.frame_count, viewer.playing) == (0, 0, False)
    viewer.play()
    viewer.step(3)
    viewer.show_frame(9)
    assert not viewer.playing


async def test_a_film_shows_its_first_frame(viewer: Viewer, film: Path) -> None:
    opened: list[bool] = []
    viewer.loaded.connect(lambda: opened.append(True))
    seen = await loaded(viewer, film)
    assert seen == [0]
    assert opened == [True]
    assert viewer.message is None
    assert (viewer.frame_count, viewer.rate) == (FRAMES, Fraction(30))


async def test_a_known_rate_is_used_for_times(viewer: Viewer, film: Path) -> None:
    await loaded(viewer, film, Fraction(60))
    assert viewer.rate == Fraction(60)


async def test_random_frames_are_exact(viewer: Viewer, long_film: Path) -> None:
    await loaded(viewer, long_film)
    rng = random.Random(4)
    for _ in range(60):
        frame = rng.randrange(viewer.frame_count)
        viewer.show_frame(frame)
        await until(lambda: viewer.frame == viewer.target)
        assert number_on(viewer.image) == frame


async def test_steps_are_exact_in_both_directions(viewer: Viewer, film: Path) -> None:
    await loaded(viewer, film)
    for frames in (1, 1, 10, -1, -1, 10, -10):
        target = viewer.frame + frames
        viewer.step(frames)
        await until(lambda: viewer.frame == viewer.target)
        assert viewer.frame == target


async def test_a_film_plays_to_its_end_and_says_so(viewer: Viewer, film: Path) -> None:
    told: list[bool] = []
    viewer.playing_changed.connect(told.append)
    viewer.set_speed(2)
    seen = await loaded(viewer, film)
    viewer.play()
    await until(lambda: told == [True, False])
    assert seen[-1] == FRAMES - 1
    assert seen == sorted(seen)


async def test_playing_does_not_hold_up_the_window(viewer: Viewer, film: Path) -> None:
    await loaded(viewer, film)
    viewer.play()
    beats, end = 0, time.monotonic() + 1
    while time.monotonic() < end:
        await asyncio.sleep(0.002)
        beats += 1
    viewer.pause()
    assert beats > 60


async def test_pausing_keeps_the_frame_on_screen(viewer: Viewer, film: Path) -> None:
    seen = await loaded(viewer, film)
    viewer.play()
    await until(lambda: len(seen) > 10)
    viewer.pause()
    frame = viewer.frame
    await asyncio.sleep(0.1)
    assert viewer.frame == frame == viewer.target


async def test_pictures_are_made_in_the_size_they_are_shown(viewer: Viewer, film: Path) -> None:
    await loaded(viewer, film)
    viewer.resize(160, 120)
    await until(lambda: viewer.image.width() == 160)
    assert viewer.image.height() == 90
    viewer.resize(900, 700)
    await until(lambda: viewer.image.width() == 320)


async def test_the_last_picture_stays_until_the_next_film_is_there(
    viewer: Viewer, film: Path, other_film: Path
) -> None:
    seen = await loaded(viewer, film)
    viewer.show_frame(70)
    await until(lambda: viewer.frame == 70)
    viewer.load(str(other_film))
    assert number_on(viewer.image) == 70
    await until(lambda: viewer.frame_count == 40)
    await until(lambda: seen[-1] == 0)
    assert viewer.rate == Fraction(25)


async def test_only_the_film_opened_last_is_shown(
    viewer: Viewer, film: Path, other_film: Path
) -> None:
    for _ in range(5):
        viewer.load(str(film), frame=100)
        viewer.load(str(other_film), frame=10)
    await until(lambda: viewer.frame == 10)
    await asyncio.sleep(0.05)
    assert (viewer.frame, viewer.frame_count) == (10, 40)


async def test_what_is_no_film_is_said_with_a_way_on(viewer: Viewer, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no film", "utf-8")
    told: list[str] = []
    viewer.failed.connect(told.append)
    viewer.load(str(path))
    await until(lambda: told)
    assert viewer.message is not None
    assert "notes.mp4" in viewer.message.title
    assert viewer.message.text
    assert viewer.message.action == "Try again"


async def test_trying_again_opens_what_is_there_by_now(
    viewer: Viewer, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "late.mp4"
    told: list[str] = []
    viewer.failed.connect(told.append)
    viewer.load(str(path))
    await until(lambda: told)
    path.write_bytes(film.read_bytes())
    viewer._button.click()
    await until(lambda: viewer.frame_count == FRAMES)


async def test_clearing_says_what_is_going_on(viewer: Viewer, film: Path) -> None:
    await loaded(viewer, film)
    viewer.clear(Message("Rendering", "The video appears when it is ready."))
    assert viewer.message is not None
    assert viewer.message.title == "Rendering"
    assert (viewer.path, viewer.frame, viewer.frame_count) == ("", 0, 0)


async def test_nothing_runs_after_finishing(viewer: Viewer, film: Path) -> None:
    await loaded(viewer, film)
    viewer.play()
    await viewer.finish()
    assert not [one for one in threading.enumerate() if one.name == "player"]


async def forgotten(film: Path) -> None:
    viewer = Viewer()
    viewer.load(str(film))
    await until(lambda: viewer.frame_count)
    viewer.play()
    viewer.deleteLater()


async def test_a_viewer_that_is_just_deleted_leaves_no_thread(film: Path) -> None:
    await forgotten(film)
    await settle()
    gc.collect()
    await until(lambda: not [one for one in threading.enumerate() if one.name == "player"])
