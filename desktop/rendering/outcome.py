"""What a job said while it ran, and what that means for the editor."""

import contextlib
import os
import signal
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem, RenderFailed, StudioError, Unavailable
from desktop.rendering.isolation import Limits
from desktop.rendering.jobs import SceneJob
from desktop.rendering.results import WARY
from desktop.rendering.workspace import disk_full, is_full

LOG_TAIL = 4000
"""Characters of a job's output that an error carries."""


class Outcome:
    """Collects the events of one run of one job."""

    def __init__(self, job: SceneJob, folder: Path, limits: Limits) -> None:
        self._job = job
        self._folder = folder
        self.limits = limits
        self.pid = 0
        """Process of the job; 0 before it has one."""
        self._result: dict[str, Any] | None = None
        self._error: StudioError | None = None
        self._status = 0

    def heard(self, event: dict[str, Any]) -> None:
        """Take in an event other than progress."""
        match event["event"]:
            case "probed" | "done" | "inspected":
                self._result = event
            case "failed":
                self._error = self._error or self._failure(event)
            case "broken" | "died":
                self._kill()  # the render process is no longer there to do it
                self._error = self._error or Unavailable(
                    "The render process ended unexpectedly",
                    str(event.get("message", "")),
                    "Render again; if it happens again, run “proofreel doctor”.",
                )
            case "ended":
                self._status = int(event["status"])

    def breached(self, what: str, remedy: str) -> None:
        """Kill the job, which broke a limit."""
        self._error = RenderFailed(f"“{self._job.title}” {what}", "It was stopped.", remedy)
        self._kill()

    def result(self) -> dict[str, Any]:
        """Return the result, or raise what went wrong."""
        if self._result is not None and not isinstance(self._error, RenderFailed):
            return self._result
        if is_full(self._folder):
            raise disk_full(self._error.detail if self._error else "")
        raise self._error or self._ended()

    def _kill(self) -> None:
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def _failure(self, event: dict[str, Any]) -> StudioError:
        title, remedy = str(event.get("message", "")), str(event.get("remedy", ""))
        if event.get("disk_full"):
            return disk_full(title)
        line = event.get("line")
        problem = Problem(title, line if isinstance(line, int) else None, remedy)
        return RenderFailed(
            f"“{self._job.title}” could not be rendered",
            title,
            remedy,
            (problem,),
            str(event.get("traceback", "")),
        )

    def _ended(self) -> StudioError:
        why, remedy = self._why_it_ended()
        log = _tail(self._folder / "log.txt")
        return RenderFailed(f"“{self._job.title}” was stopped", why, remedy, (), log)

    def _why_it_ended(self) -> tuple[str, str]:
        match -self._status:
            case signal.SIGXCPU:
                return (
                    f"It computed for more than {self.limits.cpu_seconds} seconds.",
                    "Look for a loop that never ends, or allow more in Settings > Rendering.",
                )
            case signal.SIGXFSZ:
                return "It wrote a file that is too large.", "Shorten or simplify it."
            case signal.SIGKILL:
                return (
                    "The system ended it, most likely because memory ran out.",
                    "Close other programs or render fewer scenes at the same time.",
                )
            case number if number > 0:
                return (
                    f"It crashed inside a library ({_signal_name(number)}).",
                    "Undo the last change to the scene, then render again.",
                )
        return (
            f"Its process ended by itself (status {self._status}).",
            "Remove calls that end the program, then render again.",
        )


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


def _tail(path: Path) -> str:
    """Return the end of a job's output; a job may have put anything in its place."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | WARY)
        with os.fdopen(descriptor, "rb") as file:
            size = os.fstat(descriptor).st_size
            file.seek(max(0, size - 4 * LOG_TAIL))
            return file.read(4 * LOG_TAIL).decode("utf-8", errors="replace")[-LOG_TAIL:]
    return ""
