"""Exports of one rendered video."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image

from desktop.domain.errors import NotFound, Unavailable
from desktop.domain.library import Project, SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.services import Services

pytestmark = pytest.mark.manim

STORYBOARD = """---
title: Small
---

## Hello {duration=1}

- One point
"""


@pytest.fixture
async def video(services: Services, project: Project) -> Video:
    settings = services.settings.current
    rendering = replace(settings.rendering, draft_short_side=240, draft_fps=10)
    await services.settings.save(replace(settings, rendering=rendering))
    return await services.library.create_video(
        project.id, "Small", SourceKind.STORYBOARD, STORYBOARD
    )


@pytest.fixture
async def rendered(services: Services, video: Video) -> Video:
    await services.production.render(video.id, Quality.DRAFT)
    return video


async def test_an_mp4_is_the_version_byte_for_byte(
    services: Services, rendered: Video, tmp_path: Path
) -> None:
    target = await services.exporting.mp4(rendered.id, tmp_path / "out" / "small.mp4")
    source = Path(services.versions.files(rendered.id, 1).video)
    assert target.read_bytes() == source.read_bytes()


async def test_a_gif_moves(services: Services, rendered: Video, tmp_path: Path) -> None:
    target = await services.exporting.gif(rendered.id, tmp_path / "small.gif")
    with Image.open(target) as picture:
        assert getattr(picture, "n_frames", 1) > 3


async def test_stills_show_each_scene(services: Services, rendered: Video, tmp_path: Path) -> None:
    folder = await services.exporting.scene_stills(rendered.id, tmp_path / "stills")
    [still] = list(folder.iterdir())
    with Image.open(still) as picture:
        assert picture.size == (426, 240)


async def test_nothing_is_exported_from_a_video_without_versions(
    services: Services, video: Video, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        await services.exporting.mp4(video.id, tmp_path / "small.mp4")


async def test_a_folder_that_has_files_is_left_alone(
    services: Services, video: Video, tmp_path: Path
) -> None:
    target = tmp_path / "full"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(Unavailable):
        await services.exporting.folder(video.id, target)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]


async def test_a_target_that_cannot_be_written_leaves_no_half_file(
    services: Services, rendered: Video, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(Unavailable):
        await services.exporting.mp4(rendered.id, blocked / "small.mp4")
    assert blocked.read_text() == "not a folder"


async def test_an_exported_folder_renders_with_plain_manim_alone(
    services: Services, video: Video, tmp_path: Path
) -> None:
    target = await services.exporting.folder(video.id, tmp_path / "project")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "manim",
            "render",
            "-ql",
            "-a",
            "--progress_bar",
            "none",
            "video.py",
        ],
        cwd=target,
        capture_output=True,
        text=True,
        timeout=110,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    [film] = [path for path in target.rglob("*.mp4") if "partial" not in str(path)]
    with av.open(film) as container:
        assert container.streams.video[0].frames > 5
