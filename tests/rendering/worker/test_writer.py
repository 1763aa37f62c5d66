"""One stream for the whole scene: every frame once, in order, whatever the encoder does."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from desktop.rendering.worker.writer import FrameEncoder, add_sound, save_poster
from tests.rendering.scenes import PROFILE, pictures, video

PICTURES = {**asdict(PROFILE), "crf": 4}


def grey(value: int) -> np.ndarray:
    return np.full((PROFILE.height, PROFILE.width, 4), (value, value, value, 255), np.uint8)


def test_every_picture_is_shown_as_often_as_asked(tmp_path: Path) -> None:
    encoder = FrameEncoder(tmp_path / "a.mp4", PICTURES, poster_frame=0)
    for value, repeat in ((10, 1), (80, 20), (160, 0), (240, 3)):
        encoder.write(grey(value), repeat)
    encoder.finish()
    shown = [int(picture.mean()) for picture in pictures(str(tmp_path / "a.mp4"))]
    assert encoder.frames == len(shown) == 24
    assert np.abs(np.array(shown) - np.repeat([10, 80, 240], [1, 20, 3])).max() < 8


@pytest.mark.parametrize(("wanted", "value"), [(0, 0), (4, 40), (5, 50), (99, 90)])
def test_the_poster_is_the_picture_on_screen_at_its_frame(
    tmp_path: Path, wanted: int, value: int
) -> None:
    encoder = FrameEncoder(tmp_path / "a.mp4", PICTURES, poster_frame=wanted)
    for number in range(10):
        encoder.write(grey(number * 10), 1)
    encoder.finish()
    assert encoder.poster is not None
    assert encoder.poster[0, 0, 0] == value


def test_an_error_of_the_encoder_is_raised_where_frames_are_made(tmp_path: Path) -> None:
    encoder = FrameEncoder(tmp_path / "a.mp4", PICTURES, poster_frame=0)
    encoder.write(np.zeros((10, 10, 3), np.uint8), 1)  # no RGBA
    with pytest.raises(ValueError, match="array"):
        write_for_ever(encoder)
    with pytest.raises(ValueError, match="array"):
        encoder.finish()


def write_for_ever(encoder: FrameEncoder) -> None:
    while True:
        encoder.write(grey(0), 1)


def test_a_poster_is_as_wide_as_a_card(tmp_path: Path) -> None:
    save_poster(grey(200), tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert (poster.size, poster.mode) == ((640, 360), "RGB")


class Segment:
    """As much of pydub's segment as is used: samples of 16 bits, in two channels."""

    def __init__(self, samples: np.ndarray) -> None:
        self.samples = samples

    def __getitem__(self, part: slice) -> "Segment":
        return Segment(self.samples[: 2 * part.stop * 48])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("set_"):
            return lambda _value: self
        raise AttributeError(name)

    @property
    def raw_data(self) -> bytes:
        return self.samples.tobytes()


def test_sound_is_cut_to_the_length_of_the_picture(tmp_path: Path) -> None:
    path = video(tmp_path / "a.mp4", 30)
    tone = (np.sin(np.arange(2 * 48_000 * 5) / 20) * 12_000).astype(np.int16)
    add_sound(path, Segment(tone), 2.0)
    with av.open(str(path)) as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert abs(samples / 48_000 - 2) < 0.05
    assert len(pictures(str(path))) == 30
    assert [each.name for each in tmp_path.iterdir()] == ["a.mp4"]
