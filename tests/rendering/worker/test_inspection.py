"""What is in finished files is told as it is; what cannot be read is told, too."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop.rendering.worker import inspection
from tests.rendering.scenes import PROFILE, video


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    video(tmp_path / "scene.mp4", 40)
    Image.new("RGB", (640, 360)).save(tmp_path / "poster.jpg")
    return tmp_path


def seen(folder: Path) -> dict[str, Any]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as events:
        inspection.run(folder, writing)
        os.close(writing)
        (event,) = [json.loads(line) for line in events]
    return dict(event)


def test_a_video_is_described_by_its_packets(folder: Path) -> None:
    event = seen(folder)
    assert event["event"] == "inspected"
    assert (event["frames"], event["codec"], event["streams"]) == (40, "h264", ["video"])
    assert (event["width"], event["height"]) == (PROFILE.width, PROFILE.height)
    assert 1 <= event["pictures"] < 40
    assert event["poster"] == [640, 360]


def test_sound_is_seen(folder: Path) -> None:
    video(folder / "scene.mp4", 15, sound=1.0)
    assert seen(folder)["streams"] == ["audio", "video"]


@pytest.mark.parametrize("name", ["scene.mp4", "poster.jpg"])
def test_what_is_no_picture_cannot_be_read(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 40)
    assert seen(folder)["event"] == "failed"


def test_other_kinds_of_pictures_are_not_even_tried(folder: Path) -> None:
    Image.new("RGB", (64, 36)).save(folder / "poster.jpg", format="PNG")
    event = seen(folder)
    assert event["event"] == "failed"
    assert "UnidentifiedImageError" in event["message"]


def test_a_poster_of_absurd_size_is_not_decoded(folder: Path) -> None:
    Image.new("L", (5000, 10)).save(folder / "poster.jpg")
    assert "too large" in seen(folder)["message"]


def test_a_video_cut_short_cannot_be_read(folder: Path) -> None:
    whole = (folder / "scene.mp4").read_bytes()
    (folder / "scene.mp4").write_bytes(whole[: len(whole) // 3])
    assert seen(folder)["event"] == "failed"
