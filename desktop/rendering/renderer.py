"""Rendering scenes: store first, then probe, then draw; several at once, each cancellable.

A job runs in a private folder that is thrown away whatever happens; only a complete result is
moved into the store. That is why a job may be killed at any moment: Manim leaves damaged segment
files behind when it is, and nothing here ever looks at them again.
"""

import asyncio
import contextlib
import errno
import json
import logging
import os
import secrets
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem, RenderFailed, Severity, StudioError, Unavailable
from desktop.rendering.isolation import Isolation, Limits, limits_for
from desktop.rendering.jobs import Cue, Probe, SceneJob, Take
from desktop.rendering.keys import SEED
from desktop.rendering.process import RenderProcess
from desktop.rendering.store import RenderStore
from desktop.rendering.watchdog import watch

log = logging.getLogger(__name__)

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
        self._process = RenderProcess(isolation, scratch / f"zygote-{os.getpid()}")
        self._places = asyncio.Semaphore(options.workers)
        self._drawing: dict[str, asyncio.Lock] = {}

    async def start(self) -> None:
        """Start the render process, so that the first scene need not wait for it."""
        await self._process.start()

    async def close(self) -> None:
        """Stop the render process and throw its folders away."""
        await self._process.close()
        await asyncio.to_thread(_sweep, self._scratch)

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
            self._drawing.pop(job.key, None)
            return take

    async def probe(self, job: SceneJob) -> Probe:
        """Run ``job`` without drawing: how long it is, and what its layout looks like."""
        async with self._places:
            with _translated():
                folder = await asyncio.to_thread(self._prepare, job)
            try:
                return await self._probe(job, folder)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _draw(self, job: SceneJob, on_progress: Progress) -> Take:
        with _translated():
            folder = await asyncio.to_thread(self._prepare, job)
        try:
            probe = await self._probe(job, folder)
            on_progress(0, probe.frames)
            with _translated():
                await asyncio.to_thread(self._write_job, job, folder, probe.frames)
            result = await self._run(
                job, "render", folder, lambda frame: on_progress(frame, probe.frames)
            )
            with _translated():
                return await asyncio.to_thread(self._collect, job, folder, probe, result)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _probe(self, job: SceneJob, folder: Path) -> Probe:
        result = await self._run(job, "probe", folder, lambda _frame: None)
        findings = tuple(
            Problem(str(text), None, "", Severity.WARNING) for text in result["findings"]
        )
        return Probe(
            int(result["frames"]), float(result["seconds"]), int(result["plays"]), findings
        )

    async def _run(
        self, job: SceneJob, mode: str, folder: Path, on_frame: Callable[[int], None]
    ) -> dict[str, Any]:
        """Run one mode of a job to its end; return what it reported as its result."""
        run = _Run(job, folder, self._limits(job))
        async with contextlib.aclosing(self._process.run(mode, folder)) as events:
            async with asyncio.TaskGroup() as group:
                watcher: asyncio.Task[None] | None = None
                async for event in events:
                    if event["event"] == "forked":
                        run.pid = int(event["pid"])
                        watcher = group.create_task(
                            watch(run.pid, folder, run.limits, run.breached), name="watchdog"
                        )
                    elif event["event"] == "frame":
                        on_frame(int(event["frame"]))
                    else:
                        run.heard(event)
                if watcher is not None:
                    watcher.cancel()
        return run.result()

    def _limits(self, job: SceneJob) -> Limits:
        options = self._options
        return limits_for(
            job.profile, memory=options.memory, wall_seconds=options.wall_seconds
        )

    def _prepare(self, job: SceneJob) -> Path:
        folder = self._scratch / f"job-{os.getpid()}-{secrets.token_hex(6)}"
        folder.mkdir(parents=True)
        (folder / "scene.py").write_text(job.code, "utf-8")
        for asset in job.assets:
            copy = folder / asset.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(asset.path, copy)
        self._write_job(job, folder, 0)
        return folder

    def _write_job(self, job: SceneJob, folder: Path, frames: int) -> None:
        values = {
            "class_name": job.class_name,
            "profile": asdict(job.profile),
            "seed": SEED,
            "frames": frames,
            "confinement": self.isolation.confinement(self._limits(job)),
        }
        (folder / "job.json").write_text(json.dumps(values), "utf-8")

    def _collect(
        self, job: SceneJob, folder: Path, probe: Probe, result: dict[str, Any]
    ) -> Take:
        """Move the files of a finished job into the store; anything else in its folder is lost."""
        parcel = folder.with_name(f"{folder.name}-take")
        parcel.mkdir()
        try:
            for name in ("scene.mp4", "poster.jpg"):
                source = folder / name
                if source.is_symlink() or not source.is_file():
                    raise RenderFailed(f"“{job.title}” produced no picture")
                source.rename(parcel / name)
            take = Take(
                key=job.key,
                folder="",
                video="",
                poster="",
                frames=int(result["frames"]),
                width=job.profile.width,
                height=job.profile.height,
                fps=job.profile.fps,
                cues=tuple(Cue(**cue) for cue in result["cues"]),
                findings=probe.findings,
                has_audio=bool(result["has_audio"]),
                isolation=self.isolation.name,
            )
            return self.store.adopt(parcel, take)
        finally:
            shutil.rmtree(parcel, ignore_errors=True)


