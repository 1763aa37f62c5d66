"""Tests of windows run on the loop the window runs on, and leave nothing running behind."""

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt import plugin
from shiboken6 import isValid

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop.ui import tasks
from desktop.ui.theme import Theme
from tests.ui.fakes import FakeServices, fake_services

T = TypeVar("T", QTimer, QThread)


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says so for every window that has a smallest size.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")
    # Between the parts of a test no loop runs, and a timer that fires there on a busy machine
    # finds none. Every test settles by itself.
    vars(plugin)["_process_events"] = lambda: None


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qt": qt_loop}


def qt_loop() -> asyncio.AbstractEventLoop:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
    return loop


@pytest.fixture(autouse=True)
async def nothing_left_behind() -> AsyncIterator[None]:
    before = set(threading.enumerate())
    gc.freeze()  # what is there already need not be looked through again after each test
    yield
    await settle()
    assert not tasks.running(), "tasks are still running"
    gc.collect()
    made = gc.get_objects()
    timers = [timer for timer in _living(QTimer, made) if timer.isActive()]
    assert not timers, [(timer.parent(), timer.interval()) for timer in timers]
    assert not [thread for thread in _living(QThread, made) if thread.isRunning()]
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if not isinstance(thread, threading._DummyThread)]


def _living(kind: type[T], objects: list[object]) -> list[T]:
    found = [one for one in objects if isinstance(one, kind)]
    return [one for one in found if isValid(one) and not _of_qasync(one)]


def _of_qasync(thing: object) -> bool:
    return type(thing).__module__.startswith("qasync")


async def settle() -> None:
    """Let queued signals, deletions and finished tasks take effect."""
    for _ in range(3):
        await asyncio.sleep(0)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


async def show_active(window: QWidget) -> None:
    """Show a window and wait until it has the focus, which the X server grants when it likes."""
    window.show()
    window.activateWindow()
    async with asyncio.timeout(5):
        while not window.isActiveWindow():  # noqa: ASYNC110  Qt sets no event of this loop
            await asyncio.sleep(0.01)


@pytest.fixture
def services(tmp_path: Path) -> FakeServices:
    return fake_services(tmp_path)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    palette, sheet = qapp.palette(), qapp.styleSheet()
    made = Theme(qapp, "dark")
    made.start()
    yield made
    made.deleteLater()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
