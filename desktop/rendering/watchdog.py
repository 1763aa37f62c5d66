"""Watching a job from outside: memory, time, disk and log, several times a second."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil

from desktop.rendering.isolation import Limits

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 0.15


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

    ``breached`` gets what happened and what to do, once; killing is the caller's business.
    """
    started = time.monotonic()
    while psutil.pid_exists(pid):
        breach = await asyncio.to_thread(_breach, pid, folder, limits, time.monotonic() - started)
        if breach:
            breached(*breach)
            return
        await asyncio.sleep(INTERVAL_SECONDS)


def _breach(pid: int, folder: Path, limits: Limits, seconds: float) -> tuple[str, str] | None:
    if seconds > limits.wall_seconds:
        return (
            f"took longer than {_minutes(limits.wall_seconds)}",
            "Look for a loop that never ends, or allow more time in Settings > Rendering.",
        )
    if _memory(pid) > limits.memory:
        return (
            f"used more than {limits.memory / 1e9:.1f} GB of memory",
            "Simplify it, or allow more in Settings > Rendering.",
        )
    log_bytes, folder_bytes = _sizes(folder)
    if log_bytes > limits.log_bytes:
        return f"printed more than {limits.log_bytes >> 20} MB", "Remove print calls from loops."
    if folder_bytes > limits.folder_bytes:
        return (
            f"wrote more than {limits.folder_bytes / 1e9:.1f} GB",
            "Shorten the scene or simplify it.",
        )
    return None


def _memory(pid: int) -> int:
    try:
        process = psutil.Process(pid)
        family = (process, *process.children(recursive=True))
        return sum(member.memory_info().rss for member in family)
    except psutil.Error:
        return 0


def _sizes(folder: Path) -> tuple[int, int]:
    """Return the bytes of the log and of the whole folder."""
    total = 0
    for parent, _folders, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118  thousands
    try:
        log_bytes = (folder / "log.txt").stat().st_size
    except OSError:
        log_bytes = 0
    return log_bytes, total


def _minutes(seconds: float) -> str:
    if seconds < 90:
        return "1 second" if round(seconds) == 1 else f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"
