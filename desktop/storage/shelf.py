"""Version folders on disk: built aside, published by one rename, never changed afterwards.

::

    videos/<video id>/assets/                    pictures and modules its source names
    videos/<video id>/versions/000001/           manifest.json, video.mp4, poster.jpg, ...
    building/<process>-<random>/                 a version being put together
    building/<process>-<random>.json             published, but not yet noted in the database

Everything blocks on the disk: call it from a thread.
"""

import contextlib
import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil

from desktop.domain.errors import Conflict, InvalidInput, NotFound, StudioError
from desktop.domain.library import VersionFiles
from desktop.storage import manifest as manifests
from desktop.storage.errors import translated
from desktop.storage.manifest import Manifest

log = logging.getLogger(__name__)

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_NUMBER = re.compile(r"\d{6,}")


class Shelf:
    """The folder that holds every version of every video."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folders and sweep away what crashed processes left half-built."""
        with translated(self.folder):
            self._building.mkdir(parents=True, exist_ok=True)
            (self.folder / "videos").mkdir(exist_ok=True)
            for leftover in self._building.iterdir():
                if leftover.suffix != ".json" and not _is_alive(leftover.name):
                    shutil.rmtree(leftover, ignore_errors=True)

    def begin(self) -> Path:
        """Return a new empty folder to put a version's files into; then ``publish`` it."""
        with translated(self.folder):
            draft = self._building / f"{_process()}-{secrets.token_hex(4)}"
            draft.mkdir(parents=True)
            return draft

    def discard(self, draft: Path) -> None:
        """Delete a folder that will not become a version."""
        shutil.rmtree(draft, ignore_errors=True)

    def publish(self, draft: Path, manifest: Manifest) -> VersionFiles:
        """Make ``draft`` the folder of the manifest's version, all of it or nothing.

        On return it is on the disk for good. Until ``settle`` is called, ``unsettled`` of a later
        start reports it. Raises ``Conflict`` when the number is taken, ``Unavailable`` when the
        disk is full or read-only.
        """
        version = manifest.version
        target = self._version_folder(version.video_id, version.number)
        with translated(draft):
            (draft / "manifest.json").write_text(manifests.encode(manifest), "utf-8")
            _sync_files(draft)
            target.parent.mkdir(parents=True, exist_ok=True)
            self._note(draft, version.video_id, version.number)
            try:
                _rename_new(draft, target)
            except FileExistsError as error:
                # Only our note: the other process may not have told the database yet.
                self._note_of(draft).unlink(missing_ok=True)
                raise _taken(version.number) from error
            for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
                _sync_folder(folder)
        return self.files(version.video_id, version.number)

    def settle(self, video_id: str, number: int) -> None:
        """Note that the database knows this version."""
        for note, where in self._notes():
            if where == (video_id, number):
                note.unlink(missing_ok=True)

    def unsettled(self) -> tuple[Manifest, ...]:
        """Return versions that crashed processes published without telling the database."""
        found = []
        for note, (video_id, number) in self._notes():
            if _is_alive(note.name):
                continue
            try:
                found.append(self.manifest(video_id, number))
            except NotFound:
                note.unlink(missing_ok=True)  # the crash came before the rename
            except StudioError as error:
                log.warning("A version could not be adopted: %s", error)
        return tuple(found)

    def next_number(self, video_id: str) -> int:
        """Return the number after the newest version folder of a video."""
        return max((number for number in self._numbers(video_id)), default=0) + 1

    def files(self, video_id: str, number: int) -> VersionFiles:
        """Return where a version's files are; one listing of its folder, no more."""
        folder = self._version_folder(video_id, number)
        try:
            names = set(os.listdir(folder))  # noqa: PTH208  one system call, called while painting
        except OSError:
            names = set()

        def place(*wanted: str) -> str:
            return next((str(folder / name) for name in wanted if name in names), "")

        return VersionFiles(
            video=place(*(f"video.{suffix}" for suffix in VIDEO_SUFFIXES)),
            poster=place("poster.jpg"),
            sprite=place("sprite.jpg"),
            sprite_index=place("sprite.json"),
            captions=place("captions.vtt"),
            source=place("source.md", "source.py"),
            module=place("module.py"),
        )

    def folder_of(self, video_id: str, number: int) -> Path:
        """Return the folder of a version; raises ``NotFound`` when it is not there."""
        folder = self._version_folder(video_id, number)
        if not folder.is_dir():
            raise NotFound(
                f"Version {number} is missing on disk",
                f"{folder} was moved or deleted.",
                "Restore the folder from a backup, or render the video again.",
            )
        return folder

    def manifest(self, video_id: str, number: int) -> Manifest:
        """Read one manifest; raises ``NotFound``, ``InvalidInput`` or ``Refused``."""
        path = self.folder_of(video_id, number) / "manifest.json"
        with translated(path):
            try:
                text = path.read_text("utf-8")
            except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError) as error:
                raise InvalidInput(
                    "A version folder cannot be read",
                    f"{path} is missing or damaged.",
                    "Restore the folder from a backup, or render the video again.",
                ) from error
        found = manifests.decode(text, path)
        if (found.version.video_id, found.version.number) != (video_id, number):
            raise InvalidInput(
                "A version folder is in the wrong place",
                f"{path} describes version {found.version.number} of another video.",
                "Move the folder back to where it was.",
            )
        return found

    def manifests(self) -> Iterator[Manifest]:
        """Read every version's manifest, oldest version of a video first; skip unreadable ones."""
        with translated(self.folder):
            for folder in sorted((self.folder / "videos").glob("*")):
                for number in self._numbers(folder.name) if _ID.fullmatch(folder.name) else ():
                    try:
                        found = self.manifest(folder.name, number)
                    except StudioError as error:
                        log.warning("A version folder is left out: %s", error)
                    else:
                        yield found

    def assets(self, video_id: str) -> Path:
        """Return the folder of pictures and modules of a video, made if need be."""
        folder = self._video_folder(video_id) / "assets"
        with translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def video_folder(self, video_id: str) -> Path:
        """Return the folder of everything of a video, made if need be."""
        folder = self._video_folder(video_id)
        with translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def purge(self, video_id: str) -> None:
        """Delete all versions and assets of a video for good."""
        folder = self._video_folder(video_id)
        if not folder.exists():
            return
        with translated(folder):
            # Out of sight in one step: a crash must not leave half a video to be rebuilt from.
            doomed = self.begin() / "purged"
            folder.rename(doomed)
            shutil.rmtree(doomed.parent)

    @property
    def _building(self) -> Path:
        return self.folder / "building"

    def _video_folder(self, video_id: str) -> Path:
        if not _ID.fullmatch(video_id):
            raise ValueError(f"not an id: {video_id!r}")
        return self.folder / "videos" / video_id

    def _version_folder(self, video_id: str, number: int) -> Path:
        return self._video_folder(video_id) / "versions" / f"{number:06d}"

    def _numbers(self, video_id: str) -> list[int]:
        try:
            names = os.listdir(self._video_folder(video_id) / "versions")  # noqa: PTH208  names only
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(int(name) for name in names if _NUMBER.fullmatch(name))

    def _note(self, draft: Path, video_id: str, number: int) -> None:
        note = self._note_of(draft)
        note.write_text(json.dumps([video_id, number]), "utf-8")
        _sync(note)
        _sync_folder(self._building)

    def _note_of(self, draft: Path) -> Path:
        return self._building / f"{draft.name}.json"

    def _notes(self) -> list[tuple[Path, tuple[str, int]]]:
        found = []
        for note in self._building.glob("*.json"):
            with contextlib.suppress(OSError, ValueError, TypeError):
                video_id, number = json.loads(note.read_text("utf-8"))
                found.append((note, (str(video_id), int(number))))
        return found


