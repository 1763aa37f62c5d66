"""Projects and videos: making, finding, renaming, moving, and taking all of that back."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ulid import ULID

from desktop.domain.errors import InvalidInput, StudioError
from desktop.domain.events import EventBus, LibraryChanged
from desktop.domain.library import (
    Project,
    SearchPage,
    SearchQuery,
    SourceKind,
    VersionFiles,
    Video,
    VideoStatus,
)
from desktop.domain.picture import Aspect
from desktop.services.undo import Undo
from desktop.storage import projects, scenes, search, sources, videos
from desktop.storage.database import Database
from desktop.storage.shelf import Shelf
from desktop.storage.transaction import Transaction

ELSEWHERE_SECONDS = 1.0
"""How often a window asks whether another process has changed the library."""


def now() -> datetime:
    """Return the time as every record keeps it."""
    return datetime.now(UTC)


class LibraryService:
    """Everything about projects and videos that is not their content."""

    def __init__(self, database: Database, shelf: Shelf, bus: EventBus) -> None:
        self._database = database
        self._shelf = shelf
        self._bus = bus

    async def projects(self, *, trashed: bool = False) -> tuple[Project, ...]:
        """Return all projects by title, or those in the trash."""
        return await self._database.read(lambda tx: projects.listed(tx, trashed=trashed))

    async def project(self, project_id: str) -> Project:
        """Return one project; raises NotFound."""
        return await self._database.read(lambda tx: projects.get(tx, project_id))

    async def video_counts(self) -> dict[str, int]:
        """Return how many live videos each project has, by project id."""
        return await self._database.read(projects.counts)

    async def create_project(self, title: str, description: str = "") -> Project:
        """Make an empty project."""
        moment = now()
        project = Project(str(ULID()), _titled(title), moment, moment, description)
        await self._database.write(lambda tx: projects.insert(tx, project))
        self._bus.publish(LibraryChanged())
        return project

    async def rename_project(self, project_id: str, title: str) -> Undo:
        """Give a project another title."""
        before = await self._set_project_title(project_id, _titled(title))

        async def revert() -> None:
            await self._set_project_title(project_id, before)

        return Undo(f"Renamed “{before}” to “{title}”", revert)

    async def trash_project(self, project_id: str) -> Undo:
        """Put a project and its videos into the trash."""
        project = await self.project(project_id)
        gone = await self._database.write(lambda tx: projects.trash(tx, project_id, now()))
        self._bus.publish(LibraryChanged())

        async def revert() -> None:
            await self._database.write(lambda tx: projects.restore(tx, project_id))
            self._bus.publish(LibraryChanged())

        return Undo(f"Moved “{project.title}” and {_count(len(gone))} to the trash", revert)

    async def restore_project(self, project_id: str) -> None:
        """Take a project out of the trash with the videos that went in with it."""
        await self._database.write(lambda tx: projects.restore(tx, project_id))
        self._bus.publish(LibraryChanged())

    async def create_video(
        self,
        project_id: str,
        title: str,
        kind: SourceKind,
        source: str,
        *,
        aspect: Aspect = Aspect.WIDE,
        own: bool = False,
    ) -> Video:
        """Make a video with its first working text; ``own`` when that was written here."""
        moment = now()
        status = VideoStatus.CODE_READY if source else VideoStatus.CREATED
        video = Video(
            str(ULID()),
            project_id,
            _titled(title),
            kind,
            moment,
            moment,
            aspect=aspect,
            status=status,
        )

        def insert(tx: Transaction) -> None:
            videos.insert(tx, video)
            if source:
                sources.save(tx, video.id, source, 0, moment, own=own)

        await self._database.write(insert)
        self._bus.publish(LibraryChanged((video.id,)))
        return video

    async def video(self, video_id: str) -> Video:
        """Return one video, trashed or not; raises NotFound."""
        return await self._database.read(lambda tx: videos.get(tx, video_id))

    async def edit_video(
        self,
        video_id: str,
        *,
        title: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        project_id: str | None = None,
    ) -> Undo:
        """Change what is given; the rest stays."""

        def change(video: Video) -> Video:
            return replace(
                video,
                title=video.title if title is None else _titled(title),
                description=video.description if description is None else description,
                tags=video.tags if tags is None else _tidy(tags),
                project_id=project_id or video.project_id,
                updated_at=now(),
            )

        before, after = await self._change(video_id, change)

        async def revert() -> None:
            await self._change(video_id, lambda video: _with_details_of(video, before))

        return Undo(f"Changed “{after.title}”", revert)

    async def set_status(self, video_id: str, status: VideoStatus) -> None:
        """Record how far a video has come."""
        await self._change(video_id, lambda video: replace(video, status=status))

    async def describe(self, video_id: str, aspect: Aspect, scene_count: int) -> None:
        """Record what reading a video's text has shown."""
        await self._change(
            video_id, lambda video: replace(video, aspect=aspect, scene_count=scene_count)
        )

    async def trash_videos(self, video_ids: Sequence[str]) -> Undo:
        """Put videos into the trash; ids already there are left alone."""
        gone = await self._database.write(lambda tx: videos.trash(tx, video_ids, now()))
        self._bus.publish(LibraryChanged(gone))

        async def revert() -> None:
            await self.restore_videos(gone)

        return Undo(f"Moved {_count(len(gone))} to the trash", revert)

    async def restore_videos(self, video_ids: Sequence[str]) -> None:
        """Take videos out of the trash, and their project if it is there too."""
        await self._database.write(lambda tx: videos.restore(tx, video_ids))
        self._bus.publish(LibraryChanged(tuple(video_ids)))

    async def delete_videos(self, video_ids: Sequence[str]) -> int:
        """Delete videos of the trash for good; return how many that were.

        Cannot be undone, like ``empty_trash``; ids that are not in the trash are left alone.
        """

        def purge(tx: Transaction) -> tuple[str, ...]:
            doomed = tuple(set(videos.trashed_ids(tx)) & set(video_ids))
            videos.purge(tx, doomed)
            return doomed

        return await self._purge_files(await self._database.write(purge))

    async def empty_trash(self) -> int:
        """Delete everything in the trash for good; return how many videos that were.

        Cannot be undone; whoever calls it has asked first.
        """

        def purge(tx: Transaction) -> tuple[str, ...]:
            doomed = videos.trashed_ids(tx)
            videos.purge(tx, doomed)
            for project in projects.listed(tx, trashed=True):
                projects.purge(tx, project.id)
            return doomed

        return await self._purge_files(await self._database.write(purge))

    async def duplicate_video(self, video_id: str) -> Video:
        """Make a copy of a video's working text and assets, without its versions."""
        original = await self.video(video_id)
        source = await self._database.read(lambda tx: sources.read(tx, video_id))
        copy = await self.create_video(
            original.project_id,
            f"{original.title} (copy)",
            original.kind,
            source.text,
            aspect=original.aspect,
            own=source.own,
        )
        await asyncio.to_thread(self._copy_assets, video_id, copy.id)
        await self.edit_video(copy.id, description=original.description, tags=original.tags)
        return await self.video(copy.id)

    async def search(self, query: SearchQuery) -> SearchPage:
        """Return one page of what matches."""
        return await self._database.read(lambda tx: search.search(tx, query))

    async def tags(self) -> tuple[tuple[str, int], ...]:
        """Return every tag in use and how many videos have it, most used first."""
        return await self._database.read(search.tags)

    def files(self, video_id: str, number: int) -> VersionFiles:
        """Return where a version's files are; cheap enough to call while painting."""
        return self._shelf.files(video_id, number)

    async def scene_titles(self, video_id: str) -> tuple[str, ...]:
        """Return the titles of the scenes the working text has, in order."""
        known = await self._database.read(lambda tx: scenes.known(tx, video_id))
        return tuple(scene.title for scene in known if scene.position is not None)

    async def follow_others(self) -> None:
        """Announce the changes other processes make to the library; runs until cancelled."""
        while True:
            await asyncio.sleep(ELSEWHERE_SECONDS)
            if await self._database.changed_elsewhere():
                self._bus.publish(LibraryChanged())

    def damage(self) -> StudioError | None:
        """Return what to tell the person when the library was found damaged at this start."""
        recovery = self._database.recovery
        if recovery is None:
            return None
        return StudioError(
            "The library was damaged and has been put together again",
            f"{recovery.projects} projects, {_count(recovery.videos)} and {recovery.versions} "
            f"versions are here. The damaged file is kept as {recovery.set_aside}.",
            "Look whether anything is missing before you delete that file.",
        )

    async def _purge_files(self, doomed: Sequence[str]) -> int:
        for video_id in doomed:
            await asyncio.to_thread(self._shelf.purge, video_id)
        self._bus.publish(LibraryChanged())
        return len(doomed)

    def _copy_assets(self, source_id: str, target_id: str) -> None:
        source, target = self._shelf.assets(source_id), self._shelf.assets(target_id)
        for path in source.rglob("*"):
            if path.is_file():
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())

    async def _set_project_title(self, project_id: str, title: str) -> str:
        def change(tx: Transaction) -> str:
            project = projects.get(tx, project_id)
            projects.update(tx, replace(project, title=title, updated_at=now()))
            return project.title

        before = await self._database.write(change)
        self._bus.publish(LibraryChanged())
        return before

    async def _change(self, video_id: str, change: Callable[[Video], Video]) -> tuple[Video, Video]:
        def apply(tx: Transaction) -> tuple[Video, Video]:
            before = videos.get(tx, video_id)
            after = change(before)
            if after != before:
                videos.update(tx, after)
            return before, after

        before, after = await self._database.write(apply)
        self._bus.publish(LibraryChanged((video_id,)))
        return before, after


def _with_details_of(video: Video, other: Video) -> Video:
    return replace(
        video,
        title=other.title,
        description=other.description,
        tags=other.tags,
        project_id=other.project_id,
        updated_at=now(),
    )


def _titled(title: str) -> str:
    tidy = " ".join(title.split())
    if not tidy:
        raise InvalidInput("A title is needed", remedy="Type at least one letter.")
    return tidy


def _tidy(tags: Sequence[str]) -> tuple[str, ...]:
    """Return the tags in order, without blanks and repetitions."""
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def _count(number: int) -> str:
    return "1 video" if number == 1 else f"{number} videos"
