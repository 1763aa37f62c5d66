"""Processes below the render process: scenes may start others, and none may outlive its scene."""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1
_SET_CHILD_SUBREAPER = 36
"""Numbers of prctl(2) in linux/prctl.h."""


def adopt_orphans() -> None:
    """Become the parent of whatever jobs leave behind, where the system has a way to (Linux)."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Let the system kill this process when its parent ends, however that ends (Linux)."""
    parent = os.getppid()
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it could be told
        os._exit(1)


def kill_group(pid: int) -> None:
    """Kill what is left of the process group that the job ``pid`` led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_job(pid: int) -> None:
    """Kill a job that has not been collected yet, and its group if it leads one already."""
    kill_group(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def end_strays(jobs: set[int]) -> None:
    """Kill and collect processes below this one that are none of ``jobs``.

    Such processes were left behind by a job, in a session of their own. Killing one makes this
    process the parent of its children, hence the loop.
    """
    while strays := [pid for pid in _children() if pid not in jobs]:
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> list[int]:
    """Return this process's children; none where the system does not list them."""
    pid = os.getpid()
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
