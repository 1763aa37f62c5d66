"""How far and how long a job gets beyond each of its limits, with figures.

Each job says by the clock of the system when it crosses its limit; the studio notes when the last
of it has ended and what lies in its folder then.
"""

import contextlib
import multiprocessing
import secrets
import textwrap
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from typing_extensions import override

from desktop.domain.errors import RenderFailed
from desktop.rendering.isolation import MIB, Isolation, Limits
from desktop.rendering.jobs import SceneJob
from desktop.rendering.process import RenderProcess
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from desktop.rendering.watchdog import _use
from tests.rendering.isolation.latex import WithLatex
from tests.rendering.scenes import module

AMPLE = Limits(
    memory=4 << 30, wall_seconds=30, cpu_seconds=30, folder_bytes=2 << 30, log_bytes=64 * MIB
)


@dataclass(frozen=True)
class Burden:
    """What breaks one limit."""

    limits: Limits
    code: str
    said: str
    """What the editor is told."""
    programs: bool = False
    """Whether it needs a tier that lets it start any."""


@dataclass(frozen=True)
class Figure:
    """How one limit was kept."""

    seconds: float
    """From crossing it to the end of the job; 0 when it never got as far."""
    overshoot: int
    """Bytes on the disk beyond what the job may fill it with; negative below it."""
    printed: int
    """Bytes of its log."""
    said: str


CROSSED = """
import os, signal, sys, threading, time
from pathlib import Path
def crossed():
    if not os.path.exists("crossed"):
        Path("crossed").write_text(str(time.monotonic()))
"""

WRITE = """
piece = os.urandom(1 << 20) * 4
written = 0
def write(name, pieces):
    global written
    with open(name, "wb", buffering=0) as file:
        for _ in range(pieces):
            file.write(piece)
            written += len(piece)
            if written > limit - 2 * len(piece): crossed()
"""

DISK = replace(AMPLE, folder_bytes=512 * MIB)

BURDENS = {
    "memory": Burden(
        replace(AMPLE, memory=500 * MIB),
        """
        hoard = []
        import resource
        for _ in range(400):
            hoard.append(os.urandom(1 << 20) * 10)
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > (480 << 10): crossed()
        time.sleep(9)
        """,
        "of memory",
    ),
    "wall": Burden(replace(AMPLE, wall_seconds=1.0), "time.sleep(9)", "took longer than 1 second"),
    "computing": Burden(
        replace(AMPLE, cpu_seconds=1),
        """
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while time.process_time() < 1: pass
        crossed()
        while True: pass
        """,
        "computed for more than 1 second",
    ),
    "one file": Burden(
        DISK,
        """
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            write("f", 200)
        except OSError:
            crossed()
            write("g", 200)
        time.sleep(9)
        """,
        "wrote more than",
    ),
    "large files": Burden(
        DISK, "for number in range(200): write(f'f{number}', 10)\ntime.sleep(9)", "wrote more than"
    ),
    "files of several threads": Burden(
        DISK,
        """
        threads = [threading.Thread(target=write, args=(f"f{n}", 200)) for n in range(4)]
        for one in threads: one.start()
        for one in threads: one.join()
        time.sleep(9)
        """,
        "wrote more than",
    ),
    "files without names": Burden(
        DISK,
        """
        held = []
        for number in range(20):
            held.append(os.open(f"f{number}", os.O_RDWR | os.O_CREAT))
            os.unlink(f"f{number}")
            for _ in range(10):
                os.write(held[-1], piece)
                written += len(piece)
                if written > limit - 2 * len(piece): crossed()
        time.sleep(9)
        """,
        "wrote more than",
    ),
    "copies inside the kernel": Burden(
        DISK,
        """
        write("f", 10)
        source = os.open("f", os.O_RDONLY)
        for number in range(80):
            copy = os.open(f"g{number}", os.O_WRONLY | os.O_CREAT)
            os.sendfile(copy, source, 0, 40 << 20)
            written += 40 << 20
            if written > limit - (48 << 20): crossed()
        time.sleep(9)
        """,
        "wrote more than",
    ),
    "space without writing": Burden(
        DISK,
        """
        for number in range(40):
            fd = os.open(f"f{number}", os.O_RDWR | os.O_CREAT)
            os.posix_fallocate(fd, 0, 100 << 20)
            written += 100 << 20
            if written > limit - (100 << 20): crossed()
        time.sleep(9)
        """,
        "wrote more than",
    ),
    "many files": Burden(
        replace(AMPLE, files=2000),
        """
        for number in range(60_000):
            os.close(os.open(f"f{number}", os.O_CREAT))
            if number == 2000: crossed()
        time.sleep(9)
        """,
        "made more than 2000 files",
    ),
    "log": Burden(
        replace(AMPLE, log_bytes=4 * MIB),
        """
        for number in range(400):
            os.write(1, b"x" * (1 << 20))
            if number == 3: crossed()
        time.sleep(9)
        """,
        "printed more than 4 MB",
    ),
    "processes": Burden(
        replace(AMPLE, processes=8),
        """
        # MathTex
        for number in range(30):
            if os.fork() == 0: time.sleep(9); os._exit(0)
            if number == 8: crossed()
        time.sleep(9)
        """,
        "started more than 8 processes",
        programs=True,
    ),
}