VIDEO_SUFFIXES = ("mp4", "mov", "m4v", "webm", "mkv", "avi")
"""What ``video.*`` may end in; rendered ones are mp4, imported ones stay as they are."""


def _taken(number: int) -> Conflict:
    return Conflict(
        "This version number is taken",
        f"Another render finished first and became version {number}.",
        "Render again; unchanged scenes are reused.",
    )


def _process() -> str:
    """Name this process so that no later one of the same number is taken for it."""
    process = psutil.Process()
    return f"{process.pid}-{round(process.create_time() * 100)}"


def _is_alive(name: str) -> bool:
    """Tell whether the process that made ``building/<name>`` still runs."""
    pid, started, *_ = [*name.split("-"), "", ""]
    try:
        process = psutil.Process(int(pid))
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return bool(abs(round(process.create_time() * 100) - int(started)) <= 200)
    except (ValueError, psutil.NoSuchProcess):
        return False
    except psutil.AccessDenied:
        return True


def _rename_new(draft: Path, target: Path) -> None:
    """Rename, but never over an existing folder, not even an empty one."""
    if target.exists():
        raise FileExistsError(target)
    try:
        draft.rename(target)
    except OSError as error:
        if target.exists():
            raise FileExistsError(target) from error
        raise


def _sync_files(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _sync(path)
    _sync_folder(folder)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows keeps the order of directory entries by itself and cannot open folders
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
