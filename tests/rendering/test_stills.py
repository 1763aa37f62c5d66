"""Pictures of a video show the frame they say they show."""

import json
from pathlib import Path

import pytest
from PIL import Image

from desktop.domain.errors import InvalidInput
from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.stills import poster, sprite, still
from tests.rendering.scenes import PROFILE, video

FINAL = RenderProfile(Quality.FINAL, 256, 144, 30, 18, "medium", gop=10)


def grey(picture: Image.Image, x: int, y: int) -> int:
    """Return the number, 0 to 29, of the frame a place shows."""
    pixel = picture.convert("L").getpixel((x, y))
    assert isinstance(pixel, int)
    return round((pixel - 8) / 8)


@pytest.mark.parametrize("profile", [PROFILE, FINAL])
@pytest.mark.parametrize("frame", [0, 1, 9, 10, 11, 28, 29, 30, 47])
def test_a_still_is_exactly_the_frame_asked_for(
    tmp_path: Path, profile: RenderProfile, frame: int
) -> None:
    path = video(tmp_path / "video.mp4", 48, profile=profile)
    still(path, frame, tmp_path / "still.png")
    with Image.open(tmp_path / "still.png") as picture:
        assert picture.size == (256, 144)
        assert grey(picture, 100, 100) == frame % 30


@pytest.mark.parametrize("frame", [48, 1000, -1])
def test_a_frame_outside_the_video_is_refused(tmp_path: Path, frame: int) -> None:
    path = video(tmp_path / "video.mp4", 48)
    with pytest.raises(InvalidInput, match="no frame"):
        still(path, frame, tmp_path / "still.png")
    assert not (tmp_path / "still.png").exists()


@pytest.mark.parametrize("profile", [PROFILE, FINAL])
def test_every_tile_shows_the_frame_its_index_says(tmp_path: Path, profile: RenderProfile) -> None:
    path = video(tmp_path / "video.mp4", 95, profile=profile, gop=10)
    sprite(path, tmp_path / "sheet.jpg", tmp_path / "sheet.json")
    index = json.loads((tmp_path / "sheet.json").read_text())
    width, height = index["tile_width"], index["tile_height"]
    assert (width, height) == (192, 108)
    assert index["frames"] == sorted(set(index["frames"]))
    assert index["frames"][0] == 0
    assert index["columns"] * index["rows"] >= len(index["frames"]) == 10
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        assert sheet.size == (index["columns"] * width, index["rows"] * height)
        for place, frame in enumerate(index["frames"]):
            x, y = place % index["columns"] * width, place // index["columns"] * height
            assert grey(sheet, x + 90, y + 50) == frame % 30


def test_a_long_video_has_no_more_tiles_than_asked_for(tmp_path: Path) -> None:
    path = video(tmp_path / "video.mp4", 100, gop=2)
    sprite(path, tmp_path / "sheet.jpg", tmp_path / "sheet.json", tiles=12)
    frames = json.loads((tmp_path / "sheet.json").read_text())["frames"]
    assert 6 <= len(frames) <= 12
    assert frames[-1] > 80


def test_a_poster_is_taken_from_inside_the_video(tmp_path: Path) -> None:
    path = video(tmp_path / "video.mp4", 30, gop=5)
    poster(path, tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as picture:
        assert picture.size == (640, 360)
        assert grey(picture, 300, 200) in {10, 15}


def test_a_video_of_one_frame_has_all_pictures(tmp_path: Path) -> None:
    path = video(tmp_path / "video.mp4", 1)
    poster(path, tmp_path / "poster.jpg")
    sprite(path, tmp_path / "sheet.jpg", tmp_path / "sheet.json")
    still(path, 0, tmp_path / "still.png")
    assert json.loads((tmp_path / "sheet.json").read_text())["frames"] == [0]
