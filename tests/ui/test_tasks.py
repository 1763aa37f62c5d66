import asyncio

import pytest
from PySide6.QtCore import QObject, QTimer

from desktop.domain.errors import NotFound
from desktop.ui import tasks
from tests.ui.conftest import settle


class Presenter(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Exception] = []

    def present_error(self, error: Exception) -> None:
        self.seen.append(error)


async def fail() -> None:
    raise NotFound("It is gone")


async def test_a_task_has_a_name_and_a_result() -> None:
    owner = QObject()
    task = tasks.start(owner, asyncio.sleep(0, "done"), "short wait")
    assert task.get_name() == "short wait"
    assert await task == "done"
    assert not tasks.running()


async def test_a_task_ends_with_its_owner() -> None:
    owner = QObject()
    task = tasks.start(owner, asyncio.sleep(60), "long wait")
    await asyncio.sleep(0)
    owner.deleteLater()
    await settle()
    await asyncio.sleep(0)
    assert task.cancelled()


async def test_errors_reach_the_nearest_presenter_above_the_owner() -> None:
    window = Presenter()
    owner = QObject(QObject(window))
    tasks.start(owner, fail(), "fails")
    await settle()
    assert [str(error) for error in window.seen] == ["It is gone"]


async def test_an_error_can_be_taken_by_the_caller() -> None:
    window, seen = Presenter(), list[Exception]()
    tasks.start(QObject(window), fail(), "fails", on_error=seen.append)
    await settle()
    assert len(seen) == 1
    assert not window.seen


async def test_an_error_without_a_presenter_is_a_bug() -> None:
    seen: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: seen.append(context))
    owner = QObject()
    tasks.start(owner, fail(), "fails")
    await settle()
    assert len(seen) == 1


async def test_a_slot_of_qt_can_start_a_task() -> None:
    owner, ran = QObject(), asyncio.Event()

    async def work() -> None:
        ran.set()

    QTimer.singleShot(0, owner, lambda: tasks.start(owner, work(), "from a slot"))
    await asyncio.wait_for(ran.wait(), 2)


async def test_stop_ends_everything() -> None:
    owner = QObject()
    started = [tasks.start(owner, asyncio.sleep(60), f"wait {n}") for n in range(3)]
    await asyncio.sleep(0)
    await tasks.stop()
    assert all(task.cancelled() for task in started)
    assert not tasks.running()


async def test_stop_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    owner, freed = QObject(), asyncio.Event()

    async def stubborn() -> None:
        while not freed.is_set():
            try:
                await freed.wait()
            except asyncio.CancelledError:
                continue

    task = tasks.start(owner, stubborn(), "stubborn")
    await asyncio.sleep(0)
    await tasks.stop(0.05)
    assert "stubborn" in caplog.text
    freed.set()
    await task
