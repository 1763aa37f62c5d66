"""How long ten scenes take from nothing to a video that plays, against ``manim render -a``.

::

    python -m tests.benchmarks.build [--rounds 3] [--final] [--json results.json]

The peer draws the exported module of the same storyboard at the same size and rate, from nothing.
Both sides start a process of their own: the studio's time includes starting its services and its
render process. Sides take turns; medians count.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.picture import Quality
from tests.benchmarks.inputs import contest

LEAST_RATIO = 1.5
STUDIO, PEER = "studio", "manim -a"


async def studio(home: Path, quality: Quality) -> float:
    """Return the seconds from opening an empty library to the first picture of the video."""
    started = time.perf_counter()
    async with open_services(below(home)) as services:
        video_id = await contest.create(services)
        await contest.playable(services, video_id, quality)
        return time.perf_counter() - started


async def peer(home: Path, quality: Quality) -> float:
    """Return the seconds of Manim's command for the same scenes."""
    async with open_services(below(home)) as services:
        video_id = await contest.create(services)
        module = await contest.export(services, video_id, home / "export")
        size = contest.same_profile(services, quality)
    return contest.manim(module, size, cached=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, write JSON; 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--final", action="store_true", help="1080p60 instead of a draft")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    quality = Quality.FINAL if options.final else Quality.DRAFT
    machine = contest.machine()
    times: dict[str, list[float]] = {STUDIO: [], PEER: []}
    for _round in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="proofreel-build-") as folder:
            times[STUDIO].append(asyncio.run(studio(Path(folder) / "ours", quality)))
            times[PEER].append(asyncio.run(peer(Path(folder) / "theirs", quality)))
    medians = {name: round(statistics.median(values), 2) for name, values in times.items()}
    ratio = round(medians[PEER] / medians[STUDIO], 2)
    print(f"Ten scenes, {quality.value}, {options.rounds} rounds; machine: {machine}")
    for name, value in medians.items():
        print(f"  {name:<12}{value:8.2f} s   {[round(each, 2) for each in times[name]]}")
    print(f"  times faster {ratio:.2f}, target {LEAST_RATIO}")
    if options.json:
        record = {"machine": machine, "quality": quality, "seconds": times, "ratio": ratio}
        options.json.write_text(json.dumps(record, indent=1), "utf-8")
    return int(ratio < LEAST_RATIO)


if __name__ == "__main__":
    raise SystemExit(main())
