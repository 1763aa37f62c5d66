"""Turning a working text into a version: render what changed, join, keep.

Only scenes whose render key is not in the store are drawn. Scenes fail on their own: the others
finish and stay in the store, so that one correction later only one scene renders.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.changes import ChangeKind, compare_scenes
from desktop.domain.errors import (
    InvalidInput,
    NotAllowed,
    Problem,
    RenderFailed,
    Severity,
    StudioError,
)
from desktop.domain.events import (
    EventBus,
    LibraryChanged,
    RenderEnded,
    RenderStarted,
    SceneFailed,
    SceneFinished,
    VersionAdded,
)
from desktop.domain.library import SceneTake, SourceKind, Version, VideoStatus
from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.jobs import Take
from desktop.rendering.renderer import Renderer
from desktop.services.authoring import AuthoringService
from desktop.services.binding import Binder, Material
from desktop.services.consent import ConsentService
from desktop.services.library import LibraryService
from desktop.services.progress import RenderProgress
from desktop.services.reading import Reading, ReadScene, editor_problems, profile, scene_takes
from desktop.services.settings import SettingsService
from desktop.services.values import SourceDocument

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """One render: what is to be drawn, in which profile, from which text."""

    document: SourceDocument
    reading: Reading
    ids: tuple[str, ...]
    newest: Version | None
    profile: RenderProfile

    @property
    def video_id(self) -> str:
        """The video that is drawn."""
        return self.document.video_id

    @property
    def unchanged(self) -> bool:
        """Whether the newest version shows exactly this already."""
        if self.newest is None:
            return False
        shown = [(take.scene_id, take.render_key) for take in self.newest.scenes]
        return shown == list(zip(self.ids, self.keys, strict=True))

    @property
    def keys(self) -> tuple[str, ...]:
        """Render key of each scene, in order; '' where the text has errors."""
        return tuple(scene.keys.get(self.profile.quality, "") for scene in self.reading.scenes)


class ProductionService:
    """Renders videos, one render per video at a time."""

    def __init__(  # noqa: PLR0913, PLR0917 - everything a render passes through
        self,
        renderer: Renderer,
        authoring: AuthoringService,
        library: LibraryService,
        binder: Binder,
        settings: SettingsService,
        consent: ConsentService,
        bus: EventBus,
    ) -> None:
        self._renderer = renderer
        self._consent = consent
        self._authoring = authoring
        self._library = library
        self._binder = binder
        self._settings = settings
        self._bus = bus
        self._running: dict[str, asyncio.Task[object]] = {}

    def running(self, video_id: str) -> bool:
        """Tell whether the video is being rendered."""
        return video_id in self._running

    def cancel(self, video_id: str) -> None:
        """Stop the video's render; finished scenes stay in the store."""
        task = self._running.get(video_id)
        if task is not None:
            task.cancel()

    async def render(self, video_id: str, quality: Quality, *, note: str = "") -> Version:
        """Make a new version of the working text, or return the newest if nothing changed.

        Raises NotAllowed for code from elsewhere that no person has allowed, InvalidInput when the
        text has no scene or errors, RenderFailed when scenes failed (each was announced by its own
        SceneFailed), Unavailable when the machine is not up to it. Cancelling the calling task, or
        ``cancel``, leaves everything as it was.
        """
        async with self._turn(video_id):
            plan = await self._plan(video_id, quality)
            if plan.newest is not None and plan.unchanged:
                self._end(video_id, plan.newest.number, "Nothing changed")
                return plan.newest
            takes = await self._draw(plan)
            brought = await self._consent.runs_allowed(plan.document, plan.reading)
            material = _material(plan, takes, note, allowed_code=brought)
            version = await self._binder.bind(video_id, material)
            self._bus.publish(VersionAdded(video_id, version.number))
            self._bus.publish(LibraryChanged((video_id,)))
            self._end(video_id, version.number)
            return version

    async def render_scene(self, video_id: str, scene_id: str, quality: Quality) -> Path:
        """Draw one scene of the working text; return its video file. Makes no version."""
        async with self._turn(video_id):
            plan = await self._plan(video_id, quality, only=scene_id)
            takes = await self._draw(plan)
            self._end(video_id, None)
            return Path(takes[0].video)

    async def close(self) -> None:
        """Cancel every render and wait until the last has ended."""
        running = tuple(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._renderer.close()

    @contextlib.asynccontextmanager
    async def _turn(self, video_id: str) -> AsyncIterator[None]:
        """Let one render of a video run at a time, and announce however it ends."""
        task = asyncio.current_task()
        if task is None or video_id in self._running:
            raise InvalidInput(
                "This video is rendering already", remedy="Wait for it to end, or cancel it."
            )
        self._running[video_id] = task
        before = (await self._library.video(video_id)).status
        status = before
        try:
            yield
        except asyncio.CancelledError:
            self._bus.publish(RenderEnded(video_id, None, cancelled=True, message="Cancelled"))
            raise
        except NotAllowed as error:
            message = error.title
            self._bus.publish(RenderEnded(video_id, None, cancelled=True, message=message))
            raise
        except StudioError as error:
            self._end(video_id, None, str(error))
            status = VideoStatus.FAILED
            raise
        except Exception as error:
            self._end(video_id, None, f"Unexpected error: {error}")
            raise
        else:
            status = VideoStatus.RENDERED
        finally:
            self._running.pop(video_id, None)
            if status is not before:
                await asyncio.shield(self._library.set_status(video_id, status))

    async def _plan(self, video_id: str, quality: Quality, *, only: str = "") -> Plan:
        document = await self._authoring.open(video_id)
        if document.kind is SourceKind.FOOTAGE:
            raise InvalidInput(
                "An imported video file cannot be rendered",
                remedy="It is complete as it is; play or publish it.",
            )
        reading, ids, newest = await self._authoring.read(video_id, document.text)
        if not reading.scenes:
            _refuse_errors(reading)
            raise InvalidInput(
                "There is no scene to render",
                remedy=_FIRST_SCENE[document.kind],
                problems=reading.problems,
            )
        await self._authoring.remember(video_id, ids, reading)
        drawn = profile(self._settings.current.rendering, reading.source.aspect, quality)
        plan = Plan(document, reading, ids, newest, drawn)
        if only:
            plan = _only(plan, only)
        _refuse_errors(plan.reading)
        return plan

    async def _draw(self, plan: Plan) -> list[Take]:
        """Draw every scene, several at once; raise RenderFailed after all have ended.

        Nothing of a text is run before this; that is why consent is asked for here.
        """
        await self._consent.check(plan.document, plan.reading)
        reused = sum(self._renderer.store.has(key) for key in plan.keys)
        count = len(plan.keys)
        self._bus.publish(
            RenderStarted(plan.video_id, plan.profile.quality, count - reused, reused)
        )
        progress = RenderProgress(plan.video_id, plan.ids, self._bus)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._draw_scene(plan, index, progress), name=f"scene {index}")
                for index in range(count)
            ]
        results = [task.result() for task in tasks]
        failures = [result for result in results if isinstance(result, StudioError)]
        if failures:
            raise _combined(failures, count)
        return [result for result in results if isinstance(result, Take)]

    async def _draw_scene(
        self, plan: Plan, index: int, progress: RenderProgress
    ) -> Take | StudioError:
        scene, identity = plan.reading.scenes[index], plan.ids[index]
        reused = self._renderer.store.has(plan.keys[index])
        try:
            take = await self._renderer.render(
                scene.job(plan.profile), lambda done, total: progress.scene(identity, done, total)
            )
        except StudioError as error:
            return self._failed(plan, index, error)
        progress.finished(identity, take.frames, reused=reused)
        self._authoring.note_success(plan.video_id, identity)
        findings = editor_problems(scene.scene, take.findings)
        self._bus.publish(SceneFinished(plan.video_id, identity, take.key, reused, findings))
        return take

    def _failed(self, plan: Plan, index: int, error: StudioError) -> StudioError:
        scene, identity = plan.reading.scenes[index].scene, plan.ids[index]
        given = error.problems if isinstance(error, RenderFailed) else ()
        problems = editor_problems(scene, given) or (
            Problem(f"{error.title}. {error.detail}".strip(), scene.line, error.remedy),
        )
        self._authoring.note_failure(plan.video_id, identity, plan.keys[index], problems)
        self._bus.publish(SceneFailed(plan.video_id, identity, scene.title, problems))
        if not isinstance(error, RenderFailed):
            return error
        return RenderFailed(error.title, error.detail, error.remedy, problems, error.log)

    def _end(self, video_id: str, version: int | None, message: str = "") -> None:
        self._bus.publish(RenderEnded(video_id, version, message=message))


