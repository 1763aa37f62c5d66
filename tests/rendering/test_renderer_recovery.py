"""Cancelled, killed or out of room: the next render works, and nothing is left lying about."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from desktop.domain.errors import StudioError, Unavailable
from desktop.rendering import workspace
from desktop.rendering.isolation import ProcessLimits
from desktop.rendering.renderer import Renderer, RendererOptions
from tests.rendering.conftest import Studio, make
from tests.rendering.scenes import SHORT, job, nothing, until

pytestmark = [pytest.mark.manim, pytest.mark.asyncio(loop_scope="module")]

LONG = "dot = Dot()\nself.play(dot.animate.shift(UP), run_time={0})"


async def begun(renderer: Renderer, seconds: float) -> "asyncio.Task[object]":
    """Start a long render; return its task when the first frames are drawn."""
    frames = 0

    def count(done: int, _total: int) -> None:
        nonlocal frames
        frames = done

    task: asyncio.Task[object] = asyncio.get_running_loop().create_task(
        renderer.render(job(LONG.format(seconds)), count)
    )
    await until(lambda: frames or task.done())
    assert not task.done()
    return task


async def test_a_cancelled_render_leaves_nothing_and_the_next_one_works(studio: Studio) -> None:
    takes = studio.takes()
    task = await begun(studio.renderer, 1000)
    assert studio.processes()
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 2
    assert not studio.processes()
    assert not studio.job_folders()
    assert studio.takes() == takes
    assert (await studio.renderer.render(job(SHORT), nothing)).frames == 30


async def test_cancelling_at_any_moment_leaves_nothing(studio: Studio) -> None:
    takes = studio.takes()
    for step in range(10):
        task = asyncio.get_running_loop().create_task(
            studio.renderer.render(job(LONG.format(900 + step)), nothing)
        )
        await asyncio.sleep(0.025 * step)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not studio.job_folders()
        assert not studio.processes()
    assert studio.takes() == takes


async def test_a_cancelled_scene_gives_its_place_to_the_next(studio: Studio) -> None:
    long = [await begun(studio.renderer, 800 + number) for number in range(2)]
    waiting = asyncio.get_running_loop().create_task(
        studio.renderer.render(job(SHORT + "\nself.wait(0.2)"), nothing)
    )
    await asyncio.sleep(0.05)
    assert not waiting.done()
    long[0].cancel()
    assert (await waiting).frames == 33
    assert not long[1].done()
    long[1].cancel()
    await asyncio.gather(*long, return_exceptions=True)


async def test_one_asker_who_gives_up_does_not_disappoint_the_other(studio: Studio) -> None:
    given = job(LONG.format(3))
    drawn: list[str] = []

    def give_up(done: int, _total: int) -> None:
        if done:  # called within the task itself: it is drawing, whatever the machine's load
            drawn.append("one")
            one.cancel()

    def count(done: int, _total: int) -> None:
        if done:
            drawn.append("two")

    loop = asyncio.get_running_loop()
    one = loop.create_task(studio.renderer.render(given, give_up))
    two = loop.create_task(studio.renderer.render(given, count))
    with pytest.raises(asyncio.CancelledError):
        await one
    assert (await two).frames == 45
    assert drawn[0] == "one"
    assert "two" in drawn


async def test_a_render_cancelled_while_its_folder_is_made_leaves_no_folder(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    making, cancelled = threading.Event(), threading.Event()

    def slow(folder: Path, *given: Any) -> None:
        making.set()
        assert cancelled.wait(30)
        workspace.prepare(folder, *given)

    monkeypatch.setattr("desktop.rendering.renderer.prepare", slow)
    task = asyncio.get_running_loop().create_task(
        studio.renderer.render(job(LONG.format(600)), nothing)
    )
    await asyncio.to_thread(making.wait, 30)
    task.cancel()
    await asyncio.sleep(0)
    cancelled.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not studio.job_folders()


def zygote(studio: Studio) -> int:
    process = studio.renderer._process._process
    assert process is not None
    return process.pid


async def test_the_next_render_works_after_the_render_process_was_killed(studio: Studio) -> None:
    task = await begun(studio.renderer, 700)
    (drawing,) = studio.processes()
    os.kill(zygote(studio), signal.SIGKILL)
    with pytest.raises(Unavailable, match="ended unexpectedly"):
        await task
    await until(lambda: not drawing.is_running() or drawing.status() == psutil.STATUS_ZOMBIE)
    assert not studio.job_folders()
    given = job(SHORT + "\nself.wait(1.2)")
    assert (await studio.renderer.render(given, nothing)).frames == 48


async def test_a_render_asked_for_while_the_process_dies_works_too(studio: Studio) -> None:
    await studio.renderer.start()
    os.kill(zygote(studio), signal.SIGKILL)
    given = job(SHORT + "\nself.wait(1.4)")
    assert (await studio.renderer.render(given, nothing)).frames == 51


async def test_a_render_process_that_was_stopped_starts_again(studio: Studio) -> None:
    await studio.renderer._process.close()
    given = job(SHORT + "\nself.wait(1.6)")
    assert (await studio.renderer.render(given, nothing)).frames == 54


CLIENT = """
import asyncio, sys
from pathlib import Path
from tests.rendering.conftest import make
from tests.rendering.scenes import job, nothing
from desktop.rendering.renderer import RendererOptions

