"""Films for tests: every frame carries its number as sixteen black and white bars."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BITS = 16


@dataclass(frozen=True)
class Film:
    """How a film is made."""

    frames: int = 120
    rate: Fraction = Fraction(30)
    width: int = 320
    height: int = 180
    gop: int = 30
    options: dict[str, str] = field(default_factory=dict)
    stamps: Sequence[int] = ()
    """Times of the frames in milliseconds, for variable rates; empty for an even rate."""
    sound: bool = False


def write(path: Path, film: Film) -> Path:
    """Write a film; the suffix of ``path`` names the container."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264",
            rate=film.rate,
            options={
                "g": str(film.gop),
                "crf": "20",
                "preset": "ultrafast",
                "bf": "0",
                **film.options,
            },
        )
        stream.width, stream.height, stream.pix_fmt = film.width, film.height, "yuv420p"
        if film.stamps:
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        sound = container.add_stream("aac", rate=48_000, layout="stereo") if film.sound else None
        for number in range(film.frames):
            frame = av.VideoFrame.from_ndarray(picture(number, film.width, film.height), "rgb24")
            frame.pts = film.stamps[number] if film.stamps else number
            frame.time_base = Fraction(1, 1000) if film.stamps else 1 / film.rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            _add_silence(container, sound, float(film.frames / film.rate))
    return path


def picture(number: int, width: int, height: int) -> np.ndarray:
    """Return a picture whose bars are the bits of ``number``; shape (height, width, 3)."""
    pixels = np.full((height, width, 3), 90, np.uint8)
    # Something moves, so that frames refer to each other as those of real films do.
    place = number * 5 % (width - 24)
    pixels[height // 2 : height // 2 + 24, place : place + 24] = (220, 120, 40)
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        pixels[: height // 4, left:right] = 235 if number >> bit & 1 else 16
    return pixels


def number_in(pixels: memoryview, width: int, height: int, stride: int) -> int:
    """Return the number that the bars of a BGRA picture show."""
    rows = np.frombuffer(pixels, np.uint8)[: stride * height].reshape(height, stride)
    row = rows[height // 8].reshape(-1, 4)[:width, 1]
    middles = [(2 * bit + 1) * width // (2 * BITS) for bit in range(BITS)]
    return sum(1 << bit for bit, middle in enumerate(middles) if row[middle] > 125)


def _add_silence(
    container: av.container.OutputContainer, sound: av.AudioStream, seconds: float
) -> None:
    for start in range(0, int(seconds * 48_000), 1024):
        frame = av.AudioFrame.from_ndarray(
            np.zeros((2, 1024), np.float32), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts = 48_000, start
        container.mux(sound.encode(frame))
    container.mux(sound.encode(None))
