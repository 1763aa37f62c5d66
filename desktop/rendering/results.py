"""Taking what a scene made out of its job folder, where it may have left anything instead.

A result is believed to be a file only when it is a plain one with a single name that belongs to the
person who renders and is no larger than it may be; links are never followed and pipes never waited
at. What is in it is looked at by a job of its own (``worker.inspection``), confined as scenes are.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import RenderFailed
from desktop.rendering.isolation import MIB

VIDEO, POSTER = "scene.mp4", "poster.jpg"

LARGEST_POSTER = 16 * MIB

WARY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Follow no link, wait at no pipe; Windows has neither for the code of scenes to leave."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A result by its name."""

    name: str
    largest: int
    """Bytes it may have."""


def expected(folder_bytes: int) -> tuple[Expected, ...]:
    """Return what a finished job has in a folder that may hold so many bytes."""
    return Expected(VIDEO, folder_bytes), Expected(POSTER, LARGEST_POSTER)


def take_out(folder: Path, packed: Path, results: tuple[Expected, ...], title: str) -> None:
    """Move the results of the scene called ``title`` from ``folder`` to ``packed``.

    Raises RenderFailed when one is missing or is not what it should be.
    """
    for result in results:
        path, target = folder / result.name, packed / result.name
        try:
            status = _status(path)
        except OSError as error:
            raise RenderFailed(f"“{title}” produced no picture") from error
        if wrong := _wrong(status, result.largest):
            raise RenderFailed(
                f"“{title}” was stopped",
                f"What it left as {result.name} {wrong}.",
                f"Remove whatever in it touches {result.name}.",
            )
        path.rename(target)
        moved = target.lstat()
        if (moved.st_dev, moved.st_ino) != (status.st_dev, status.st_ino):
            raise RenderFailed(f"“{title}” was stopped", f"It exchanged {result.name}.")


def _status(path: Path) -> os.stat_result:
    """Return what is at a path, from an open descriptor where it is a plain file."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return found
    descriptor = os.open(path, os.O_RDONLY | WARY)
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def _wrong(status: os.stat_result, largest: int) -> str:
    if not stat.S_ISREG(status.st_mode):
        return "is no file"
    if status.st_nlink != 1:
        return "has a second name"
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return "belongs to somebody else"
    if status.st_size > largest:
        return f"is larger than {largest // MIB} MB"
    return ""
