"""Bringing files in: first a preview of what would happen, then doing it, with a way back."""

import asyncio
import filecmp
import itertools
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ulid import ULID

from desktop.domain.errors import InvalidInput, Severity, StudioError, Unavailable
from desktop.domain.library import SourceKind, Version, VideoStatus
from desktop.domain.picture import Aspect, Quality, clock
from desktop.services.authoring import AuthoringService
from desktop.services.binding import Binder
from desktop.services.consent import ConsentService
from desktop.services.library import LibraryService, now
from desktop.services.reading import Reading, ReadingTask, SourceReader
from desktop.services.settings import SettingsService
from desktop.services.values import ImportAction, ImportItem, ImportPlan, ImportResult

if TYPE_CHECKING:
    from desktop.rendering.footage import FootageFacts

VIDEO_SUFFIXES = frozenset({".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi"})
TEXT_SUFFIXES = frozenset({".md", ".markdown"})
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".svg", ".webp", ".gif"})
SKIPPED_FOLDERS = frozenset({"media", "node_modules", "__pycache__", "venv", "site-packages"})
MOST_FILES = 2_000
"""Files of a dropped folder that are looked at; a home folder dropped by mistake has millions."""
LARGEST_TEXT = 5_000_000
"""Bytes; a longer text is no storyboard."""


class ImportService:
    """Storyboards, Manim files, videos and folders of them become videos of a project."""

    def __init__(
        self,
        library: LibraryService,
        authoring: AuthoringService,
        binder: Binder,
        consent: ConsentService,
        settings: SettingsService,
    ) -> None:
        self._library = library
        self._authoring = authoring
        self._binder = binder
        self._consent = consent
        self._settings = settings
        self._reader = SourceReader()

    async def plan(self, paths: Sequence[Path]) -> ImportPlan:
        """Look at files and folders and say what would become of each; changes nothing."""
        wanted = itertools.islice(_files(paths), MOST_FILES + 1)
        files = await asyncio.to_thread(list, wanted)
        items = [await self._item(path) for path in files[:MOST_FILES]]
        used = {source for item in items for _name, source in item.assets}
        kept = tuple(item for item in items if not _is_only_asset(item, used))
        return ImportPlan(kept, _project_title(paths), more=len(files) > MOST_FILES)

    async def carry_out(self, plan: ImportPlan, project_id: str | None = None) -> ImportResult:
        """Import the accepted items; into a new project when none is given.

        A file that cannot be imported after all is named in ``failures``; the others go in.
        Raises InvalidInput when nothing is left to import.
        """
        chosen = [
            item
            for item in plan.items
            if item.accepted and item.action not in {ImportAction.SKIP, ImportAction.ASSET}
        ]
        if not chosen:
            raise InvalidInput(
                "There is nothing to import",
                "None of these files is a storyboard, a Manim file or a video.",
                "Choose .md, .py, .mp4, .mov or .webm files.",
            )
        made = None if project_id else await self._library.create_project(plan.project_title)
        target = project_id or (made.id if made else "")
        video_ids: list[str] = []
        failures: list[str] = []
        for item in chosen:
            try:
                video_ids.append(await self._import(item, target))
            except (StudioError, OSError) as error:
                failures.append(f"{item.path.name}: {error}")

        async def revert() -> None:
            await self._library.trash_videos(video_ids)
            if made:
                await self._library.trash_project(made.id)

        count = len(video_ids)
        label = f"Imported {count} video" + ("" if count == 1 else "s")
        return ImportResult(target, tuple(video_ids), label, revert, tuple(failures))

    async def add_asset(self, video_id: str, path: Path) -> str:
        """Copy a picture into a video's assets; return the name to write in the text.

        A different file of the same name is kept; the new one gets a number. Raises Unavailable
        when the picture cannot be read or the library not be written.
        """
        folder = self._authoring.assets(video_id)
        try:
            return await asyncio.to_thread(_add_asset, path, folder)
        except OSError as error:
            raise Unavailable(
                f"{path.name} could not be added",
                f"{error.filename or path}: {error.strerror}.",
                "Check that the file can be read and that there is room on the disk.",
            ) from error

    async def close(self) -> None:
        """Stop the reading process."""
        await self._reader.close()

    async def _item(self, path: Path) -> ImportItem:
        try:
            return await self._look(path)
        except StudioError as error:
            title = f"{error.title}:" if error.detail else error.title
            return _refused(path, " ".join(filter(None, (title, error.detail, error.remedy))))
        except OSError as error:
            return _refused(path, f"Cannot be read: {error.strerror}.")

    async def _look(self, path: Path) -> ImportItem:
        suffix = path.suffix.lower()
        if suffix in VIDEO_SUFFIXES:
            facts = await asyncio.to_thread(_inspect, path)
            detail = f"Video, {facts.width}x{facts.height}, {clock(facts.seconds)}"
            return ImportItem(path, ImportAction.FOOTAGE, _titled(path), detail)
        if suffix in IMAGE_SUFFIXES:
            return ImportItem(path, ImportAction.ASSET, path.name, "Picture", accepted=False)
        if suffix in TEXT_SUFFIXES:
            return await self._look_at_text(path, SourceKind.STORYBOARD)
        if suffix == ".py":
            return await self._look_at_text(path, SourceKind.MANIM)
        return _refused(path, "Not a storyboard, Manim file or video.")

    async def _look_at_text(self, path: Path, kind: SourceKind) -> ImportItem:
        text = await asyncio.to_thread(read_text, path)
        task = ReadingTask(kind, text, path.parent, self._settings.current.rendering)
        reading = await self._reader.read(task)
        action = ImportAction.STORYBOARD if kind is SourceKind.STORYBOARD else ImportAction.MANIM
        errors = [p for p in reading.problems if p.severity is Severity.ERROR]
        count = len(reading.scenes)
        noun = "Storyboard" if kind is SourceKind.STORYBOARD else "Manim file"
        if not count and not errors:
            return _refused(path, f"{noun} without scenes.")
        return ImportItem(
            path,
            action,
            reading.source.title or _titled(path),
            f"{noun}, {count} scene{'' if count == 1 else 's'}" if count else noun,
            problem=str(errors[0]) if errors else "",
            assets=_assets(reading),
            runs_code=reading.runs_code,
        )

    async def _import(self, item: ImportItem, project_id: str) -> str:
        if item.action is ImportAction.FOOTAGE:
            return await self._import_footage(item, project_id)
        kind = SourceKind.STORYBOARD
        if item.action is ImportAction.MANIM:
            kind = SourceKind.MANIM
        text = await asyncio.to_thread(read_text, item.path)
        video = await self._library.create_video(project_id, item.title, kind, text)
        folder = self._authoring.assets(video.id)
        await asyncio.to_thread(_copy_assets, item.assets, folder)
        reading, _ids, _newest = await self._authoring.read(video.id, text)
        await self._consent.accept_known(video.id, item.path)
        source = reading.source
        await self._library.describe(video.id, source.aspect, len(source.scenes))
        if source.description or source.tags:
            await self._library.edit_video(
                video.id, description=source.description, tags=source.tags
            )
        return video.id

    async def _import_footage(self, item: ImportItem, project_id: str) -> str:
        facts = await asyncio.to_thread(_inspect, item.path)
        aspect = _aspect(facts.width, facts.height)
        video = await self._library.create_video(
            project_id, item.title, SourceKind.FOOTAGE, "", aspect=aspect
        )
        version = Version(
            id=str(ULID()),
            video_id=video.id,
            number=1,
            created_at=now(),
            quality=Quality.FINAL,
            width=facts.width,
            height=facts.height,
            rate=facts.rate,
            frames=facts.frames,
            size=facts.size,
            sha256=facts.sha256,
            note=f"Imported {item.path.name}",
        )
        await self._binder.bind_footage(video.id, item.path, version)
        await self._library.set_status(video.id, VideoStatus.RENDERED)
        return video.id


