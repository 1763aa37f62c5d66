"""What is tried with our engine beyond plain speed: limits, pausing, resuming, faults, memory.

Times are taken where the bytes arrive: the server notes when each request began and ended, and both
clocks are the machine's own.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from desktop.domain.transfers import Limits, TransferState
from tests.benchmarks.inputs.engines import SECONDS, driven
from tests.benchmarks.inputs.senders import BUCKET, MIB, Errand, measured, peak
from tests.s3.process import S3Process

Figures = dict[str, Any]
PART = 8 * MIB
BLINK = 0.005
"""Seconds between two looks at the server."""


def sparse(folder: Path, size: int, name: str = "film.bin") -> str:
    """Make a file of so many bytes that takes no room: only its zeros are sent."""
    path = folder / name
    with path.open("wb") as file:
        file.truncate(size)
    return str(path)


async def received(s3: S3Process) -> int:
    """Return the bytes of bodies that have come in so far."""
    return int((await asyncio.to_thread(s3.totals))["received"])


async def _seen(s3: S3Process, enough: Callable[[int], bool]) -> None:
    """Look at the server until enough has come in."""
    async with asyncio.timeout(SECONDS):
        while not enough(await received(s3)):  # noqa: ASYNC110  # another process does it
            await asyncio.sleep(BLINK)


def _emptied(s3: S3Process) -> None:
    """Look at the server until nothing unfinished lies there."""
    until = time.monotonic() + SECONDS
    while s3.uploads(BUCKET):
        if time.monotonic() > until:
            raise TimeoutError("an upload was never aborted")
        time.sleep(BLINK)


async def _quiet(s3: S3Process, since: float) -> float:
    """Return the seconds from ``since`` to the last byte before a long silence."""
    last, at = await received(s3), time.monotonic()
    while time.monotonic() - at < 0.6:
        await asyncio.sleep(BLINK)
        now = await received(s3)
        if now != last:
            last, at = now, time.monotonic()
    return max(0.0, at - since)


async def _grown(s3: S3Process, since: float) -> float:
    """Return the seconds from ``since`` until more bytes have come in."""
    before = await received(s3)
    await _seen(s3, lambda now: now != before)
    return time.monotonic() - since


async def _moving(s3: S3Process, least: int = 32 * MIB) -> None:
    start = await received(s3)
    await _seen(s3, lambda now: now - start >= least)


async def pausing(folder: Path, s3: S3Process, rounds: int) -> Figures:
    """Pause, resume and cancel at full speed; seconds of each, medians and worst."""
    path = sparse(folder, 8 << 30)
    times: dict[str, list[float]] = {"pause": [], "resume": [], "cancel": []}
    async with driven(folder / "engine", s3) as ours:
        for number in range(rounds):
            (row,) = await ours.send([(path, f"pause-{number}")])
            await _moving(s3)
            asked = time.monotonic()
            await ours.engine.pause([row])
            times["pause"].append(await _quiet(s3, asked))
            asked = time.monotonic()
            await ours.engine.resume([row])
            times["resume"].append(await _grown(s3, asked))
            await _moving(s3)
            asked = time.monotonic()
            await ours.engine.cancel([row])
            await asyncio.to_thread(_emptied, s3)
            times["cancel"].append(time.monotonic() - asked)
            await ours.until(row, TransferState.CANCELLED)
    return {name: _middle_and_worst(values) for name, values in times.items()}


def _middle_and_worst(values: list[float]) -> Figures:
    return {"median": round(statistics.median(values), 3), "worst": round(max(values), 3)}


async def resuming(folder: Path, s3: S3Process, parts: int) -> Figures:
    """Kill an engine near the end of an upload of many parts; time the next one's decision."""
    path = sparse(folder, parts * PART)
    s3.change(clear_account=True)
    async with driven(folder / "engine", s3, Limits(connections=8)) as ours:
        (row,) = await ours.send([(path, "long")])
        await _seen(s3, lambda now: now >= (parts - 24) * PART)
        ours.kill()
    before = s3.account()
    s3.change(clear_account=True)
    async with driven(folder / "engine", s3, Limits(connections=8)) as ours:
        done = await ours.until(row, TransferState.DONE)
    after = s3.account()["receipts"]
    asked = min(each["began"] for each in after if each["operation"] == "ListParts")
    first = min(each["began"] for each in after if each["operation"] == "UploadPart")
    kept = {
        each["part"]
        for each in before["receipts"]
        if each["operation"] == "UploadPart" and each["acknowledged"]
    }
    again = [each for each in after if each["operation"] == "UploadPart" and each["part"] in kept]
    return {
        "parts": parts,
        "part_size": done.part_size,
        "decision_seconds": round(first - asked, 3),
        "acknowledged_before": len(kept),
        "acknowledged_sent_again": sum(each["received"] for each in again),
    }


