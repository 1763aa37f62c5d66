"""Files and folders on their way to a bucket: which are taken, what each is called there.

A folder keeps its name and what is in it keeps its place. Everything that is not taken is said,
with the reason. Blocks on the disk: call it from a thread.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.errors import InvalidInput
from desktop.domain.object_keys import key_problem

SYSTEM_FILES = {"thumbs.db", "desktop.ini", "ehthumbs.db"}
"""What systems leave in folders without being asked."""

DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class GatheredFile:
    """A file that is taken."""

    path: Path
    """Absolute."""
    key: str
    """What it is called at the destination, without the destination's prefix."""
    size: int


@dataclass(frozen=True, slots=True)
class SkippedPath:
    """Something that is not taken."""

    path: Path
    why: str
    """A sentence."""
    missed: bool = True
    """Whether something that was meant does not arrive; an empty folder is none."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """What became of files and folders that were given."""

    files: tuple[GatheredFile, ...] = ()
    skipped: tuple[SkippedPath, ...] = ()
    hidden: int = 0
    """Hidden files and folders within folders, which are left out without a word for each."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def below(self, prefix: str) -> "Gathering":
        """Return the same with ``prefix`` in front of every name, as it is."""
        named = tuple(replace(file, key=f"{prefix}{file.key}") for file in self.files)
        return replace(self, files=named)


def gather(paths: Sequence[Path], prefix: str = "") -> Gathering:
    """Return the files of ``paths`` in the order given, those of folders in natural order.

    ``prefix`` is put in front of every name as it is.
    """
    found = _Found()
    for path in paths:
        given = Path(os.path.abspath(path))  # noqa: PTH100 - keeps symbolic links
        if given.is_dir():
            found.add_folder(given, f"{prefix}{given.name}" if given.name else prefix.rstrip("/"))
        else:
            found.add(given, f"{prefix}{given.name}")
    return Gathering(tuple(found.files), tuple(found.skipped), found.hidden)


class _Found:
    def __init__(self) -> None:
        self.files: list[GatheredFile] = []
        self.skipped: list[SkippedPath] = []
        self.hidden = 0
        self._by_key: dict[str, Path] = {}
        self._seen: set[tuple[int, int]] = set()
        """Folders that were entered, so that links cannot lead in circles."""

    def add_folder(self, folder: Path, key: str) -> None:
        """Take what is in a folder, the files of each level before its folders."""
        try:
            identity = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: natural(entry.name))
        except OSError as error:
            self._skip(folder, f"It cannot be read: {error.strerror}.")
            return
        if (identity.st_dev, identity.st_ino) in self._seen:
            self._skip(folder, "It was taken already: a link leads to it.", missed=False)
            return
        self._seen.add((identity.st_dev, identity.st_ino))
        before = len(self.files) + len(self.skipped) + self.hidden
        for entry in self._shown(entries):
            inner = f"{key}/{entry.name}" if key else entry.name
            if entry.is_dir():
                self.add_folder(Path(entry.path), inner)
            else:
                self.add(Path(entry.path), inner)
        if len(self.files) + len(self.skipped) + self.hidden == before:
            self._skip(folder, "It is empty; buckets have no folders.", missed=False)

    def _shown(self, entries: Iterable["os.DirEntry[str]"]) -> Iterator["os.DirEntry[str]"]:
        shown = []
        for entry in entries:
            if is_hidden(entry):
                self.hidden += 1
            else:
                shown.append(entry)
        yield from (entry for entry in shown if not entry.is_dir())
        yield from (entry for entry in shown if entry.is_dir())

    def add(self, path: Path, key: str) -> None:
        """Take one file, unless something speaks against it."""
        key = unicodedata.normalize("NFC", key.replace("\\", "/") if os.sep == "\\" else key)
        try:
            seen = path.stat()
        except FileNotFoundError:
            broken = path.is_symlink()
            self._skip(
                path, "The file its link leads to is gone." if broken else "It is not there."
            )
            return
        except OSError as error:
            self._skip(path, f"It cannot be looked at: {error.strerror}.")
            return
        if why := self._problem(path, key, seen):
            self._skip(path, why)
        elif self._by_key.setdefault(key, path) is path:
            self.files.append(GatheredFile(path, key, seen.st_size))

    def _problem(self, path: Path, key: str, seen: os.stat_result) -> str:
        if not stat.S_ISREG(seen.st_mode):
            return "It is no file but a device, a pipe or a socket."
        if not os.access(path, os.R_OK):
            return "Its permissions do not allow to read it."
        other = self._by_key.get(key)
        if other is not None and other != path:
            return f"It would have the same name at the destination as {other}."
        return key_problem(key)

    def _skip(self, path: Path, why: str, *, missed: bool = True) -> None:
        self.skipped.append(SkippedPath(path, why, missed))


def is_hidden(entry: "os.DirEntry[str]") -> bool:
    """Tell whether people do not see an entry of a folder unless they ask for it."""
    if entry.name.startswith(".") or entry.name.casefold() in SYSTEM_FILES:
        return True
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """Return what names are sorted by so that 2 comes before 10."""
    parts = DIGITS.split(name.casefold())
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)


def nothing_to_upload(found: Gathering) -> InvalidInput:
    """Return the error for files and folders of which none can be uploaded."""
    reasons = [f"{one.path}: {one.why}" for one in found.skipped[:3]]
    if found.hidden and not reasons:
        reasons = ["Everything in there is hidden."]
    return InvalidInput(
        "There is nothing to upload", " ".join(reasons), "Choose files, or folders with files."
    )