_FIRST_SCENE = {
    SourceKind.STORYBOARD: "Start one with a line such as “## Introduction”.",
    SourceKind.MANIM: "Write a class that derives from Scene and has a construct method.",
}


def _refuse_errors(reading: Reading) -> None:
    """Raise InvalidInput when anything in a text cannot be rendered."""
    found = (*reading.problems, *_scene_problems(reading.scenes))
    errors = [problem for problem in dict.fromkeys(found) if problem.severity is Severity.ERROR]
    if errors:
        count = len(errors)
        title = "The text has an error" if count == 1 else f"The text has {count} errors"
        raise InvalidInput(title, str(errors[0]), problems=tuple(errors))


def _material(plan: Plan, takes: Sequence[Take], note: str, *, allowed_code: bool) -> Material:
    return Material(
        text=plan.document.text,
        module=plan.reading.source.module,
        scenes=tuple(_scene_take(plan, index, take) for index, take in enumerate(takes)),
        takes=tuple(takes),
        quality=plan.profile.quality,
        note=note or _note(plan),
        allowed_code=allowed_code,
    )


def _scene_take(plan: Plan, index: int, take: Take) -> SceneTake:
    scene = plan.reading.scenes[index]
    return SceneTake(
        scene_id=plan.ids[index],
        title=scene.scene.title,
        class_name=scene.scene.class_name,
        render_key=take.key,
        code_sha256=scene.code_sha256,
        first_frame=0,
        frames=take.frames,
    )


