"""How late the real window is while two scenes render and one video plays.

::

    python -m tests.benchmarks.window [--seconds 20] [--json results.json]

Nothing is a stand-in: the window of the program on a library of its own, one sample playing in the
studio, another one rendering as final with two scenes at once, then a person typing as well. A
timer is due every 5 ms; how much later it fires is what a person feels. The peer in the same run is
the same window at rest. Nothing fails by time: machines differ.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.ui import launch, tasks
from desktop.ui.main_window import MainWindow
from desktop.ui.pages.studio import StudioPage
from tests.benchmarks.lateness import Heart

TARGET_MS = 16.0

RENDERED, PLAYED = "How a machine walks downhill", "Why Pythagoras is right"


@dataclass(frozen=True)
class Row:
    """One measurement; times in milliseconds."""

    name: str
    beats: int
    p50: float
    p99: float
    worst: float
    shown: int
    dropped: int


@dataclass(frozen=True)
class Bench:
    """The window at work."""

    window: MainWindow
    services: Services
    seconds: float

    @property
    def studio(self) -> StudioPage:
        page = self.window.pages.page("studio")
        assert isinstance(page, StudioPage)
        return page

    async def measured(self, name: str, work: Awaitable[None]) -> Row:
        """Await ``work`` with a heart beating."""
        viewer = self.studio.parts.player.viewer
        shown: list[int] = []
        viewer.frame_changed.connect(shown.append)
        dropped = viewer._dropped
        heart = Heart()
        await work
        late = heart.stop()
        viewer.frame_changed.disconnect(shown.append)
        middle, high = (1000 * late[len(late) * part // 100] for part in (50, 99))
        lost = viewer._dropped - dropped
        return Row(name, len(late), middle, high, 1000 * late[-1], len(shown), lost)

    async def opens(self, title: str) -> str:
        """Open a sample in the studio and wait until it is shown."""
        videos = {video.title: video for video in await self.services.samples.videos()}
        video = videos[title]
        self.window.open_video(video.id)
        await until(
            lambda: self.studio.session.outline and self.studio.session.video_id == video.id
        )
        return video.id

    async def types(self, seconds: float) -> None:
        """Type ten letters a second at the end of the text."""
        area = self.studio.parts.area.editor.area
        self.studio.parts.area.editor.go_to_line(10_000)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            QTest.keyClick(area, Qt.Key.Key_A)
            await asyncio.sleep(0.1)

    @asynccontextmanager
    async def rendering(self, title: str) -> AsyncIterator[None]:
        """Draw another sample as final for as long as the context lasts."""
        videos = {video.title: video for video in await self.services.samples.videos()}
        work = self.services.production.render(videos[title].id, Quality.FINAL)
        task = tasks.start(self.window, work, "bench render", on_error=lambda _: None)
        await until(self.window.status.progress.bar.value)
        try:
            yield
            assert not task.done(), "the render ended before the measurement"
        finally:
            self.services.production.cancel(videos[title].id)
            with suppress(asyncio.CancelledError):
                await task


async def until(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(180):
        while not what():  # noqa: ASYNC110  what is on screen sets no event
            await asyncio.sleep(0.02)


async def rows(bench: Bench) -> list[Row]:
    """Measure the window at rest, playing, and playing while two scenes render."""
    settings = bench.services.settings.current
    rendering = replace(settings.rendering, workers=2)
    await bench.services.settings.save(replace(settings, rendering=rendering))
    video_id = await bench.opens(PLAYED)
    await bench.services.production.render(video_id, Quality.DRAFT)
    player = bench.studio.parts.player
    await until(lambda: player.viewer.frame_count)
    await asyncio.sleep(1)
    found = [await bench.measured("at rest", asyncio.sleep(bench.seconds))]
    player.toggle_loop()
    player.toggle()
    found.append(await bench.measured("playing", asyncio.sleep(bench.seconds)))
    async with bench.rendering(RENDERED):
        work = asyncio.sleep(bench.seconds)
        found.append(await bench.measured("playing, two scenes render", work))
        found.append(await bench.measured("the same while typing", bench.types(bench.seconds)))
    player.toggle()
    return found


def print_table(found: list[Row]) -> None:
    """Print the rows for people."""
    print(f"{'':28}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}{'frames':>9}{'dropped':>9}")
    for row in found:
        print(
            f"{row.name:28}{row.p50:9.2f}{row.p99:9.2f}{row.worst:9.1f}{row.shown:9}{row.dropped:9}"
        )
    print(f"Target: p99 of at most {TARGET_MS:g} ms while two scenes render and one video plays")


def main() -> None:
    """Measure, print the table, and write the JSON beside other temporary files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    default = Path(tempfile.gettempdir()) / "proofreel-window.json"
    parser.add_argument("--json", type=Path, default=default)
    options = parser.parse_args()
    found: list[Row] = []

    async def visit(window: MainWindow, services: Services) -> int:
        found.extend(await rows(Bench(window, services, options.seconds)))
        return 0

    with tempfile.TemporaryDirectory(prefix="proofreel-window-") as home:
        code = launch.run(lambda: open_services(below(Path(home))), visit)
    print_table(found)
    document = {
        "machine": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "rows": [asdict(row) for row in found],
    }
    options.json.write_text(json.dumps(document, indent=2), "utf-8")
    print(f"Written to {options.json}")
    sys.exit(code)


if __name__ == "__main__":
    main()
