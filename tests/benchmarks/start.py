"""How long it takes from the command to a usable window on a library of 10,000 videos.

::

    python -m tests.benchmarks.start [--videos 10000] [--runs 7] [--json results.json]

Usable: the library page is painted with its first videos and the event loop answers. Counted from
the birth of the process, the interpreter included. The peers, in the same run, are an empty Qt
window with the same interpreter, the least any Qt program in Python takes, and ``import manim``,
which is why nobody imports that into the window's process.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from desktop.app import open_services
from desktop.config.paths import Paths, below
from desktop.storage.database import Database
from tests.benchmarks.inputs.library import fill

TARGET_SECONDS = 1.0

WINDOW = """
import sys, time
from pathlib import Path
import psutil
from desktop.app import open_services
from desktop.config.paths import below
from desktop.ui import launch

async def visit(window, services):
    import asyncio
    from PySide6.QtWidgets import QAbstractItemView
    page = window.pages.show_page("library")
    while not any(
        view.isVisible() and view.model() is not None and view.model().rowCount() > 20
        for view in page.findChildren(QAbstractItemView)
    ):
        await asyncio.sleep(0.005)
    window.grab()
    await asyncio.sleep(0)
    print(time.time() - psutil.Process().create_time(), flush=True)
    heavy = [name for name in ("manim", "langgraph", "boto3") if name in sys.modules]
    assert not heavy, heavy
    return 0

sys.exit(launch.run(lambda: open_services(below(Path(sys.argv[1]))), visit))
"""

EMPTY = """
import time
import psutil
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
window.grab()
print(time.time() - psutil.Process().create_time(), flush=True)
"""

MANIM = """
import time
import psutil
import manim
print(time.time() - psutil.Process().create_time(), flush=True)
"""


def environment() -> dict[str, str]:
    """Return an environment in which Python keeps what it has compiled, as it does for people."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(Path(tempfile.gettempdir()) / "proofreel-start-compiled")
    return {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": compiled, **kept}


def seconds(script: str, *arguments: str) -> float:
    """Run ``script`` in a process of its own and return the seconds it printed."""
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return float(result.stdout.strip().splitlines()[-1])


async def prepare(paths: Paths, videos: int) -> None:
    """Make a library and remember that its owner knows the program already."""
    async with open_services(paths):
        pass
    database = await Database.open(paths.database)
    await fill(database, videos)
    await database.close()


def measure(paths: Paths, runs: int) -> dict[str, list[float]]:
    """Return the seconds of each run, warm; the three take turns."""
    seconds(WINDOW, str(paths.data.parent))
    times: dict[str, list[float]] = {"window": [], "empty Qt window": [], "import manim": []}
    for _ in range(runs):
        times["window"].append(seconds(WINDOW, str(paths.data.parent)))
        times["empty Qt window"].append(seconds(EMPTY))
        times["import manim"].append(seconds(MANIM))
    return times


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and write the results where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--videos", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        paths = below(Path(folder))
        asyncio.run(prepare(paths, options.videos))
        times = measure(paths, options.runs)
    print(f"Start to usable window, {options.videos:,} videos, warm")
    for name, values in times.items():
        print(f"  {name:<18}{statistics.median(values):6.2f} s   (slowest {max(values):.2f} s)")
    median = statistics.median(times["window"])
    print(f"  target {TARGET_SECONDS} s: {'reached' if median <= TARGET_SECONDS else 'missed'}")
    if options.json:
        options.json.write_text(json.dumps({"videos": options.videos, "seconds": times}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
