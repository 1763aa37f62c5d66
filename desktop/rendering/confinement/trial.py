"""A process that confines itself as a job would and tries what must not be possible.

Run as ``python -P -m desktop.rendering.confinement.trial FOLDER RULES``; prints one JSON object:
what was tried, and whether it worked. No version number says as much: kernels are built, patched
and locked down in too many ways.
"""

import json
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desktop.rendering.confinement.locking import lock

MUST_WORK = ("write here",)


def attempts(folder: Path) -> dict[str, Callable[[], object]]:
    """Return what is tried, by name."""
    return {
        "write here": lambda: (folder / "mine").write_text("x"),
        "read elsewhere": lambda: Path("/etc/passwd").read_text(),
        "write elsewhere": lambda: (folder.parent / f"{folder.name}-outside").write_text("x"),
        "connect": lambda: socket.socket().close(),
        "start a program": lambda: os.execv(sys.executable, ["python"]),  # noqa: S606  it must fail
        "start a process": _fork,
    }


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def protects(tried: dict[str, bool]) -> bool:
    """Tell whether everything that must work did, and nothing else."""
    return all(worked == (name in MUST_WORK) for name, worked in tried.items())


def main() -> None:
    """Confine this process and print what is still possible."""
    folder, rules = Path(sys.argv[1]), json.loads(sys.argv[2])
    wanted = attempts(folder)
    lock(rules, folder)
    tried = {}
    for name, attempt in wanted.items():
        tried[name] = False
        with suppress(OSError):
            attempt()
            tried[name] = True
    print(json.dumps(tried))  # noqa: T201  whoever started it reads this


if __name__ == "__main__":
    main()
