"""How late the window is while a video plays; a measurement, not a test.

    python -m tests.benchmarks.lateness --seconds 10 --busy 2

A timer is due every 5 ms; how much later it fires is what a person feels. The table and the JSON
file name the middle, the 99th percentile and the worst. Nothing fails by time: machines differ.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.ui.player.player import Player
from desktop.ui.theme import Theme
from tests.playback.films import Film, write

BEAT = 0.005
"""Seconds between two beats of the heart."""

BUSY = "import numpy as np\nwhile True: np.sort(np.random.rand(200_000))"
"""What a busy process does: it calculates and allocates, as a render does."""


@dataclass(frozen=True)
class Row:
    """One measurement; times in milliseconds."""

    name: str
    beats: int
    p50: float
    p99: float
    worst: float
    shown: int = 0
    dropped: int = 0
    cpu: float = 0.0
    """Processor seconds of this process per second."""


class Heart:
    """Beats on the window's loop and notes how late each beat was, in seconds."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=round(BEAT * 1000))
        self._timer.setTimerType(self._timer.timerType().PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._last - BEAT))
        self._last = now

    def stop(self) -> list[float]:
        """Stop; returns how late the beats were, ascending."""
        self._timer.stop()
        return sorted(self.late)


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Keep ``count`` processes calculating at low priority, as renders are run."""
    command = [sys.executable, "-c", f"import os; os.nice(10)\n{BUSY}"]
    processes = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


async def measured(name: str, work: Callable[[], Awaitable[None]], player: Player) -> Row:
    """Run ``work`` with a heart beating."""
    shown: list[int] = []
    player.viewer.frame_changed.connect(shown.append)
    media = player.viewer._media
    dropped = media.player.dropped if media else 0
    heart, begun, cpu = Heart(), time.perf_counter(), time.process_time()
    await work()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    late = heart.stop()
    player.viewer.frame_changed.disconnect(shown.append)
    return Row(
        name,
        len(late),
        1000 * late[len(late) // 2],
        1000 * late[len(late) * 99 // 100],
        1000 * late[-1],
        len(shown),
        (media.player.dropped if media else 0) - dropped,
        cpu / seconds,
    )


async def scrub(player: Player, seconds: float) -> None:
    """Move the playhead to and fro as fast as a mouse reports, 60 times a second."""
    end, step = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        frame = abs((step * 7) % (2 * player.viewer.frame_count) - player.viewer.frame_count)
        player.seek(frame)
        step += 1
        await asyncio.sleep(1 / 60)


async def step_held(player: Player, seconds: float, frames: int) -> None:
    """Hold an arrow key: 30 presses a second."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        player.step(frames)
        await asyncio.sleep(1 / 30)


async def rows(player: Player, path: Path, seconds: float) -> list[Row]:
    """Measure rest, playing, scrubbing and stepping back."""
    result = [await measured("at rest", lambda: asyncio.sleep(seconds), player)]
    player.load_file(str(path))
    async with asyncio.timeout(30):
        while player.viewer.image.isNull():  # noqa: ASYNC110  signals set no event
            await asyncio.sleep(0.01)
    player.toggle_loop()
    player.toggle()
    result.append(await measured("playing", lambda: asyncio.sleep(seconds), player))
    player.toggle()
    result.append(await measured("scrubbing", lambda: scrub(player, seconds), player))
    player.seek_end()
    await asyncio.sleep(0.5)
    result.append(await measured("stepping back", lambda: step_held(player, seconds, -1), player))
    return result


def print_table(found: list[Row]) -> None:
    """Print the rows for people."""
    print(f"{'':22}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}{'frames':>9}{'dropped':>9}{'cpu':>7}")
    for row in found:
        print(
            f"{row.name:22}{row.p50:9.2f}{row.p99:9.2f}{row.worst:9.1f}"
            f"{row.shown:9}{row.dropped:9}{row.cpu:7.0%}"
        )


async def run(app: QApplication, options: argparse.Namespace) -> list[Row]:
    """Measure without and, when asked, with busy processes."""
    theme = Theme(app, "dark")
    theme.start()
    with tempfile.TemporaryDirectory() as folder:
        width, height = options.size
        film = Film(frames=300, width=width, height=height, options={"bf": "2"})
        path = await asyncio.to_thread(write, Path(folder) / "film.mp4", film)
        found = []
        for busy in sorted({0, options.busy}):
            player = Player()
            player.resize(*options.window)
            player.show()
            await asyncio.sleep(0.3)
            with busy_processes(busy):
                suffix = f", {busy} busy" if busy else ""
                rows_now = await rows(player, path, options.seconds)
            found += [replace(row, name=row.name + suffix) for row in rows_now]
            await player.finish()
            player.close()
        return found


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def main() -> None:
    """Measure, print the table, and write the JSON beside other temporary files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--busy", type=int, default=0, help="processes that calculate meanwhile")
    parser.add_argument("--size", type=_size, default=(854, 480), help="of the film, in pixels")
    parser.add_argument("--window", type=_size, default=(1100, 760), help="in pixels")
    default = Path(tempfile.gettempdir()) / "proofreel-lateness.json"
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
        "film": options.size,
        "window": options.window,
        "rows": [asdict(row) for row in found],
    }
    options.json.write_text(json.dumps(document, indent=2), "utf-8")
    print(f"Written to {options.json}")


if __name__ == "__main__":
    main()
