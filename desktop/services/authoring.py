"""The working text of a video: opening, saving, and reading it while it is being written."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from ulid import ULID

from desktop.domain.errors import Problem, Severity
from desktop.domain.events import EventBus, SourceSaved
from desktop.domain.library import SceneTake, Version, Video
from desktop.domain.matching import match_scenes
from desktop.domain.picture import Quality
from desktop.rendering.store import RenderStore
from desktop.services.evidence import Evidence, examine
from desktop.services.library import now
from desktop.services.reading import (
    Reading,
    ReadingTask,
    ReadScene,
    SourceReader,
    editor_problems,
)
from desktop.services.settings import SettingsService
from desktop.services.values import Outline, OutlineScene, SceneState, SourceDocument
from desktop.storage import scenes, sources, versions, videos
from desktop.storage.database import Database
from desktop.storage.shelf import Shelf
from desktop.storage.transaction import Transaction


class AuthoringService:
    """What a video says now, before it is rendered."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        store: RenderStore,
        settings: SettingsService,
        bus: EventBus,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._store = store
        self._settings = settings
        self._bus = bus
        self._reader = SourceReader()
        self._seen: dict[str, tuple[scenes.KnownScene, ...]] = {}
        self._failures: dict[tuple[str, str], tuple[str, tuple[Problem, ...]]] = {}

    async def open(self, video_id: str) -> SourceDocument:
        """Return the working text; raises NotFound."""

        def both(tx: Transaction) -> tuple[Video, sources.WorkingSource]:
            return videos.get(tx, video_id), sources.read(tx, video_id)

        video, source = await self._database.read(both)
        return SourceDocument(video_id, video.kind, source.text, source.revision, source.own)

    async def save(self, video_id: str, text: str, revision: int, *, own: bool = False) -> int:
        """Store the text if ``revision`` is still the newest; return the new revision.

        ``own`` tells that the change was written here; code that comes from elsewhere is asked
        about before it runs, see ``consent``.
        Raises Conflict when another window or command saved in between; nothing is overwritten.
        """
        saved = await self._database.write(
            lambda tx: sources.save(tx, video_id, text, revision, now(), own=own)
        )
        if saved != revision:
            self._bus.publish(SourceSaved(video_id, saved))
        return saved

    async def outline(self, video_id: str, text: str) -> Outline:
        """Return the scenes and problems of ``text``, which need not have been saved.

        A scene that was never rendered keeps its id from one call to the next.
        """
        reading, ids, newest = await self.read(video_id, text)
        if ids:  # half a line of Python hides every scene, and they come back with the other half
            self._seen[video_id] = _known_scenes(ids, reading)
        takes = {take.scene_id: take for take in newest.scenes} if newest else {}
        states = [
            self._outline_scene(video_id, identity, scene, takes.get(identity))
            for identity, scene in zip(ids, reading.scenes, strict=True)
        ]
        found = (problem for state in states for problem in state.problems)
        problems = dict.fromkeys((*reading.problems, *found))
        ordered = sorted(problems, key=lambda problem: problem.line or 0)
        return Outline(reading.source.title, reading.source.aspect, tuple(states), tuple(ordered))

    async def read(
        self, video_id: str, text: str
    ) -> tuple[Reading, tuple[str, ...], Version | None]:
        """Read ``text``; return it with the ids of its scenes and the newest version."""

        def look(
            tx: Transaction,
        ) -> tuple[Video, tuple[scenes.KnownScene, ...], Version | None]:
            video = videos.get(tx, video_id)
            number = video.latest_version
            newest = versions.get(tx, video_id, number) if number else None
            return video, scenes.known(tx, video_id), newest

        video, known, newest = await self._database.read(look)
        task = ReadingTask(
            video.kind, text, self.assets(video_id), self._settings.current.rendering
        )
        reading = await self._reader.read(task)
        found = [scene.scene for scene in reading.scenes]
        latest = self._seen.get(video_id, ())
        ids_seen = {scene.id for scene in latest}
        candidates = (*latest, *(scene for scene in known if scene.id not in ids_seen))
        ids = await asyncio.to_thread(match_scenes, candidates, found, lambda: str(ULID()))
        return reading, ids, newest

    async def kept_texts(self, video_id: str) -> tuple[str, ...]:
        """Return the texts that versions of a video were made from, where they are still there."""
        kept = await self._database.read(lambda tx: versions.listed(tx, video_id))
        files = [self._shelf.files(video_id, version.number).source for version in kept]
        return await asyncio.to_thread(_readable, [path for path in files if path])

    async def examine(self, document: SourceDocument) -> Evidence:
        """Return the code that rendering a text would run."""
        folder = self.assets(document.video_id)
        rendering = self._settings.current.rendering
        task = ReadingTask(document.kind, document.text, folder, rendering)
        return await self._reader.ask(examine, task)

    async def remember(self, video_id: str, ids: Sequence[str], reading: Reading) -> None:
        """Store which scene is which, so that each keeps its id through the next edit."""
        present = _known_scenes(ids, reading)
        self._seen[video_id] = present
        await self._database.write(lambda tx: scenes.remember(tx, video_id, present))

    def assets(self, video_id: str) -> Path:
        """Return the folder that holds the pictures and modules of a video."""
        return self._shelf.assets(video_id)

    def note_failure(
        self, video_id: str, scene_id: str, key: str, problems: tuple[Problem, ...]
    ) -> None:
        """Let the outline show that this very form of a scene failed."""
        self._failures[video_id, scene_id] = (key, problems)

    def note_success(self, video_id: str, scene_id: str) -> None:
        """Forget an earlier failure of a scene."""
        self._failures.pop((video_id, scene_id), None)

    async def close(self) -> None:
        """Stop the reading process."""
        await self._reader.close()

    def _outline_scene(
        self, video_id: str, identity: str, scene: ReadScene, take: SceneTake | None
    ) -> OutlineScene:
        failed_key, failed_problems = self._failures.get((video_id, identity), ("", ()))
        keys = set(scene.keys.values())
        problems = scene.problems
        if failed_key in keys:
            problems = (*problems, *failed_problems)
        shown = self._store.get(_newest_key(self._store, scene, take))
        if shown is not None and shown.key in keys:
            problems = (*problems, *editor_problems(scene.scene, shown.findings))
        return OutlineScene(
            identity,
            scene.scene.title,
            scene.scene.class_name,
            scene.scene.line,
            scene.scene.end_line,
            _state(scene, take, failed=failed_key in keys),
            scene.scene.code,
            poster=shown.poster if shown else "",
            film=shown.video if shown else "",
            seconds=shown.frames / shown.fps if shown else None,
            problems=problems,
        )


