"""One film of each awkward kind, made once."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.playback.films import Film, write

FILMS: dict[str, tuple[str, Film]] = {
    "plain": ("mp4", Film()),
    "b_frames": ("mp4", Film(frames=200, gop=48, options={"bf": "3", "b-pyramid": "normal"})),
    "long_gop": ("mp4", Film(frames=520, gop=250, options={"bf": "2", "sc_threshold": "0"})),
    "open_gop": ("mkv", Film(frames=160, gop=20, options={"bf": "3", "x264-params": "open-gop=1"})),
    "ntsc": ("mp4", Film(frames=150, rate=Fraction(30_000, 1001), options={"bf": "2"})),
    "variable": (
        "mkv",
        Film(frames=100, stamps=[n * 40 + (n % 3) * 11 + (n // 50) * 900 for n in range(100)]),
    ),
    "intra": ("mp4", Film(frames=60, gop=1)),
    "with_sound": ("mp4", Film(frames=60, sound=True, options={"bf": "2"})),
    "stream": ("ts", Film(frames=120, gop=30, options={"bf": "2"})),
    "one_frame": ("mp4", Film(frames=1)),
}


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    return {
        name: write(folder / f"{name}.{suffix}", film) for name, (suffix, film) in FILMS.items()
    }
