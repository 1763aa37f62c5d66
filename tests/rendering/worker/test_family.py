"""No process outlives the one it belongs to."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from desktop.rendering.worker.family import kill_group, kill_job

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux has the means")

SLEEPER = 'sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]\n'
HEAD = "import os, subprocess, sys, time\nfrom desktop.rendering.worker import family\n" + SLEEPER


def started(script: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + script],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def gone(pid: int, seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_orphans_are_adopted_and_ended_but_jobs_are_spared() -> None:
    script = """
family.adopt_orphans()
job = subprocess.Popen(sleeper)
lost = subprocess.Popen(
    [sys.executable, "-c", f"import subprocess; print(subprocess.Popen({sleeper!r}, "
     "start_new_session=True, stdout=subprocess.DEVNULL).pid, flush=True)"],
    stdout=subprocess.PIPE, text=True,
)
orphan = int(lost.stdout.readline())
lost.wait()
family.end_strays({job.pid})
assert job.poll() is None
assert not os.path.exists(f"/proc/{orphan}")
job.kill()
job.wait()
"""
    with started(script) as process:
        assert process.wait(60) == 0


def test_a_child_dies_with_its_parent() -> None:
    script = """
pid = os.fork()
if pid == 0:
    family.die_with_parent()
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(600)
time.sleep(600)
"""
    with started(script) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
    assert gone(child)


def test_killing_a_job_kills_its_group() -> None:
    script = "child = subprocess.Popen(sleeper)\nprint(child.pid, flush=True)\ntime.sleep(600)"
    with started(script) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        kill_job(process.pid)
        assert process.wait(30) == -9
    assert gone(child)


def test_killing_what_is_gone_is_no_trouble() -> None:
    with started("") as process:
        process.wait(60)
    kill_group(process.pid)
    kill_job(process.pid)
