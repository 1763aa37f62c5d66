"""Files that are being sent: held open, looked at, and compressed where that was asked.

Parts are read from the descriptor that was looked at, never by name: a file that another one took
the name of stays whole, and a change shows in the stamp of the descriptor.
"""

import contextlib
import gzip
import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.cloud.errors import CloudFault, fault_of_file
from desktop.cloud.line import Line
from desktop.cloud.positional import read_at
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.uploads import Source, Stamp, Upload
from desktop.transfers import fingerprint

BLOCK = 2**20


class OpenFile:
    """A descriptor shared by threads; closed when nobody uses it any more."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._users = 0
        self._ended = False
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def used(self) -> Iterator[int]:
        """Keep it open meanwhile."""
        with self._lock:
            self._users += 1
        try:
            yield self._descriptor
        finally:
            with self._lock:
                self._users -= 1
                self._close_unused()

    def end(self) -> None:
        """Close it as soon as nobody uses it."""
        with self._lock:
            if not self._ended:
                self._ended = True
                self._close_unused()

    def _close_unused(self) -> None:
        if self._ended and not self._users:
            os.close(self._descriptor)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that is being sent: what was added, and what is sent of it."""

    original: OpenFile
    sent: OpenFile
    """The same, or its compressed form."""

    def end(self) -> None:
        """Close both."""
        self.original.end()
        self.sent.end()

    def stamp(self) -> Stamp:
        """Return the stamp of the file as it is now."""
        with self.original.used() as descriptor:
            return fingerprint.stamp_of(descriptor)


class Sources:
    """The files of all uploads that run."""

    def __init__(self, folder: Path) -> None:
        """Keep compressed forms in ``folder``."""
        self._folder = folder
        self._held: dict[str, Held] = {}
        self._lock = threading.Lock()

    def look(self, upload: Upload, line: Line) -> Source:
        """Open what has the name now, and describe it; raises CloudFault or Cut."""
        path = Path(upload.request.path)
        try:
            held, source = self._open(upload, path, line)
        except OSError as error:
            raise CloudFault(_fault(error, path)) from error
        with self._lock:
            before, self._held[upload.id] = self._held.get(upload.id), held
        if before is not None:
            before.end()
        return source

    def held(self, upload_id: str) -> Held | None:
        """Return an upload's file as it was looked at last in this process."""
        with self._lock:
            return self._held.get(upload_id)

    def end(self, upload_id: str) -> None:
        """Close an upload's file."""
        with self._lock:
            held = self._held.pop(upload_id, None)
        if held is not None:
            held.end()

    def remove_compressed(self, upload_id: str) -> None:
        """Remove the compressed forms of a file that need not be sent any more."""
        with contextlib.suppress(OSError):
            for path in self._folder.glob(f"{upload_id}*"):
                path.unlink(missing_ok=True)

    def keep_compressed(self, ids: frozenset[str]) -> None:
        """Remove the compressed forms of all files but these."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.name.partition("-")[0] not in ids:
                    path.unlink(missing_ok=True)

    def _open(self, upload: Upload, path: Path, line: Line) -> tuple[Held, Source]:
        descriptor = fingerprint.open_source(path)
        original = OpenFile(descriptor)
        try:
            stamp = fingerprint.stamp_of(descriptor)
            sample = fingerprint.sample(descriptor, stamp.size)
            if not upload.request.compress:
                return Held(original, original), Source(stamp, stamp.size, sample)
            form = self._compressed(upload.id, descriptor, stamp, line)
        except BaseException:
            original.end()
            raise
        size = os.fstat(form).st_size
        whole = f"{sample}+{fingerprint.sample(form, size)}"
        return Held(original, OpenFile(form)), Source(stamp, size, whole)

    def _compressed(self, name: str, descriptor: int, stamp: Stamp, line: Line) -> int:
        """Open the compressed form of a file; make it unless there is one of this very stamp."""
        self._folder.mkdir(parents=True, exist_ok=True)
        described = hashlib.blake2b(repr(stamp).encode(), digest_size=8).hexdigest()
        path = self._folder / f"{name}-{described}.gz"
        if not path.exists():
            fresh = path.with_suffix(".part")
            try:
                compress(descriptor, fresh, line)
                fresh.replace(path)
            except OSError as error:
                raise CloudFault(fault_of_file(error, writing=True)) from error
            finally:
                fresh.unlink(missing_ok=True)
        return fingerprint.open_source(path)


def compress(descriptor: int, path: Path, line: Line) -> None:
    """Write the compressed form of a file: always the same bytes for the same contents."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        offset = 0
        buffer = memoryview(bytearray(BLOCK))
        while count := _read(descriptor, buffer, offset):
            line.check()
            packed.write(buffer[:count])
            offset += count


def _read(descriptor: int, buffer: memoryview, offset: int) -> int:
    """Read; what goes wrong is the file's fault, not that of the place written to."""
    try:
        return read_at(descriptor, buffer, offset)
    except OSError as error:
        raise CloudFault(fault_of_file(error)) from error


def _fault(error: OSError, path: Path) -> Fault:
    if isinstance(error, fingerprint.NotAFile | IsADirectoryError):
        remedy = "Choose the files in it, or remove the transfer."
        return Fault(FaultKind.SOURCE_UNREADABLE, f"“{path.name}” is not a file.", remedy)
    return fault_of_file(error)
