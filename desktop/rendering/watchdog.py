"""Watching a job from outside: memory, time, disk and log, several times a second."""

import asyncio
import contextlib
import logging
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop.rendering.isolation import Limits

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 0.15

FASTEST_DISK = 4 << 30
"""Bytes that a job may write in a second: the fuller its folder, the sooner it is looked at."""

LEAST_INTERVAL_SECONDS = 0.005

RESERVE_BYTES, RESERVE_SHARE = 64 << 20, 8
"""What of the disk a job is not given, at most, and at most this part of it: it goes on writing
until it is seen and held still, longer on a computer that has other things to do."""

Breach = tuple[str, str]
"""What a job did, and what to do about it."""

LESS_TIME = "Look for a loop that never ends, or allow more time in Settings > Rendering."

LATE_SECONDS = 0.1
"""How much longer a scene may compute before it is told so here: the system ends it by itself,
unless it has asked not to be."""

DEEPEST = 64
"""Levels of folders that are looked into; looking further takes longer than filling the disk."""


@contextlib.asynccontextmanager
async def watching(
    pid: int, folder: Path, limits: Limits, breached: Callable[[str, str], None]
) -> AsyncIterator[None]:
    """Look after a process for as long as the context lasts; see ``watch``."""
    loop = asyncio.get_running_loop()
    watcher = loop.create_task(watch(pid, folder, limits, breached), name="watchdog")
    try:
        yield
    finally:
        watcher.cancel()
        (ended,) = await asyncio.gather(watcher, return_exceptions=True)
        if isinstance(ended, Exception):
            log.error("The watchdog failed", exc_info=ended)


