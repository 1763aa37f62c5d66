"""Files that are being fetched: unfinished beside their name, then given it in one step.

A file has its name when every byte of it was verified, or not at all. One that is there already
stays as it is unless it may be replaced; one with the same contents is as good as ours, which also
makes up for a crash between giving the name and writing down that it was given.
"""

import contextlib
import errno
import filecmp
import gzip
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

from desktop.cloud.errors import CloudFault, fault_of_file
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.uploads import Download
from desktop.transfers.engine.sources import OpenFile

GZIP = b"\x1f\x8b"
"""What compressed forms begin with."""

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}
_NO_RESERVING = {errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.ENODEV}


def partial_path(download: Download) -> Path:
    """Return where the unfinished file lies: beside its name, hidden, and never too long."""
    target = Path(download.request.path)
    return target.with_name(f".{target.name[:40]}.{download.id}.part")


class Partials:
    """The unfinished files of all downloads that run."""

    def __init__(self) -> None:
        self._held: dict[str, OpenFile] = {}
        self._lock = threading.Lock()

    def open(self, download: Download, size: int) -> bool:
        """Open the unfinished file, make it in full length unless it is; tell if it was made."""
        path = partial_path(download)
        with _writing():
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
            try:
                fresh = os.fstat(descriptor).st_size != size
                if fresh:
                    _reserve(descriptor, size)
            except OSError:
                os.close(descriptor)
                path.unlink(missing_ok=True)
                raise
        self._hold(download.id, OpenFile(descriptor))
        return fresh

    def _hold(self, name: str, file: OpenFile | None) -> None:
        with self._lock:
            before = self._held.pop(name, None)
            if file is not None:
                self._held[name] = file
        if before is not None:
            before.end()

    def held(self, download: Download) -> OpenFile:
        """Return the unfinished file, opened if it is not; raises CloudFault."""
        with self._lock:
            file = self._held.get(download.id)
        if file is None:
            self.open(download, download.transfer.size)
            with self._lock:
                file = self._held[download.id]
        return file

    def publish(self, download: Download, *, replace: bool, compressed: bool) -> None:
        """Give the file its name; raises an EXISTS fault when another one has it."""
        path, target = partial_path(download), Path(download.request.path)
        with self.held(download).used() as descriptor, _writing():
            os.fsync(descriptor)
        self.end(download.id)
        with _writing():
            if compressed:
                path = _unpacked(path)
            _name(path, target, replace=replace)
            _flush_folder(target.parent)
        self.remove(download)

    def remove(self, download: Download) -> None:
        """Remove the unfinished file."""
        self.end(download.id)
        path = partial_path(download)
        with _writing():
            path.unlink(missing_ok=True)
            _plain(path).unlink(missing_ok=True)

    def end(self, name: str) -> None:
        """Close a file."""
        self._hold(name, None)


def looks_compressed(path: Path) -> bool:
    """Tell whether a file begins as compressed forms do."""
    with path.open("rb") as file:
        return file.read(2) == GZIP


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CloudFault(fault_of_file(error, writing=True)) from error


def _reserve(descriptor: int, size: int) -> None:
    """Take the room that the file will need: a disk that is too full says so now."""
    os.ftruncate(descriptor, 0)
    if size and hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, 0, size)
        except OSError as error:
            if error.errno not in _NO_RESERVING:
                raise
        else:
            return
    os.ftruncate(descriptor, size)


def _plain(path: Path) -> Path:
    return path.with_name(f"{path.name}.plain")


def _unpacked(path: Path) -> Path:
    """Write the plain form of a file beside it; one that is not compressed stays as it is."""
    plain = _plain(path)
    try:
        with gzip.open(path, "rb") as packed, plain.open("wb") as file:
            shutil.copyfileobj(packed, file, 2**20)
            file.flush()
            os.fsync(file.fileno())
    except (gzip.BadGzipFile, EOFError):
        plain.unlink(missing_ok=True)
        return path
    except OSError:
        plain.unlink(missing_ok=True)
        raise
    return plain


def _name(path: Path, target: Path, *, replace: bool) -> None:
    if replace:
        path.replace(target)
        return
    try:
        _name_unless_taken(path, target)
    except FileExistsError as error:
        if target.is_file() and filecmp.cmp(path, target, shallow=False):
            return
        raise taken(target) from error


def taken(target: Path) -> CloudFault:
    """Return the fault that another file has the name."""
    return CloudFault(
        Fault(
            FaultKind.EXISTS,
            f"There is a file named “{target.name}” already.",
            "Choose another name, or retry to replace it.",
        )
    )


def _name_unless_taken(path: Path, target: Path) -> None:
    """Give a name in one step that fails when it is taken; raises FileExistsError then."""
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        return
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    path.rename(target)


def _flush_folder(folder: Path) -> None:
    """Make the name as durable as the contents, where folders can be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
