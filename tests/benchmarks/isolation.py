"""What isolation costs a render, and how far a job gets beyond its limits.

::

    python -m tests.benchmarks.isolation [--rounds 7] [--loaded] [--json results.json]

The same scenes are drawn in the full sandbox, in the one without namespaces, and with limits alone.
Tiers take turns in every round; medians count, of differences and of ratios within rounds, by the
clock and by what the processes compute, which other work on the computer disturbs less. Then
each limit is broken several times: how long after that the job was gone, and how much further than
its limit it filled the disk. ``--loaded`` keeps all processors busy meanwhile.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.isolation import MIB, ProcessLimits
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from tests.isolation.measures import BURDENS, Figure, Measuring, busy, isolation_for, measure
from tests.rendering.scenes import job, nothing

NONE = "limits alone"
TIERS = {"full": FullSandbox, "without namespaces": PartialSandbox, NONE: ProcessLimits}

MOST_SECONDS, MOST_RATIO, LATEST_SECONDS, OVERSHOOT = 0.25, 1.05, 1.0, 64 * MIB
LEAST_LONG_SECONDS = 5.0
LIMIT_TRIES = 3

BODY = """
axes = Axes()
self.add(Text("Hello"), MathTypst("x^2"))
self.play(Create(axes), Create(axes.plot(lambda x: x**2 / 9)), run_time={seconds})
self.wait(0.5)  # {number}
"""


@dataclass(frozen=True)
class Scene:
    """A scene to be drawn anew in every round."""

    profile: RenderProfile
    seconds: int


SHORT, LONG = "480p15", "1080p60"
SCENES = {
    SHORT: Scene(RenderProfile(Quality.DRAFT, 854, 480, 15, 26, "ultrafast"), 1),
    LONG: Scene(RenderProfile(Quality.FINAL, 1920, 1080, 60, 18, "medium"), 4),
}

Times = dict[str, list[float]]


async def started(root: Path, tier: str) -> tuple[Renderer, float]:
    """Return a renderer of a tier whose render process runs, and the seconds that took."""
    place = root / tier.replace(" ", "-")
    store = RenderStore(place / "store", 4 << 30)
    options = RendererOptions(workers=1)
    made = Renderer(store, TIERS[tier](), scratch=place / "scratch", options=options)
    began = time.monotonic()
    await made.start()
    return made, time.monotonic() - began


async def draw(renderer: Renderer, scene: Scene, number: int) -> tuple[float, float]:
    """Return the seconds that drawing a scene takes, and those that its processes compute."""
    body = BODY.format(seconds=scene.seconds, number=number)
    computed, began = computing(renderer), time.monotonic()
    await renderer.render(job(body, profile=scene.profile), nothing)
    return time.monotonic() - began, computing(renderer) - computed


def computing(renderer: Renderer) -> float:
    """Return the seconds that jobs have computed so far; other work matters little to that."""
    started = renderer._process._process
    assert started is not None
    process = psutil.Process(started.pid)
    zygote = (process.children() or [process])[0]  # below the command that makes the root
    times = zygote.cpu_times()
    return times.children_user + times.children_system


async def costs(root: Path, rounds: int) -> dict[str, Times]:
    """Return the seconds of every tier in every round, by scene; starting is a scene as well."""
    async with contextlib.AsyncExitStack() as stack:
        renderers, starts = {}, {}
        for tier in TIERS:
            renderers[tier], seconds = await started(root, tier)
            stack.push_async_callback(renderers[tier].close)
            starts[tier] = [seconds]
        found: dict[str, Times] = {"start": starts}
        for name, scene in SCENES.items():
            times = found[name] = {tier: [] for tier in TIERS}
            used = found[f"{name} CPU"] = {tier: [] for tier in TIERS}
            for number in range(-1, rounds):
                order = list(TIERS)[number % 3 :] + list(TIERS)[: number % 3]
                for tier in order:
                    seconds, computed = await draw(renderers[tier], scene, number)
                    if number >= 0:  # the first warms up
                        times[tier].append(seconds)
                        used[tier].append(computed)
        return found


def difference(times: Times, tier: str) -> float:
    """Return the seconds that a tier adds, by the median of rounds."""
    return statistics.median(a - b for a, b in zip(times[tier], times[NONE], strict=True))


def ratio(times: Times, tier: str) -> float:
    """Return how many times as long a tier takes, by the median of rounds."""
    return statistics.median(a / b for a, b in zip(times[tier], times[NONE], strict=True))


async def limits(root: Path) -> dict[str, list[Figure]]:
    """Return how each limit was kept."""
    made: dict[bool, Measuring] = {}
    found: dict[str, list[Figure]] = {}
    for name, burden in BURDENS.items():
        if burden.programs not in made:
            place = root / f"limits-{burden.programs}"
            made[burden.programs] = Measuring(place, isolation_for(burden, FullSandbox()))
        found[name] = [await measure(made[burden.programs], burden) for _ in range(LIMIT_TRIES)]
    for renderer in made.values():
        await renderer.close()
    return found


def print_costs(found: dict[str, Times]) -> bool:
    """Print what tiers cost; tell whether the targets are met."""
    met = statistics.median(found[LONG][NONE]) > LEAST_LONG_SECONDS
    for name, times in found.items():
        for tier, seconds in times.items():
            added, more = difference(times, tier), ratio(times, tier)
            median = statistics.median(seconds)
            print(f"{name:12} {tier:20} {median:7.2f} s {added:+6.2f} s {more:5.2f}x")
            if name in SCENES:
                met &= (added <= MOST_SECONDS) if name == SHORT else (more <= MOST_RATIO)
    return met


def print_limits(found: dict[str, list[Figure]]) -> bool:
    """Print how limits were kept; tell whether the targets are met."""
    for name, figures in found.items():
        late = max(figure.seconds for figure in figures)
        over = max(figure.overshoot for figure in figures) / 1e6
        disk = f"{over:+5.0f} MB" if over > -100 else ""
        kept = all(BURDENS[name].said in figure.said for figure in figures)
        print(f"{name:28} gone after {late:5.2f} s  {disk:9} {'' if kept else 'NOT NAMED'}")
    every = [(BURDENS[name], figure) for name, figures in found.items() for figure in figures]
    return all(
        one.seconds <= LATEST_SECONDS and one.overshoot <= OVERSHOOT and burden.said in one.said
        for burden, one in every
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print two tables, write JSON; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--loaded", action="store_true", help="keep all processors busy")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    others = (os.cpu_count() or 1) + 1 if given.loaded else 0
    with tempfile.TemporaryDirectory(prefix="proofreel-bench-") as root, busy(others, 0):
        found = asyncio.run(costs(Path(root), given.rounds)) if given.rounds else {}
        broken = asyncio.run(limits(Path(root)))
    met = print_costs(found) if found else True
    met &= print_limits(broken)
    if given.json:
        figures = {
            name: [[one.seconds, one.overshoot] for one in many] for name, many in broken.items()
        }
        given.json.write_text(json.dumps({"seconds": found, "limits": figures}, indent=1), "utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
