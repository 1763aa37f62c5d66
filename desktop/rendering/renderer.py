"""Rendering scenes: store first, then probe, then draw; several at once, each cancellable.

A job runs in a private folder that is thrown away whatever happens; only a complete result is
moved into the store. That is why a job may be killed at any moment: Manim leaves damaged segment
files behind when it is, and nothing here ever looks at them again.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from desktop.rendering import claims
from desktop.rendering.isolation import AutomaticIsolation, Isolation, Limits, limits_for
from desktop.rendering.jobs import Probe, SceneJob, Take
from desktop.rendering.outcome import Outcome
from desktop.rendering.process import RenderProcess
from desktop.rendering.store import RenderStore
from desktop.rendering.watchdog import watching
from desktop.rendering.workspace import discard, parcel, place, prepare, sweep, write_request

PROBE_SHARE = 0.1
"""Share of a scene's time that its probe may take."""

LEAST_PROBE_SECONDS = 60.0

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""Called with frames done and frames in all."""


@dataclass(frozen=True, slots=True)
class RendererOptions:
    """How much of the machine renders may use."""

    workers: int
    """Scenes at the same time."""
    memory: int = 4 << 30
    """Resident bytes of one scene."""
    wall_seconds: float = 1800.0
    """Longest time for one scene."""


class Renderer:
    """Draws scenes into the store."""

    def __init__(
        self, store: RenderStore, isolation: Isolation, *, scratch: Path, options: RendererOptions
    ) -> None:
        self.store = store
        self.isolation = isolation
        self._scratch = scratch
        self._options = options
        self._home = scratch / f"zygote-{os.getpid()}-{secrets.token_hex(4)}"
        self._process = RenderProcess(isolation, self._home)
        self._places = asyncio.Semaphore(options.workers)
        self._drawing: weakref.WeakValueDictionary[str, asyncio.Lock] = (
            weakref.WeakValueDictionary()
        )

    async def start(self) -> None:
        """Start the render process, so that the first scene need not wait for it.

        Raises Unavailable when it cannot be started, or when no isolation works here.
        """
        await settled(self.isolation.prepare)
        await self._process.start()

    def allow_unprotected(self) -> None:
        """Go without a sandbox from the next start of the render process on."""
        if isinstance(self.isolation, AutomaticIsolation):
            self.isolation.allow_unprotected()

    async def close(self) -> None:
        """Stop the render process and throw its folders away."""
        await self._process.close()
        await asyncio.to_thread(shutil.rmtree, self._home, ignore_errors=True)
        await asyncio.to_thread(sweep, self._scratch)

    async def render(self, job: SceneJob, on_progress: Progress) -> Take:
        """Return the take of ``job``, drawing it if the store does not have it.

        Raises RenderFailed, with lines of the job's code, when the scene is at fault, and
        Unavailable when the machine is. Cancelling kills the job and leaves no trace.
        """
        lock = self._drawing.setdefault(job.key, asyncio.Lock())
        async with lock:  # the same scene asked for twice is drawn once
            take = await asyncio.to_thread(self.store.get, job.key)
            if take is None:
                async with self._places:
                    take = await self._draw(job, on_progress)
            return take

    async def probe(self, job: SceneJob) -> Probe:
        """Run ``job`` without drawing: how long it is, and what its layout looks like."""
        async with self._places, self._folder(job) as folder:
            return await self._probe(job, folder)

    async def _draw(self, job: SceneJob, on_progress: Progress) -> Take:
        async with self._folder(job) as folder:
            probe = await self._probe(job, folder)
            on_progress(0, probe.frames)
            await settled(write_request, folder, job, self._rules(job), probe.frames)
            result = await self._run(
                job,
                "render",
                folder,
                self._limits(job),
                lambda frame: on_progress(frame, max(frame, probe.frames)),
            )
            take = await settled(self._collect, job, folder, probe, result)
            on_progress(take.frames, take.frames)
            return take

    @contextlib.asynccontextmanager
    async def _folder(self, job: SceneJob) -> AsyncIterator[Path]:
        """Yield a job folder that is gone afterwards."""
        await settled(self.isolation.prepare)
        rules = self._rules(job)
        folder = place(self._scratch)
        try:
            await settled(prepare, folder, job, rules)
            yield folder
        finally:
            await settled(discard, folder)

    async def _probe(self, job: SceneJob, folder: Path) -> Probe:
        limits = probing(self._limits(job))
        result = await self._run(job, "probe", folder, limits, lambda _frame: None)
        with claims.believed(job):
            return claims.probe(result)

    async def _run(
        self,
        job: SceneJob,
        mode: str,
        folder: Path,
        limits: Limits,
        on_frame: Callable[[int], None],
    ) -> dict[str, Any]:
        """Run one mode of a job to its end; return what it reported as its result."""
        outcome = Outcome(job, folder, limits)
        async with (
            contextlib.aclosing(self._process.run(mode, folder)) as events,
            contextlib.AsyncExitStack() as stack,
        ):
            async for event in events:
                if event["event"] == "forked":
                    outcome.pid = int(event["pid"])
                    await stack.enter_async_context(
                        watching(outcome.pid, folder, outcome.limits, outcome.breached)
                    )
                elif event["event"] == "frame":
                    with claims.believed(job):
                        on_frame(claims.frames(event["frame"]))
                else:
                    outcome.heard(event)
        return await asyncio.to_thread(outcome.result)

    def _rules(self, job: SceneJob) -> dict[str, object]:
        return self.isolation.confinement(self._limits(job), latex="Tex" in job.code)

    def _limits(self, job: SceneJob) -> Limits:
        options = self._options
        return limits_for(job.profile, memory=options.memory, wall_seconds=options.wall_seconds)

    def _collect(self, job: SceneJob, folder: Path, probe: Probe, result: dict[str, Any]) -> Take:
        """Move the files of a finished job into the store."""
        with claims.believed(job):
            take = Take(
                key=job.key,
                folder="",
                video="",
                poster="",
                frames=claims.frames(result["frames"]),
                width=job.profile.width,
                height=job.profile.height,
                fps=job.profile.fps,
                cues=claims.cues(result),
                findings=probe.findings,
                has_audio=bool(result["has_audio"]),
                isolation=self.isolation.name,
            )
        with parcel(folder, job) as packed:
            return self.store.adopt(packed, take)


def probing(limits: Limits) -> Limits:
    """Return the limits of a probe: it draws nothing, so an endless loop shows much sooner."""
    seconds = max(LEAST_PROBE_SECONDS, limits.wall_seconds * PROBE_SHARE)
    return replace(limits, wall_seconds=min(limits.wall_seconds, seconds))


async def settled(call: Callable[[*Given], Result], *given: *Given) -> Result:
    """Return what ``call`` returns from a thread; a cancellation waits until it has.

    Threads cannot be stopped: one that still wrote into a job's folder would leave parts of it.
    """
    running = asyncio.get_running_loop().run_in_executor(None, call, *given)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        running.exception()  # whatever it was, nobody asks for it any more
        raise
