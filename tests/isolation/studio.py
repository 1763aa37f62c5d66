"""A studio under attack, as a process of its own: ``python -m tests.isolation.studio REQUEST``.

It plants its secrets, carries out attacks one after the other in a real render process, judges
each from outside, renders ordinary scenes, and writes what it saw as JSON.
"""

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from typing_extensions import override

from desktop.domain.errors import StudioError
from desktop.rendering.isolation import Limits
from desktop.rendering.jobs import SceneJob, Take
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from tests.isolation.attack import HOLD, STARTED, Attack, Verdict, Victim, scene_code
from tests.isolation.ordinary import ORDINARY
from tests.isolation.pixels import drawn
from tests.isolation.suite import ATTACKS
from tests.isolation.tiers import GENEROUS, UNPROTECTED, USUAL, isolation
from tests.isolation.world import World, inhabited
from tests.rendering.scenes import job, module, nothing

log = logging.getLogger(__name__)

LONGEST_FILE = 1 << 20
MOST_FILES = 200
LONGEST_PATH = 1000


@dataclass(frozen=True)
class Request:
    """What a studio is to do."""

    tier: str
    root: str
    landlock: int = 0
    """Newest ABI of Landlock to use; 0 for what the machine has."""
    only: tuple[str, ...] = ()
    """Names of attacks; all when empty."""
    old: bool = False
    """Only what is worth a try where Landlock is old."""


class Watched(Renderer):
    """A renderer whose job folders can be looked into, before they are gone."""

    folder: Path | None = None
    given: Limits | None = None
    remains: str = ""

    @override
    @contextlib.asynccontextmanager
    async def _folder(self, job: SceneJob) -> AsyncIterator[Path]:
        async with super()._folder(job) as folder:
            self.folder, self.remains = folder, ""
            try:
                yield folder
            finally:
                self.remains = remains(folder)

    @override
    def _limits(self, job: SceneJob) -> Limits:
        return self.given or USUAL


def remains(folder: Path) -> str:
    """Return the text of everything that a job has left in its folder, links not followed."""
    found: list[str] = []
    pending = [folder]
    while pending and len(found) < MOST_FILES:
        for path in entries(pending.pop()):
            found.append(path.name)
            if path.is_dir() and not path.is_symlink() and len(str(path)) < LONGEST_PATH:
                pending.append(path)
            elif path.name not in {"job.json", "proofreel_scene.py"}:
                found.append(content(path))
    return "\n".join(found)


def entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, as far as it is to be seen."""
    try:
        return sorted(folder.iterdir())[:MOST_FILES]
    except OSError:
        return []


def content(path: Path) -> str:
    """Return what a regular file holds, as far as that is not too long."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(LONGEST_FILE).decode("utf-8", errors="replace")
    return ""


class Siege:
    """Carries out attacks on one studio."""

    def __init__(self, world: World, renderer: Watched, *, protected: bool) -> None:
        self._world = world
        self._renderer = renderer
        self._protected = protected
        self._resident: set[int] = set()
        self.said: list[str] = []
        """Everything that came out of all jobs."""

    async def attempt(self, attack: Attack, subject: str) -> Verdict:
        """Carry out one attack and judge it."""
        await self._settle()
        log.info("Attack: %s", attack.name)
        victim = attack.victim(self._world)
        began = time.monotonic()
        try:
            started, evidence, text = await self._watch(attack, victim)
            evidence = evidence or victim.judge(text)
        finally:
            victim.close()
            clean(self._world.scratch)
        self.said.append(text)
        said = "" if evidence else text.partition(STARTED)[2][-600:]
        seconds = time.monotonic() - began
        return Verdict(attack.name, subject, started, evidence, round(seconds, 2), said)

    async def _settle(self) -> None:
        """Wait until no job is left, and remember who is there at rest."""
        await self._renderer.start()
        process = self._renderer._process._process
        assert process is not None
        if self._world.zygote != process.pid:
            self._world.zygote = process.pid
            self._resident = {one.pid for one in self._family()}
        while self._pids():  # noqa: ASYNC110  processes tell nobody that they are gone
            await asyncio.sleep(0.01)

    def _family(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self._world.zygote).children(recursive=True)
        return []

    def _pids(self) -> list[int]:
        """Return the processes of the job, its own first; those that have ended do not count."""
        found = []
        for process in self._family():
            with contextlib.suppress(psutil.Error):
                if process.pid not in self._resident and process.status() != "zombie":
                    found.append((process.create_time(), process.pid))
        return [pid for _time, pid in sorted(found)]

    async def _watch(self, attack: Attack, victim: Victim) -> tuple[bool, str, str]:
        """Return whether an attack started, what was seen meanwhile, and all that came out."""
        self._renderer.folder, self._renderer.remains = None, ""
        self._renderer.given = attack.limits if self._protected else GENEROUS
        task = asyncio.get_running_loop().create_task(self._run(attack, victim), name="attack")
        began, held, evidence = time.monotonic(), 0.0, ""
        marked = False
        while not task.done():
            await asyncio.sleep(0.02)
            now = time.monotonic()
            marked = marked or self._marked("source/started")
            held = held or (now if f"\n{HOLD}\n" in f"\n{self._log()}" else 0.0)
            evidence = self._look(victim) if held else ""
            if evidence or (held and now - held > attack.patience) or now - began > attack.seconds:
                task.cancel()
                break
        (text,) = await asyncio.gather(task, return_exceptions=True)
        text = f"{self._renderer.remains}\n{text}"
        return marked or f"{STARTED}\n" in text or "\nstarted\n" in text, evidence, text

    async def _run(self, attack: Attack, victim: Victim) -> str:
        """Run the scene of an attack to its end; return what the studio would show."""
        scene = module(scene_code(attack, victim.values), "Shown")
        try:
            if not attack.render:
                return repr(await self._renderer.probe(scene))
            take = await self._renderer.render(scene, nothing)
            return f"{take!r}\n{content_of(take)}"
        except StudioError as error:
            return f"{error!r} {error.detail} {error.log} {error.problems}"
        except Exception as error:  # noqa: BLE001  this is what it is looked at for
            return f"STUDIO FAILED {error!r}"

    def _marked(self, name: str) -> bool:
        folder = self._renderer.folder
        return folder is not None and (folder / name).exists()

    def _log(self) -> str:
        folder = self._renderer.folder
        return content(folder / "log.txt") if folder is not None else ""

    def _look(self, victim: Victim) -> str:
        pids = self._pids()
        if pids:
            with contextlib.suppress(OSError, psutil.Error):
                return victim.look(pids)
        return ""


