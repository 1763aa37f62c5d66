"""Starting the engine of a library, as a client does it; needs no AWS library."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path

import desktop
from desktop.domain.errors import Unavailable
from desktop.transfers.engine.place import Place, Record

log = logging.getLogger(__name__)

MODULE = "desktop.transfers.engine"

LAUNCH_SECONDS = 20.0
"""How long the first half of the start may take: taking the lock and leaving its parent."""

STARTED, RUNS_ALREADY, IMPOSSIBLE = 0, 3, 4
"""How the first half of the start may end."""


async def launch(place: Place, idle: float) -> None:
    """Start an engine of its own session, unless one runs; raises Unavailable."""
    arguments = ["--detach", "--idle", str(idle), "--", str(place.folder)]
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            MODULE,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(desktop.__file__).parent.parent)},
        )
    except OSError as error:
        raise _impossible(str(error)) from error
    try:
        async with asyncio.timeout(LAUNCH_SECONDS):
            _nothing, said = await process.communicate()
    except TimeoutError as error:
        await _end(process)
        raise _impossible("It did not start in time.") from error
    except asyncio.CancelledError:
        await _end(process)
        raise
    if process.returncode not in {STARTED, RUNS_ALREADY}:
        raise _impossible(said.decode(errors="replace").strip().splitlines()[-1:])


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def _impossible(why: str | list[str]) -> Unavailable:
    detail = why if isinstance(why, str) else " ".join(why)
    return Unavailable(
        "Transfers cannot be started", detail, "See whether the library's folder can be written."
    )


def put_down(record: Record) -> None:
    """Kill an engine that holds the lock and does not answer, if the process is really one."""
    import psutil  # noqa: PLC0415  # takes long to load, and is needed hardly ever

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(record.pid)
        if MODULE in process.cmdline():
            log.warning("The engine, process %d, does not answer and is ended", record.pid)
            process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
