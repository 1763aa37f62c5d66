"""kill -9 of engines and windows while they upload, and files that change meanwhile: what is lost.

::

    python -m tests.campaigns.killing [--kills 1000] [--mutations 200] [--seed 1] [--json FILE]

Each kill has an upload of its own, hit at a random moment, at times more than once. The server
recomputes the MD5 of what it has, remembers which parts it acknowledged, and says what came again.
Exit code 1 when anything was lost, mixed, sent again or left behind.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop.domain.transfers import Transfer, TransferState
from tests.benchmarks.inputs.engines import Driven, driven
from tests.benchmarks.inputs.senders import BUCKET, MIB
from tests.s3.process import ROOT, S3Process

RATE = 60 * MIB
"""Bytes per second of the line: slow enough that a kill meets an upload under way."""
SIZES = (3, 18, 27, 40)
"""MiB of the films; the first goes in one request, the others in parts."""
DRAIN = 30
"""Seconds the engine has at the end to abort what nobody needs."""
OVER = tuple(state for state in TransferState if state.over)


@dataclass(frozen=True, slots=True)
class Film:
    """A file and what it is."""

    path: Path
    size: int
    md5: str


@dataclass(slots=True)
class Tally:
    """What happened; everything from ``wrong`` on is to be empty or 0."""

    kills: dict[str, int] = field(default_factory=dict)
    correct: int = 0
    sent_again: list[int] = field(default_factory=list)
    """Bytes beyond the file's size, by upload: those that were under way."""
    mutations: dict[str, int] = field(default_factory=dict)
    detected: int = 0
    untouched: int = 0
    """Mutations that came when all bytes had been sent: the object is the file as it was."""
    anew: int = 0
    """Mutations that came before the first byte was read: the object is the file as it became."""
    wrong: list[str] = field(default_factory=list)
    acknowledged_again: int = 0
    completed_twice: int = 0
    left_behind: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost."""
        return not (
            self.wrong or self.acknowledged_again or self.completed_twice or self.left_behind
        )

    def summary(self) -> dict[str, Any]:
        """Return the figures to print."""
        again = self.sent_again or [0]
        figures = {name: value for name, value in asdict(self).items() if name != "sent_again"}
        middle = round(statistics.median(again) / MIB, 2)
        return figures | {"median_again_MiB": middle, "most_again_MiB": round(max(again) / MIB, 2)}


def films(folder: Path, chance: random.Random) -> list[Film]:
    """Make the files."""
    made = []
    for number, size in enumerate(SIZES):
        data = chance.randbytes(size * MIB + chance.randrange(MIB))
        path = folder / f"film-{number}.mp4"
        path.write_bytes(data)
        made.append(Film(path, len(data), hashlib.md5(data).hexdigest()))
    return made


WINDOW = """
import asyncio, sys
from pathlib import Path
from desktop.domain.transfers import UploadRequest
from desktop.transfers.client import EngineClient

async def main(folder, path, destination, key):
    engine = EngineClient(Path(folder), idle=2.0)
    await engine.start()
    print(*await engine.upload([UploadRequest(path, destination, key, replace=True)]), flush=True)
    await asyncio.sleep(600)