class _Run:
    """One run of one job: what it said, and what that means."""

    def __init__(self, job: SceneJob, folder: Path, limits: Limits) -> None:
        self._job = job
        self._folder = folder
        self.limits = limits
        self.pid = 0
        self._result: dict[str, Any] | None = None
        self._error: StudioError | None = None

    def heard(self, event: dict[str, Any]) -> None:
        """Take in an event other than progress."""
        match event["event"]:
            case "probed" | "done":
                self._result = event
            case "failed":
                self._error = self._error or self._failure(event)
            case "broken" | "died":
                self._error = self._error or Unavailable(
                    "The render process ended unexpectedly",
                    str(event.get("message", "")),
                    "Render again; if it happens again, run “proofreel doctor”.",
                )
            case "ended" if event["status"] and not self._result:
                self._error = self._error or self._ended(int(event["status"]))

    def breached(self, what: str, remedy: str) -> None:
        """Kill the job, which broke a limit."""
        self._error = RenderFailed(f"“{self._job.title}” {what}", "It was stopped.", remedy)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def result(self) -> dict[str, Any]:
        """Return the result, or raise what went wrong."""
        if self._error is not None:
            raise self._error
        if self._result is None:
            raise self._ended(0)
        return self._result

    def _failure(self, event: dict[str, Any]) -> StudioError:
        if event.get("disk_full"):
            return _disk_full(event["message"])
        title, remedy = str(event["message"]), str(event["remedy"])
        problem = Problem(title, event.get("line"), remedy)
        return RenderFailed(
            f"“{self._job.title}” could not be rendered",
            title,
            remedy,
            (problem,),
            str(event.get("traceback", "")),
        )

    def _ended(self, status: int) -> StudioError:
        log_text = _tail(self._folder / "log.txt")
        if -status == signal.SIGXCPU:
            why = f"It computed for more than {self.limits.cpu_seconds} seconds."
            remedy = "Look for a loop that never ends, or allow more in Settings > Rendering."
        elif -status == signal.SIGXFSZ:
            why, remedy = "It wrote a file that is too large.", "Shorten or simplify it."
        else:
            why = f"Its process ended by itself (status {status})."
            remedy = "Remove calls that end the program, then render again."
        return RenderFailed(f"“{self._job.title}” was stopped", why, remedy, (), log_text)


def _tail(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text("utf-8", errors="replace")[-4000:]
    return ""


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn the troubles of the disk into what a person can act on."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _disk_full(str(error)) from error
        raise Unavailable(
            "The render cache cannot be used",
            f"{error.filename or ''}: {error.strerror or error}".strip(": "),
            "Check that the folder is there and writable.",
        ) from error


def _disk_full(detail: str) -> Unavailable:
    return Unavailable(
        "The disk is full", detail, "Free some space, then render again; nothing was lost."
    )


def _sweep(scratch: Path) -> None:
    """Delete this process's leftovers, and those of processes that are gone."""
    for path in scratch.glob("*-*"):
        owner = path.name.split("-")[1]
        if owner == str(os.getpid()) or (owner.isdigit() and not _alive(int(owner))):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
