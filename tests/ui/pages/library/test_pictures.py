import asyncio
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from desktop.domain.library import VersionFiles, Video
from desktop.services.library import LibraryService
from desktop.ui.pages.library import pictures as module
from desktop.ui.pages.library.pictures import Pictures, Tiles, read_image, read_tiles
from tests.ui.fakes import video
from tests.ui.pages.library.conftest import quiet
from tests.ui.pages.library.doubles import LibraryDouble, paint_posters


@pytest.fixture
async def pictures(library: LibraryDouble, tmp_path: Path) -> Pictures:
    paint_posters(tmp_path)
    return Pictures(cast("LibraryService", library))


def rendered(number: int) -> Video:
    return replace(video(f"Video {number}", f"v{number}"), latest_version=1)


async def test_a_poster_comes_after_it_was_asked_for(
    pictures: Pictures, library: LibraryDouble
) -> None:
    came: list[str] = []
    pictures.came.connect(came.append)
    assert pictures.poster(rendered(0)) is None
    assert pictures.poster(rendered(0)) is None
    await quiet(0)
    assert came == ["v0"]
    found = pictures.poster(rendered(0))
    assert found is not None
    assert (found.width(), found.height()) == (640, 360)
    assert library.files_asked == ["v0"]


async def test_files_are_read_beside_the_loop(
    pictures: Pictures, library: LibraryDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def files(video_id: str, number: int) -> VersionFiles:
        threads.append(threading.current_thread())
        return VersionFiles("")

    monkeypatch.setattr(library, "files", files)
    pictures.poster(rendered(0))
    await quiet(0)
    assert threads
    assert threading.main_thread() not in threads


async def test_a_video_without_versions_has_no_picture_and_costs_nothing(
    pictures: Pictures, library: LibraryDouble
) -> None:
    found = pictures.poster(video("Limits"))
    assert found is not None
    assert found.isNull()
    await quiet(0)
    assert not library.files_asked


async def test_a_sheet_knows_its_tiles(pictures: Pictures) -> None:
    pictures.sheet(rendered(0))
    await quiet(0)
    sheet = pictures.sheet(rendered(0))
    assert sheet is not None
    assert sheet.tiles == Tiles(4, 192, 108, 12)
    assert sheet.pixmap.width() == 4 * 192


async def test_a_missing_file_is_no_picture_and_is_not_read_again(
    pictures: Pictures, library: LibraryDouble, tmp_path: Path
) -> None:
    (tmp_path / "poster0.jpg").unlink()
    pictures.poster(rendered(0))
    await quiet(0)
    found = pictures.poster(rendered(0))
    assert found is not None
    assert found.isNull()
    assert library.files_asked == ["v0"]


async def test_a_new_version_has_a_picture_of_its_own(
    pictures: Pictures, library: LibraryDouble
) -> None:
    pictures.poster(rendered(0))
    await quiet(0)
    assert pictures.poster(replace(rendered(0), latest_version=2)) is None
    await quiet(0)
    assert library.files_asked == ["v0", "v0"]


async def test_forgotten_pictures_are_read_again(
    pictures: Pictures, library: LibraryDouble
) -> None:
    pictures.poster(rendered(0))
    await quiet(0)
    pictures.forget("v0")
    assert pictures.poster(rendered(0)) is None
    await quiet(0)
    assert library.files_asked == ["v0", "v0"]


async def test_what_was_scrolled_past_is_not_read(
    pictures: Pictures, library: LibraryDouble
) -> None:
    for number in range(300):
        pictures.poster(rendered(number))
    await quiet(0)
    assert len(library.files_asked) <= module.WAITING + module.READERS
    assert "v299" in library.files_asked[:2]


async def test_memory_is_bounded(
    pictures: Pictures, library: LibraryDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOM", 3 * 640 * 360 * 4)
    for number in range(8):
        pictures.poster(rendered(number))
        await quiet(0)
    assert pictures._bytes <= 3 * 640 * 360 * 4
    assert pictures._bytes == sum(one.size for one in pictures._kept.values())
    assert pictures.poster(rendered(7)) is not None


async def test_large_posters_are_read_small(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    QImage(1920, 1080, QImage.Format.Format_RGB32).save(str(path))
    image = await asyncio.to_thread(read_image, str(path), 640)
    assert (image.width(), image.height()) == (640, 360)


def test_damaged_files_are_no_pictures(tmp_path: Path) -> None:
    path = tmp_path / "poster.png"
    path.write_bytes(b"not a picture")
    assert read_image(str(path)).isNull()
    assert read_image("").isNull()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"columns": "x"}', "\x00"])
def test_damaged_indexes_have_no_tiles(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sprite.json"
    path.write_text(text, "utf-8")
    assert read_tiles(str(path)) == Tiles()
    assert read_tiles(str(tmp_path / "none.json")) == Tiles()


def test_tiles_follow_the_share_of_the_video(tmp_path: Path) -> None:
    path = tmp_path / "sprite.json"
    index = {"columns": 2, "tile_width": 10, "tile_height": 5, "frames": [0, 9, 18]}
    path.write_text(json.dumps(index), "utf-8")
    tiles = read_tiles(str(path))
    rects = [tiles.rect(share) for share in (-1, 0, 0.4, 0.99, 1, 7)]
    last = QRect(0, 5, 10, 5)
    assert rects == [QRect(0, 0, 10, 5)] * 2 + [QRect(10, 0, 10, 5)] + [last] * 3