async def watch(
    pid: int, folder: Path, limits: Limits, breached: Callable[[str, str], None]
) -> None:
    """Look after the process ``pid`` until it is gone or breaks a limit.

    ``breached`` gets what happened and what to do, once; killing is the caller's business. Until
    then the process is held still: a disk is filled faster than an event loop comes round.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Breach | None] = loop.create_future()
    over = threading.Event()

    def settle(result: Breach | None, error: Exception | None) -> None:
        if found.done():
            return
        if error is not None:
            found.set_exception(error)
        else:
            found.set_result(result)

    def look_after() -> None:
        result, failed = None, None
        try:
            result = _until_breach(pid, folder, limits, over)
        except Exception as error:  # noqa: BLE001  it is raised where it is waited for
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failed)

    # a thread of its own: those of the pool are few, and a job may run for half an hour
    threading.Thread(target=look_after, name="watchdog", daemon=True).start()
    try:
        breach = await found
    finally:
        over.set()
    if breach:
        breached(*breach)


def _until_breach(pid: int, folder: Path, limits: Limits, over: threading.Event) -> Breach | None:
    """Look until a limit is broken, the process is gone, or the watch is over."""
    started = time.monotonic()
    while not over.is_set() and psutil.pid_exists(pid):
        breach, room = _look(pid, folder, limits, time.monotonic() - started)
        if breach:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGSTOP)
            return breach
        over.wait(min(INTERVAL_SECONDS, max(LEAST_INTERVAL_SECONDS, room / FASTEST_DISK)))
    return None


def _look(pid: int, folder: Path, limits: Limits, seconds: float) -> tuple[Breach | None, int]:
    """Return which limit is broken, if any, and how many bytes may still be written."""
    family = _family(pid)
    use = _use(folder)
    use.bytes += _nameless(family)
    room = _allowance(limits) - use.bytes
    breach = _of_process(family, limits, seconds) or _of_folder(use, limits)
    return breach, room


def _allowance(limits: Limits) -> int:
    """Return the bytes at which a job is stopped, so that it gets no further than its limit."""
    return limits.folder_bytes - min(RESERVE_BYTES, limits.folder_bytes // RESERVE_SHARE)


def _of_process(family: list[psutil.Process], limits: Limits, seconds: float) -> Breach | None:
    if seconds > limits.wall_seconds:
        return f"took longer than {_minutes(limits.wall_seconds)}", LESS_TIME
    if _computed(family) > limits.cpu_seconds + LATE_SECONDS:
        return f"computed for more than {_minutes(limits.cpu_seconds)}", LESS_TIME
    if len(family) > limits.processes:
        return f"started more than {limits.processes} processes", "Start fewer of them."
    if _memory(family) > limits.memory:
        return (
            f"used more than {limits.memory / 1e9:.1f} GB of memory"
            + (f" at {limits.size}" if limits.size else ""),
            "Simplify it, or allow more in Settings > Rendering.",
        )
    return None


def _of_folder(use: "Use", limits: Limits) -> Breach | None:
    if use.log_bytes > limits.log_bytes:
        return f"printed more than {limits.log_bytes >> 20} MB", "Remove print calls from loops."
    if use.bytes > _allowance(limits):
        return (
            f"wrote more than {limits.folder_bytes / 1e9:.1f} GB",
            "Shorten the scene or simplify it.",
        )
    if use.files > limits.files:
        return f"made more than {limits.files} files", "Make fewer files, or larger ones."
    if use.hidden:
        return "made folders that cannot be looked into", "Make folders with the usual rights."
    return None


def _family(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if sys.platform != "linux":
            return [process, *process.children(recursive=True)]
        left = [one for one in _children(process.ppid()) if one != pid and _led_by(pid, one)]
        return [process, *_below(pid), *(member for one in left for member in _with(one))]
    return []


def _below(pid: int) -> list[psutil.Process]:
    """Return the processes below one: asking for them is far faster than looking at all there are.

    Only then is a disk looked at often enough.
    """
    return [member for child in _children(pid) for member in _with(child)]


def _with(pid: int) -> list[psutil.Process]:
    """Return a process and those below it."""
    with contextlib.suppress(psutil.Error):
        return [psutil.Process(pid), *_below(pid)]
    return []


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _led_by(leader: int, pid: int) -> bool:
    """Tell whether a process belongs to the group of a job although its parent has ended."""
    with contextlib.suppress(OSError):
        return os.getpgid(pid) == leader
    return False


def _computed(family: list[psutil.Process]) -> float:
    """Return the seconds that a job and what it waited for has computed."""
    total = 0.0
    for member in family:
        with contextlib.suppress(psutil.Error):
            times = member.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _memory(family: list[psutil.Process]) -> int:
    total = 0
    for member in family:
        with contextlib.suppress(psutil.Error):
            total += member.memory_info().rss
    return total


def _nameless(family: list[psutil.Process]) -> int:
    """Return the bytes of files that are deleted but still open; Linux only."""
    found: dict[tuple[int, int], int] = {}
    for member in family:
        with contextlib.suppress(OSError), os.scandir(f"/proc/{member.pid}/fd") as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    status = entry.stat()
                    if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                        found[status.st_dev, status.st_ino] = _bytes(status)
    return sum(found.values())


@dataclass(slots=True)
class Use:
    """What lies in a job's folder."""

    bytes: int = 0
    files: int = 0
    log_bytes: int = 0
    hidden: bool = False
    """Whether there are folders that nobody can look into: sealed ones, and far too deep ones."""


def _use(folder: Path) -> Use:
    use = Use()
    pending = [(os.fspath(folder), 0)]
    while pending:
        path, level = pending.pop()
        if level > DEEPEST:
            use.hidden = True
            break
        try:
            with os.scandir(path) as entries:
                below = [one for one in entries if _is_folder(one, use)]
            pending += [(one.path, level + 1) for one in below]
        except FileNotFoundError:
            pass  # it was deleted a moment ago
        except OSError:
            use.hidden = True
    with contextlib.suppress(OSError):
        use.log_bytes = (folder / "log.txt").lstat().st_size
    return use


def _is_folder(entry: os.DirEntry[str], use: Use) -> bool:
    """Count an entry; tell whether it is a folder, with more in it."""
    use.files += 1
    with contextlib.suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            return True
        use.bytes += _bytes(entry.stat(follow_symlinks=False))
    return False


def _bytes(status: os.stat_result) -> int:
    """Return the larger of what a file says it holds and what it takes on the disk."""
    blocks = getattr(status, "st_blocks", 0)  # Windows has none
    return max(status.st_size, blocks * 512)


def _minutes(seconds: float) -> str:
    if seconds < 90:
        return "1 second" if round(seconds) == 1 else f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"
