"""Ten scenes drawn by the studio's services and by plain ``manim render``, on the same terms.

Both sides get the same module, size and frame rate, and the same interpreter. The studio's time is
counted from the call that a click makes until the first picture of the new version is decoded;
Manim's is the time of its command, as its users wait for it. Manim encodes with one setting.
A draft of the studio is encoded faster and larger than that, a final slower and better: ``--final``
is the harder comparison.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import av
import psutil

from desktop.domain.library import SourceKind, Version
from desktop.domain.picture import Aspect, Quality, RenderProfile
from desktop.services.reading import profile
from desktop.services.services import Services

STORYBOARD = Path(__file__).with_name("ten.md")
EDITED = ("- Half full, a step and a half", "- Half full, a step and a half ({0})")
"""A bullet of one scene: what the edit changes, and into what."""


def text() -> str:
    """Return the storyboard of ten scenes."""
    return STORYBOARD.read_text("utf-8")


def edited(number: int) -> str:
    """Return it with one scene changed; each number gives another change."""
    changed = text().replace(EDITED[0], EDITED[1].format(number))
    if changed == text():
        raise ValueError("the edit found nothing to change")
    return changed


async def create(services: Services) -> str:
    """Make a video of the ten scenes; return its id."""
    project = await services.library.create_project("Benchmark")
    video = await services.library.create_video(
        project.id, "Ten scenes", SourceKind.STORYBOARD, text(), own=True
    )
    return video.id


async def rewrite(services: Services, video_id: str, new: str) -> None:
    """Save a changed text, as the editor does."""
    document = await services.authoring.open(video_id)
    await services.authoring.save(video_id, new, document.revision, own=True)


async def playable(services: Services, video_id: str, quality: Quality) -> tuple[float, Version]:
    """Render the working text; return the seconds until a picture is decoded, and the version."""
    started = time.perf_counter()
    version = await services.production.render(video_id, quality)
    files = services.versions.files(video_id, version.number)
    with av.open(files.video) as container:
        next(container.decode(video=0))
    return time.perf_counter() - started, version


async def export(services: Services, video_id: str, folder: Path) -> Path:
    """Write the module that plain Manim renders; return its path."""
    target = await services.exporting.folder(video_id, folder)
    return target / "video.py"


def same_profile(services: Services, quality: Quality) -> RenderProfile:
    """Return size and rate of what the studio draws."""
    return profile(services.settings.current.rendering, Aspect.WIDE, quality)


def manim(module: Path, size: RenderProfile, *, cached: bool) -> float:
    """Run ``manim render -a`` on a module; return its seconds. Raises when it fails.

    Args:
        module: the exported module; results go beside it.
        size: the profile of the other side.
        cached: whether Manim may use what its last run left; if not, that is deleted first.
    """
    media = module.parent / "media"
    if not cached:
        shutil.rmtree(media, ignore_errors=True)
    command = [sys.executable, "-m", "manim", "render", "-a", module.name]
    command += ["--resolution", f"{size.width},{size.height}", "--frame_rate", str(size.fps)]
    command += ["--media_dir", str(media), "--progress_bar", "none", "--verbosity", "ERROR"]
    started = time.perf_counter()
    subprocess.run(
        command, cwd=module.parent, env={**os.environ}, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def machine() -> dict[str, object]:
    """Return what else kept the machine busy when a run began: others distort short times."""
    return {
        "cores": os.cpu_count(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "busy percent": psutil.cpu_percent(interval=1.0),
    }
