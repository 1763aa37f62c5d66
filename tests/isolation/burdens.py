"""Victims that are the machine's own resources: how much a job may take for how long."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from desktop.rendering.isolation import Limits
from tests.isolation.attack import Victim
from tests.isolation.victims import Aim
from tests.isolation.world import World

MIB = 1 << 20
GRACE_SECONDS = 1.0
"""How long after a limit a job may go on."""

OVERSHOOT = 64 * MIB
"""How much more than its limit a job may write."""

SMALL = Limits(
    memory=500 * MIB,
    wall_seconds=1.0,
    cpu_seconds=2,
    folder_bytes=48 * MIB,
    log_bytes=1 * MIB,
    open_files=512,
)
"""Limits of jobs that attack resources, so that breaking them costs this machine little."""

MOST_FILES = 20_000


def lasting(condition: Callable[[list[int]], str], seconds: float = GRACE_SECONDS) -> Aim:
    """Return an aim at a burden that must not last longer than ``seconds``."""

    def aim(_world: World) -> Victim:
        since: list[float] = []

        def look(pids: list[int]) -> str:
            found = condition(pids)
            if not found:
                since.clear()
                return ""
            since.append(time.monotonic())
            return found if since[-1] - since[0] > seconds else ""

        return Victim({}, lambda _text: "", look)

    return aim


def memory(pids: list[int]) -> str:
    """Tell how much memory a job has, mapped or in files without a name."""
    used = sum(psutil.Process(pid).memory_info().rss for pid in pids)
    return f"the job has {used / MIB:.0f} MiB" if used > SMALL.memory else ""


def hidden_memory(pids: list[int]) -> str:
    used = _hidden(pids, "/memfd:")
    return f"the job hides {used / MIB:.0f} MiB of memory" if used > SMALL.memory else ""


def hidden_disk(pids: list[int]) -> str:
    used = _hidden(pids, "(deleted)")
    return f"the job hides {used / MIB:.0f} MiB" if used > SMALL.folder_bytes + OVERSHOOT else ""


def _hidden(pids: list[int], mark: str) -> int:
    """Return the bytes of open files that have no name."""
    found: dict[tuple[int, int], int] = {}
    for pid in pids:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            if mark in str(entry.readlink()):
                status = entry.stat()
                found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())


def disk(pids: list[int]) -> str:
    """Tell whether a job has written much more than it may."""
    used, _files = _contents(pids)
    return f"{used / MIB:.0f} MiB were written" if used > SMALL.folder_bytes + OVERSHOOT else ""


def files(pids: list[int]) -> str:
    _used, count = _contents(pids)
    return f"{count} files were made" if count > MOST_FILES else ""


def log(pids: list[int]) -> str:
    size = Path(f"/proc/{pids[0]}/cwd/../log.txt").stat().st_size
    return f"{size / MIB:.0f} MiB were printed" if size > SMALL.log_bytes else ""


def running(pids: list[int]) -> str:
    return "the job goes on" if pids else ""


OVERTIME = SMALL.wall_seconds + GRACE_SECONDS


def _contents(pids: list[int]) -> tuple[int, int]:
    """Return bytes and number of the files that a job has made."""
    used = count = 0
    pending = [f"/proc/{pids[0]}/cwd"]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                count += 1
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    used += entry.stat(follow_symlinks=False).st_blocks * 512
    return used, count
