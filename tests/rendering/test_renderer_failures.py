"""A scene at fault says so, with the line, in words; nothing of it stays behind."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.domain.errors import Refused, RenderFailed
from desktop.rendering.jobs import Asset, SceneJob
from desktop.rendering.renderer import Renderer
from tests.rendering.conftest import Studio
from tests.rendering.scenes import job, module, nothing

pytestmark = [pytest.mark.manim, pytest.mark.asyncio(loop_scope="module")]

Limited = Callable[..., Renderer]


async def failure(renderer: Renderer, given: SceneJob) -> RenderFailed:
    with pytest.raises(RenderFailed) as caught:
        await renderer.render(given, nothing)
    assert not renderer.store.has(given.key)
    return caught.value


async def none_left(studio: Studio) -> None:
    """Wait a moment until killed processes are gone; then see that there are none."""
    for _ in range(400):
        if not studio.processes():
            break
        await asyncio.sleep(0.05)
    assert not studio.processes()
    assert not studio.job_folders()


async def test_an_exception_names_the_line_of_the_code(studio: Studio) -> None:
    error = await failure(studio.renderer, job("x = 1\n\nx / 0\nself.wait()"))
    (problem,) = error.problems
    assert problem.line == 6
    assert problem.message == "ZeroDivisionError: division by zero"
    assert "proofreel_scene.py" in error.log
    assert error.title == "“A scene” could not be rendered"
    await none_left(studio)


async def test_the_deepest_line_of_the_scene_itself_counts(studio: Studio) -> None:
    error = await failure(studio.renderer, job('self.play("not an animation")'))
    assert error.problems[0].line == 4


async def test_an_error_that_only_drawing_shows_names_its_line(studio: Studio) -> None:
    updater = "dot.add_updater(lambda m, dt: 1 / 0 if dt else m)"
    body = f"dot = Dot()\n{updater}\nself.add(dot)\nself.wait(1)"
    assert (await failure(studio.renderer, job(body))).problems[0].line in {5, 7}


async def test_code_that_is_not_python_names_its_line(studio: Studio) -> None:
    error = await failure(studio.renderer, job("self.wait(1)\nself.play((Create(Dot())"))
    assert error.problems[0].line == 5
    assert error.problems[0].message == "Not valid Python: '(' was never closed."


@pytest.mark.parametrize(
    ("body", "message", "remedy"),
    [
        ("import pandoras_box", "The module “pandoras_box” is not installed.", "remove the import"),
        ("Sqare()", "name 'Sqare' is not defined.", "Did you mean Square?"),
        ("open('no.csv')", "The file no.csv is not there.", "Put it beside the source"),
        ("ImageMobject('no.png')", "no.png", ""),
        (r"MathTex(r'\unheardof{x}')", r"“\unheardof” is not known without LaTeX", ""),
        ("raise SystemExit(3)", "The scene ended the program itself.", "Remove the call"),
        ("def f(): f()\nf()", "The scene calls itself without end.", ""),
        ("raise ValueError('Too few points.')", "Too few points.", ""),
        ("raise MemoryError", "The scene needs more memory than it may have.", "Simplify"),
        ("[].pop()", "IndexError: pop from empty list", ""),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("Square().rotat(1)", "Square object has no attribute 'rotat'.", "Did you mean rotate?"),
        ("np.zeross(1)", "module 'numpy' has no attribute 'zeross'", "Did you mean zeros?"),
    ],
)
async def test_mistakes_are_told_in_plain_words(
    studio: Studio, body: str, message: str, remedy: str
) -> None:
    error = await failure(studio.renderer, job(body))
    assert message in error.problems[0].message
    assert remedy in error.problems[0].remedy
    assert error.problems[0].line is not None


async def test_a_scene_that_is_not_in_the_file_is_named(studio: Studio) -> None:
    error = await failure(studio.renderer, module("from manim import *\n", "Lost"))
    assert error.detail == "The file defines no scene named Lost."


async def test_an_empty_file_of_a_scene_fails_in_words(studio: Studio) -> None:
    assert "Lost" in (await failure(studio.renderer, module("", "Lost"))).detail


async def test_an_asset_that_is_gone_is_named(studio: Studio, tmp_path: Path) -> None:
    gone = Asset("data.csv", str(tmp_path / "data.csv"), "0")
    error = await failure(studio.renderer, job("self.wait(1)", assets=(gone,)))
    assert error.detail == "The file data.csv is not there."
    await none_left(studio)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "a/../../b", ""])
async def test_no_asset_is_put_outside_the_job_folder(
    studio: Studio, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    with pytest.raises(Refused):
        await studio.renderer.render(
            job("self.wait(1)", assets=(Asset(name, str(path), "0"),)), nothing
        )
    await none_left(studio)


async def test_an_endless_loop_is_stopped_at_the_time_limit(
    studio: Studio, limited: Limited
) -> None:
    started = time.monotonic()
    error = await failure(limited(wall_seconds=1.2), job("while True: pass"))
    assert time.monotonic() - started < 4
    assert error.title == "“A scene” took longer than 1 second"
    assert "loop that never ends" in error.remedy
    await none_left(studio)


async def test_an_endless_loop_is_noticed_long_before_a_scene_that_is_slow_to_draw(
    studio: Studio, limited: Limited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.rendering.renderer.LEAST_PROBE_SECONDS", 0.5)
    error = await failure(limited(wall_seconds=10), job("while True: pass"))
    assert error.title == "“A scene” took longer than 1 second"
    slow = "self.add(Dot().add_updater(lambda m, dt: __import__('time').sleep(0.1)))\nself.wait(2)"
    assert (await limited(wall_seconds=60).render(job(slow), nothing)).frames == 30
    await none_left(studio)


async def test_a_scene_that_sleeps_is_stopped_too(studio: Studio, limited: Limited) -> None:
    body = "import time\nwhile True:\n    try: time.sleep(60)\n    except BaseException: pass"
    error = await failure(limited(wall_seconds=1.0), job(body))
    assert "took longer" in error.title
    await none_left(studio)


async def test_a_memory_hog_is_stopped(studio: Studio, limited: Limited) -> None:
    body = "hoard = []\nwhile True: hoard.append(np.ones(2_000_000))"
    error = await failure(limited(memory=600 << 20), job(body))
    assert "memory" in str(error)
    assert "Simplify it" in error.remedy
    await none_left(studio)


async def test_one_huge_array_is_refused_by_the_system(studio: Studio) -> None:
    error = await failure(studio.renderer, job("np.ones(10 ** 11)"))
    assert "memory" in error.problems[0].message
    assert error.problems[0].line == 4


async def test_a_flood_of_output_is_cut(studio: Studio) -> None:
    error = await failure(studio.renderer, job("while True: print('x' * 10_000)"))
    assert error.title == "“A scene” printed more than 4 MB"
    assert "print" in error.remedy
    await none_left(studio)


async def test_a_scene_that_fills_the_disk_is_stopped(
    studio: Studio, limited: Limited, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.rendering.isolation import Limits

    renderer = limited()
    small = Limits(memory=1 << 30, wall_seconds=30, cpu_seconds=60, folder_bytes=20 << 20)
    monkeypatch.setattr(renderer, "_limits", lambda _job: small)
    many = "n = 0\nwhile True:\n    n += 1\n    open(f'f{n}', 'wb').write(b'x' * 1_000_000)"
    assert "wrote more than" in (await failure(renderer, job(many))).title
    one = "with open('f', 'wb') as file:\n    while True: file.write(b'x' * 1_000_000)"
    assert "more than" in str(await failure(renderer, job(one)))
    await none_left(studio)


@pytest.mark.parametrize("status", [0, 3])
async def test_a_scene_that_ends_its_process_is_told_so(studio: Studio, status: int) -> None:
    error = await failure(
        studio.renderer, job(f"import os\nprint('Bye', flush=True)\nos._exit({status})")
    )
    assert error.title == "“A scene” was stopped"
    assert error.detail == f"Its process ended by itself (status {status})."
    assert error.log == "Bye\n"
    await none_left(studio)


async def test_a_crash_inside_a_library_is_told_so(studio: Studio) -> None:
    error = await failure(studio.renderer, job("import ctypes\nctypes.string_at(8)"))
    assert error.detail == "It crashed inside a library (SIGSEGV)."


async def test_a_scene_that_kills_itself_is_told_so(studio: Studio) -> None:
    error = await failure(studio.renderer, job("import os\nos.kill(os.getpid(), 9)"))
    assert error.detail.startswith("The system ended it")


LEAVES = """
import os, subprocess, sys, time
sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
subprocess.Popen(sleeper)
subprocess.Popen(sleeper, start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
    time.sleep(600)
self.add(Dot())
self.wait(0.2)
"""


async def test_processes_that_a_scene_leaves_behind_end_with_it(studio: Studio) -> None:
    started = time.monotonic()
    take = await studio.renderer.render(job(LEAVES), nothing)
    assert take.frames == 3
    assert time.monotonic() - started < 8
    await none_left(studio)


async def test_a_forked_copy_of_a_scene_does_not_confuse_the_result(studio: Studio) -> None:
    body = "import os\nself.add(Dot())\nself.wait(0.2)\nif os.fork() == 0: os._exit(7)"
    assert (await studio.renderer.render(job(body), nothing)).frames == 3
    await none_left(studio)


async def test_a_scene_that_closes_every_file_is_stopped(studio: Studio) -> None:
    body = "import os\nos.closerange(3, 400)\nimport time\ntime.sleep(600)"
    started = time.monotonic()
    await failure(studio.renderer, job(body))
    assert time.monotonic() - started < 5
    await none_left(studio)


async def test_a_scene_that_writes_nonsense_into_every_pipe_does_no_harm(studio: Studio) -> None:
    body = """
    import os
    for fd in range(3, 60):
        for data in (b"garbage\\n", b"[1]\\n", b'{"event": 5}\\n', b'{"event": "ended"}\\n'):
            try: os.write(fd, data)
            except OSError: pass
    self.add(Dot())
    self.wait(0.2)
    """
    assert (await studio.renderer.render(job(body), nothing)).frames == 3
    assert (await studio.renderer.render(job("self.wait(0.4)"), nothing)).frames == 6


async def test_other_scenes_finish_while_one_fails(studio: Studio) -> None:
    results = await asyncio.gather(
        studio.renderer.render(job("self.play(Create(Circle()), run_time=2)"), nothing),
        studio.renderer.render(job("import os\nos._exit(1)"), nothing),
        studio.renderer.render(job("1 / 0"), nothing),
        return_exceptions=True,
    )
    assert getattr(results[0], "frames", None) == 30
    assert isinstance(results[1], RenderFailed)
    assert isinstance(results[2], RenderFailed)


async def test_nothing_of_the_editors_environment_reaches_a_scene(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = """
    import os
    assert not [name for name in os.environ if "SECRET" in name or "TOKEN" in name]
    assert "proofreel_scene.py" in os.listdir(".")
    assert os.environ["HOME"] == os.path.dirname(os.getcwd())
    assert os.read(0, 10) == b""
    self.wait(0.2)
    """
    monkeypatch.setenv("SECRET_KEY", "1")
    assert (await studio.renderer.render(job(body), nothing)).frames == 3
