"""Where clients find the engine of a library: a folder with a lock and a record.

The lock tells whether an engine is alive; the system frees it when the process is gone, however it
went. The record tells where it listens. Whoever reads the record checks the lock first: a record
alone may be that of a process long dead.
"""

import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Record:
    """Where an engine listens, and what a client has to say to be heard."""

    pid: int
    port: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one library's engine."""

    folder: Path

    @property
    def lock(self) -> Path:
        """Held by the engine as long as it lives."""
        return self.folder / "engine.lock"

    @property
    def record_file(self) -> Path:
        """Readable by this user alone."""
        return self.folder / "engine.json"

    @property
    def log(self) -> Path:
        """What the engine has to say."""
        return self.folder / "engine.log"

    @property
    def ledger(self) -> Path:
        """What must outlive it."""
        return self.folder / "transfers.db"

    @property
    def temporary(self) -> Path:
        """Compressed forms of files that are being sent."""
        return self.folder / "compressed"

    def write(self, record: Record) -> None:
        """Publish a record: it is there as a whole or not at all."""
        fresh = self.record_file.with_name(f"engine.json.{record.pid}")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file)
        fresh.replace(self.record_file)

    def read(self) -> Record | None:
        """Return the record of the engine that is alive or was last; None when there is none."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            said = json.loads(self.record_file.read_text(encoding="utf-8"))
            return Record(int(said["pid"]), int(said["port"]), str(said["token"]))
        return None

    def withdraw(self, pid: int) -> None:
        """Remove the record, if it is that of this process."""
        record = self.read()
        if record is not None and record.pid == pid:
            self.record_file.unlink(missing_ok=True)


class Taken(Exception):
    """Another process holds the lock."""


def take(place: Place) -> IO[bytes]:
    """Take the lock for as long as the result is open; raises Taken, or OSError.

    It stays with a child of a fork, also when the parent ends.
    """
    place.folder.mkdir(parents=True, exist_ok=True)
    file = place.lock.open("ab")
    try:
        _try_lock(file.fileno())
    except BlockingIOError as error:
        file.close()
        raise Taken from error
    except BaseException:
        file.close()
        raise
    return file


def is_taken(place: Place) -> bool:
    """Tell whether an engine is alive."""
    try:
        take(place).close()
    except Taken:
        return True
    except OSError:
        return False  # who tries to start one learns why it cannot be
    return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