def _inspect(path: Path) -> "FootageFacts":
    from desktop.rendering.footage import inspect  # noqa: PLC0415 - the decoder loads in 0.1 s

    return inspect(path)


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises InvalidInput, naming the first bad byte, when it is not UTF-8, and when it is far too
    long to be a source text.
    """
    size = path.stat().st_size
    if size > LARGEST_TEXT:
        raise InvalidInput(
            f"{path.name} is too large",
            f"It has {size / 1e6:.0f} MB; texts may have {LARGEST_TEXT / 1e6:.0f} MB.",
            "Choose the storyboard or Manim file itself.",
        )
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(
            f"{path.name} is not UTF-8 text",
            f"Line {line} has a byte that is not valid UTF-8.",
            "Save the file as UTF-8 in the program it comes from, then import it again.",
        ) from error


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    """Yield files, those of folders included; hidden and generated folders are left out."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(
                name for name in folders if name not in SKIPPED_FOLDERS and name[0] not in ".~"
            )
            for name in sorted(names):
                if _interesting(Path(name)):
                    yield Path(folder) / name


def _interesting(path: Path) -> bool:
    known = VIDEO_SUFFIXES | TEXT_SUFFIXES | IMAGE_SUFFIXES | {".py"}
    return path.suffix.lower() in known and not path.name.startswith((".", "~"))


def _assets(reading: Reading) -> tuple[tuple[str, Path], ...]:
    found = {asset.name: Path(asset.path) for scene in reading.scenes for asset in scene.assets}
    return tuple(found.items())


def _copy_assets(assets: Iterable[tuple[str, Path]], folder: Path) -> None:
    for name, source in assets:
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)


def _add_asset(path: Path, folder: Path) -> str:
    stem = "-".join(path.stem.split())
    for number in itertools.count(1):
        target = folder / f"{stem}{f'-{number}' if number > 1 else ''}{path.suffix}"
        if not target.exists():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            return target.name
        if filecmp.cmp(path, target, shallow=False):
            return target.name
    raise AssertionError("counting does not end")


def _is_only_asset(item: ImportItem, used: set[Path]) -> bool:
    """A picture or module that another file brings along needs no row of its own."""
    return item.path in used or item.action is ImportAction.ASSET


def _refused(path: Path, why: str) -> ImportItem:
    return ImportItem(path, ImportAction.SKIP, path.name, "", problem=why, accepted=False)


def _titled(path: Path) -> str:
    words = path.stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words).capitalize() or path.name


def _project_title(paths: Sequence[Path]) -> str:
    for path in paths:
        if path.is_dir():
            return _titled(path)
    return _titled(paths[0]) if paths else "Imported"


def _aspect(width: int, height: int) -> Aspect:
    if abs(width - height) * 10 < max(width, height):
        return Aspect.SQUARE
    return Aspect.WIDE if width > height else Aspect.TALL


def accepted(plan: ImportPlan, paths: Iterable[Path]) -> ImportPlan:
    """Return the plan with exactly the items of ``paths`` accepted."""
    chosen = set(paths)
    return replace(
        plan,
        items=tuple(replace(item, accepted=item.path in chosen) for item in plan.items),
    )
