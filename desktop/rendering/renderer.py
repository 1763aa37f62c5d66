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
from desktop.rendering.isolation import (
    MIB,
    AutomaticIsolation,
    Isolation,
    Limits,
    lengthened,
    limits_for,
)
from desktop.rendering.jobs import Probe, SceneJob, Take
from desktop.rendering.outcome import Outcome
from desktop.rendering.process import RenderProcess
from desktop.rendering.store import RenderStore
from desktop.rendering.watchdog import watching
from desktop.rendering.workspace import (
    discard,
    pack,
    place,
    prepare,
    prepare_inspection,
    sweep,
    translated,
    write_request,
)

PROBE_SHARE = 0.1
"""Share of a scene's time that its probe may take."""

LEAST_PROBE_SECONDS = 60.0

LONGEST_INSPECTION_SECONDS = 300.0

INSPECTION_BYTES = 64 * MIB

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""Called with frames done and frames in all."""


@dataclass(frozen=True, slots=True)
class RendererOptions:
    """How much of the machine renders may use."""

    workers: int
    """Scenes at the same time."""
    memory: int = 0
    """Resident bytes of one scene; 0 for what is usual at the size of its picture."""
    wall_seconds: float = 0.0
    """Longest time for one scene; 0 for what is usual at its size and length."""


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

    def use(self, options: RendererOptions) -> None:
        """Hold scenes that begin from now on to other limits; how many at once stays as it was."""
        self._options = options

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
            limits = self._limits(job)
            if not self._options.wall_seconds:
                limits = lengthened(limits, probe.seconds)
            rules = self._rules(job, limits)
            await settled(write_request, folder, job, rules, probe.frames)
            result = await self._run(
                job,
                "render",
                folder,
                limits,
                lambda frame: on_progress(frame, max(frame, probe.frames)),
            )
            take = await self._collect(job, folder, self._take(job, probe, result))
            on_progress(take.frames, take.frames)
            return take

    @contextlib.asynccontextmanager
    async def _folder(self, job: SceneJob) -> AsyncIterator[Path]:
        """Yield a job folder that is gone afterwards."""
        await settled(self.isolation.prepare)
        rules = self._rules(job, self._limits(job))
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
            contextlib.aclosing(self._process.run(mode, folder, limits.log_bytes)) as events,
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

    def _rules(self, job: SceneJob, limits: Limits) -> dict[str, object]:
        return self.isolation.confinement(limits, latex=job.uses_latex)

    def _limits(self, job: SceneJob) -> Limits:
        options = self._options
        return limits_for(job.profile, memory=options.memory, wall_seconds=options.wall_seconds)

    def _take(self, job: SceneJob, probe: Probe, result: dict[str, Any]) -> Take:
        """Return what a finished job says it made."""
        with claims.believed(job):
            return Take(
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

    async def _collect(self, job: SceneJob, folder: Path, take: Take) -> Take:
        """Move the files of a finished job into the store, once they are what they should be."""
        packed = folder.with_name(f"{folder.name}-take")
        try:
            await settled(pack, folder, packed, job, self._limits(job).folder_bytes)
            await self._inspect(job, packed, take)
            return await settled(self._adopt, packed, take)
        finally:
            await settled(discard, packed)

    async def _inspect(self, job: SceneJob, packed: Path, take: Take) -> None:
        """Let a confined process be the first to decode what a scene made."""
        folder = packed.with_name(f"{packed.name}-look")
        limits = inspecting(self._limits(job))
        rules = self.isolation.confinement(limits)
        try:
            await settled(prepare_inspection, folder, packed, rules)
            seen = await self._run(job, "inspect", folder, limits, lambda _frame: None)
            with claims.believed(job):
                claims.confirm(seen, take)
        finally:
            await settled(discard, folder)

    def _adopt(self, packed: Path, take: Take) -> Take:
        with translated():
            return self.store.adopt(packed, take)


def probing(limits: Limits) -> Limits:
    """Return the limits of a probe: it draws nothing, so an endless loop shows much sooner."""
    seconds = max(LEAST_PROBE_SECONDS, limits.wall_seconds * PROBE_SHARE)
    return replace(limits, wall_seconds=min(limits.wall_seconds, seconds))


def inspecting(limits: Limits) -> Limits:
    """Return the limits of looking into results, which takes a moment and writes nothing."""
    seconds = min(limits.wall_seconds, LONGEST_INSPECTION_SECONDS)
    return replace(limits, wall_seconds=seconds, folder_bytes=INSPECTION_BYTES)


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
