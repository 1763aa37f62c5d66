"""How late the window is with ten thousand transfers, 32 of them moving; a measurement.

    python -m tests.benchmarks.panel --seconds 5 --busy 2

A timer is due every 5 ms; how much later it fires is what a person feels. The same rows move ten
times a second while the list rests, is scrolled, and has its details open.
"""

import argparse
import asyncio
import json
import os
import platform
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from typing_extensions import override

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtWidgets import QApplication

from desktop.domain.events import EventBus, TransfersProgressed
from desktop.domain.transfers import Totals, Transfer, TransferState
from desktop.services.services import Services
from desktop.ui import tasks
from desktop.ui.pages.publish.page import PublishPage
from desktop.ui.theme import Theme
from tests.benchmarks.lateness import Heart, busy_processes
from tests.ui.fake_transfers import FakeTransfers, rows_of
from tests.ui.pages.library.doubles import ShellDouble

ROWS, MOVING = 10_000, 32

TOTALS = Totals(active=MOVING, waiting=ROWS - MOVING, speed=4.2e6 * MOVING, seconds_left=3_600.0)


@dataclass(frozen=True)
class Row:
    """One measurement; times in milliseconds."""

    name: str
    beats: int
    p50: float
    p99: float
    worst: float
    work_p99: float
    """Of what the window's own thread calculates between two beats, whatever else runs."""
    work_worst: float
    cpu: float
    """Processor seconds of this process per second."""


class Work(Heart):
    """Notes how long the window's thread itself worked between beats, in seconds."""

    @override
    def _beat(self) -> None:
        now = time.thread_time()
        self.late.append(now - self._last)
        self._last = now


async def measured(name: str, work: Callable[[], Awaitable[None]]) -> Row:
    """Run ``work`` with a heart beating."""
    heart, own, begun, cpu = Heart(), Work(), time.perf_counter(), time.process_time()
    await work()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    late, stretches = heart.stop(), own.stop()
    stretches = sorted(stretches[:-1])  # the first is the time before: it sorts last
    return Row(
        name,
        len(late),
        1000 * late[len(late) // 2],
        1000 * late[len(late) * 99 // 100],
        1000 * late[-1],
        1000 * stretches[len(stretches) * 99 // 100],
        1000 * stretches[-1],
        cpu / seconds,
    )


async def move(bus: EventBus, active: Sequence[Transfer], seconds: float) -> None:
    """Let transfers move, twice as often as it is shown."""
    end, step = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        step += 1
        moved = tuple(
            replace(row, confirmed=step * 100_000, in_flight=8_000_000, speed=4.2e6)
            for row in active
        )
        bus.publish(TransfersProgressed(moved, TOTALS))
        await asyncio.sleep(0.05)


async def scroll(page: PublishPage, seconds: float) -> None:
    """Turn the wheel: 60 steps a second through the whole list."""
    bar = page.panel.list.verticalScrollBar()
    end, step = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        bar.setValue((step * 397) % bar.maximum())
        step += 1
        await asyncio.sleep(1 / 60)


async def rows(
    page: PublishPage, bus: EventBus, active: Sequence[Transfer], seconds: float
) -> list[Row]:
    """Measure rest, moving, scrolling, and both with the details open."""

    async def moving() -> None:
        await move(bus, active, seconds)

    async def both() -> None:
        await asyncio.gather(moving(), scroll(page, seconds))

    page.panel.show_details(shown=False)
    found = [
        await measured("at rest", lambda: asyncio.sleep(seconds)),
        await measured("32 moving", moving),
        await measured("scrolling", lambda: scroll(page, seconds)),
        await measured("32 moving, scrolling", both),
    ]
    page.panel.list.verticalScrollBar().setValue(0)
    page.panel.list.setCurrentIndex(page.panel.model.index(0))
    page.panel.show_details(shown=True)
    found.append(await measured("32 moving, details", moving))
    return found


async def run(app: QApplication, options: argparse.Namespace) -> list[Row]:
    """Measure without and, when asked, with busy processes."""
    theme = Theme(app, "dark")
    theme.start()
    bus = EventBus()
    transfers = FakeTransfers(bus)
    active = rows_of(MOVING, TransferState.ACTIVE, size=2_000_000_000)
    transfers.show(*active, *rows_of(ROWS)[MOVING:])
    shell = ShellDouble(bus, theme)
    page = PublishPage(cast("Services", SimpleNamespace(transfers=transfers)), shell)
    page.setParent(shell)
    shell.resize(1204, 740)
    page.resize(shell.size())
    page.show()
    shell.show()
    await asyncio.sleep(1)
    found = []
    for busy in sorted({0, options.busy}):
        with busy_processes(busy):
            suffix = f", {busy} busy" if busy else ""
            now = await rows(page, bus, active, options.seconds)
        found += [replace(row, name=row.name + suffix) for row in now]
    page.hide()
    shell.bridge.close()
    await tasks.stop()
    return found


def print_table(found: list[Row]) -> None:
    """Print the rows for people."""
    print(f"{'':30}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}{'work p99':>10}{'worst':>8}{'cpu':>7}")
    for row in found:
        print(
            f"{row.name:30}{row.p50:9.2f}{row.p99:9.2f}{row.worst:9.1f}"
            f"{row.work_p99:10.2f}{row.work_worst:8.1f}{row.cpu:7.0%}"
        )


def main() -> None:
    """Measure, print the table, and write the JSON beside other temporary files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--busy", type=int, default=0, help="processes that calculate meanwhile")
    default = Path(tempfile.gettempdir()) / "proofreel-panel.json"
    parser.add_argument("--json", type=Path, default=default)
    options = parser.parse_args()
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(app) as loop:
        found = loop.run_until_complete(run(app, options))
    print_table(found)
    document = {
        "machine": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "rows": [asdict(row) for row in found],
    }
    options.json.write_text(json.dumps(document, indent=2), "utf-8")
    print(f"Written to {options.json}")


if __name__ == "__main__":
    main()
