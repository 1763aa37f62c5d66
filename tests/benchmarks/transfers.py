"""What uploading costs and how it behaves, beside boto3, s5cmd and CRT, over TLS on this machine.

::

    packaging/bench transfers [--rounds 5] [--size 1024] [--only speed wan …] [--json results.json]

All sides send the same random file from the page cache to the same server (``tests.s3``, which
throws the bytes away), one after the other in turns; medians count. Every side's start is part of
its bill; the columns ``sending`` leave that of the engine out, which lives as long as there is
something to send. Targets of speed are held against them, that of processor time against both.

``wan`` slows the line: 30 ms a request, 6 MiB/s a connection, 60 MiB/s in all. The other trials
are of our engine alone: rate limits, pausing and cancelling, what it decides when it was killed,
injected faults, memory under many connections, and how late its client's loop is.
Exit code 1 when a target is missed.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.inputs import engines, senders, trials
from tests.benchmarks.inputs.senders import BUCKET, MIB, Bill, Errand
from tests.s3.process import S3Process

OURS = "proofreel"
TUNED = ("s5cmd 16 MiB x8", "s5cmd 8 MiB x16")
SPEED = ("boto3", "boto3 64 MiB x4", "CRT", "s5cmd", "s5cmd 16 MiB x8")
WAN = ("boto3", "CRT", "s5cmd", "s5cmd 8 MiB x16")
LINE = {"latency": 0.03, "connection_rate": 6.0 * MIB, "rate": 60.0 * MIB}
"""A good line to a far place."""
SINK: dict[str, Any] = {
    "tls": True,
    "null": True,
    "no_md5": True,
    "trusting": True,
    "no_crc64": True,
}
"""A server that costs as little as can be: it is not what is measured."""


@dataclass(slots=True)
class Report:
    """Everything worth keeping, and what was missed."""

    machine: object
    results: dict[str, Any] = field(default_factory=dict)
    targets: list[tuple[str, float, float, bool]] = field(default_factory=list)
    """Name, value, bound, and whether it was met."""

    def most(self, name: str, value: float, bound: float) -> None:
        """Note a target: the value is to be this or less."""
        self.targets.append((name, round(value, 3), bound, value <= bound))

    def least(self, name: str, value: float, bound: float) -> None:
        """Note a target: the value is to be this or more."""
        self.targets.append((name, round(value, 3), bound, value >= bound))


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it happens."""

    folder: Path
    rounds: int
    path: str
    report: Report

    def place(self, name: str) -> Path:
        """Return a new folder."""
        made = self.folder / name
        made.mkdir(parents=True)
        return made


