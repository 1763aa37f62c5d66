"""Which isolation works on this computer: tried in a throw-away process, best first."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import Unprotected
from desktop.rendering.confinement.trial import NEIGHBOUR, wrong
from desktop.rendering.isolation.limits import MIB, Limits
from desktop.rendering.isolation.linux import (
    BUBBLEWRAP,
    FullSandbox,
    PartialSandbox,
    namespaces_fix,
)
from desktop.rendering.isolation.macos import Seatbelt
from desktop.rendering.isolation.seam import Isolation, ProcessLimits
from desktop.rendering.isolation.windows import AppContainer

TRIAL_SECONDS = 20.0

OVERRIDDEN = "No sandbox, allowed by you"
"""Name of the isolation when a person has allowed to go without; every version records it."""

INSTALL = "Install bubblewrap for the full sandbox: sudo apt install bubblewrap."

FIXES = {
    "linux": "Install bubblewrap (on Debian and Ubuntu: sudo apt install bubblewrap) and use a "
    "kernel with Landlock and seccomp (5.13 or later, with landlock in /sys/kernel/security/lsm).",
    "darwin": "Use a macOS that has sandbox(7), or render on Linux.",
    "win32": "Render on Linux or macOS, or in WSL 2: Windows is not protected yet.",
}

TRIAL_LIMITS = Limits(memory=1024 * MIB, wall_seconds=20.0, cpu_seconds=20)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An isolation, and what is said when it is the one."""

    isolation: Isolation
    note: str = ""
    """Why it is not a better one; empty for the best."""
    separate: bool = False
    """Whether it confines whole processes to the folder they are started in, not jobs."""


class AutomaticIsolation:
    """The best isolation that works here; finds out at ``prepare``, once."""

    def __init__(self, candidates: Sequence[Candidate] | None = None) -> None:
        self._candidates = candidates
        self._deciding = threading.Lock()
        self._chosen: Isolation | None = None
        self._tried: list[str] = []
        self.note = ""
        """Why it is not the best one there is; empty when it is."""

    @property
    def name(self) -> str:
        """Name of the isolation; empty before ``prepare``."""
        return self._chosen.name if self._chosen is not None else ""

    def prepare(self) -> None:
        """Try one candidate after the other; raises Unprotected, with the fix, when all fail."""
        with self._deciding:
            if self._chosen is None:
                self._chosen = self._best()

    def allow_unprotected(self) -> None:
        """Go without from now on, until the program ends: a person has typed that they want it."""
        with self._deciding:
            self._chosen = ProcessLimits(OVERRIDDEN)
            self.note = "Scenes run with your rights until Proofreel is started again."

    def _best(self) -> Isolation:
        for candidate in self._candidates if self._candidates is not None else candidates():
            failure = trial(candidate.isolation, separate=candidate.separate)
            if not failure:
                notes = (candidate.isolation.note, candidate.note, *self._tried)
                self.note = " ".join(filter(None, notes))
                return candidate.isolation
            self._tried.append(f"{candidate.isolation.name}: {failure}")
        raise Unprotected(
            "Scenes cannot be run safely on this computer",
            " ".join(self._tried) or "There is no sandbox for this system.",
            FIXES.get(sys.platform, FIXES["linux"]),
        )

    def _now(self) -> Isolation:
        if self._chosen is None:
            raise RuntimeError("prepare() comes first")
        return self._chosen

    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return the command of the chosen isolation."""
        return self._now().command(argv, scratch)

    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the environment of the chosen isolation."""
        return self._now().environment(scratch)

    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return the rules of the chosen isolation."""
        return self._now().confinement(limits, latex=latex)


def candidates() -> list[Candidate]:
    """Return what might work on this system, best first."""
    if sys.platform == "linux":
        if not Path(BUBBLEWRAP).exists():
            return [Candidate(PartialSandbox(), f"bubblewrap is not installed. {INSTALL}")]
        return [Candidate(FullSandbox()), Candidate(PartialSandbox(), namespaces_fix())]
    if sys.platform == "darwin":
        return [Candidate(Seatbelt())]
    if sys.platform == "win32":
        return [Candidate(AppContainer(), separate=True)]
    return []


def trial(isolation: Isolation, *, separate: bool = False) -> str:
    """Confine a throw-away process and let it try what is forbidden; return what is wrong.

    Empty when everything that must not work failed, and what must work did.
    """
    with tempfile.TemporaryDirectory(prefix="proofreel-trial-") as place:
        scratch, job = Path(place, "zygote"), Path(place, "job")
        for folder in (scratch, job, job.with_name(NEIGHBOUR)):
            folder.mkdir()
        (job.with_name(NEIGHBOUR) / "job.json").write_text("{}", "utf-8")
        job = scratch if separate else job
        rules = json.dumps(isolation.confinement(TRIAL_LIMITS))
        module = "desktop.rendering.confinement.trial"
        argv = [sys.executable, "-P", "-m", module, str(job), rules]
        try:
            done = _run(isolation, argv, scratch)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"It could not be started ({error})."
    return _judged(done)


def _run(isolation: Isolation, argv: list[str], scratch: Path) -> subprocess.CompletedProcess[str]:
    import desktop  # noqa: PLC0415 - only its place is wanted

    environment = isolation.environment(scratch)
    environment["PYTHONPATH"] = str(Path(desktop.__file__).parent.parent)
    return subprocess.run(
        isolation.command(argv, scratch),
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TRIAL_SECONDS,
        check=False,
    )


def _judged(done: subprocess.CompletedProcess[str]) -> str:
    try:
        tried = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        return f"It does not work here ({last[0]})."
    faults = wrong(tried)
    return f"It does not hold here ({', '.join(faults)})." if faults else ""
