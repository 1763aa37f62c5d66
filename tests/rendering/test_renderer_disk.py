"""A disk that is full or may not be written to: told in words, and nothing half written is kept."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from desktop.domain.errors import StudioError, Unavailable
from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.renderer import Renderer, RendererOptions
from tests.rendering.conftest import Studio, check_store, make
from tests.rendering.scenes import SHORT, job, nothing

pytestmark = [pytest.mark.manim, pytest.mark.asyncio(loop_scope="module")]


Mount = Callable[[Path, str], None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mount file systems in memory, with options."""
    mounted: list[Path] = []

    def attach(folder: Path, options: str) -> None:
        folder.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if sys.platform != "linux" or subprocess.run(command, check=False).returncode:
            pytest.skip("file systems cannot be mounted here")
        mounted.append(folder)

    yield attach
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def tiny(tmp_path: Path, mount: Mount) -> Path:
    """A file system of two megabytes."""
    mount(tmp_path / "tiny", "size=2m")
    return tmp_path / "tiny"


@pytest_asyncio.fixture(loop_scope="module")
async def cramped(studio: Studio, tiny: Path) -> AsyncIterator[Renderer]:
    """A renderer whose scratch folder and store lie on the tiny file system."""
    renderer = make(tiny, RendererOptions(workers=1, wall_seconds=60))
    renderer._process = studio.renderer._process
    yield renderer


NOISE = """
for number in range(5):
    self.add(ImageMobject(np.random.randint(0, 255, (360, 640, 3), dtype=np.uint8)).scale(2))
    self.wait(0.1)
"""


async def test_a_full_disk_is_told_and_nothing_half_written_is_kept(
    studio: Studio, cramped: Renderer, tiny: Path
) -> None:
    large = RenderProfile(Quality.FINAL, 1280, 720, 15, 5, "ultrafast")
    with pytest.raises(Unavailable) as caught:
        await cramped.render(job(NOISE, profile=large), nothing)
    assert caught.value.title == "The disk is full"
    assert caught.value.remedy.startswith("Free some space")
    assert not list((tiny / "store").glob("*/*"))
    assert not list((tiny / "scratch").glob("job-*"))
    assert (await cramped.render(job(SHORT), nothing)).frames == 30


@pytest.mark.parametrize("room", [0, 20, 60, 90, 110, 130, 150, 200])
async def test_a_disk_with_any_room_left_keeps_whole_takes_or_none(
    cramped: Renderer, tiny: Path, room: int
) -> None:
    (tiny / "store").mkdir()
    (tiny / "scratch").mkdir()
    free = os.statvfs(tiny)
    (tiny / "ballast").write_bytes(b"x" * (free.f_bavail * free.f_frsize - room * 1024))
    try:
        take = await cramped.render(job(SHORT), nothing)
    except StudioError as error:
        assert error.title == "The disk is full", error  # noqa: PT017  both ends are right
        (tiny / "ballast").unlink()
        assert not list((tiny / "store").glob("??/[!.]*"))
        assert not list((tiny / "scratch").glob("job-*"))
        take = await cramped.render(job(SHORT), nothing)
    assert check_store(cramped, tiny) == 1
    assert take.frames == 30


async def test_a_scratch_folder_that_cannot_be_made_is_told(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "scratch").write_text("a file is in the way")
    renderer = make(tmp_path, RendererOptions(workers=1))
    with pytest.raises(Unavailable, match="render cache cannot be used"):
        await renderer.render(job(SHORT), nothing)


@pytest.mark.parametrize("name", ["store", "scratch"])
async def test_a_folder_that_may_not_be_written_is_named(
    studio: Studio, tmp_path: Path, mount: Mount, name: str
) -> None:
    mount(tmp_path / name, "ro")
    renderer = make(tmp_path, RendererOptions(workers=1))
    renderer._process = studio.renderer._process
    with pytest.raises(Unavailable, match="render cache cannot be used") as caught:
        await renderer.render(job(SHORT), nothing)
    assert str(tmp_path / name) in caught.value.detail
    assert "Read-only" in caught.value.detail
    assert "writable" in caught.value.remedy
    assert not list((tmp_path / "scratch").glob("job-*"))


async def test_takes_in_a_folder_that_may_not_be_written_can_still_be_used(
    studio: Studio, tmp_path: Path, mount: Mount
) -> None:
    mount(tmp_path / "store", "size=2m")
    renderer = make(tmp_path, RendererOptions(workers=1))
    renderer._process = studio.renderer._process
    take = await renderer.render(job(SHORT), nothing)
    remount = ["mount", "-o", "remount,ro", str(tmp_path / "store")]
    await asyncio.to_thread(subprocess.run, remount, check=True)
    assert await renderer.render(job(SHORT), nothing) == take


async def test_a_render_process_without_a_place_for_its_files_is_told(
    tmp_path: Path, mount: Mount
) -> None:
    mount(tmp_path / "scratch", "ro")
    renderer = make(tmp_path, RendererOptions(workers=1))
    with pytest.raises(Unavailable, match="cannot be started") as caught:
        await renderer.start()
    assert "Read-only" in caught.value.detail
    await renderer.close()
