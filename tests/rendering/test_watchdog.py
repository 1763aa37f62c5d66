"""The watchdog says once which limit a process broke, in words."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.rendering.isolation import Limits
from desktop.rendering.watchdog import watch, watching

BREACH = list[tuple[str, str]]


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


def limits(**values: float) -> Limits:
    given = {"memory": 1 << 30, "wall_seconds": 60.0, "cpu_seconds": 60, **values}
    return Limits(**given)  # type: ignore[arg-type]  # counts are given as ints


async def breach(pid: int, folder: Path, given: Limits) -> BREACH:
    heard: BREACH = []
    await asyncio.wait_for(watch(pid, folder, given, lambda *what: heard.append(what)), 60)
    return heard


async def test_time(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    ((what, remedy),) = await breach(process.pid, tmp_path, limits(wall_seconds=0.2))
    assert what == "took longer than 0 seconds"
    assert "Settings" in remedy


async def test_long_times_are_said_in_minutes(
    process: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 1801.0])
    time = SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr("desktop.rendering.watchdog.time", time)
    ((what, _remedy),) = await breach(process.pid, tmp_path, limits(wall_seconds=1800))
    assert what == "took longer than 30 minutes"


async def test_memory_of_children_counts(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c',"
        " 'import time; x = bytearray(200 << 20); time.sleep(600)'])"
    )
    with subprocess.Popen([sys.executable, "-c", script], start_new_session=True) as process:
        try:
            ((what, _),) = await breach(process.pid, tmp_path, limits(memory=150 << 20))
            assert what == "used more than 0.2 GB of memory"
        finally:
            os.killpg(process.pid, 9)


async def test_output(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_bytes(b"x" * (5 << 20))
    ((what, _),) = await breach(process.pid, tmp_path, limits())
    assert what == "printed more than 4 MB"


async def test_files_in_any_folder_below(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for number in range(3):
        (tmp_path / "deep" / "er" / f"{number}").write_bytes(b"x" * 400_000)
    ((what, _),) = await breach(process.pid, tmp_path, limits(folder_bytes=1_000_000))
    assert what.startswith("wrote more than")


async def test_a_process_that_ends_is_not_accused(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        assert not await breach(process.pid, tmp_path, limits(wall_seconds=0.0))


async def test_watching_ends_with_its_context(
    process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    before = len(asyncio.all_tasks())
    async with watching(process.pid, tmp_path, limits(), lambda _what, _remedy: None):
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) == before + 1
    assert len(asyncio.all_tasks()) == before


async def test_many_files(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}").touch()
    ((what, _),) = await breach(process.pid, tmp_path, limits(files=10))
    assert what == "made more than 10 files"


async def test_folders_too_deep_to_be_looked_into(
    process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    (tmp_path / "/".join("d" * 80)).mkdir(parents=True)
    ((what, _),) = await breach(process.pid, tmp_path, limits())
    assert what == "made folders that cannot be looked into"


async def test_deleted_files_that_are_still_open_count(tmp_path: Path) -> None:
    script = (
        "import os, time\n"
        "file = open('gone', 'wb')\n"
        "os.unlink('gone')\n"
        "file.write(bytes(3_000_000))\n"
        "file.flush()\n"
        "time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path) as process:
        ((what, _),) = await breach(process.pid, tmp_path, limits(folder_bytes=2_000_000))
        assert what.startswith("wrote more than")
        process.kill()


async def test_computing_counts_however_long_it_takes(tmp_path: Path) -> None:
    script = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", script]) as process:
        ((what, remedy),) = await breach(process.pid, tmp_path, limits(cpu_seconds=0))
        assert what == "computed for more than 0 seconds"
        assert "Settings" in remedy
        process.kill()


FAMILY = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        time.sleep(600)
time.sleep(600)
"""

LEFT = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    os.wait()
time.sleep(600)
"""


@pytest.mark.parametrize("script", [FAMILY, LEFT], ids=["below it", "left to the render process"])
async def test_processes_are_counted_wherever_they_hide(tmp_path: Path, script: str) -> None:
    adopting = (
        "import subprocess, sys\n"
        "from desktop.rendering.worker.family import adopt_orphans\n"
        "adopt_orphans()\n"
        "job = subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True)\n"
        "print(job.pid, flush=True)\n"
        "job.wait()\n"
    )
    words = [sys.executable, "-c", adopting, script]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        job = int(process.stdout.readline())
        try:
            ((what, _),) = await breach(job, tmp_path, limits(processes=3))
            assert what == "started more than 3 processes"
        finally:
            os.killpg(job, 9)
