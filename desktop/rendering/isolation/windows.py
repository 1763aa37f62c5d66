"""Windows: an AppContainer without rights inside a Job object; written against its documents.

Nothing here has been run on Windows, and the window says so. What can be told without it is made
here and tested anywhere: names and numbers of security, limits, commands; ``windows_launch`` hands
them to the system. Each process has a container of its own, so that none opens the folder of
another; what all may read is given once to a capability that all have, as Chromium does it.
See learn.microsoft.com: "AppContainer for legacy applications", "Job objects".
"""

import ctypes
import hashlib
import json
import os
import struct
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from typing_extensions import override

from desktop.rendering.isolation.limits import LARGEST
from desktop.rendering.isolation.readable import readable
from desktop.rendering.isolation.seam import ProcessLimits

CAPABILITY = "proofreelReadsItsOwnFiles"

LAUNCHER = "desktop.rendering.isolation.windows_launch"

SYSTEM_SID = "S-1-5-18"

# of winnt.h
LIMIT_JOB_TIME, LIMIT_ACTIVE_PROCESS, LIMIT_JOB_MEMORY = 0x0004, 0x0008, 0x0200
LIMIT_DIE_ON_UNHANDLED_EXCEPTION, LIMIT_KILL_ON_JOB_CLOSE = 0x0400, 0x2000
EVERY_UI_LIMIT = 0x00FF
"""No handles, clipboard, settings, atoms or desktops of others, no logging off."""

TICKS = 10_000_000
"""Units of 100 nanoseconds in a second."""


class BasicLimits(ctypes.Structure):
    """``JOBOBJECT_BASIC_LIMIT_INFORMATION``."""

    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """``JOBOBJECT_EXTENDED_LIMIT_INFORMATION``."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class SecurityCapabilities(ctypes.Structure):
    """``SECURITY_CAPABILITIES``."""

    _fields_ = (
        ("container", ctypes.c_void_p),
        ("capabilities", ctypes.c_void_p),
        ("count", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What the launcher is to put around one process."""

    name: str
    """Of the container; the same name always has the same SID."""
    folder: str
    """The one folder it may write to."""
    readable: tuple[str, ...]
    memory: int
    cpu_seconds: int

    @property
    def sid(self) -> str:
        """The container's own SID."""
        return container_sid(self.name)


def plan(folder: Path) -> Plan:
    """Return the plan for a process that may write to ``folder`` alone."""
    mark = hashlib.sha256(os.fspath(folder).encode()).hexdigest()[:24]
    memory, seconds = LARGEST.memory, LARGEST.cpu_seconds
    return Plan(f"Proofreel.Render.{mark}", os.fspath(folder), readable(), memory, seconds)


def container_sid(name: str) -> str:
    """Return the SID that ``DeriveAppContainerSidFromAppContainerName`` gives a name."""
    return _sid("S-1-15-2", name.lower(), 7)


def capability_sid(name: str) -> str:
    """Return the SID that ``DeriveCapabilitySidsFromName`` gives an application's capability."""
    return _sid("S-1-15-3-1024", name.upper(), 8)


def _sid(authority: str, name: str, words: int) -> str:
    digest = hashlib.sha256(name.encode("utf-16-le")).digest()
    numbers = struct.unpack(f"<{words}I", digest[: 4 * words])
    return "-".join((authority, *map(str, numbers)))


def grants(given: Plan, user_sid: str) -> list[list[str]]:
    """Return the commands that let a container read what it needs and write to its folder.

    The folder inherits nothing: others who may read the studio's folders have no business there.
    """
    shared = capability_sid(CAPABILITY)
    reading = [
        ["icacls", path, "/grant", f"*{shared}:(OI)(CI)(RX)", "/Q"]
        for path in given.readable
        if not _is_of_the_system(path)
    ]
    rights = (f"*{SYSTEM_SID}:(OI)(CI)(F)", f"*{user_sid}:(OI)(CI)(F)", f"*{given.sid}:(OI)(CI)(M)")
    return [*reading, ["icacls", given.folder, "/inheritance:r", "/grant:r", *rights, "/Q"]]


def _is_of_the_system(path: str) -> bool:
    """Tell whether all containers may read a path anyway, and no user may change its rights."""
    folders = {
        name.lower() for name in ("C:\\Windows", "C:\\Program Files", "C:\\Program Files (x86)")
    }
    lowered = path.lower()
    return any(lowered == one or lowered.startswith(f"{one}\\") for one in folders)


def job_limits(given: Plan) -> ExtendedLimits:
    """Return the limits of the Job object: no process but one, and nothing outlives the studio."""
    limits = ExtendedLimits()
    limits.basic.flags = (
        LIMIT_JOB_TIME
        | LIMIT_ACTIVE_PROCESS
        | LIMIT_JOB_MEMORY
        | LIMIT_DIE_ON_UNHANDLED_EXCEPTION
        | LIMIT_KILL_ON_JOB_CLOSE
    )
    limits.basic.active_processes = 1
    limits.basic.per_job_user_time = given.cpu_seconds * TICKS
    limits.job_memory = given.memory
    return limits


def environment_block(environment: dict[str, str]) -> str:
    """Return an environment as ``CreateProcessW`` takes it: sorted, each entry ended by a zero."""
    entries = sorted(environment.items(), key=lambda entry: entry[0].upper())
    return "".join(f"{name}={value}\0" for name, value in entries) + "\0"


class AppContainer(ProcessLimits):
    """Windows: the process may read what it needs and write to ``scratch``, and nothing else."""

    note = "Written against Microsoft's documents, not verified yet."

    def __init__(self) -> None:
        super().__init__("Windows sandbox (not verified)")

    @override
    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return the command of the launcher, which waits for what it launches."""
        given = json.dumps(asdict(plan(scratch)))
        return [sys.executable, "-P", "-m", LAUNCHER, given, *argv]
