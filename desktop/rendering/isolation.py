"""The one seam that all code of scenes runs through.

Scenes are Python that a model or a stranger may have written. Whatever keeps them from harm is an
``Isolation``: it wraps the command that starts the render process, builds its environment from
nothing, and says what each job's own process takes away from itself before it reads the scene.
"""

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from desktop.domain.picture import RenderProfile

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use; each breach has a message of its own."""

    memory: int
    """Resident bytes."""
    wall_seconds: float
    cpu_seconds: int
    folder_bytes: int = 4 << 30
    """Bytes of the job folder."""
    log_bytes: int = 4 << 20
    open_files: int = 512


def limits_for(profile: RenderProfile, *, memory: int, wall_seconds: float) -> Limits:
    """Return the limits of one job; larger pictures may fill more of the disk."""
    return Limits(
        memory=memory,
        wall_seconds=wall_seconds,
        cpu_seconds=round(wall_seconds * 2),
        folder_bytes=(4 << 30) if profile.height * profile.width > 4_000_000 else (1 << 30),
    )


class Isolation(Protocol):
    """How code of scenes is kept from what does not concern it."""

    @property
    def name(self) -> str:
        """What the status bar and version records show."""

    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return the command that starts the render process; it writes below ``scratch`` only."""

    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the whole environment of the render process."""

    def confinement(self, limits: Limits) -> dict[str, object]:
        """Return what a job's process applies to itself, as the worker's ``confine`` reads it."""


class ProcessLimits:
    """Resource limits, a clean environment and a watchdog; no protection against malice."""

    name = "Resource limits only"

    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return the command as it is: there is no wrapper."""
        del scratch
        return argv

    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the few variables Manim needs; nothing of the editor's, so no secret either."""
        home = scratch / "home"
        home.mkdir(parents=True, exist_ok=True)
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "TMPDIR": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "OPENBLAS_NUM_THREADS": "1",  # threads would not survive the fork
            "OMP_NUM_THREADS": "1",
            **{name: os.environ[name] for name in _WINDOWS if name in os.environ},
        }

    def confinement(self, limits: Limits) -> dict[str, object]:
        """Return rlimits; address space is bounded well above the watched resident memory."""
        return {**asdict(limits), "address_space": limits.memory * 2 + 2048 * MIB}


_WINDOWS = ("SYSTEMROOT", "PATHEXT") if sys.platform == "win32" else ()
