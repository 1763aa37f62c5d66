"""How long a changed scene of ten takes to be a new version that plays, against ``manim render``.

::

    python -m tests.benchmarks.edit [--rounds 3] [--final] [--json results.json]

In every round one scene is edited and both sides bring the video up to date: the studio through its
services, Manim by ``manim render -a`` of the exported module, once from nothing and once with the
cache of its last run, which is what a second run of the command does. Then the studio is asked
again without a change, and must draw nothing. Sides take turns; medians count.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.picture import Quality
from desktop.services.services import Services
from tests.benchmarks.inputs import contest

LEAST_RATIO, MOST_SECONDS = 10.0, 0.3
SIDES = ("studio, edited", "studio, unchanged", "manim -a, from nothing", "manim -a, its cache")

Times = dict[str, list[float]]


async def measure(services: Services, scratch: Path, rounds: int, quality: Quality) -> Times:
    """Return the seconds of every side in every round."""
    size = contest.same_profile(services, quality)
    video_id = await contest.create(services)
    await contest.playable(services, video_id, quality)
    module = await contest.export(services, video_id, scratch / "export")
    contest.manim(module, size, cached=False)
    times: Times = {side: [] for side in SIDES}
    for number in range(1, rounds + 1):
        await contest.rewrite(services, video_id, contest.edited(number))
        seconds, version = await contest.playable(services, video_id, quality)
        times["studio, edited"].append(seconds)
        seconds, again = await contest.playable(services, video_id, quality)
        times["studio, unchanged"].append(seconds)
        if again.number != version.number or version.number != number + 1:
            raise AssertionError(f"versions {version.number} and {again.number}: not one per edit")
        changed = await contest.export(services, video_id, scratch / f"export-{number}")
        module.write_bytes(changed.read_bytes())
        times["manim -a, its cache"].append(contest.manim(module, size, cached=True))
        times["manim -a, from nothing"].append(contest.manim(changed, size, cached=False))
    return times


def figures(times: Times) -> dict[str, float]:
    """Return medians and ratios."""
    medians = {side: round(statistics.median(values), 3) for side, values in times.items()}
    edited = medians["studio, edited"]
    return medians | {
        f"times faster than {side}": round(medians[side] / edited, 2) for side in SIDES[2:]
    }


async def run(scratch: Path, rounds: int, quality: Quality) -> Times:
    async with open_services(below(scratch / "home")) as services:
        return await measure(services, scratch, rounds, quality)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, write JSON; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--final", action="store_true", help="1080p60 instead of a draft")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    quality = Quality.FINAL if options.final else Quality.DRAFT
    machine = contest.machine()
    with tempfile.TemporaryDirectory(prefix="proofreel-edit-") as folder:
        times = asyncio.run(run(Path(folder), options.rounds, quality))
    result = figures(times)
    print(f"Ten scenes, one edited, {quality.value}, {options.rounds} rounds; machine: {machine}")
    for name, value in result.items():
        print(f"  {name:<44}{value:8.3f}")
    if options.json:
        record = {"machine": machine, "quality": quality, "seconds": times, "figures": result}
        options.json.write_text(json.dumps(record, indent=1), "utf-8")
    slow = result["times faster than manim -a, from nothing"] < LEAST_RATIO
    return int(slow or result["studio, unchanged"] > MOST_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
