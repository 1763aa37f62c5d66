"""What an earlier run left behind when it crashed, offered once to the person."""

from datetime import UTC, datetime
from pathlib import Path

from desktop.config.log import LAST_CRASH
from desktop.config.redaction import redact
from desktop.services.values import CrashReport

LONGEST_REPORT = 64 * 1024
"""Characters of a trace that are shown; deep recursion writes far more than anybody reads."""


class CrashService:
    """The trace of the last hard crash, until somebody has seen it."""

    def __init__(self, logs: Path) -> None:
        self._trace = logs / LAST_CRASH

    def previous(self) -> CrashReport | None:
        """Return the last crash nobody has looked at yet, or None."""
        try:
            text = self._trace.read_text(encoding="utf-8", errors="replace")[:LONGEST_REPORT]
            when = datetime.fromtimestamp(self._trace.stat().st_mtime, UTC).astimezone()
        except OSError:
            return None
        return CrashReport(when.strftime("%Y-%m-%d %H:%M"), redact(text)) if text.strip() else None

    def dismiss(self) -> None:
        """Forget the last crash."""
        self._trace.unlink(missing_ok=True)
