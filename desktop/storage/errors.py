"""The one place where errors of SQLite and of the file system become errors a person can read."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.domain.errors import Refused, StudioError, Unavailable

NEARLY_FULL_BYTES = 1 << 17
"""With less than this left, a fault of the drive is taken for a full one."""


class LibraryDamaged(Unavailable):
    """The database file contradicts itself; the next start sets it aside and rebuilds it."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what the environment does to ``path`` into a ``StudioError``; bugs pass unchanged."""
    try:
        yield
    except sqlite3.Error as error:
        known = _of_database(error, path)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        known = of_file(error, path)
        if known is None:
            raise
        raise known from error


def _of_database(error: sqlite3.Error, path: Path) -> StudioError | None:
    # The primary code is the low byte of the extended one: https://www.sqlite.org/rescode.html
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return disk_full(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return read_only(path)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR:
            return _drive_fault(error, path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unavailable(
                "The library is busy",
                "Another Proofreel process has been writing to it for longer than expected.",
                "Wait for the other process to finish, then try again.",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return LibraryDamaged(
                "The library file is damaged",
                f"{path.name} contradicts itself ({error}). Your versions are separate files "
                "and are not affected.",
                "Start Proofreel again: it sets the file aside and rebuilds the library.",
            )
    return None


def _drive_fault(error: sqlite3.Error, path: Path) -> Unavailable:
    if _is_full(path):
        return disk_full(path)  # of its side files, SQLite does not say that they did not fit
    return Unavailable(
        "The library cannot be read or written",
        f"The system reported a fault with {path}: {error}.",
        "Check that the drive is connected and that you may write to this folder.",
    )


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < NEARLY_FULL_BYTES
    except OSError:
        return False


def of_file(error: OSError, path: Path) -> StudioError | None:
    """Return the error to show for ``error``, or None when the environment is not to blame."""
    place = Path(error.filename) if isinstance(error.filename, str) else path
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return disk_full(place)
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return read_only(place)
        case errno.EIO | errno.ENXIO | errno.ESTALE:
            return Unavailable(
                "The drive does not answer",
                f"The system reported a fault with {place}: {error.strerror}.",
                "Check that the drive is connected, then try again.",
            )
        case errno.ENAMETOOLONG:
            return Refused(
                "The folder path is too long",
                f"The system does not accept {place}.",
                "Choose a data folder with a shorter path.",
            )
    return None


def disk_full(path: Path) -> Unavailable:
    """Say that nothing more fits on the drive of ``path``."""
    return Unavailable(
        "The disk is full",
        f"There is no room left to write {path}. Nothing that was saved before is affected.",
        "Free some space (emptying the trash or the render cache helps), then try again.",
    )


def read_only(path: Path) -> Unavailable:
    """Say that ``path`` may not be written."""
    return Unavailable(
        "The library folder is read-only",
        f"Proofreel may not write {path}.",
        "Give yourself write permission for the folder, or choose another data folder.",
    )
