"""The protocol of every isolation, and the one that protects from nothing but accidents."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from desktop.rendering.isolation.limits import MIB, Limits


class Isolation(Protocol):
    """How code of scenes is kept from what does not concern it."""

    @property
    def name(self) -> str:
        """What the status bar and version records show."""

    @property
    def note(self) -> str:
        """Why it is not the best one there is, and what to do; empty when it is."""

    def prepare(self) -> None:
        """Find out what works here; blocks for a part of a second, once.

        Raises Unavailable, with the fix, when nothing does.
        """

    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return the command that starts the render process.

        It writes below ``scratch``, and below the folders of jobs that lie beside it.
        """

    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the whole environment of the render process."""

    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return what a job's process applies to itself, as ``confinement.locking`` reads it.

        ``latex`` asks for what LaTeX needs; a tier that cannot give it safely does not.
        """


class ProcessLimits:
    """Resource limits, a clean environment and a watchdog; no protection against malice."""

    note = "Scenes run with your rights: render only code whose origin you know."

    def __init__(self, name: str = "Resource limits only") -> None:
        self.name = name

    def prepare(self) -> None:
        """There is nothing to find out."""

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

    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return rlimits; address space is bounded well above the watched resident memory."""
        del latex  # nothing is forbidden here
        return {**asdict(limits), "address_space": limits.memory * 2 + 2048 * MIB}


_WINDOWS = ("SYSTEMROOT", "PATHEXT") if sys.platform == "win32" else ()
