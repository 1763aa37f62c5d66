"""Starts a command with its own mounts, and as somebody else: ``lowered.py USER COMMAND...``.

What the command needs may lie in a folder that only its owner may enter, such as the home of the
root user that holds the interpreter. Where that is so, a view is made in which it may be entered
and holds nothing else. Runs as root before anything else of the project is imported.
"""

import ctypes
import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

NEW_MOUNTS = 0x20000


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def barrier(path: Path) -> Path | None:
    """Return the first folder above ``path`` that others may not enter."""
    for folder in reversed(path.parents):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None


def open_up(paths: set[Path]) -> None:
    """Make what lies at ``paths`` reachable for everybody, in this process's view alone."""
    hidden = {path: wall for path in paths if (wall := barrier(path))}
    held = {}
    for path in hidden:
        held[path] = tempfile.mkdtemp()
        mount("--bind", str(path), held[path])
    for wall in set(hidden.values()):
        mount("-t", "tmpfs", "-o", "mode=755", "none", str(wall))
    for path, place in held.items():
        path.mkdir(parents=True, exist_ok=True)
        mount("--move", place, str(path))
        Path(place).rmdir()


def become(name: str) -> None:
    """Drop everything that only root has."""
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)


def main() -> None:
    name, *command = sys.argv[1:]
    if os.getuid() == 0 and ctypes.CDLL(None).unshare(NEW_MOUNTS) == 0:
        mount("--make-rprivate", "/")
        if name != "root":
            code = Path(__file__).resolve().parents[2]
            open_up({Path(sys.base_prefix), Path(sys.prefix), code})
    if os.getuid() == 0 and name != "root":
        become(name)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
