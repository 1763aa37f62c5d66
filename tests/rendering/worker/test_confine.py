"""A job's process gives up what it does not need, and cannot take it back."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.rendering.isolation import Limits, ProcessLimits

SCRIPT = """
import json, os, resource, sys
from pathlib import Path
from desktop.rendering.worker.confine import confine
folder = Path(sys.argv[1])
confine(json.loads(sys.argv[2]), folder, os.dup(1))
{body}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return tmp_path


def confined(folder: Path, body: str, limits: Limits) -> subprocess.CompletedProcess[bytes]:
    import json

    rules = json.dumps(ProcessLimits().confinement(limits))
    project = Path(__file__).parents[3]
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(body=body), str(folder), rules],
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        check=False,
        timeout=60,
    )


def limits(**values: float) -> Limits:
    given = {"memory": 256 << 20, "wall_seconds": 60.0, "cpu_seconds": 60, **values}
    return Limits(**given)  # type: ignore[arg-type]  # counts are given as ints


def test_the_folder_of_the_job_is_its_world_and_all_it_prints_goes_one_way(folder: Path) -> None:
    body = """
assert os.getcwd() == str(folder / "source"), os.getcwd()
assert os.environ["HOME"] == os.environ["TMPDIR"] == str(folder)
print("said")
print("complained", file=sys.stderr)
"""
    result = confined(folder, body, limits())
    assert (result.returncode, result.stderr) == (0, b"")
    assert sorted(result.stdout.split()) == [b"complained", b"said"]


def test_limits_are_hard(folder: Path) -> None:
    body = """
for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
    soft, hard = resource.getrlimit(kind)
    assert soft == hard != resource.RLIM_INFINITY
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
"""
    result = confined(folder, body, limits())
    assert result.returncode == 0, result.stdout


def test_a_file_may_not_grow_beyond_the_limit(folder: Path) -> None:
    body = "open('big', 'wb').write(bytes(3 << 20))"
    confined(folder, body, limits(folder_bytes=1 << 20))
    assert (folder / "source" / "big").stat().st_size <= 1 << 20


def test_endless_computing_is_ended_by_the_system(folder: Path) -> None:
    import signal

    result = confined(folder, "while True: pass", limits(cpu_seconds=1))
    assert -result.returncode in {signal.SIGXCPU, signal.SIGKILL}


def test_limits_lower_than_ours_are_kept(folder: Path) -> None:
    body = "assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == 100"
    lower = f"resource.setrlimit({resource.RLIMIT_NOFILE}, (100, 100))"
    script = SCRIPT.replace("confine(json", f"{lower}\nconfine(json")
    import json

    rules = json.dumps(ProcessLimits().confinement(limits()))
    subprocess.run(
        [sys.executable, "-c", script.format(body=body), str(folder), rules],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        check=True,
        timeout=60,
    )
