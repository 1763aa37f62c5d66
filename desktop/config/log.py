"""Logging: one rotating file and, on request, the terminal; no secret reaches either."""

import faulthandler
import logging
import logging.handlers
from pathlib import Path
from typing import IO

from desktop.config.redaction import RedactionFilter

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
CRASH_TRACE = "crash.trace"
"""Name of the file faulthandler writes to while the window is open."""

LAST_CRASH = "crash.last"
"""What an earlier run left in its trace: present means that it crashed and nobody has looked."""


_redaction = RedactionFilter()


def attach(handler: logging.Handler, logger: logging.Logger | None = None) -> None:
    """Let a handler hear ``logger`` (default: everything), without secrets.

    Every handler is added here: a filter of the logger would miss what the loggers below it say.
    """
    handler.addFilter(_redaction)
    (logger or logging.getLogger()).addHandler(handler)


def start_logging(folder: Path, *, verbose: bool = False) -> None:
    """Send everything to ``folder/proofreel.log`` (5 files of 1 MiB), warnings to the terminal.

    A folder that cannot be written leaves logging to the terminal: a program that cannot log must
    still start.
    """
    if logging.lastResort is not None:
        logging.lastResort.addFilter(_redaction)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.DEBUG if verbose else logging.WARNING)
    terminal.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    attach(terminal)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            folder / "proofreel.log", maxBytes=1 << 20, backupCount=4, encoding="utf-8"
        )
    except OSError as error:
        root.warning("No log file: %s", error)
        return
    file.setFormatter(logging.Formatter(FORMAT))
    attach(file)


def watch_for_crashes(folder: Path) -> IO[str] | None:
    """Let faulthandler write hard crashes to a file that the next start offers to the person.

    The caller keeps the result alive: faulthandler writes to its descriptor.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / CRASH_TRACE
        if path.exists() and path.stat().st_size:
            path.replace(folder / LAST_CRASH)
        trace = path.open("w", encoding="utf-8")
    except OSError:
        faulthandler.enable()
        return None
    faulthandler.enable(file=trace)
    return trace
