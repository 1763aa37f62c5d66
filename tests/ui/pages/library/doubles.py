"""A library of any size in memory, and a window that remembers what it was asked for."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PIL import Image, ImageDraw
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import StudioError
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
from desktop.ui.actions import Action, ActionRegistry
from desktop.ui.bridge import EventBridge
from desktop.ui.theme import Theme
from tests.ui.fakes import NOW, FakeLibrary, project

TITLES = (
    "The chain rule", "Limits from both sides", "Why the determinant is a volume",
    "Quicksort, step by step", "Fourier series of a square wave", "How a transformer attends",
    "Pythagoras without words", "Entropy of a coin", "Bayes at the doctor", "Eigenvectors",
    "A very long title that does not fit on one line of a card, whatever the window does",
    "Dijkstra on a map",
)  # fmt: skip

KINDS = tuple(SourceKind)
STATUSES = (
    VideoStatus.RENDERED, VideoStatus.RENDERED, VideoStatus.CODE_READY, VideoStatus.RENDERED,
    VideoStatus.FAILED, VideoStatus.RENDERED, VideoStatus.RENDERING,
)  # fmt: skip


def many(number: int, projects: Sequence[str] = ("p1",)) -> dict[str, Video]:
    """Return videos of every kind, newest first."""
    return {made.id: made for made in (_one(place, projects) for place in range(number))}


def _one(place: int, projects: Sequence[str]) -> Video:
    status = STATUSES[place % len(STATUSES)]
    rendered = status in {VideoStatus.RENDERED, VideoStatus.FAILED}
    moment = NOW - timedelta(minutes=37 * place)
    return Video(
        id=f"v{place}",
        project_id=projects[place % len(projects)],
        title=f"{TITLES[place % len(TITLES)]} {place}",
        kind=KINDS[place % 5 % 3],
        created_at=moment - timedelta(days=3),
        updated_at=moment,
        tags=("calculus",) if place % 3 else ("algebra", "lecture 2"),
        aspect=(Aspect.WIDE, Aspect.WIDE, Aspect.TALL, Aspect.SQUARE)[place % 4],
        status=status,
        latest_version=1 + place % 4 if rendered else 0,
        scene_count=5,
        duration=41.0 + place % 300 if rendered else 0.0,
    )


class LibraryDouble(FakeLibrary):
    """Every verb of the library service; counts what was asked of it."""

    def __init__(self, bus: EventBus, folder: Path) -> None:
        super().__init__(bus)
        self.folder = folder
        self.searches: list[SearchQuery] = []
        self.files_asked: list[str] = []
        self.trashed_projects: dict[str, Project] = {}
        self.purged: list[str] = []
        self.delays: dict[str, Callable[[], object]] = {}

    async def projects(self, *, trashed: bool = False) -> tuple[Project, ...]:
        found = self.trashed_projects if trashed else self.all_projects
        return tuple(sorted(found.values(), key=lambda one: one.title))

    async def project(self, project_id: str) -> Project:
        return self.all_projects[project_id]

    async def create_project(self, title: str, description: str = "") -> Project:
        made = project(title, f"p{len(self.all_projects) + 10}")
        self.all_projects[made.id] = made
        self._bus.publish(LibraryChanged())
        return made

    async def video_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for one in self._living():
            counts[one.project_id] = counts.get(one.project_id, 0) + 1
        return counts

    async def rename_project(self, project_id: str, title: str) -> Undo:
        before = self.all_projects[project_id]
        self.all_projects[project_id] = replace(before, title=title)
        self._bus.publish(LibraryChanged())

        async def revert() -> None:
            self.all_projects[project_id] = before
            self._bus.publish(LibraryChanged())

        return Undo(f"Renamed “{before.title}” to “{title}”", revert)

    async def trash_project(self, project_id: str) -> Undo:
        gone = self.all_projects.pop(project_id)
        self.trashed_projects[project_id] = gone
        ids = [one.id for one in self._living() if one.project_id == project_id]
        await self.trash_videos(ids)

        async def revert() -> None:
            await self.restore_project(project_id)

        return Undo(f"Moved “{gone.title}” to the trash", revert)

    async def restore_project(self, project_id: str) -> None:
        self.all_projects[project_id] = self.trashed_projects.pop(project_id)
        await self.restore_videos(
            [v.id for v in self.videos.values() if v.project_id == project_id]
        )

    async def edit_video(self, video_id: str, **changes: object) -> Undo:
        before = self.videos[video_id]
        self.videos[video_id] = replace(before, **changes)  # type: ignore[arg-type]  # by name
        self._bus.publish(LibraryChanged((video_id,)))

        async def revert() -> None:
            self.videos[video_id] = before
            self._bus.publish(LibraryChanged((video_id,)))

        return Undo(f"Changed “{before.title}”", revert)

    async def trash_videos(self, video_ids: Sequence[str]) -> Undo:
        self._set_trashed(video_ids, trashed=True)

        async def revert() -> None:
            self._set_trashed(video_ids, trashed=False)

        return Undo(f"Moved {len(video_ids)} videos to the trash", revert)

    async def restore_videos(self, video_ids: Sequence[str]) -> None:
        self._set_trashed(video_ids, trashed=False)

    def _set_trashed(self, video_ids: Sequence[str], *, trashed: bool) -> None:
        for video_id in video_ids:
            one = self.videos[video_id]
            self.videos[video_id] = replace(one, trashed_at=NOW if trashed else None)
        self._bus.publish(LibraryChanged(tuple(video_ids)))

    async def delete_videos(self, video_ids: Sequence[str]) -> int:
        for video_id in video_ids:
            del self.videos[video_id]
            self.purged.append(video_id)
        self._bus.publish(LibraryChanged())
        return len(video_ids)

    async def empty_trash(self) -> int:
        doomed = [one.id for one in self.videos.values() if one.trashed_at]
        self.trashed_projects.clear()
        return await self.delete_videos(doomed)

    async def duplicate_video(self, video_id: str) -> Video:
        original = self.videos[video_id]
        copy = replace(
            original, id=f"copy{len(self.videos)}", title=f"{original.title} (copy)",
            latest_version=0, duration=0.0, status=VideoStatus.CODE_READY,
        )  # fmt: skip
        self.videos = {copy.id: copy, **self.videos}
        self._bus.publish(LibraryChanged((copy.id,)))
        return copy

    async def tags(self) -> tuple[tuple[str, int], ...]:
        return (("calculus", 8), ("algebra", 4))

    async def scene_titles(self, video_id: str) -> tuple[str, ...]:
        return ("The question", "A picture of it", "The derivation", "What it means", "Summary")

    def files(self, video_id: str, number: int) -> VersionFiles:
        self.files_asked.append(video_id)
        number_of_file = int("".join(filter(str.isdigit, video_id)) or 0) % 8
        poster = self.folder / f"poster{number_of_file}.jpg"
        if not poster.is_file():
            return VersionFiles(video="")
        sprite = self.folder / "sprite.jpg"
        return VersionFiles("video.mp4", str(poster), str(sprite), str(sprite.with_suffix(".json")))

    async def search(self, query: SearchQuery) -> SearchPage:
        self.searches.append(query)
        if query.text in self.delays:
            await self.delays[query.text]()  # type: ignore[misc]  # an event's wait
        found = [one for one in self.videos.values() if _matches(one, query)]
        if query.order == "title":
            found.sort(key=lambda one: one.title)
        shown = tuple(found[query.offset : query.offset + query.limit])
        snippets = {}
        if query.text:
            text = f"…the slope of «{query.text}» at a point, and what «{query.text}» means then…"
            snippets = {one.id: text for one in shown}
        return SearchPage(shown, len(found), snippets)

    def _living(self) -> list[Video]:
        return [one for one in self.videos.values() if one.trashed_at is None]


def _matches(one: Video, query: SearchQuery) -> bool:
    wanted = (
        (query.project_id, one.project_id),
        (query.status, one.status),
        (query.kind, one.kind),
        (query.aspect, one.aspect),
    )
    return (
        bool(one.trashed_at) == query.trashed
        and all(word in one.title.casefold() for word in query.text.casefold().split())
        and all(want in {None, has} for want, has in wanted)
        and (query.tag is None or query.tag in one.tags)
    )


def paint_posters(folder: Path, number: int = 8) -> None:
    """Write posters and one thumbnail sheet, as a render leaves them."""
    colours = ("#1d3557", "#264653", "#2b2d42", "#3d2645", "#1b4332", "#14213d", "#432818", "#222")
    for place in range(number):
        size = (640, 360) if place % 4 < 2 else (360, 640) if place % 4 == 2 else (480, 480)
        _scene(size, colours[place % 8], place).save(folder / f"poster{place}.jpg")
    sheet = Image.new("RGB", (192 * 4, 108 * 3))
    for tile in range(12):
        sheet.paste(_scene((192, 108), colours[tile % 8], tile), (tile % 4 * 192, tile // 4 * 108))
    sheet.save(folder / "sprite.jpg")
    index = {
        "columns": 4, "rows": 3, "tile_width": 192, "tile_height": 108, "frames": list(range(12)),
    }  # fmt: skip
    (folder / "sprite.json").write_text(json.dumps(index), "utf-8")


def _scene(size: tuple[int, int], colour: str, place: int) -> Image.Image:
    picture = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.line((width * 0.15, height * 0.8, width * 0.9, height * 0.8), fill="white", width=3)
    draw.line((width * 0.15, height * 0.8, width * 0.15, height * 0.15), fill="white", width=3)
    points = [
        (width * (0.15 + 0.07 * step), height * (0.8 - 0.006 * step**2 * (1 + place % 3)))
        for step in range(11)
    ]
    draw.line(points, fill="#ffb703", width=5)
    draw.text((width * 0.3, height * 0.1), f"f(x) = x^{place + 1}", fill="white", font_size=28)
    return picture


class ShellDouble(QWidget):
    """A window that remembers."""

    def __init__(self, bus: EventBus, theme: Theme) -> None:
        super().__init__()
        self.bridge = EventBridge(bus, self)
        self.theme = theme
        self.registry = ActionRegistry(self)
        self.undos: list[Undo] = []
        self.errors: list[Exception] = []
        self.notes: list[str] = []
        self.opened: list[str] = []
        self.status = ""

    def show_undo(self, undo: Undo) -> None:
        self.undos.append(undo)

    def settle_error(self, error: StudioError) -> None:
        raise AssertionError("nothing here ends by itself")

    def present_error(
        self, error: Exception, *, button: str = "", act: Callable[[], object] | None = None
    ) -> None:
        self.errors.append(error)

    def notify(self, text: str) -> None:
        self.notes.append(text)

    def register_actions(self, owner: QWidget, actions: Sequence[Action]) -> dict[str, QAction]:
        return self.registry.add(owner, actions)

    def open_video(self, video_id: str) -> None:
        self.opened.append(video_id)

    def set_status(self, text: str) -> None:
        self.status = text
