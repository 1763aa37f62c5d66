"""What a scene leaves under the names of its results is taken only when it is a plain file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import RenderFailed
from desktop.rendering.results import POSTER, VIDEO, Expected, expected, take_out

EXPECTED = (Expected(VIDEO, 1 << 20), Expected(POSTER, 1 << 20))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / VIDEO).write_bytes(b"video")
    (folder / POSTER).write_bytes(b"poster")
    return folder


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    (tmp_path / "packed").mkdir()
    return tmp_path / "packed"


def refused(folder: Path, packed: Path) -> str:
    with pytest.raises(RenderFailed) as caught:
        take_out(folder, packed, EXPECTED, "A scene")
    assert not (packed / VIDEO).exists()
    return str(caught.value)


def test_results_are_moved_and_nothing_else(folder: Path, packed: Path) -> None:
    (folder / "other").write_bytes(b"stays")
    take_out(folder, packed, EXPECTED, "A scene")
    assert {path.name: path.read_bytes() for path in packed.iterdir()} == {
        VIDEO: b"video",
        POSTER: b"poster",
    }
    assert [path.name for path in folder.iterdir()] == ["other"]


def test_a_missing_result_is_no_picture(folder: Path, packed: Path) -> None:
    (folder / VIDEO).unlink()
    assert "produced no picture" in refused(folder, packed)


def test_a_link_is_not_followed(folder: Path, packed: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / VIDEO).unlink()
    (folder / VIDEO).symlink_to(tmp_path / "secret")
    assert "scene.mp4 is no file" in refused(folder, packed)


def test_a_second_name_of_another_file_is_not_taken(
    folder: Path, packed: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / VIDEO).unlink()
    (folder / VIDEO).hardlink_to(tmp_path / "secret")
    assert "has a second name" in refused(folder, packed)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_keeps_nobody_waiting(folder: Path, packed: Path) -> None:
    (folder / VIDEO).unlink()
    os.mkfifo(folder / VIDEO)
    assert "is no file" in refused(folder, packed)


def test_a_folder_is_no_file(folder: Path, packed: Path) -> None:
    (folder / VIDEO).unlink()
    (folder / VIDEO).mkdir()
    assert "is no file" in refused(folder, packed)


def test_a_file_that_is_too_large_is_left(folder: Path, packed: Path) -> None:
    with (folder / VIDEO).open("wb") as file:
        file.truncate((1 << 20) + 1)
    assert "is larger than 1 MB" in refused(folder, packed)


def test_a_file_of_somebody_else_is_left(folder: Path, packed: Path) -> None:
    if sys.platform == "win32" or os.getuid() != 0:
        pytest.skip("only root can give files away")
    subprocess.run(["chown", "65534", folder / VIDEO], check=True)
    assert "belongs to somebody else" in refused(folder, packed)


def test_a_video_may_fill_what_the_folder_may_hold() -> None:
    video, poster = expected(7 << 30)
    assert (video.name, video.largest) == (VIDEO, 7 << 30)
    assert poster.largest < video.largest
