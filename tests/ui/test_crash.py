import asyncio
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer, qWarning

from desktop.ui.crash import CrashHooks
from tests.ui.conftest import settle


@pytest.fixture
def seen() -> list[BaseException]:
    return []


@pytest.fixture
def hooks(seen: list[BaseException]) -> Iterator[CrashHooks]:
    made = CrashHooks(seen.append)
    made.install()
    yield made
    made.remove()


async def test_an_exception_in_a_slot_is_reported(
    hooks: CrashHooks, seen: list[BaseException]
) -> None:
    def slot() -> None:
        raise ValueError("in a slot")

    owner = QObject()
    QTimer.singleShot(0, owner, slot)
    await asyncio.sleep(0.05)
    assert [str(error) for error in seen] == ["in a slot"]


async def test_an_exception_in_a_thread_is_reported_in_the_window_thread(
    hooks: CrashHooks,
) -> None:
    where: list[int] = []
    hooks.failed.connect(
        lambda _: where.append(threading.get_ident()),
    )

    def work() -> None:
        raise ValueError("in a thread")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    await asyncio.sleep(0.05)
    assert where == [threading.get_ident()]


async def test_an_exception_nobody_awaits_is_reported(
    hooks: CrashHooks, seen: list[BaseException]
) -> None:
    loop = asyncio.get_running_loop()
    hooks.watch(loop)
    loop.call_exception_handler({"message": "lost", "exception": ValueError("in a task")})
    await settle()
    assert [str(error) for error in seen] == ["in a task"]


async def test_qt_speaks_through_the_log(
    hooks: CrashHooks, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="qt"):
        qWarning("something is odd")
    assert "something is odd" in caplog.text


async def test_the_hooks_are_given_back() -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    hooks = CrashHooks(lambda _: None)
    hooks.install()
    hooks.remove()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
