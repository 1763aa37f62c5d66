"""A long campaign: kills at random moments and files that change, counted byte by byte.

``PROOFREEL_CAMPAIGN_SECONDS`` (60) and ``PROOFREEL_CAMPAIGN_KILLS`` (1000) bound it, whichever
comes first; ``PROOFREEL_CAMPAIGN_SEED`` repeats one. Tallies are printed with ``-s``.
"""

import asyncio
import contextlib
import math
import os
import random
import signal
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.transfers import Limits, TransferState
from desktop.transfers.client import EngineClient
from tests.s3.process import S3Process
from tests.transfers.engine.stations import MIB, Station, World, md5

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(0)]

SECONDS = float(os.environ.get("PROOFREEL_CAMPAIGN_SECONDS", "60"))
KILLS = int(os.environ.get("PROOFREEL_CAMPAIGN_KILLS", "1000"))
MUTATIONS = int(os.environ.get("PROOFREEL_CAMPAIGN_MUTATIONS", "200"))
SEED = int(os.environ.get("PROOFREEL_CAMPAIGN_SEED", str(time.time_ns() % 10**6)))

CONNECTIONS = 4

ON_ITS_WAY = 0.1
"""Seconds that an answer may take: a second copy of a slow part may begin meanwhile."""

BUCKET = "films"


@dataclass
class Tally:
    """What came of it."""

    kills: int = 0
    correct: int = 0
    wrong: int = 0
    acknowledged_again: int = 0
    again: list[float] = field(default_factory=list)
    """Bytes sent more than once, by kill."""
    detected: int = 0
    anew: int = 0
    before: int = 0
    mixed: int = 0

    def __str__(self) -> str:
        median = statistics.median(self.again) / MIB if self.again else 0.0
        return (
            f"seed {SEED}: {self.kills} kills; objects correct {self.correct}, wrong {self.wrong}; "
            f"acknowledged bytes sent again {self.acknowledged_again}; "
            f"sent again per kill: median {median:.1f} MiB; "
            f"changed files detected {self.detected}, sent as they became {self.anew}, "
            f"complete before {self.before}, mixed objects {self.mixed}"
        )


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    station = Station(tmp_path / "transfers", idle=5.0)
    client = EngineClient(station.place.folder, idle=5.0)
    with S3Process(buckets=(BUCKET,)) as s3:
        made = World(client, station, s3, BUCKET, tmp_path)
        await made.begin(Limits(connections=CONNECTIONS))
        try:
            yield made
        finally:
            await client.close()
            await asyncio.to_thread(station.end)


async def test_a_thousand_kills_cost_no_acknowledged_byte(world: World) -> None:
    source, tally, began = random.Random(SEED), Tally(), time.monotonic()
    world.s3.change(faults={"connection_rate": 24 * MIB})
    while tally.kills < KILLS and time.monotonic() - began < SECONDS:
        await _one_upload(world, source, tally)
    await world.nothing_left(30.0)
    print(f"\n{tally}; left behind {len(world.s3.uploads(BUCKET))}")  # noqa: T201
    assert tally.wrong == 0
    assert tally.acknowledged_again == 0
    assert tally.correct > 0


async def _one_upload(world: World, source: random.Random, tally: Tally) -> None:
    """Send one file, whole or in parts, with some kills on its way; compare what arrived."""
    size = source.choice((2 * MIB, 12 * MIB, 48 * MIB, 96 * MIB)) + source.randrange(MIB)
    path, key = world.file("film.mp4", size), f"{tally.correct + tally.wrong}.mp4"
    world.s3.change(clear_account=True)
    transfer_id = await world.upload(path, key)
    kills = 0
    for _ in range(source.randrange(1, 8)):
        kills += await _killed(world, transfer_id, source)
    row = await world.done(transfer_id, 120.0)
    found, account = world.object(key), world.s3.account()
    right = found["md5"] == md5(path) and row.state is TransferState.DONE
    tally.correct += right
    tally.wrong += not right
    tally.kills += kills
    tally.acknowledged_again += _acknowledged_again(account["receipts"])
    if kills:
        tally.again += [max(0, account["received"] - size) / kills] * kills
    world.s3.client().delete_object(Bucket=BUCKET, Key=key)