async def main():
    renderer = make(Path(sys.argv[1]), RendererOptions(workers=2))
    await renderer.start()
    print(renderer._process._process.pid, flush=True)
    number = 0
    while True:
        number += 1
        body = "self.play(Create(Circle()), run_time=0.4)\\nself.wait(%s)" % (number / 15)
        await asyncio.gather(*(
            renderer.render(job(body + "\\nself.wait(%s)" % (part / 15)), nothing)
            for part in (1, 2)
        ))

asyncio.run(main())
"""


def kill_a_client(root: Path, seconds: float) -> None:
    """Let a whole studio render for a while, kill it, and see that its processes end."""
    project = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(root)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        stdout=subprocess.PIPE,
    ) as client:
        assert client.stdout is not None
        family = psutil.Process(int(client.stdout.readline()))
        time.sleep(seconds)
        processes = [family, *family.children(recursive=True)]
        client.kill()
    _gone, alive = psutil.wait_procs(processes, timeout=5)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


async def test_a_studio_killed_in_mid_render_leaves_no_process_and_a_sound_store(
    tmp_path: Path,
) -> None:
    await asyncio.to_thread(kill_a_client, tmp_path, 0.8)
    renderer = make(tmp_path, RendererOptions(workers=1))
    check_store(renderer, tmp_path)
    await renderer.close()
    assert not list((tmp_path / "scratch").glob("*")), "leftovers are swept"


def check_store(renderer: Renderer, root: Path) -> int:
    """Decode every visible take to its end; return how many there are."""
    from tests.rendering.scenes import pictures

    folders = list((root / "store").glob("??/[!.]*"))
    for folder in folders:
        take = renderer.store.get(folder.name)
        assert take is not None, f"{folder} is damaged"
        assert len(pictures(take.video)) == take.frames
    return len(folders)


@pytest.mark.campaign
@pytest.mark.timeout(900)
async def test_sixty_kills_at_random_moments_never_damage_the_store(tmp_path: Path) -> None:
    import random

    moments = random.Random(7)
    takes = 0
    for _ in range(60):
        await asyncio.to_thread(kill_a_client, tmp_path, moments.uniform(0, 1.5))
        takes = check_store(make(tmp_path, RendererOptions(workers=1)), tmp_path)
    assert takes > 20
    print(f"60 kills, {takes} takes, none damaged")  # noqa: T201  the campaign's result


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


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
    from desktop.domain.picture import Quality, RenderProfile

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


async def test_a_render_process_that_cannot_start_is_told(tmp_path: Path) -> None:
    class Missing(ProcessLimits):
        def command(self, argv: list[str], scratch: Path) -> list[str]:
            return ["/nowhere/python"]

    class Silent(ProcessLimits):
        def command(self, argv: list[str], scratch: Path) -> list[str]:
            return [sys.executable, "-c", "import nowhere"]

    for isolation in (Missing(), Silent()):
        renderer = make(tmp_path, RendererOptions(workers=1))
        renderer._process._isolation = isolation
        for _attempt in range(2):
            with pytest.raises(Unavailable, match="cannot be started") as caught:
                await renderer.render(job(SHORT), nothing)
            assert "proofreel doctor" in caught.value.remedy
        await renderer.close()