class Timed(RenderProcess):
    """A render process that remembers when its last job began and ended."""

    began = ended = 0.0

    @override
    async def run(
        self, mode: str, folder: Path, log_bytes: int
    ) -> AsyncGenerator[dict[str, Any], None]:
        async with contextlib.aclosing(super().run(mode, folder, log_bytes)) as events:
            async for event in events:
                now = time.monotonic()
                self.began = now if event["event"] == "forked" else self.began
                self.ended = now if event["event"] == "ended" else self.ended
                yield event


class Measuring(Renderer):
    """A renderer that looks into the folder of a job before it is gone."""

    given = AMPLE
    bytes = printed = 0
    crossed = 0.0

    def __init__(self, root: Path, isolation: Isolation) -> None:
        store = RenderStore(root / "store", 1 << 30)
        options = RendererOptions(workers=1)
        super().__init__(store, isolation, scratch=root / "scratch", options=options)
        self._process = self.timed = Timed(
            isolation, root / "scratch" / f"zygote-{secrets.token_hex(4)}"
        )

    @override
    def _limits(self, job: SceneJob) -> Limits:
        return self.given

    @override
    @contextlib.asynccontextmanager
    async def _folder(self, job: SceneJob) -> AsyncIterator[Path]:
        async with super()._folder(job) as folder:
            try:
                yield folder
            finally:
                use = _use(folder)
                self.bytes, self.printed = use.bytes, use.log_bytes
                said = folder / "source" / "crossed"
                self.crossed = float(said.read_text() or 0) if said.exists() else 0.0


async def measure(renderer: Measuring, burden: Burden) -> Figure:
    """Let a job break one limit."""
    renderer.given = burden.limits
    body = (
        f"limit = {burden.limits.folder_bytes}\n{_code(CROSSED)}{_code(WRITE)}{_code(burden.code)}"
    )
    said = ""
    try:
        scene = "from manim import *\nclass Shown(Scene): pass\n"
        await renderer.probe(module(f"{body}\n{scene}", "Shown"))
    except RenderFailed as error:
        said = error.title
    ended = renderer.timed.ended
    latest = renderer.timed.began + burden.limits.wall_seconds
    crossed = min(renderer.crossed or ended, latest)  # a disk is held before it is too full
    overshoot = renderer.bytes - burden.limits.folder_bytes
    return Figure(ended - crossed, overshoot, renderer.printed, said)


def _code(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n") + "\n"


def isolation_for(burden: Burden, usual: Isolation) -> Isolation:
    """Return the tier in which a burden can be tried: few let anything be started."""
    return WithLatex() if burden.programs else usual


@contextlib.contextmanager
def busy(processes: int, threads: int) -> Iterator[None]:
    """Keep this computer, and the studio itself, busy meanwhile."""
    over = threading.Event()
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_compute, daemon=True) for _ in range(processes)]
    own = [threading.Thread(target=_compute, args=(over,)) for _ in range(threads)]
    for one in (*others, *own):
        one.start()
    try:
        yield
    finally:
        over.set()
        for process in others:
            process.kill()
            process.join()
        for thread in own:
            thread.join()


def _compute(over: threading.Event | None = None) -> None:
    while over is None or not over.is_set():
        sum(range(1000))