def _acknowledged_again(receipts: list[dict[str, Any]]) -> int:
    """Return bytes of parts that were begun again though their acknowledgement had arrived."""
    since: dict[int, float] = {}
    parts = sorted((r for r in receipts if r["operation"] == "UploadPart"), key=_began)
    for one in parts:
        if one["acknowledged"]:
            since.setdefault(one["part"], one["ended"] + ON_ITS_WAY)
    return sum(one["received"] for one in parts if _began(one) > since.get(one["part"], math.inf))


def _began(receipt: dict[str, Any]) -> float:
    return float(receipt["began"])


async def _killed(world: World, transfer_id: str, source: random.Random) -> int:
    """Kill the engine at a random moment of what it does; return whether there was one."""
    if source.random() < 0.7:
        await world.until(transfer_id, lambda row: row.state.over or row.in_flight > 0, 60.0)
    await asyncio.sleep(source.uniform(0.0, 0.6))
    pid = world.station.pid
    if not pid or (await world.client.get(transfer_id)).state.over:
        return 0
    with contextlib.suppress(ProcessLookupError):  # the record is that of the one before
        os.kill(pid, signal.SIGKILL)
        return 1
    return 0


def _completed_at(world: World, key: str) -> float:
    """Return when the object was asked for, by the clock that both processes share."""
    receipts = world.s3.account()["receipts"]
    last = {"CompleteMultipartUpload", "PutObject"}
    return max(_began(r) for r in receipts if r["operation"] in last and r["key"] == key)


def _change(path: Path, source: random.Random) -> None:
    """Do one of the things to a file that must be noticed."""
    before, size = path.stat(), path.stat().st_size
    kind = source.choice(("in place", "secretly", "shorter", "longer", "replaced"))
    if kind == "shorter":
        os.truncate(path, source.randrange(size))
    elif kind == "replaced":
        other = path.with_suffix(".new")
        other.write_bytes(os.urandom(size))
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.replace(path)
    else:
        with path.open("r+b") as file:
            file.seek(size if kind == "longer" else source.randrange(size))
            file.write(os.urandom(source.randrange(1, 64)))
    if kind == "secretly":
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


async def test_two_hundred_changed_files_become_no_mixture(world: World) -> None:
    source, tally, began = random.Random(SEED), Tally(), time.monotonic()
    missed: list[Any] = []
    for number in range(MUTATIONS):
        if time.monotonic() - began > SECONDS:
            break
        size = source.choice((6 * MIB, 24 * MIB, 40 * MIB)) + source.randrange(MIB)
        path, key = world.file("film.mp4", size), f"changed-{number}.mp4"
        old = md5(path)
        world.s3.change(faults={"rate": 3 * size})
        transfer_id = await world.upload(path, key)
        await world.moving(transfer_id)
        await asyncio.sleep(source.uniform(0.0, 0.25))
        if source.random() < 0.3 and (pid := world.station.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _change(path, source)
        changed_at = time.monotonic()
        world.s3.change(faults={"rate": 0})
        row = await world.over(transfer_id, 120.0)
        published = world.object(key)["md5"] if world.has(key) else ""
        if row.state is TransferState.SOURCE_CHANGED and not published:
            tally.detected += 1
        elif published == md5(path):
            tally.anew += 1  # nothing of the old file had been acknowledged
        elif published == old and _completed_at(world, key) < changed_at:
            tally.before += 1
        else:
            tally.mixed += published != old
            missed.append((number, published, row))
    await world.nothing_left(30.0)
    print(f"\n{tally}")  # noqa: T201
    assert not missed, missed
    assert tally.detected > 0


LAST = {TransferState.COMPLETING, TransferState.VERIFYING, TransferState.DONE}