async def limiting(folder: Path, s3: S3Process, rates: list[int], seconds: float) -> Figures:
    """Hold several rates for a while each, changed live; mean error of each in percent."""
    path = sparse(folder, 64 << 30)
    found: Figures = {}
    async with driven(folder / "engine", s3, Limits(rate=rates[0])) as ours:
        (row,) = await ours.send([(path, "limited")])
        await _moving(s3, 4 * MIB)
        for rate in rates:
            await ours.use(Limits(rate=rate))
            changed = time.monotonic()
            await asyncio.sleep(1.5)
            start, before = time.monotonic(), await received(s3)
            await asyncio.sleep(seconds)
            after, end = await received(s3), time.monotonic()
            got = (after - before) / (end - start)
            found[f"{rate / MIB:g} MiB/s"] = {
                "MiB/s": round(got / MIB, 3),
                "error_percent": round(100 * (got / rate - 1), 2),
                "settled_by": round(start - changed, 1),
            }
        await ours.engine.cancel([row])
        await ours.until(row, TransferState.CANCELLED)
    return found


async def enduring(folder: Path, s3: S3Process, path: str) -> Figures:
    """Send through 5 % refusals and 3 % broken lines; what came in besides the file itself."""
    s3.change(clear_account=True, clear_faults=True)
    s3.rule("error", operation="UploadPart", code="SlowDown", chance=0.05)
    s3.rule("drop body", operation="UploadPart", chance=0.03, after=PART // 2)
    size = Path(path).stat().st_size
    started = time.perf_counter()
    try:
        async with driven(folder / "engine", s3) as ours:
            (row,) = await ours.send([(path, "enduring")])
            done = await ours.until(row, TransferState.DONE)
    finally:
        s3.change(clear_faults=True)
    account = s3.account()
    parts = [each for each in account["receipts"] if each["operation"] == "UploadPart"]
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "failed_requests": sum(1 for each in parts if not each["acknowledged"]),
        "extra_percent": round(100 * (sum(e["received"] for e in parts) / size - 1), 2),
        "acknowledged_sent_again": account["resent"].get("enduring", 0),
        "intact": done.checksum.endswith(s3.object(BUCKET, "enduring")["crc64nvme"]),
    }


async def holding(folder: Path, s3: S3Process) -> Figures:
    """Keep 32 connections busy with 50 files queued; peak memory of the engine in MiB."""
    files = [(sparse(folder, 64 * MIB, f"{n}.bin"), f"queued-{n}") for n in range(50)]
    async with driven(folder / "engine", s3, Limits(connections=32)) as ours:
        rows = await ours.send(files)
        for row in rows:
            await ours.until(row, TransferState.DONE)
        return {"files": len(rows), "connections": 32, "MiB": round(peak(ours.pid), 1)}


async def _ticked(work: Coroutine[Any, Any, Any], beat: float = 0.004) -> list[float]:
    """Return how late each beat of this loop was, in milliseconds, until some work is done."""
    late: list[float] = []
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        while not task.done():
            due = time.perf_counter() + beat
            await asyncio.sleep(beat)
            late.append((time.perf_counter() - due) * 1e3)
    return late


async def lateness(folder: Path, s3: S3Process, path: str) -> Figures:
    """How late a loop is: at rest, beside peers' processes, and as the engine's client."""
    found = {"at rest": _late(await _ticked(asyncio.sleep(3.0)))}
    about = (s3.endpoint, s3.ca_file, s3.keys.key_id, s3.keys.secret, path, "late")
    for name in ("s5cmd", "boto3"):
        sending = asyncio.to_thread(measured, name, Errand(*about))
        found[f"beside {name}"] = _late(await _ticked(sending))
    async with driven(folder / "engine", s3) as ours:
        ours.engine.subscribe(lambda _event: None)
        (row,) = await ours.send([(path, "late")])
        late = await _ticked(ours.until(row, TransferState.DONE))
    return {**found, "with our engine": _late(late)}


def _late(values: list[float]) -> Figures:
    percentiles = statistics.quantiles(values, n=100, method="inclusive")
    return {
        "beats": len(values),
        "p50_ms": round(percentiles[49], 2),
        "p99_ms": round(percentiles[98], 2),
        "worst_ms": round(max(values), 2),
    }
