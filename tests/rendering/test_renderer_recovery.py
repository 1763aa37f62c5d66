"""Cancelled or killed: the next render works, and nothing is left lying about."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from desktop.domain.errors import RenderFailed, Unavailable
from desktop.rendering import workspace
from desktop.rendering.isolation import ProcessLimits
from desktop.rendering.renderer import Renderer, RendererOptions
from tests.rendering.conftest import Studio, check_store, make
from tests.rendering.scenes import SHORT, job, nothing, pictures, until

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


async def test_a_scene_whose_process_is_killed_is_told_so_and_drawn_whole_the_next_time(
    studio: Studio,
) -> None:
    takes = studio.takes()
    given = job(LONG.format(40))
    drawing: list[int] = []

    def kill(done: int, _total: int) -> None:
        if done and not drawing:
            (process,) = studio.processes()
            drawing.append(process.pid)
            os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(RenderFailed) as caught:
        await studio.renderer.render(given, kill)
    assert caught.value.title == "“A scene” was stopped"
    assert "memory ran out" in caught.value.detail
    assert "Close other programs" in caught.value.remedy
    assert drawing
    assert studio.takes() == takes
    assert not studio.job_folders()
    take = await studio.renderer.render(given, nothing)
    assert len(pictures(take.video)) == take.frames == 600


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
