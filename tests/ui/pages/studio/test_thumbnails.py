from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from desktop.ui import tasks
from desktop.ui.pages.studio import thumbnails as module
from desktop.ui.pages.studio.thumbnails import SIDE, Thumbnails
from tests.ui.conftest import settle
from tests.ui.pages.studio.conftest import quiet, until


@pytest.fixture
def thumbnails() -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    made.deleteLater()


def painted(path: Path, width: int = 640, height: int = 360) -> str:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    image.save(str(path))
    return str(path)


async def test_a_picture_comes_after_it_was_asked_for(
    thumbnails: Thumbnails, tmp_path: Path
) -> None:
    came: list[bool] = []
    thumbnails.came.connect(lambda: came.append(True))
    path = painted(tmp_path / "a.png")
    assert thumbnails.picture(path).isNull()
    assert thumbnails.picture(path).isNull()
    await quiet()
    assert came == [True]
    shown = thumbnails.picture(path)
    assert (shown.width(), shown.height()) == (SIDE, 108)


async def test_small_pictures_stay_small(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = painted(tmp_path / "a.png", 60, 100)
    thumbnails.picture(path)
    await quiet()
    assert thumbnails.picture(path).height() == 100


async def test_no_path_and_no_file_show_nothing(thumbnails: Thumbnails, tmp_path: Path) -> None:
    assert thumbnails.picture("").isNull()
    missing = str(tmp_path / "missing.png")
    thumbnails.picture(missing)
    await quiet()
    assert thumbnails.picture(missing).isNull()
    assert not tasks.running(), "a missing file is not looked for with every paint"


async def test_pictures_not_used_for_longest_are_forgotten(
    thumbnails: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    paths = [painted(tmp_path / f"{name}.png", 20, 20) for name in "abc"]
    for path in paths[:2]:
        thumbnails.picture(path)
        await quiet()
    thumbnails.picture(paths[0])
    thumbnails.picture(paths[2])
    await until(lambda: not thumbnails.picture(paths[2]).isNull())
    assert not thumbnails.picture(paths[0]).isNull()
    assert thumbnails.picture(paths[1]).isNull()
    await quiet()


async def test_reading_ends_with_the_widget(tmp_path: Path) -> None:
    made = Thumbnails()
    made.picture(painted(tmp_path / "a.png"))
    made.deleteLater()
    await settle()
    await quiet()
    assert not tasks.running()