def _only(plan: Plan, scene_id: str) -> Plan:
    """Return the plan reduced to one scene."""
    if scene_id not in plan.ids:
        raise InvalidInput("This scene is gone", remedy="Choose a scene from the list.")
    scene = plan.reading.scenes[plan.ids.index(scene_id)]
    reading = replace(plan.reading, scenes=(scene,), problems=())
    return replace(plan, reading=reading, ids=(scene_id,))


def _scene_problems(scenes: Sequence[ReadScene]) -> list[Problem]:
    return [problem for scene in scenes for problem in scene.problems]


def _combined(failures: Sequence[StudioError], count: int) -> StudioError:
    """Return one error that speaks for all; the machine's troubles outweigh those of scenes."""
    for failure in failures:
        if not isinstance(failure, RenderFailed):
            return failure
    problems = [
        problem
        for failure in failures
        if isinstance(failure, RenderFailed)
        for problem in failure.problems
    ]
    first = failures[0]
    title = first.title if len(failures) == 1 else f"{len(failures)} of {count} scenes failed"
    return RenderFailed(title, first.detail, first.remedy, tuple(problems))


def _note(plan: Plan) -> str:
    """Describe a version by what changed: "Edited Why it matters", "3 scenes edited"."""
    if plan.newest is None:
        return "First version"
    now_shown = scene_takes(plan.ids, plan.reading)
    changed = [
        change
        for change in compare_scenes(plan.newest.scenes, now_shown)
        if change.kind is not ChangeKind.SAME
    ]
    if not changed:
        same = plan.newest.quality is plan.profile.quality
        return "Other settings" if same else f"Rendered as {plan.profile.quality.value}"
    words = [f"{change.kind.value.capitalize()} “{change.title}”" for change in changed[:2]]
    more = f" and {len(changed) - 2} more" if len(changed) > 2 else ""
    return ", ".join(words) + more
