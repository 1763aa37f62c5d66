"""How many faults of layout are found, and how often a sound scene is blamed.

::

    python -m tests.benchmarks.layout [--json results.json] [--verbose] [--only planted]

Three sets go through the same probe that every render begins with: scenes with one planted fault
each, ordinary scenes without any, and the sample storyboards. A fault counts as found when a
finding names its kind and its objects. A false alarm is a sound scene with any finding. Exit code 1
when a target is missed.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from desktop.config.paths import resource_dir
from desktop.domain.errors import StudioError
from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect, Quality, RenderProfile, profile_for
from desktop.rendering.isolation import ProcessLimits
from desktop.rendering.jobs import SceneJob
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.source import read_source
from desktop.rendering.store import RenderStore
from tests.benchmarks.inputs.scene_sets import Fault, read_scenes

INPUTS = Path(__file__).parent / "inputs"
LEAST_FOUND, MOST_FALSE = 0.95, 0.05


@dataclass(frozen=True, slots=True)
class Trial:
    """One scene to be judged."""

    title: str
    job: SceneJob
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the probe said about one scene."""

    title: str
    right: bool
    """Whether the planted fault was found, or a sound scene was not blamed."""
    seconds: float
    findings: list[str] = field(default_factory=list)
    others: int = 0
    """Findings in a scene with a planted fault that are not about it."""


def written(name: str) -> Iterator[Trial]:
    """Yield the trials of a set of hand-written scenes."""
    for scene in read_scenes(INPUTS / f"{name}.md"):
        aspect = Aspect.TALL if scene.tall else Aspect.WIDE
        yield Trial(
            scene.title, _job(scene.title, "Shown", scene.code, aspect_profile(aspect)), scene.fault
        )


def samples() -> Iterator[Trial]:
    """Yield every scene of the sample storyboards."""
    for path in sorted((resource_dir() / "samples").glob("*/storyboard.md")):
        reading = read_source(SourceKind.STORYBOARD, path.read_text("utf-8"))
        for scene in reading.scenes:
            title = f"{path.parent.name}: {scene.title}"
            profile = aspect_profile(reading.aspect)
            yield Trial(title, _job(title, scene.class_name, scene.code, profile))


def aspect_profile(aspect: Aspect) -> RenderProfile:
    return profile_for(aspect, Quality.DRAFT)


def _job(title: str, class_name: str, code: str, profile: RenderProfile) -> SceneJob:
    return SceneJob("0" * 64, title, class_name, code, profile)


async def judge(renderer: Renderer, trial: Trial) -> Verdict:
    """Probe one scene; a scene that cannot run counts as wrong."""
    started = time.perf_counter()
    try:
        probe = await renderer.probe(trial.job)
    except StudioError as error:
        return Verdict(trial.title, right=False, seconds=0.0, findings=[f"FAILED: {error.detail}"])
    seconds = time.perf_counter() - started
    findings = [finding.message for finding in probe.findings]
    if trial.fault is None:
        return Verdict(trial.title, not findings, seconds, findings)
    right = [finding for finding in findings if trial.fault.named_by(finding)]
    return Verdict(trial.title, bool(right), seconds, findings, len(findings) - len(right))


async def run(only: str, scratch: Path) -> dict[str, list[Verdict]]:
    """Judge every scene of the sets, one after the other."""
    store = RenderStore(scratch / "store", 1 << 20)
    options = RendererOptions(workers=1, wall_seconds=120)
    renderer = Renderer(store, ProcessLimits(), scratch=scratch / "scratch", options=options)
    sets = {"planted": written("planted"), "ordinary": written("ordinary"), "samples": samples()}
    await renderer.start()
    try:
        return {
            name: [await judge(renderer, trial) for trial in trials]
            for name, trials in sets.items()
            if only in {"", name}
        }
    finally:
        await renderer.close()


def summary(verdicts: dict[str, list[Verdict]]) -> dict[str, float]:
    """Return the shares that have targets, and what a probe costs."""
    sound = [*verdicts.get("ordinary", ()), *verdicts.get("samples", ())]
    planted = verdicts.get("planted", [])
    every = [*planted, *sound]
    return {
        "found": _share([verdict.right for verdict in planted]),
        "false alarms": _share([not verdict.right for verdict in sound]),
        "other findings": sum(verdict.others for verdict in planted),
        "median probe seconds": round(statistics.median(v.seconds for v in every), 3),
    }


def _share(outcomes: Sequence[bool]) -> float:
    return round(sum(outcomes) / len(outcomes), 4) if outcomes else 0.0


def table(verdicts: dict[str, list[Verdict]], *, verbose: bool) -> str:
    """Return the verdicts as lines of text: every wrong one, or all."""
    lines = []
    for name, group in verdicts.items():
        right = sum(verdict.right for verdict in group)
        word = "found" if name == "planted" else "without a finding"
        lines.append(f"{name}: {len(group)} scenes, {right} {word}")
        for verdict in group:
            if verbose or not verdict.right or verdict.others:
                lines.append(f"  {'ok ' if verdict.right else 'BAD'} {verdict.title}")
                lines.extend(f"        {finding}" for finding in verdict.findings)
    for name, value in summary(verdicts).items():
        lines.append(f"{name:<22}{value:8.3f}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print a table, write JSON; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--verbose", action="store_true", help="list right verdicts, too")
    parser.add_argument("--only", choices=["planted", "ordinary", "samples"], default="")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="proofreel-layout-") as folder:
        verdicts = asyncio.run(run(options.only, Path(folder)))
    print(table(verdicts, verbose=options.verbose))
    figures = summary(verdicts)
    if options.json:
        lists = {name: [asdict(verdict) for verdict in group] for name, group in verdicts.items()}
        options.json.write_text(json.dumps({"figures": figures, "sets": lists}, indent=1), "utf-8")
    if options.only:
        return 0
    return int(figures["found"] < LEAST_FOUND or figures["false alarms"] > MOST_FALSE)


if __name__ == "__main__":
    raise SystemExit(main())