def clean(scratch: Path) -> None:
    """Remove what a job has left, whatever it is, so that each attack finds the same place."""
    for folder in scratch.glob(f"job-{os.getpid()}-*"):
        mounted = folder / "source" / "mounted"
        if mounted.is_mount():
            subprocess.run(["umount", mounted], check=True)
        for sealed in (folder / "source").glob("sealed"):
            sealed.chmod(0o700)
        subprocess.run(["rm", "-rf", folder], check=True)  # Python gives up on deep folders


def content_of(take: Take) -> str:
    """Return what a take says to whoever opens it: its files, and what is drawn in its frames."""
    files = [Path(take.video).read_bytes(), Path(take.poster).read_bytes()]
    said = [data[:LONGEST_FILE].decode("utf-8", errors="replace") for data in files]
    with contextlib.suppress(Exception):
        said.append(drawn(take.video))
    return "\n".join(said)


async def serve(request: Request) -> dict[str, object]:
    """Do what is asked; return verdicts, the frames of ordinary scenes, and canaries found."""
    root = Path(request.root)
    with inhabited(root) as world:
        renderer = Watched(
            RenderStore(world.store, 1 << 30),
            isolation(request.tier, request.landlock),
            scratch=world.scratch,
            options=RendererOptions(workers=1),
        )
        siege = Siege(world, renderer, protected=request.tier != UNPROTECTED)
        try:
            verdicts = [
                await siege.attempt(attack, subject)
                for subject, attacks in ATTACKS.items()
                for attack in attacks
                if (not request.only or attack.name in request.only)
                and (attack.old_landlock or not request.old)
            ]
            frames = {name: await ordinary(renderer, body) for name, body in ORDINARY.items()}
            return {
                "verdicts": [asdict(verdict) for verdict in verdicts],
                "frames": frames,
                "keyring": world.has_keyring,
                "found": escaped(world, siege.said),
                "isolation": renderer.isolation.name,
                "uid": os.getuid(),
            }
        finally:
            await renderer.close()
            if world.neighbour is not None:
                world.neighbour.close()


async def ordinary(renderer: Watched, body: str) -> str:
    """Render a scene that means no harm; return how many frames it has, or what went wrong."""
    renderer.given = None
    try:
        return str((await renderer.render(job(body), nothing)).frames)
    except StudioError as error:
        return f"{error!r} {error.detail} {error.log[-600:]}"


def escaped(world: World, said: list[str]) -> list[str]:
    """Return where the studio's planted secrets were found although they belong nowhere."""
    found: list[str] = []
    places = [(path.name, content(path)) for path in (world.root / "proofreel").rglob("*")]
    places.extend(("a job", text) for text in said)
    for kind, secret in world.planted().items():
        found.extend(f"{kind} in {place}" for place, text in places if secret in text)
    return sorted(set(found))


def main() -> None:
    """Serve the request that is given as JSON; the answer goes to a file in its root."""
    request = Request(**json.loads(sys.argv[1]))
    (Path(request.root) / "proofreel").mkdir(exist_ok=True)
    logging.basicConfig(filename=Path(request.root) / "proofreel" / "studio.log", level="DEBUG")
    answer = asyncio.run(serve(request))
    (Path(request.root) / "answer.json").write_text(json.dumps(answer), "utf-8")


if __name__ == "__main__":
    main()
