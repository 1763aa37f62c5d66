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
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from ulid import ULID

from desktop.domain.events import EventBus
from desktop.domain.library import Project, SearchQuery, SourceKind, Video, VideoStatus
from desktop.domain.picture import Aspect
from desktop.services.library import LibraryService
from desktop.storage import index, projects
from desktop.storage.database import Database
from desktop.storage.rows import micros, tags_text
from desktop.storage.shelf import Shelf
from desktop.storage.transaction import Transaction

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
TARGETS_MS = {"word": 10.0, "prefix": 15.0, "filtered": 30.0}
"""Longest acceptable time of 95 of 100 queries, in milliseconds."""

CHUNK = 5_000
"""Videos per transaction while the library is filled."""

SUBJECTS = [
    "derivative",
    "integral",
    "limit",
    "matrix",
    "vector",
    "eigenvalue",
    "determinant",
    "Fourier",
    "Laplace",
    "Taylor",
    "series",
    "probability",
    "variance",
    "Bayes",
    "entropy",
    "gradient",
    "descent",
    "neuron",
    "network",
    "transformer",
    "attention",
    "sorting",
    "quicksort",
    "heap",
    "graph",
    "Dijkstra",
    "recursion",
    "hashing",
    "tree",
    "queue",
    "stack",
    "pointer",
    "compiler",
    "parser",
    "automaton",
    "regex",
    "protocol",
    "socket",
    "cache",
    "database",
    "index",
    "transaction",
    "lock",
    "thread",
    "Newton",
    "momentum",
    "torque",
    "energy",
    "wave",
    "optics",
    "photon",
    "electron",
    "orbital",
    "molecule",
    "enzyme",
    "osmosis",
    "genetics",
    "inflation",
    "supply",
    "demand",
    "interest",
    "budget",
    "auction",
    "prime",
    "modulus",
    "group",
    "ring",
    "field",
]
FORMS = (
    "What is {0}?",
    "{0} explained with {1}",
    "From {0} to {1}",
    "The {0} in five minutes",
    "Lecture {2}: {0} and {1}",
    "Exercise {2}: {0}",
    "{0} vs {1}",
    "Why {0} works",
)
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
    "xo",
    "zy",
    "bra",
    "cle",
    "dri",
    "flo",
    "gru",
]
CALLS = (
    "self.play(Create({0}), run_time={2})",
    "{0} = MathTex(r'{1}^{2}').to_edge(UP)",
    "{0}_label = Text('{1}').next_to({0}, RIGHT)",
    "self.play(Transform({0}, {1}_copy))",
    "axes.plot(lambda x: x ** {2}, color=BLUE)",
    "self.wait({2})",
)


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary whose word frequencies fall off as those of real texts do."""

    all: Sequence[str]
    weights: Sequence[float]

    def draw(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.all, cum_weights=self.weights, k=count)


def vocabulary(chance: random.Random, size: int = 20_000) -> Words:
    """Return the subjects followed by made-up words, in Zipf's proportions."""
    words = dict.fromkeys(subject.lower() for subject in SUBJECTS)
    while len(words) < size:
        words["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    weights, total = [], 0.0
    for rank in range(1, size + 1):
        total += 1 / (rank + 2.7)
        weights.append(total)
    return Words(tuple(words), tuple(weights))


def storyboard(chance: random.Random, words: Words, title: str) -> str:
    """Return a short storyboard: five scenes of narration and bullets, about 1 kB."""
    lines = [f"# {title}"]
    for _ in range(5):
        heading, first, second, narration = (words.draw(chance, n) for n in (3, 5, 5, 14))
        lines += [f"## {' '.join(heading).title()}", f"> {' '.join(narration)}."]
        lines += [f"- {' '.join(first)}", f"- {' '.join(second)}"]
    return "\n".join(lines)


def module(chance: random.Random, words: Words, title: str) -> str:
    """Return a Manim module of two scenes, about 1 kB."""
    lines = [f'"""{title}."""', "from manim import *"]
    for number in (1, 2):
        lines += [f"class {words.draw(chance, 1)[0].title()}{number}(Scene):"]
        lines += ["    def construct(self):"]
        for _ in range(9):
            first, second = words.draw(chance, 2)
            lines.append("        " + chance.choice(CALLS).format(first, second, number))
    return "\n".join(lines)


def library(count: int, seed: int = 7) -> Iterator[tuple[Video, str]]:
    """Yield plausible videos with their texts; the same ones for the same seed."""
    chance = random.Random(seed)
    words = vocabulary(chance)
    statuses = (VideoStatus.CODE_READY, VideoStatus.RENDERED, VideoStatus.FAILED)
    for number in range(count):
        subjects = chance.sample(SUBJECTS, 2)
        title = chance.choice(FORMS).format(*subjects, number)
        kind = chance.choices(tuple(SourceKind), (70, 25, 5))[0]
        moment = EPOCH + timedelta(minutes=number)
        video = Video(
            id=str(ULID.from_datetime(moment)),
            project_id=f"project-{chance.randrange(200):03d}",
            title=title,
            kind=kind,
            created_at=moment,
            updated_at=moment,
            description=" ".join(words.draw(chance, 12)),
            tags=tuple({s.lower() for s in subjects if chance.random() < 0.7}),
            aspect=chance.choices(tuple(Aspect), (80, 15, 5))[0],
            status=chance.choices(statuses, (20, 75, 5))[0],
            duration=round(chance.uniform(20, 600), 2),
            trashed_at=moment if chance.random() < 0.02 else None,
        )
        write = module if kind is SourceKind.MANIM else storyboard
        yield video, "" if kind is SourceKind.FOOTAGE else write(chance, words, title)


async def fill(database: Database, count: int) -> None:
    """Put the videos into the library: rows in bulk, documents by the index's own code."""
    await database.write(_add_projects)
    chunk: list[tuple[Video, str]] = []
    number = 0
    for item in library(count):
        chunk.append(item)
        if len(chunk) == CHUNK:
            await database.write(partial(_add, chunk=tuple(chunk), first=number))
            number += len(chunk)
            chunk.clear()
    if chunk:
        await database.write(partial(_add, chunk=tuple(chunk), first=number))


def _add_projects(tx: Transaction) -> None:
    for number in range(200):
        projects.insert(tx, Project(f"project-{number:03d}", f"Course {number}", EPOCH, EPOCH))


def _add(tx: Transaction, chunk: Sequence[tuple[Video, str]], first: int) -> None:
    tx.executemany(
        f"INSERT INTO videos VALUES ({', '.join('?' * 15)})",
        [
            (
                *(video.id, video.project_id, video.title, video.kind.value),
                *(micros(video.created_at), micros(video.updated_at), video.description),
                *(tags_text(video.tags), video.aspect.value, video.status.value),
                *(0, 0, video.duration),
                micros(video.trashed_at) if video.trashed_at else None,
                first + place + 1,
            )
            for place, (video, _) in enumerate(chunk)
        ],
    )
    tx.executemany(
        "INSERT INTO sources VALUES (?, ?, 1, 0)",
        [(video.id, text) for video, text in chunk if text],
    )
    tx.executemany(
        "INSERT INTO video_tags VALUES (?, ?)",
        [(tag, video.id) for video, _ in chunk for tag in video.tags],
    )
    for video, _ in chunk:
        index.refresh(tx, video.id)


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