def _file(folder: Path, size: int) -> str:
    path = folder / f"random-{size >> 20}.bin"
    with path.open("wb") as file:
        for _ in range(size // MIB):
            file.write(os.urandom(MIB))
    return str(path)


def _one(name: str, s3: S3Process, path: str, engine: Path) -> Bill:
    key = name.replace(" ", "-")
    if name.startswith(OURS):
        bill = asyncio.run(engines.measured(engine, s3, path, key))
    else:
        about = (s3.endpoint, s3.ca_file, s3.keys.key_id, s3.keys.secret)
        bill = senders.measured(name, Errand(*about, path, key))
    if s3.object(BUCKET, key)["size"] != Path(path).stat().st_size:
        raise RuntimeError(f"{name} sent something else")
    return bill


def _medians(bills: dict[str, list[Bill]]) -> dict[str, dict[str, float]]:
    return {
        name: {
            key: round(statistics.median(asdict(bill)[key] for bill in found), 3)
            for key in ("wall", "sending", "cpu", "sending_cpu", "rss")
        }
        for name, found in bills.items()
    }


def speed(bench: Bench) -> None:
    """Send one file as fast as it goes, in turns."""
    size = Path(bench.path).stat().st_size
    bills: dict[str, list[Bill]] = {name: [] for name in (*SPEED, OURS)}
    with S3Process(buckets=(BUCKET,), **SINK) as s3:
        for turn in range(bench.rounds):
            for name, found in bills.items():
                found.append(_one(name, s3, bench.path, bench.folder / f"speed-{turn}"))
                print(f"  {turn + 1}/{bench.rounds} {name:<18}{found[-1].wall:7.2f} s", flush=True)
    medians = _medians(bills)
    gib = size / (1 << 30)
    for row in medians.values():
        row["cpu_per_gib"] = round(row["cpu"] / gib, 3)
    bench.report.results["speed"] = {"MiB": size // MIB, "medians": medians} | {
        "rounds": {name: [*map(asdict, found)] for name, found in bills.items()}
    }
    ours, tuned = medians[OURS], medians[TUNED[0]]
    bench.report.most("processor s per GiB over TLS, with start", ours["cpu_per_gib"], 1.5)
    bench.report.most("processor s per GiB over TLS, sending", ours["sending_cpu"] / gib, 1.5)
    bench.report.most("wall beside tuned s5cmd", ours["sending"] / tuned["wall"], 0.75)
    bench.report.most("wall beside CRT", ours["sending"] / medians["CRT"]["wall"], 0.70)
    bench.report.most("peak memory of one file, MiB", ours["rss"], 80)


def wan(bench: Bench) -> None:
    """Send over a slow line; our second upload knows the endpoint."""
    path = _file(bench.folder, 256 * MIB)
    cold, warm = f"{OURS} cold", f"{OURS} warm"
    bills: dict[str, list[Bill]] = {name: [] for name in (*WAN, cold, warm)}
    with S3Process(buckets=(BUCKET,), **SINK) as s3:
        s3.change(faults=LINE)
        for turn in range(max(2, bench.rounds // 2)):
            for name, found in bills.items():
                # Cold and warm share a folder, in this order: that is what makes the second warm.
                found.append(_one(name, s3, path, bench.folder / f"wan-{turn}"))
                print(f"  {turn + 1} {name:<18}{found[-1].wall:7.2f} s", flush=True)
    medians = _medians(bills)
    ideal = 256 * MIB / LINE["rate"]
    for row in medians.values():
        row["percent_of_line"] = round(100 * ideal / (row["sending"] or row["wall"]), 1)
    bench.report.results["wan"] = {"ideal": round(ideal, 2), "medians": medians}
    bench.report.least("percent of a far line, cold", medians[cold]["percent_of_line"], 85)
    bench.report.least("percent of a far line, warm", medians[warm]["percent_of_line"], 92)


def control(bench: Bench) -> None:
    """Pause, resume and cancel."""
    with S3Process(buckets=(BUCKET,), **SINK) as s3:
        found = asyncio.run(trials.pausing(bench.place("control"), s3, bench.rounds))
    bench.report.results["control"] = found
    bench.report.most("pause to silence, s", found["pause"]["median"], 0.25)
    bench.report.most("resume to the first byte, s", found["resume"]["median"], 0.5)
    bench.report.most("cancel with abort, s", found["cancel"]["median"], 1.0)


def resume(bench: Bench) -> None:
    """Take up 10 GiB in 1,280 parts after a kill."""
    with S3Process(buckets=(BUCKET,), **SINK) as s3:
        found = asyncio.run(trials.resuming(bench.place("resume"), s3, 1280))
    bench.report.results["resume"] = found
    bench.report.most("decision at 1,280 parts, s", found["decision_seconds"], 0.5)
    bench.report.most("acknowledged bytes sent again", found["acknowledged_sent_again"], 0)


def limit(bench: Bench) -> None:
    """Hold rates and change them live."""
    rates = [5 * MIB, 20 * MIB, 50 * MIB]
    with S3Process(buckets=(BUCKET,), **SINK) as s3:
        found = asyncio.run(trials.limiting(bench.place("limit"), s3, rates, 5.0))
    bench.report.results["limit"] = found
    worst = max(abs(row["error_percent"]) for row in found.values())
    bench.report.most("error of rate limits, percent", worst, 1.0)


def faults(bench: Bench) -> None:
    """Send through refusals and broken lines; the server verifies everything."""
    with S3Process(buckets=(BUCKET,), tls=True) as s3:
        found = asyncio.run(trials.enduring(bench.place("faults"), s3, bench.path))
    bench.report.results["faults"] = found
    bench.report.most("extra bytes through 8 % faults, percent", found["extra_percent"], 6.0)
    bench.report.most("acknowledged bytes sent again", found["acknowledged_sent_again"], 0)
    bench.report.least("the object is the file", float(found["intact"]), 1.0)


def memory(bench: Bench) -> None:
    """Keep 32 connections busy."""
    with S3Process(buckets=(BUCKET,), **SINK) as s3:
        found = asyncio.run(trials.holding(bench.place("memory"), s3))
    bench.report.results["memory"] = found
    bench.report.most("peak memory of 32 connections, MiB", found["MiB"], 120)


def late(bench: Bench) -> None:
    """See how late a window's loop gets."""
    with S3Process(buckets=(BUCKET,), **SINK) as s3:
        found = asyncio.run(trials.lateness(bench.place("late"), s3, bench.path))
    bench.report.results["late"] = found
    added = found["with our engine"]["p99_ms"] - found["at rest"]["p99_ms"]
    bench.report.most("lateness added at full speed, p99, ms", added, 8.0)


TRIALS: dict[str, Callable[[Bench], None]] = {
    "speed": speed,
    "wan": wan,
    "limit": limit,
    "control": control,
    "resume": resume,
    "faults": faults,
    "memory": memory,
    "late": late,
}


def table(report: Report) -> str:
    """Return the report as lines of text."""
    lines = [f"Machine: {report.machine}"]
    for name, found in report.results.items():
        lines.append(f"{name}:")
        if "medians" in found:
            columns = [*next(iter(found["medians"].values()))]
            lines.append(f"  {'':18}" + "".join(f"{column:>16}" for column in columns))
            for sender, row in found["medians"].items():
                lines.append(f"  {sender:<18}" + "".join(f"{row[c]:16.2f}" for c in columns))
        else:
            lines += [f"  {key:<26}{value}" for key, value in found.items()]
    lines.append("targets:")
    for name, value, bound, met in report.targets:
        lines.append(f"  {'met   ' if met else 'MISSED'} {name:<44}{value:12g}   bound {bound:g}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, write JSON; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=1024, help="MiB of the file")
    parser.add_argument("--only", nargs="+", choices=TRIALS, default=[*TRIALS])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    report = Report(engines.machine())
    with tempfile.TemporaryDirectory(prefix="proofreel-transfers-") as scratch:
        folder = Path(scratch)
        bench = Bench(folder, options.rounds, _file(folder, options.size * MIB), report)
        for name in options.only:
            print(f"{name} …", flush=True)
            TRIALS[name](bench)
    print(table(report))
    if options.json:
        options.json.write_text(json.dumps(asdict(report), indent=1), "utf-8")
    return int(not all(met for *_, met in report.targets))


if __name__ == "__main__":
    raise SystemExit(main())
