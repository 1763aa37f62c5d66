"""What this program denies to other programs of the same person: its memory and environment.

Secrets pass through it. A process that the person runs can otherwise read the environment and the
memory of every other one of theirs, and a crash would write both to a file.
"""

import ctypes
import sys

if sys.platform != "win32":
    import resource

SET_DUMPABLE = 4
"""Number of prctl(2)."""


def harden() -> None:
    """Let no other process of the same person look into this one, and no crash write it down.

    Processes that it starts are not affected: each program begins anew.
    """
    if sys.platform == "win32":
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)
