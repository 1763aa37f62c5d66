"""An exported folder is plain Manim: it renders where Proofreel is not installed."""

import os
import subprocess
import sys
from pathlib import Path

import av
import pytest

from desktop.app import open_services
from desktop.config.paths import below, resource_dir
from desktop.domain.library import SourceKind

pytestmark = pytest.mark.manim

PLAIN = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"desktop", "PySide6"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from manim.__main__ import main

main(["render", *sys.argv[1:]], standalone_mode=False)
assert "desktop" not in sys.modules
import proofreel_kit
print(proofreel_kit.__file__)
"""


async def export(tmp_path: Path, sample: str) -> Path:
    text = (resource_dir() / "samples" / sample / "storyboard.md").read_text("utf-8")
    async with open_services(below(tmp_path / "home")) as services:
        project = await services.library.create_project("Out")
        video = await services.library.create_video(project.id, "Out", SourceKind.STORYBOARD, text)
        return await services.exporting.folder(video.id, tmp_path / "out")


def render(folder: Path, *scenes: str) -> subprocess.CompletedProcess[str]:
    """Run ``manim render`` in a folder, with nothing of this program within reach."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    arguments = ["-r", "128,72", "--fps", "5", "--disable_caching", "video.py", *scenes]
    return subprocess.run(
        [sys.executable, "-c", PLAIN, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


async def test_an_exported_video_renders_with_plain_manim(tmp_path: Path) -> None:
    folder = await export(tmp_path, "pythagoras")
    done = render(folder, "TheClaimScene", "TheMovingProofScene")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1].startswith(str(folder))
    videos = {path.stem: path for path in folder.rglob("*Scene.mp4")}
    assert set(videos) == {"TheClaimScene", "TheMovingProofScene"}
    for path in videos.values():
        with av.open(str(path)) as film:
            assert film.streams.video[0].frames > 20


async def test_an_exported_upright_video_stays_upright(tmp_path: Path) -> None:
    folder = await export(tmp_path, "golden-spiral")
    done = render(folder, "TheSolutionScene")
    assert done.returncode == 0, done.stderr[-2000:]
    (path,) = folder.rglob("TheSolutionScene.mp4")
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.height > stream.width
