"""The content-addressed store of rendered scenes: folders named by render key, published whole.

Several processes may use one store. A take becomes visible by one rename of a complete folder; a
reader checks sizes against ``take.json`` before it trusts one, so that a file cut short by a full
disk or a failing one counts as absent and is rendered again.
"""

import contextlib
import errno
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem, Severity
from desktop.rendering.jobs import Cue, Take

log = logging.getLogger(__name__)

ADOPTIONS = 5
"""How often a damaged take in the way is replaced while others do the same."""

LEFTOVER_SECONDS = 3600.0

_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.EACCES}
"""What renaming onto a folder that is there raises; the last one on Windows."""

VIDEO, POSTER, RECORD = "scene.mp4", "poster.jpg", "take.json"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A take as eviction sees it."""

    key: str
    size: int
    used: float


class RenderStore:
    """Takes by render key, evicted least recently used first when they exceed a limit."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self.limit_bytes = limit_bytes
        """How many bytes of unpinned takes are kept."""

    def has(self, key: str) -> bool:
        """Tell whether a complete take of ``key`` is here; one look at the disk."""
        return bool(key) and _read(self._place(key)) is not None

    def get(self, key: str) -> Take | None:
        """Return the take of ``key`` and note its use, or None when it is absent or damaged."""
        if not key:
            return None
        folder = self._place(key)
        take = _read(folder)
        if take is not None:
            _touch(folder)
        elif folder.exists():
            log.warning("Damaged take %s is rendered again", key)
            _remove(folder)
        return take

    def adopt(self, folder: Path, take: Take) -> Take:
        """Publish ``folder``, which holds the take's files, and return the take in its place.

        If another process was first, its result stands; both are the same picture.
        """
        target = self._place(take.key)
        _write_record(folder, take)
        target.parent.mkdir(parents=True, exist_ok=True)
        for _attempt in range(ADOPTIONS):
            try:
                _move(folder, target)
                break
            except OSError as error:
                if error.errno not in _TAKEN:
                    raise
            if _read(target) is not None:
                break
            _remove(target)
        adopted = self.get(take.key)
        if adopted is None:
            raise OSError(f"{target} could not be read back")
        return adopted

    def evict(self, pinned: Collection[str] = ()) -> int:
        """Delete unpinned takes, longest unused first, down to the limit; return bytes freed."""
        entries = sorted(
            (entry for entry in self._entries() if entry.key not in pinned),
            key=lambda entry: entry.used,
        )
        excess = sum(entry.size for entry in entries) - self.limit_bytes
        freed = 0
        self._clear_leftovers()
        for entry in entries:
            if freed >= excess:
                break
            _remove(self._place(entry.key))
            freed += entry.size
        return freed

    def _place(self, key: str) -> Path:
        return self._folder / key[:2] / key

    def _clear_leftovers(self) -> None:
        """Delete hidden folders of processes that were killed; young ones may be in use."""
        for folder in self._folder.glob("??/.*"):
            with contextlib.suppress(OSError):
                if time.time() - folder.stat().st_mtime > LEFTOVER_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)

    def _entries(self) -> list[_Entry]:
        entries = []
        for folder in self._folder.glob("??/[!.]*"):
            try:
                size = sum(path.stat().st_size for path in folder.iterdir())
                entries.append(_Entry(folder.name, size, folder.stat().st_mtime))
            except OSError:
                continue
        return entries


def _move(folder: Path, target: Path) -> None:
    """Rename a folder; between file systems, copy it first and rename the copy."""
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy = _hidden(target)
        try:
            shutil.copytree(folder, copy)
            copy.rename(target)
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Take a folder out of sight before deleting it, so that nobody reads half of it."""
    doomed = _hidden(folder)
    with contextlib.suppress(OSError):
        folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def _hidden(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")


def _touch(folder: Path) -> None:
    try:
        os.utime(folder, (time.time(), time.time()))
    except OSError:
        log.debug("The use of %s could not be noted", folder)


def _write_record(folder: Path, take: Take) -> None:
    sizes = {name: (folder / name).stat().st_size for name in (VIDEO, POSTER)}
    values = asdict(take) | {"sizes": sizes}
    for place in ("folder", "video", "poster"):
        del values[place]
    for name in sizes:
        _to_disk(folder / name)
    record = folder / RECORD
    with record.open("w", encoding="utf-8") as file:
        json.dump(values, file)
        file.flush()
        os.fsync(file.fileno())


def _to_disk(path: Path) -> None:
    """Wait until the content is on the disk: a power cut must not leave a name without it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _read(folder: Path) -> Take | None:
    """Return the take in a folder whose files have the sizes its record says.

    Hashing every use would cost more than it finds.
    """
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        sizes = record["sizes"]
        if all((folder / name).stat().st_size == sizes[name] for name in (VIDEO, POSTER)):
            return _decode(record, folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def _decode(record: dict[str, Any], folder: Path) -> Take:
    return Take(
        key=record["key"],
        folder=str(folder),
        video=str(folder / VIDEO),
        poster=str(folder / POSTER),
        frames=int(record["frames"]),
        width=int(record["width"]),
        height=int(record["height"]),
        fps=int(record["fps"]),
        cues=tuple(Cue(**cue) for cue in record["cues"]),
        findings=tuple(decode_problem(finding) for finding in record["findings"]),
        has_audio=bool(record["has_audio"]),
        isolation=str(record["isolation"]),
    )


def decode_problem(values: dict[str, Any]) -> Problem:
    """Return the problem that ``dataclasses.asdict`` made ``values`` of."""
    return Problem(**{**values, "severity": Severity(values.get("severity", Severity.ERROR))})
