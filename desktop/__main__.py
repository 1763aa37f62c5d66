"""The way in: ``python -m desktop`` and the ``proofreel`` command.

The composition root is imported only when a command needs it; ``--help`` answers without.
"""

import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from desktop import cli
from desktop.config.hardening import harden
from desktop.config.paths import Paths

if TYPE_CHECKING:
    from desktop.services.services import Services


@asynccontextmanager
async def _open_services(paths: Paths) -> AsyncIterator["Services"]:
    from desktop import app  # noqa: PLC0415 - see above

    async with app.open_services(paths) as services:
        yield services


def _run_window(paths: Paths) -> int:
    from desktop import app  # noqa: PLC0415 - see above

    return app.run_window(paths)


def _run_tour(_paths: Paths, folder: Path) -> int:
    from desktop import app  # noqa: PLC0415 - see above

    return app.run_tour(folder, print)


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a fault of the program, and what to do about it."""
    from desktop.config.redaction import redact  # noqa: PLC0415 - rarely needed

    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))
    sys.stderr.write("This is a fault of Proofreel: please report the lines above.\n")


def main() -> None:
    """Run the command the arguments name; without any, the window."""
    sys.excepthook = _report
    harden()
    cli.build(_open_services, _run_window, _run_tour)(prog_name="proofreel")


if __name__ == "__main__":
    main()