asyncio.run(main(*sys.argv[1:]))
"""
"""What a window does that adds a file; it ends as everything does here."""


async def _window(ours: Driven, film: Film, key: str, chance: random.Random) -> str:
    """Let another window add the film and kill it; return the transfer it was told of."""
    arguments = [str(ours.folder), str(film.path), "bench", key]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WINDOW, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    row = (await process.stdout.readline()).decode().strip()
    await asyncio.sleep(chance.uniform(0, film.size / RATE))
    process.send_signal(signal.SIGKILL)
    await process.wait()
    return row


async def kill(ours: Driven, film: Film, key: str, chance: random.Random, tally: Tally) -> None:
    """Send a film whose sender is killed at a random moment, and see what became of it."""
    ours.s3.change(clear_account=True)
    victim = chance.choice(("engine", "engine", "window", "both"))
    if victim == "engine":
        (row,) = await ours.send([(str(film.path), key)])
    else:
        row = await _window(ours, film, key, chance)
    for _ in range(chance.choice((1, 1, 2)) if victim != "window" else 0):
        await asyncio.sleep(chance.uniform(0, 1.2 * film.size / RATE))
        with contextlib.suppress(RuntimeError, ProcessLookupError):
            ours.kill()
            tally.kills["engine"] = tally.kills.get("engine", 0) + 1
    if victim != "engine":
        tally.kills["window"] = tally.kills.get("window", 0) + 1
    ended = await ours.until(row, *OVER)
    if ended.state is not TransferState.DONE:
        tally.wrong.append(f"{key}: {ended.state}: {ended.reason}")
        await ours.engine.cancel([row])
    elif _is_whole(ours.s3, film, key, tally):
        tally.correct += 1
    _settle(ours.s3, film, key, tally)


def _is_whole(s3: S3Process, film: Film, key: str, tally: Tally) -> bool:
    found = s3.object(BUCKET, key)
    if (found["size"], found["md5"]) == (film.size, film.md5):
        return True
    tally.wrong.append(f"{key}: another object than the file, {found['size']} bytes")
    return False


def _settle(s3: S3Process, film: Film, key: str, tally: Tally) -> None:
    """Count what came again and what lies there still; make room."""
    account = s3.account()
    receipts = [each for each in account["receipts"] if each["key"] == key]
    sends = [each for each in receipts if each["operation"] in {"UploadPart", "PutObject"}]
    ends = [each for each in receipts if each["operation"] == "CompleteMultipartUpload"]
    tally.acknowledged_again += account["resent"].get(key, 0)
    tally.sent_again.append(max(0, sum(each["received"] for each in sends) - film.size))
    tally.completed_twice += max(0, sum(1 for each in ends if each["stored"]) - 1)
    s3.client().delete_object(Bucket=BUCKET, Key=key)


def _truncated(path: Path, film: Film) -> None:
    os.truncate(path, film.size // 2)


def _appended(path: Path, film: Film) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _rewritten(path: Path, film: Film) -> None:
    """One byte near the end, and the time of the last change put back."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(film.size - 1000)
        byte = file.read(1)
        file.seek(film.size - 1000)
        file.write(bytes([byte[0] ^ 0xFF]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replaced(path: Path, film: Film) -> None:
    """Another file of the same size takes its name."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(bytes(film.size))
    fresh.replace(path)


def _removed(path: Path, film: Film) -> None:
    path.unlink()


MUTATIONS: dict[str, Callable[[Path, Film], None]] = {
    "truncated": _truncated,
    "appended": _appended,
    "rewritten": _rewritten,
    "replaced": _replaced,
    "removed": _removed,
}


async def mutate(ours: Driven, film: Film, key: str, chance: random.Random, tally: Tally) -> None:
    """Send a copy of a film that is changed at a random moment."""
    ours.s3.change(clear_account=True)
    name = chance.choice(tuple(MUTATIONS))
    path = film.path.with_name("changing.mp4")
    path.write_bytes(film.path.read_bytes())
    (row,) = await ours.send([(str(path), key)])
    await asyncio.sleep(chance.uniform(0, film.size / RATE))
    begun = time.monotonic()
    MUTATIONS[name](path, film)
    moments = (begun, time.monotonic())
    now = Film(path, 0, "")
    if path.exists():
        data = await asyncio.to_thread(path.read_bytes)
        now = Film(path, len(data), hashlib.md5(data).hexdigest())
    ended = await ours.until(row, *OVER)
    tally.mutations[name] = tally.mutations.get(name, 0) + 1
    _judge(ours.s3, (film, now), key, ended, tally, moments)
    if ended.state is TransferState.FAILED:  # it is kept in case the file comes back
        await ours.engine.cancel([row])
    path.unlink(missing_ok=True)


def _judge(
    s3: S3Process,
    both: tuple[Film, Film],
    key: str,
    ended: Transfer,
    tally: Tally,
    moments: tuple[float, float],
) -> None:
    """Hold an object against the file as it was and as it became; anything else is a mixture."""
    before, after = both
    there = key in s3.state()["buckets"][BUCKET]["objects"]
    if ended.state is not TransferState.DONE:
        tally.detected += 1
        if there:
            tally.wrong.append(f"{key}: {ended.state}, and there is an object")
        return
    sends = [e for e in s3.account()["receipts"] if e["operation"] in {"UploadPart", "PutObject"}]
    if s3.object(BUCKET, key)["md5"] == after.md5:
        tally.anew += 1
        if moments[0] > min(each["began"] for each in sends):
            tally.wrong.append(f"{key}: changed after bytes were sent, and sent as it became")
    elif _is_whole(s3, before, key, tally):
        tally.untouched += 1
        if moments[1] < max(each["began"] for each in sends):
            tally.wrong.append(f"{key}: changed while bytes were still to be read, and done")
    s3.client().delete_object(Bucket=BUCKET, Key=key)


async def _drained(s3: S3Process) -> list[str]:
    """Return what still lies there unfinished when the engine has had time to clear it away."""
    until = time.monotonic() + DRAIN
    while left := await asyncio.to_thread(s3.uploads, BUCKET):
        if time.monotonic() > until:
            break
        await asyncio.sleep(0.5)
    return [f"{each['key']}: {each['held']} bytes" for each in left]


async def campaign(folder: Path, kills: int, mutations: int, seed: int) -> Tally:
    """Do all of it, in one folder, with one library's engine after the other."""
    chance, tally = random.Random(seed), Tally()
    made = films(folder, chance)
    with S3Process(folder / "s3", buckets=(BUCKET,)) as s3:
        s3.change(faults={"rate": float(RATE)})
        async with driven(folder / "engine", s3) as ours:
            for number in range(kills):
                await kill(ours, chance.choice(made), f"kill-{number}", chance, tally)
            for number in range(mutations):
                await mutate(ours, chance.choice(made[1:]), f"change-{number}", chance, tally)
            tally.left_behind = await _drained(s3)
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign and print the tally; 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.killing")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--mutations", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proofreel-kills-") as folder:
        tally = asyncio.run(campaign(Path(folder), options.kills, options.mutations, options.seed))
    figures = tally.summary() | {"seconds": round(time.monotonic() - started)}
    text = json.dumps(figures, indent=1)
    sys.stdout.write(text + "\n")
    if options.json:
        options.json.write_text(text, "utf-8")
    return int(not tally.clean)


if __name__ == "__main__":
    raise SystemExit(main())
