"""Processes below the render process: scenes may start others, and none may outlive its scene."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterator
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


def ended() -> Iterator[tuple[int, int]]:
    """Yield the ids and statuses of children that have ended, those left behind by jobs as well.

    They need not be looked up for that: inside an empty root there is no list of processes.
    """
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found


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
    """Return this process's children; none where the system does not list them.

    Inside an empty root it does not; jobs can there start no process outside their group.
    """
    pid = os.getpid()
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
