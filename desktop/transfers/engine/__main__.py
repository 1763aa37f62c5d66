"""The engine as a process: ``python -m desktop.transfers.engine FOLDER``.

The lock is taken before anything else, so that who starts it learns at once whether it runs or why
it cannot; then, on request, it leaves its parent and goes on by itself.
"""

import argparse
import faulthandler
import gc
import logging
import logging.handlers
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from desktop.config import log as logs
from desktop.config.hardening import harden
from desktop.transfers.engine.place import Place, Taken, take
from desktop.transfers.engine.starting import IMPOSSIBLE, MODULE, RUNS_ALREADY, STARTED

LOCK_TRIES = 10
"""A client that looks whether an engine runs holds the lock for a moment."""

GARBAGE = 10_000
"""New objects after which garbage is looked for: Python's 700 costs a client's start a third."""

_INTERPRETER = (sys.executable, "-P", "-m", MODULE)


def main(argv: list[str] | None = None) -> int:
    """Run the engine of a folder until it has nothing left to do."""
    harden()
    arguments = _arguments(argv)
    place = Place(arguments.folder)
    try:
        lock = _taken(place)
    except Taken:
        return RUNS_ALREADY
    except OSError as error:
        print(f"{place.folder} cannot be used: {error.strerror}", file=sys.stderr)  # noqa: T201
        return IMPOSSIBLE
    with lock:
        if arguments.detach and _leave_parent(arguments, lock):
            return STARTED
        return _run(place, arguments.idle)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=MODULE)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--detach", action="store_true")
    parser.add_argument("--idle", type=float, default=20.0)
    return parser.parse_args(argv)


def _taken(place: Place) -> IO[bytes]:
    for _try in range(LOCK_TRIES):
        try:
            return take(place)
        except Taken:
            time.sleep(0.02)
    return take(place)


def _leave_parent(arguments: argparse.Namespace, lock: IO[bytes]) -> bool:
    """Go on as a process that nobody waits for; true in the one that is to end."""
    if sys.platform == "win32":
        lock.close()
        subprocess.Popen(
            [*_INTERPRETER, "--idle", str(arguments.idle), "--", str(arguments.folder)],
            creationflags=subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP,
            close_fds=True,
        )
        return True
    if os.fork():
        return True
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    return False


def _run(place: Place, idle: float) -> int:
    start_logging(place)
    with (place.folder / "engine.trace").open("ab") as trace:
        faulthandler.enable(file=trace)
        run = _loaded()
        code = run(place, idle)
        logging.shutdown()
        os._exit(code)  # threads may be looking up a name still; nobody waits for them


def _loaded() -> Callable[[Place, float], int]:
    """Load AWS's library, which takes a while: who started us has not waited for that.

    What is loaded is never garbage, so nobody looks for some in it, meanwhile or later. What
    transfers leave behind needs no looking for either, but for what failed requests do.
    """
    gc.disable()
    from desktop.transfers.engine.main import run  # noqa: PLC0415

    gc.freeze()
    gc.set_threshold(GARBAGE)
    gc.enable()
    return run


def start_logging(place: Place) -> None:
    """Log to the folder, 3 files of 1 MiB, without secrets; a folder that is full stops nobody."""
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    file = logging.handlers.RotatingFileHandler(
        place.log, maxBytes=1 << 20, backupCount=2, encoding="utf-8", delay=True
    )
    file.setFormatter(logging.Formatter(logs.FORMAT))
    logs.attach(file)


if __name__ == "__main__":
    sys.exit(main())
