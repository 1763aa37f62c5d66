"""A GIF plays as long as the video, looks like it, and is either whole or not there."""

from pathlib import Path

import pytest
from PIL import Image, ImageSequence

from desktop.domain.errors import InvalidInput
from desktop.rendering.gif import write_gif
from tests.rendering.scenes import video


def read(path: Path) -> tuple[tuple[int, int], float, list[int]]:
    """Return (size, seconds, the number each frame shows)."""
    with Image.open(path) as picture:
        size = picture.size
        assert picture.info.get("loop") == 0
        seconds = 0.0
        numbers: list[int] = []
        for frame in ImageSequence.Iterator(picture):
            seconds += frame.info["duration"] / 1000
            pixel = frame.convert("L").getpixel((20, 20))
            assert isinstance(pixel, int)
            numbers.append(round((pixel - 8) / 8))
    return size, seconds, numbers


def test_a_gif_is_as_long_as_the_video_and_shows_the_same(tmp_path: Path) -> None:
    path = video(tmp_path / "video.mp4", 30)
    steps: list[tuple[int, int]] = []
    write_gif(
        path, tmp_path / "video.gif", width=128, fps=15, on_progress=lambda *s: steps.append(s)
    )
    size, seconds, numbers = read(tmp_path / "video.gif")
    assert size == (128, 72)
    assert abs(seconds - 2.0) < 0.15
    assert len(numbers) == 30
    assert all(abs(number - place) <= 1 for place, number in enumerate(numbers))
    assert steps[-1] == (30, 30)


def test_fewer_frames_a_second_make_a_shorter_list_of_the_same_length(tmp_path: Path) -> None:
    write_gif(video(tmp_path / "video.mp4", 30), tmp_path / "video.gif", width=64, fps=5)
    _size, seconds, numbers = read(tmp_path / "video.gif")
    assert len(numbers) == 10
    assert abs(seconds - 2.0) < 0.25


def test_rates_that_players_cannot_show_are_lowered(tmp_path: Path) -> None:
    write_gif(video(tmp_path / "video.mp4", 30), tmp_path / "video.gif", width=64, fps=500)
    _size, seconds, _numbers = read(tmp_path / "video.gif")
    assert abs(seconds - 2.0) < 0.15


def test_odd_widths_are_made_even(tmp_path: Path) -> None:
    write_gif(video(tmp_path / "video.mp4", 3), tmp_path / "video.gif", width=101, fps=15)
    assert read(tmp_path / "video.gif")[0] == (100, 56)


def test_a_file_without_pictures_leaves_an_older_gif_alone(tmp_path: Path) -> None:
    (tmp_path / "video.gif").write_text("older")
    (tmp_path / "video.mp4").write_bytes(b"not a video")
    with pytest.raises(InvalidInput):
        write_gif(tmp_path / "video.mp4", tmp_path / "video.gif", width=64, fps=10)
    assert (tmp_path / "video.gif").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 2
