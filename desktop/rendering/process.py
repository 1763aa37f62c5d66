"""The render process as seen from the studio: started, spoken to in JSON lines, restarted."""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncGenerator
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
            if self._process is None or self._process.returncode is not None:
                await self._start()

    async def run(self, mode: str, folder: Path) -> AsyncGenerator[dict[str, Any], None]:
        """Run the job of ``folder`` and yield its events up to ``ended`` or ``died``.

        Closing the iterator early kills the job.
        """
        await self.start()
        self._count += 1
        job = f"{self._count}"
        events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._jobs[job] = events
        ended = False
        try:
            await self._send({"run": job, "mode": mode, "folder": str(folder)})
            while not ended:
                event = await events.get()
                ended = event["event"] in {"ended", "died"}
                yield event
        finally:
            if not ended:
                with contextlib.suppress(Unavailable):
                    await self._send({"kill": job})
            self._jobs.pop(job, None)

    async def close(self) -> None:
        """End the process and every job in it."""
        process, reader = self._process, self._reader
        self._process = self._reader = None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
        if reader is not None:
            await reader

    async def _start(self) -> None:
        self._scratch.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-P", "-m", "desktop.rendering.worker"]
        environment = self._isolation.environment(self._scratch)
        project = Path(desktop.__file__).parent.parent
        environment["PYTHONPATH"] = os.pathsep.join((str(project), str(kit_folder())))
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._isolation.command(argv, self._scratch),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=(self._scratch / "zygote.log").open("wb"),
                env=environment,
                start_new_session=True,
                limit=LONGEST_LINE,
            )
            await self._await_ready(self._process)
        except (OSError, TimeoutError) as error:
            raise self._unavailable(error) from error
        loop = asyncio.get_running_loop()
        self._reader = loop.create_task(self._read(self._process), name="render events")

    async def _await_ready(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise OSError("no output")
        line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        if not line:
            await process.wait()
            raise OSError("it ended while importing Manim")

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Hand every event to its job; when the process ends, tell all jobs."""
        if process.stdout is None:
            return
        while line := await process.stdout.readline():
            event = json.loads(line)
            events = self._jobs.get(event.get("job", ""))
            if events is not None:
                events.put_nowait(event)
        await process.wait()
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

    def _unavailable(self, error: Exception) -> Unavailable:
        with contextlib.suppress(OSError):
            text = (self._scratch / "zygote.log").read_text("utf-8", errors="replace")
            log.error("Render process: %s", text[-4000:])
        return Unavailable(
            "The render process cannot be started",
            f"{error}.",
            "Run “proofreel doctor” to see what is missing.",
        )
