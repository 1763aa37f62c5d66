"""A plausible library of any size: the same videos, texts and words for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from ulid import ULID

from desktop.domain.library import Project, SourceKind, Video, VideoStatus
from desktop.domain.picture import Aspect
from desktop.storage import index, projects
from desktop.storage.database import Database
from desktop.storage.rows import micros, tags_text
from desktop.storage.transaction import Transaction

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)

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