def _known_scenes(ids: Sequence[str], reading: Reading) -> tuple[scenes.KnownScene, ...]:
    return tuple(
        scenes.KnownScene(
            identity,
            scene.scene.title,
            scene.scene.class_name,
            scene.scene.text,
            scene.code_sha256,
        )
        for identity, scene in zip(ids, reading.scenes, strict=True)
    )


def _newest_key(store: RenderStore, scene: ReadScene, take: SceneTake | None) -> str:
    """Return the key of the best picture there is of a scene: this form of it, or the last."""
    for quality in (Quality.DRAFT, Quality.FINAL):
        key = scene.keys.get(quality, "")
        if key and store.has(key):
            return key
    return take.render_key if take else ""


def _state(scene: ReadScene, take: SceneTake | None, *, failed: bool) -> SceneState:
    if not scene.keys or any(p.severity is Severity.ERROR for p in scene.problems):
        return SceneState.BROKEN
    if failed:
        return SceneState.FAILED
    if take is None:
        return SceneState.NEW
    return SceneState.FRESH if take.render_key in scene.keys.values() else SceneState.CHANGED


def _readable(paths: Sequence[str]) -> tuple[str, ...]:
    texts: list[str] = []
    for path in paths:
        with contextlib.suppress(OSError, ValueError):
            texts.append(Path(path).read_text("utf-8"))
    return tuple(texts)
