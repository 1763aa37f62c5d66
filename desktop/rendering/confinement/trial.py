"""A process that confines itself as a job would and tries what must not be possible.

Run as ``python -P -m desktop.rendering.confinement.trial FOLDER RULES``; prints one JSON object:
what was tried, and whether it worked. No version number says as much: kernels are built, patched
and locked down in too many ways.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desktop.rendering.confinement.locking import lock

MUST_WORK = ("write here", "start a thread")

PROGRAM = "start a program"

NEIGHBOUR = "neighbour"
"""A folder beside that of the trial, as that of another job is; there is a file in it."""


def attempts(folder: Path) -> dict[str, Callable[[], object]]:
    """Return what is tried, by name."""
    neighbours = folder.with_name(NEIGHBOUR) / "job.json"
    return {
        "write here": lambda: (folder / "mine").write_text("x"),
        "start a thread": _thread,
        "read another job": neighbours.read_text,
        "write to another job": lambda: neighbours.write_text("x"),
        "signal another process": lambda: os.kill(os.getppid(), 0),
        "read elsewhere": lambda: elsewhere().read_text(),
        "write elsewhere": lambda: (folder.parent / f"{folder.name}-outside").write_text("x"),
        "connect": lambda: socket.socket().close(),
        "start a process": _fork,
    }


def elsewhere() -> Path:
    """Return a file of this system that every user may read and no scene needs to."""
    return Path("C:/Windows/win.ini" if sys.platform == "win32" else "/etc/passwd")


def _thread() -> None:
    thread = threading.Thread(target=time.monotonic)
    thread.start()
    thread.join()


def _fork() -> None:
    if sys.platform == "win32":
        subprocess.run([sys.executable, "-I", "-c", ""], check=True)
        return
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def wrong(tried: dict[str, bool]) -> list[str]:
    """Name what worked although it must not, and what must work and did not."""
    return [name for name, worked in tried.items() if worked != (name in MUST_WORK)]


def main() -> None:
    """Confine this process and print what is still possible."""
    folder, rules = Path(sys.argv[1]), json.loads(sys.argv[2])
    wanted = attempts(folder)
    lock(rules, folder)
    tried = {}
    for name, attempt in wanted.items():
        tried[name] = False
        with suppress(OSError, RuntimeError):  # a thread that cannot be started is the latter
            attempt()
            tried[name] = True
    with suppress(OSError):
        _become_a_program({**tried, PROGRAM: True})
    print(json.dumps({**tried, PROGRAM: False}))  # noqa: T201  whoever started it reads this


def _become_a_program(tried: dict[str, bool]) -> None:
    """Try the last thing: another program takes this one's place, and says so."""
    words = ["python", "-I", "-c", f"print({json.dumps(tried)!r})"]
    sys.stdout.flush()
    os.execv(sys.executable, words)  # noqa: S606  it must fail


if __name__ == "__main__":
    main()
