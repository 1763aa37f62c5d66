"""The render process as seen from the studio: started, spoken to in JSON lines, restarted."""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import desktop
from desktop.domain.errors import Unavailable
from desktop.rendering.isolation import Isolation
from desktop.rendering.keys import kit_folder

log = logging.getLogger(__name__)

START_SECONDS = 120.0
"""How long importing Manim may take; a cold disk needs 20 s, a hanging one is an error."""

LONGEST_LINE = 1 << 20

STOP_SECONDS = 5.0
"""How long the process may take to end by itself before it is killed."""

KILL_SECONDS = 10.0
"""How long a killed job may take to be gone; the disk it wrote to may be slow."""

LAST = frozenset({"ended", "died"})
"""Events after which a job says no more."""

DIED: dict[str, Any] = {"event": "died"}
"""What running jobs hear when the render process itself ends."""


class RenderProcess:
    """One zygote; ``run`` streams the events of a job."""

    def __init__(self, isolation: Isolation, scratch: Path) -> None:
        self._isolation = isolation
        self._scratch = scratch
        self._process: asyncio.subprocess.Process | None = None
        self._jobs: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._count = 0

    async def start(self) -> None:
        """Start the process unless it runs; returns when Manim is imported.

        Raises Unavailable when it cannot be started.
        """
        async with self._starting:
            if not self._runs():
                await self._end()
                await self._start()

    def _runs(self) -> bool:
        """Tell whether the process is there and listened to."""
        alive = self._process is not None and self._process.returncode is None
        return alive and self._reader is not None and not self._reader.done()

    async def run(
        self, mode: str, folder: Path, log_bytes: int
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Run the job of ``folder`` and yield its events up to ``ended`` or ``died``.

        One byte more than ``log_bytes`` is kept of what it prints; then it can print no more.

        Closing the iterator early kills the job.
        """
        job, events = self._enrol()
        ended = False
        try:
            request = {"mode": mode, "folder": str(folder), "log_bytes": log_bytes}
            first = await self._begin(job, events, request)
            ended = first["event"] in LAST
            yield first
            while not ended:
                event = await events.get()
                ended = event["event"] in LAST
                yield event
        finally:
            if not ended:
                await self._kill(job, events)
            self._jobs.pop(job, None)

    def _enrol(self) -> tuple[str, asyncio.Queue[dict[str, Any]]]:
        """Return the id of a new job and where its events arrive."""
        self._count += 1
        job = f"{self._count}"
        self._jobs[job] = asyncio.Queue()
        return job, self._jobs[job]

    async def _begin(
        self, job: str, events: asyncio.Queue[dict[str, Any]], request: dict[str, Any]
    ) -> dict[str, Any]:
        """Ask for a job and return its first event; once more if the process was just dying."""
        for _attempt in range(2):
            await self.start()
            with contextlib.suppress(Unavailable):
                await self._send({"run": job, **request})
                event = await events.get()
                if event["event"] != "died":
                    return event
        return DIED

    async def _kill(self, job: str, events: asyncio.Queue[dict[str, Any]]) -> None:
        """Kill a job and wait until it is gone, so that nothing writes into its folder."""
        with contextlib.suppress(Unavailable, TimeoutError):
            await self._send({"kill": job})
            async with asyncio.timeout(KILL_SECONDS):
                while (await events.get())["event"] not in LAST:
                    pass

    async def close(self) -> None:
        """End the process and every job in it."""
        async with self._starting:
            await self._end()

    async def _end(self) -> None:
        process, reader = self._process, self._reader
        self._process = self._reader = None
        if process is not None:
            await _stop(process)
        if reader is not None:
            await reader

    async def _start(self) -> None:
        argv = [sys.executable, "-P", "-m", "desktop.rendering.worker"]
        try:
            self._process = await self._spawn(argv, self._environment())
            await self._await_ready(self._process)
        except (OSError, TimeoutError) as error:
            await self._end()
            raise self._unavailable(error) from error
        except asyncio.CancelledError:
            await self._end()
            raise
        loop = asyncio.get_running_loop()
        self._reader = loop.create_task(self._read(self._process), name="render events")

    def _environment(self) -> dict[str, str]:
        self._scratch.mkdir(parents=True, exist_ok=True)
        environment = self._isolation.environment(self._scratch)
        project = Path(desktop.__file__).parent.parent
        environment["PYTHONPATH"] = os.pathsep.join((str(project), str(kit_folder())))
        return environment

    async def _spawn(
        self, argv: list[str], environment: dict[str, str]
    ) -> asyncio.subprocess.Process:
        with (self._scratch / "zygote.log").open("wb") as errors:
            return await asyncio.create_subprocess_exec(
                *self._isolation.command(argv, self._scratch),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env=environment,
                start_new_session=True,
                limit=LONGEST_LINE,
            )

    async def _await_ready(self, process: asyncio.subprocess.Process) -> None:
        """Wait for the first event; lines that are none are passed over."""
        if process.stdout is None:
            raise OSError("no output")
        async with asyncio.timeout(START_SECONDS):
            async for event in _events(process.stdout):
                if event.get("ready"):
                    return
            await process.wait()
        raise OSError("it ended while importing Manim")

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Hand every event to its job; when the process ends, tell all jobs."""
        if process.stdout is None:
            return
        async for event in _events(process.stdout):
            events = self._jobs.get(str(event.get("job", "")))
            if events is not None and isinstance(event.get("event"), str):
                events.put_nowait(event)
        await process.wait()
        if self._process is process:  # nobody asked it to end
            log.error("The render process ended: %s", self._last_words())
        for events in self._jobs.values():
            events.put_nowait(DIED)

    async def _send(self, request: dict[str, Any]) -> None:
        process = self._process
        if process is None or process.stdin is None or process.returncode is not None:
            raise self._unavailable(OSError("it has ended"))
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._unavailable(error) from error

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            return (self._scratch / "zygote.log").read_text("utf-8", errors="replace")[-4000:]
        return ""

    def _unavailable(self, error: Exception) -> Unavailable:
        log.error("The render process: %s: %s", error, self._last_words())
        return Unavailable(
            "The render process cannot be started",
            f"{error}.",
            "Run “proofreel doctor” to see what is missing.",
        )


async def _events(output: asyncio.StreamReader) -> AsyncIterator[dict[str, Any]]:
    """Yield the JSON objects of a stream, one a line; anything else is logged and passed over."""
    while True:
        try:
            line = await output.readline()
        except ValueError:  # longer than a line may be; the reader has dropped it
            log.warning("The render process wrote an overlong line")
            continue
        if not line:
            return
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            event = None
        if isinstance(event, dict):
            yield event
        else:
            log.warning("The render process wrote %r", line[:200])


async def _stop(process: asyncio.subprocess.Process) -> None:
    """Let a process end by the end of its input, or kill it; returns when it is gone."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        log.warning("The render process did not end by itself")
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
