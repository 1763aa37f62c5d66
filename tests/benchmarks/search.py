"""How fast 100,000 videos are searched, through the same service the library page asks.

::

    python -m tests.benchmarks.search [--videos 100000] [--json results.json] [--folder DIR]

The peer is what a library without an index would do: one ``LIKE '%word%'`` over the same rows, in
the same run, on the same connections. Exit code 1 when a target is missed.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from desktop.domain.events import EventBus
from desktop.domain.library import SearchQuery, SourceKind, VideoStatus
from desktop.domain.picture import Aspect
from desktop.services.library import LibraryService
from desktop.storage.database import Database
from desktop.storage.shelf import Shelf
from tests.benchmarks.inputs.library import fill, vocabulary

TARGETS_MS = {"word": 10.0, "prefix": 15.0, "filtered": 30.0}
"""Longest acceptable time of 95 of 100 queries, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of question and how it is asked."""

    name: str
    queries: Sequence[SearchQuery]


def cases(count: int) -> Iterator[Case]:
    """Yield the questions: words from most common to unique, beginnings, words with filters."""
    chance = random.Random(99)
    words = vocabulary(random.Random(7)).all
    ranks = sorted({int(1.28**step) for step in range(2, 40)})
    chosen = [words[rank] for rank in ranks if rank < len(words)]
    # A space after a word says that it is complete.
    yield Case(
        "word",
        [
            SearchQuery(text=f"{w} ", order=order)
            for w in chosen
            for order in ("relevance", "updated")
        ],
    )
    yield Case(
        "prefix",
        [
            SearchQuery(text=word[:length], order=order)
            for word in chosen
            for length in (1, 2, 3, 4)
            for order in ("relevance", "updated")
        ],
    )
    filters: tuple[dict[str, object], ...] = (
        {"project_id": "project-017"},
        {"status": VideoStatus.RENDERED},
        {"kind": SourceKind.MANIM},
        {"tag": "matrix"},
        {"aspect": Aspect.TALL, "kind": SourceKind.STORYBOARD},
    )
    orders = ("relevance", "updated", "created", "title", "duration")
    yield Case(
        "filtered",
        [
            SearchQuery(text=f"{word} ", order=order, **narrowed)  # type: ignore[arg-type]  # fields above
            for word in chosen[::3]
            for narrowed in filters
            for order in orders
        ],
    )
    yield Case(
        "two words", [SearchQuery(text=" ".join(chance.sample(chosen, 2))) for _ in range(60)]
    )
    yield Case(
        "only filters",
        [SearchQuery(order=order, **narrowed) for narrowed in filters for order in orders],  # type: ignore[arg-type]  # fields above
    )
    yield Case(
        "everything",
        [SearchQuery(order=o, offset=at) for o in orders for at in (0, 1_000, count // 2)],
    )
    yield Case(
        "sorted word", [SearchQuery(text=f"{w} ", order=o) for w in chosen for o in orders[2:]]
    )


@dataclass(frozen=True, slots=True)
class Result:
    """How long the queries of one case took, in milliseconds."""

    name: str
    queries: int
    p50: float
    p95: float
    slowest: float
    slowest_query: str
    target: float | None = None
    hits: list[int] = field(default_factory=list)

    @property
    def missed(self) -> bool:
        return self.target is not None and self.p95 >= self.target


async def measure(case: Case, ask: Callable[[SearchQuery], Awaitable[int]], rounds: int) -> Result:
    """Ask everything ``rounds`` times, shuffled, after one pass that warms the caches."""
    chance = random.Random(1)
    for query in case.queries[:: max(1, len(case.queries) // 20)]:
        await ask(query)
    timed: list[tuple[float, str]] = []
    hits = []
    for _ in range(rounds):
        for query in chance.sample(case.queries, len(case.queries)):
            start = time.perf_counter()
            hits.append(await ask(query))
            timed.append(((time.perf_counter() - start) * 1e3, _brief(query)))
    times = sorted(milliseconds for milliseconds, _ in timed)
    slowest = max(timed)
    percentiles = statistics.quantiles(times, n=100, method="inclusive")
    return Result(
        case.name,
        len(times),
        percentiles[49],
        percentiles[94],
        slowest[0],
        slowest[1],
        TARGETS_MS.get(case.name),
        [min(hits), int(statistics.median(hits)), max(hits)],
    )


def _brief(query: SearchQuery) -> str:
    default = SearchQuery()
    changed = (
        (name, value) for name, value in asdict(query).items() if value != getattr(default, name)
    )
    return " ".join(f"{name}={str(value)!r}" for name, value in changed)


def naive(tx: sqlite3.Connection, word: str, limit: int) -> int:
    """Search as without an index: look into every text for the letters, then count."""
    where = (
        "FROM videos LEFT JOIN sources ON video_id = id WHERE trashed_at IS NULL AND"
        " (title LIKE :like OR tags LIKE :like OR description LIKE :like OR text LIKE :like)"
    )
    like = {"like": f"%{word}%", "limit": limit}
    rows = f"SELECT id, title {where} ORDER BY updated_at DESC LIMIT :limit"
    tx.execute(rows, like).fetchall()
    return int(tx.execute(f"SELECT count(*) {where}", like).fetchone()[0])


async def run(folder: Path, count: int, rounds: int) -> dict[str, object]:
    """Fill a library below ``folder`` and measure; return everything worth keeping."""
    start = time.perf_counter()
    database = await Database.open(folder / "library.db")
    await fill(database, count)
    filled = time.perf_counter() - start
    await database.close()
    start = time.perf_counter()
    database = await Database.open(folder / "library.db")
    opened = time.perf_counter() - start
    service = LibraryService(database, Shelf(folder), EventBus())

    async def ask(query: SearchQuery) -> int:
        return (await service.search(query)).total

    async def scan(query: SearchQuery) -> int:
        return await database.read(lambda tx: naive(tx, query.text.strip(), query.limit))

    results = [await measure(case, ask, rounds) for case in cases(count)]
    by_name = {case.name: case for case in cases(count)}
    peers = [
        await measure(Case(f"LIKE {name}", by_name[name].queries[::16]), scan, 1)
        for name in ("word", "prefix")
    ]
    await database.close()
    size = (folder / "library.db").stat().st_size
    return {
        "videos": count,
        "bytes": size,
        "fill_seconds": round(filled, 2),
        "open_ms": round(opened * 1e3, 2),
        "sqlite": sqlite3.sqlite_version,
        "results": [*map(asdict, results)],
        "peer": [*map(asdict, peers)],
        "missed": [result.name for result in results if result.missed],
    }


def table(report: dict[str, object]) -> str:
    """Return the report as lines of text."""
    lines = [
        f"{report['videos']:,} videos, {int(str(report['bytes'])) / 1e6:.0f} MB",
        f"filled in {report['fill_seconds']} s, opened in {report['open_ms']} ms",
        f"{'case':14}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'target':>8}  hits",
    ]
    for part in ("results", "peer"):
        for row in report[part]:  # type: ignore[attr-defined]  # lists of dictionaries
            target = "" if row["target"] is None else f"{row['target']:g}"
            lines.append(
                f"{row['name']:14}{row['queries']:8}{row['p50']:9.2f}{row['p95']:9.2f}"
                f"{row['slowest']:9.2f}{target:>8}  {row['hits']} {row['slowest_query']}"
            )
    return "\n".join(lines)


def main() -> int:
    """Measure, print a table, write JSON; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where results go; default: a temporary file")
    parser.add_argument("--folder", type=Path, help="where the library is made; default: temporary")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="proofreel-search-") as scratch:
        report = asyncio.run(run(given.folder or Path(scratch), given.videos, given.rounds))
    target = given.json or Path(tempfile.gettempdir()) / "proofreel-search.json"
    target.write_text(json.dumps(report, indent=1), "utf-8")
    print(table(report))
    print(f"Written to {target}")
    return 1 if report["missed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
