"""A film with burnt-in numbers and the version it belongs to."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop.domain.library import SceneTake, Version, VersionFiles
from desktop.domain.picture import Quality
from tests.playback.films import Film, number_in, write

FRAMES = 150
PATIENCE = 20.0


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = {"bf": "2"}
    return write(tmp_path_factory.mktemp("film") / "film.mp4", Film(FRAMES, options=options))


@pytest.fixture(scope="session")
def other_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("other") / "other.mp4", Film(40, Fraction(25)))


@pytest.fixture(scope="session")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Film(600, gop=250, options={"bf": "2", "sc_threshold": "0"})
    return write(tmp_path_factory.mktemp("long") / "long.mp4", made)


@pytest.fixture
def files(film: Path) -> VersionFiles:
    return VersionFiles(str(film))


def scene(name: str, first_frame: int, frames: int) -> SceneTake:
    return SceneTake(name, name.capitalize(), name.capitalize(), "key", "sha", first_frame, frames)


SCENES = (scene("opening", 0, 40), scene("proof", 40, 80), scene("end", 120, 30))


@pytest.fixture
def version() -> Version:
    return Version(
        id="v1",
        video_id="video",
        number=1,
        created_at=datetime(2026, 11, 24, tzinfo=UTC),
        quality=Quality.DRAFT,
        width=320,
        height=180,
        rate=Fraction(30),
        frames=FRAMES,
        size=1000,
        sha256="sha",
        scenes=SCENES,
    )


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.002)


def number_on(image: QImage) -> int:
    """Return the number burnt into a picture on the stage."""
    shown = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(shown.constBits())
    return number_in(pixels, shown.width(), shown.height(), shown.bytesPerLine())
