"""Telling whether a file is still the one it was: what the system says, and samples of it.

Times alone do not tell: a program may set them back, and file systems have coarse clocks. Reading
everything again would cost as much as sending it. So the stamp has everything the system knows,
and a sample of six pieces is read where contents are to be compared between two sessions.
"""

import hashlib
import os
import stat
from pathlib import Path

from desktop.cloud.positional import read_at
from desktop.domain.uploads import Stamp

PIECE = 2**20
"""Bytes of each piece of a sample."""

BETWEEN = 4
"""Pieces between the first and the last."""


class NotAFile(OSError):
    """A folder, a device or a pipe: nothing that has contents to send."""


def open_source(path: Path) -> int:
    """Open a file for reading, through links; raises OSError, NotAFile for what is none.

    Opening does not wait: a pipe without a writer would hold the thread for ever.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotAFile(f"{path} is not a file")


def stamp_of(descriptor: int) -> Stamp:
    """Return the stamp of an open file."""
    return _stamp(os.fstat(descriptor))


def stamp_at(path: Path) -> Stamp:
    """Return the stamp of whatever has this name now; raises OSError."""
    return _stamp(path.stat())


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        ctime_ns=found.st_ctime_ns,
        device=found.st_dev,
        inode=found.st_ino,
    )


def places(size: int) -> tuple[int, ...]:
    """Return where the pieces of a sample begin: the same for all files of one size.

    Those between the ends look random, so that a program that rewrites every n-th block cannot
    miss them all by its rhythm.
    """
    if size <= (BETWEEN + 2) * PIECE:
        return tuple(range(0, size, PIECE))
    room = size - 3 * PIECE
    seeds = hashlib.blake2b(str(size).encode(), digest_size=8 * BETWEEN).digest()
    between = (
        PIECE + int.from_bytes(seeds[at : at + 8], "big") % (room + 1)
        for at in range(0, len(seeds), 8)
    )
    return (0, *sorted(between), size - PIECE)


def sample(descriptor: int, size: int) -> str:
    """Return a checksum of the sample of a file of this size; a shorter file gives another one."""
    result = hashlib.blake2b(digest_size=16)
    buffer = memoryview(bytearray(min(PIECE, max(size, 1))))
    for place in places(size):
        result.update(place.to_bytes(8, "big"))
        _read(result, descriptor, place, buffer[: min(PIECE, size - place)])
    return result.hexdigest()


def _read(result: hashlib.blake2b, descriptor: int, place: int, buffer: memoryview) -> None:
    done = 0
    while done < len(buffer):
        count = read_at(descriptor, buffer[done:], place + done)
        if not count:
            return
        result.update(buffer[done : done + count])
        done += count
