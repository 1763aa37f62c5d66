"""Coroutines started by widgets: each has an owner, a name and a place where its errors go."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QObject
from shiboken6 import isValid

log = logging.getLogger(__name__)

T = TypeVar("T")

_running: set[asyncio.Task[Any]] = set()
_endless: set[asyncio.Task[Any]] = set()


@runtime_checkable
class ErrorPresenter(Protocol):
    """Whoever shows errors to the person; the main window is one."""

    def present_error(self, error: Exception) -> None:
        """Show ``error``: as a banner when the person can act on it, else as a bug."""


def start(
    owner: QObject,
    work: Coroutine[Any, Any, T],
    name: str,
    *,
    on_error: Callable[[Exception], None] | None = None,
    endless: bool = False,
) -> asyncio.Task[T]:
    """Run ``work`` on the running loop until it ends or ``owner`` is destroyed.

    ``endless`` work is not waited for by those who wait until everything is quiet.

    An exception goes to ``on_error`` or, without one, to the nearest ``ErrorPresenter`` among the
    owner and its parents; where there is none, to the loop's exception handler, which is the path
    of bugs. Whoever awaits the task sees the exception too.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work, name=name)
    belongs = _endless if endless else _running
    belongs.add(task)
    # The signal arrives while the owner is being taken apart: nothing may touch it any more.
    connection = owner.destroyed.connect(lambda: _cancel(task))

    def ended(finished: asyncio.Task[T]) -> None:
        belongs.discard(finished)
        if isValid(owner):
            owner.destroyed.disconnect(connection)
        if not finished.cancelled() and isinstance(error := finished.exception(), Exception):
            _report(owner, error, name, on_error)

    task.add_done_callback(ended)
    return task


def _cancel(task: asyncio.Task[Any]) -> None:
    if not task.get_loop().is_closed():
        task.cancel()


def _report(
    owner: QObject, error: Exception, name: str, on_error: Callable[[Exception], None] | None
) -> None:
    present = on_error or _presenter(owner)
    if present is not None:
        present(error)
        return
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"The task “{name}” failed", "exception": error}
    )


def _presenter(owner: QObject) -> Callable[[Exception], None] | None:
    candidate: QObject | None = owner if isValid(owner) else None
    while candidate is not None:
        if isinstance(candidate, ErrorPresenter):
            return candidate.present_error
        candidate = candidate.parent()
    return None


def running() -> tuple[asyncio.Task[Any], ...]:
    """Return every task that has not ended yet and will end by itself."""
    return tuple(_running)


async def stop(seconds: float = 5.0) -> None:
    """Cancel every task and wait for their ends, at most ``seconds``; called when closing."""
    current = asyncio.current_task()
    waiting = [task for task in (*_running, *_endless) if task is not current]
    for task in waiting:
        task.cancel()
    if not waiting:
        return
    _, late = await asyncio.wait(waiting, timeout=seconds)
    for task in late:
        log.warning("The task “%s” did not end in time", task.get_name())
