"""Running one command: a loop, open services, and an exit code for however it ends."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from desktop.cli.reporting import CANCELLED, print_error, terminal
from desktop.config.paths import Paths
from desktop.domain.errors import StudioError

if TYPE_CHECKING:
    from desktop.services.services import Services

OpenServices = Callable[[Paths], AbstractAsyncContextManager["Services"]]


@dataclass(frozen=True, slots=True)
class Program:
    """What the composition root lends to the commands."""

    open_services: OpenServices
    run_window: Callable[[Paths], int]
    run_tour: Callable[[Paths, Path], int]


def with_services(
    program: Program,
    paths: Paths,
    work: "Callable[[Services], Awaitable[int]]",
    *,
    source: Path | None = None,
) -> None:
    """Run ``work`` with services opened on ``paths`` and leave with the exit code it returns.

    Errors a person can act on end with 1 and name lines of ``source``; Ctrl+C and a request to
    terminate cancel the work, close the services and end with 130.
    """

    async def opened() -> int:
        async with program.open_services(paths) as services:
            if (damage := services.library.damage()) is not None:
                print_error(terminal(), damage)
            return await work(services)

    raise typer.Exit(run(opened, source))


def run(work: Callable[[], Coroutine[None, None, int]], source: Path | None = None) -> int:
    """Run ``work`` on a loop of its own and return the exit code."""
    _keep_logs_off_the_terminal()
    try:
        return asyncio.run(_cancellable(work))
    except StudioError as error:
        print_error(terminal(), error, source)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        terminal().print("Cancelled. Scenes that were finished are kept for the next time.")
        return CANCELLED


async def _cancellable(work: Callable[[], Coroutine[None, None, int]]) -> int:
    """Let a request to terminate end the work as Ctrl+C does."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    try:
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
    except (NotImplementedError, RuntimeError):  # Windows, or not the main thread
        return await work()
    try:
        return await work()
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


def _keep_logs_off_the_terminal() -> None:
    """Errors are printed once, in words; without this Python prints the log's warnings as well."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
