"""What a job prints, kept in its folder by the render process, which reads it from a pipe.

A job that held the file itself could fill the disk before anybody looks. A pipe holds 64 KiB until
somebody reads it, and nobody reads more than a job may print.
"""

import contextlib
import os
import stat
from pathlib import Path

LOG_FILE = "log.txt"

PIECE = 65536


class Output:
    """The pipe of one job and the file that its output goes to."""

    def __init__(self, folder: Path, most: int) -> None:
        self.read, self.write = os.pipe()
        os.set_blocking(self.read, False)
        self._log = _open(folder / LOG_FILE)
        # one byte more than allowed says that it was too much: the watchdog sees it by that
        self._left = max(0, most + 1 - os.fstat(self._log).st_size)

    def take(self) -> bool:
        """Keep what has been printed; false when nothing more is wanted, or will come."""
        while self._left:
            try:
                data = os.read(self.read, min(PIECE, self._left))
            except BlockingIOError:
                return True
            if not data:
                return False
            self._left -= len(data)
            self._keep(data)
        return False

    def _keep(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # the disk is full: that ends the job elsewhere
            while data:
                data = data[os.write(self._log, data) :]

    def close(self) -> None:
        """Keep what is left in the pipe, and let go of it."""
        self.take()
        self.forget()

    def forget(self) -> None:
        """Let go of what only the render process may have: the end that reads, and the file."""
        os.close(self.read)
        os.close(self._log)


def _open(path: Path) -> int:
    """Open a log to add to it; nowhere when an earlier process of the job put something there."""
    # a link, a pipe, another name of a file that is none of the job's
    with contextlib.suppress(OSError):
        wary = os.O_NOFOLLOW | os.O_NONBLOCK
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | wary, 0o600)
        status = os.fstat(log)
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
            return log
        os.close(log)
    return os.open(os.devnull, os.O_WRONLY)
