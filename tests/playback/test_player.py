"""The player shows what was asked for, in time, and leaves no thread."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import InvalidInput
from desktop.playback.frame_index import FrameIndex
from desktop.playback.player import FramePlayer
from tests.playback.films import number_in

PATIENCE = 20.0


class Window:
    """Fetches every picture at once, as a window that has nothing else to do."""

    def __init__(self) -> None:
        self.player: FramePlayer | None = None
        self.index: FrameIndex | None = None
        self.errors: list[Exception] = []
        self.ends = 0
        self.told = 0
        self.seen: list[int] = []
        self.times: list[float] = []
        self.sizes: list[tuple[int, int]] = []
        self.fetching = True

    def ready(self, index: FrameIndex) -> None:
        self.index = index

    def arrived(self) -> None:
        self.told += 1
        if self.fetching:
            self.fetch()

    def fetch(self) -> None:
        assert self.player is not None
        picture = self.player.take()
        if picture is not None:
            shown = number_in(picture.pixels, picture.width, picture.height, picture.stride)
            assert shown == picture.frame
            self.seen.append(shown)
            self.sizes.append((picture.width, picture.height))
            self.times.append(time.monotonic())

    def ended(self) -> None:
        self.ends += 1

    def failed(self, error: Exception) -> None:
        self.errors.append(error)


def wait(condition: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.002)


@pytest.fixture
def play(films: dict[str, Path]) -> Iterator[Callable[[str], tuple[FramePlayer, Window]]]:
    made: list[FramePlayer] = []
    before = set(threading.enumerate())

    def start(name: str) -> tuple[FramePlayer, Window]:
        window = Window()
        player = window.player = FramePlayer(str(films.get(name, name)), window)
        made.append(player)
        player.start()
        return player, window

    yield start
    for player in made:
        player.close()
        assert player.join(PATIENCE)
    left = set(threading.enumerate()) - before
    # Threads of libraries that Python has seen once come and go as they please.
    assert not [thread for thread in left if not isinstance(thread, threading._DummyThread)]


Play = Callable[[str], tuple[FramePlayer, Window]]


def test_the_first_frame_comes_by_itself(play: Play) -> None:
    _, window = play("plain")
    wait(lambda: window.seen)
    assert window.seen == [0]
    assert window.index is not None


def test_a_frame_sought_before_the_file_is_open_is_the_first_one_shown(play: Play) -> None:
    player, window = play("b_frames")
    player.seek(50)
    wait(lambda: 50 in window.seen)
    assert player.target == 50


def test_of_many_requests_the_last_one_is_met(play: Play) -> None:
    player, window = play("long_gop")
    wait(lambda: window.seen)
    for frame in range(0, 500, 3):
        player.seek(frame)
    player.seek(333)
    wait(lambda: window.seen[-1] == 333)
    time.sleep(0.05)
    assert window.seen[-1] == 333
    assert len(window.seen) < 100


def test_frames_outside_the_film_mean_its_ends(play: Play) -> None:
    player, window = play("plain")
    wait(lambda: window.index)
    player.seek(5000)
    wait(lambda: window.seen[-1:] == [119])
    player.step(5)
    player.seek(-4)
    wait(lambda: window.seen[-1] == 0)


def test_stepping_goes_from_the_frame_on_screen(play: Play) -> None:
    player, window = play("b_frames")
    player.seek(40)
    wait(lambda: window.seen[-1:] == [40])
    for frames in (1, 1, -1, -1, -1):
        player.step(frames)
        wait(lambda: window.seen[-1] == player.target)
    assert window.seen[-6:] == [40, 41, 42, 41, 40, 39]


def test_held_keys_add_up_even_when_pictures_are_late(play: Play) -> None:
    player, window = play("long_gop")
    player.seek(100)
    for _ in range(30):
        player.step(-1)
    wait(lambda: window.seen[-1:] == [70])


def test_a_film_plays_every_frame_in_time_and_stops_on_the_last(play: Play) -> None:
    player, window = play("plain")
    wait(lambda: window.seen)
    player.play()
    assert player.playing
    wait(lambda: window.ends)
    assert not player.playing
    assert window.seen[-1] == 119
    assert window.seen == sorted(window.seen)
    seconds = window.times[-1] - window.times[-len(set(window.seen))]
    assert seconds > 3.5
    assert len(set(window.seen)) >= 100


def test_playing_from_the_end_begins_again(play: Play) -> None:
    player, window = play("plain")
    player.seek(119)
    wait(lambda: window.seen[-1:] == [119])
    player.play()
    wait(lambda: window.seen[-1] < 30)


def test_pausing_stops_on_the_frame_that_was_seen(play: Play) -> None:
    player, window = play("b_frames")
    player.set_rate(2)
    player.play()
    wait(lambda: len(window.seen) > 15)
    player.pause()
    last = window.seen[-1]
    time.sleep(0.15)
    assert abs(window.seen[-1] - last) <= 1
    assert player.target == window.seen[-1]
    player.step(1)
    wait(lambda: window.seen[-1] == player.target)


def test_a_loop_stays_between_its_marks(play: Play) -> None:
    player, window = play("plain")
    wait(lambda: window.index)
    player.set_range((20, 25), loop=True)
    player.seek(20)
    wait(lambda: window.seen[-1:] == [20])
    player.play()
    wait(lambda: window.seen.count(20) > 4)
    player.pause()
    after = window.seen[window.seen.index(20) :]
    assert set(after) == {20, 21, 22, 23, 24, 25}


def test_without_a_loop_playing_stops_on_the_out_mark(play: Play) -> None:
    player, window = play("plain")
    wait(lambda: window.index)
    player.set_range((20, 25), loop=False)
    player.seek(22)
    player.play()
    wait(lambda: window.ends)
    assert window.seen[-1] == 25


def test_backward_playing_shows_every_frame_of_the_way(play: Play) -> None:
    player, window = play("b_frames")
    wait(lambda: window.index)
    player.set_rate(-1)
    player.seek(60)
    wait(lambda: window.seen[-1:] == [60])
    player.play()
    wait(lambda: window.ends)
    after = window.seen[window.seen.index(60) :]
    assert after == sorted(after, reverse=True)
    assert after[-1] == 0
    assert len(after) > 45


def test_a_seek_while_playing_goes_on_from_there(play: Play) -> None:
    player, window = play("plain")
    player.play()
    wait(lambda: len(window.seen) > 3)
    player.seek(90)
    wait(lambda: window.seen[-1] > 93)
    assert player.playing


def test_a_variable_rate_is_kept(play: Play) -> None:
    player, window = play("variable")
    player.seek(45)
    wait(lambda: window.seen[-1:] == [45])
    player.play()
    wait(lambda: window.seen[-1] == 52)
    after = dict(zip(window.seen, window.times, strict=True))
    assert after[50] - after[49] > 0.8


def test_a_busy_window_is_told_once_and_gets_the_newest(play: Play) -> None:
    player, window = play("plain")
    wait(lambda: window.seen)
    told, window.fetching = window.told, False
    player.play()
    time.sleep(0.4)
    assert window.told == told + 1
    window.fetch()
    assert window.seen[-1] >= 5


def test_another_size_shows_the_same_frame_again(play: Play) -> None:
    player, window = play("plain")
    player.seek(33)
    wait(lambda: window.seen[-1:] == [33])
    player.set_size((200, 112))
    wait(lambda: window.sizes[-1] == (200, 112))
    assert window.seen[-1] == 33


def test_what_cannot_be_played_is_told_once(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no film", "utf-8")
    player, window = play(str(path))
    wait(lambda: window.errors)
    player.play()
    player.seek(3)
    assert [type(error) for error in window.errors] == [InvalidInput]
    wait(lambda: not player.alive)


def test_nothing_is_told_after_closing(play: Play) -> None:
    player, window = play("long_gop")
    player.seek(499)
    player.close()
    told = window.told
    assert player.join(PATIENCE)
    assert window.told == told
