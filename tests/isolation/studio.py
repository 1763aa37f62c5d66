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
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from typing_extensions import override

from desktop.domain.errors import StudioError
from desktop.rendering.isolation import Isolation, Limits
from desktop.rendering.jobs import SceneJob, Take
from desktop.rendering.process import RenderProcess
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

TOGETHER = 4
"""How many of the attacks that concern only themselves are carried out at the same time."""


@dataclass(frozen=True)
class Request:
    """What a studio is to do."""

    tier: str
    root: str = ""
    older: tuple[int, ...] = ()
    """ABIs of Landlock to cut it to afterwards, for the attacks that concern it."""
    only: tuple[str, ...] = ()
    """Names of attacks; all when empty."""


class Overheard(RenderProcess):
    """The render process that all attacks share, as one of them knows it: by its own jobs."""

    def __init__(self, shared: RenderProcess) -> None:
        self._shared = shared
        self.jobs: list[int] = []
        """Processes of the jobs of this attack."""

    @override
    async def start(self) -> None:
        await self._shared.start()

    @override
    async def run(
        self, mode: str, folder: Path, log_bytes: int
    ) -> AsyncGenerator[dict[str, Any], None]:
        async with contextlib.aclosing(self._shared.run(mode, folder, log_bytes)) as events:
            async for event in events:
                if event["event"] == "forked":
                    self.jobs.append(int(event["pid"]))
                yield event


class Watched(Renderer):
    """A renderer for one attack, whose job folder can be looked into before it is gone."""

    def __init__(self, world: World, isolation: Isolation, shared: RenderProcess) -> None:
        store = RenderStore(world.store, 1 << 30)
        super().__init__(store, isolation, scratch=world.scratch, options=RendererOptions(1))
        self._process = self.overheard = Overheard(shared)
        self.folder: Path | None = None
        self.given: Limits | None = None
        self.remains = ""

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

    def pids(self) -> list[int]:
        """Return the processes of the attack, those it led and lost after its own."""
        jobs = self.overheard.jobs
        found = [one for job in jobs if alive(job) for one in (job, *below(job))]
        return [one for one in found if alive(one)]


def below(pid: int) -> list[int]:
    """Return the processes below one; asking for those alone is far faster than listing all."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *below(child)]
    return found


def alive(pid: int) -> bool:
    """Tell whether there is a process that has not ended, collected or not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


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

    def __init__(self, world: World, tier: str) -> None:
        self._world = world
        self._tier = tier
        self._shared = RenderProcess(isolation(tier, 0), world.scratch / f"zygote-{os.getpid()}-0")
        self._resident: set[int] = set()
        self.said: list[str] = []
        """Everything that came out of all jobs."""

    async def close(self) -> None:
        """End the render process."""
        await self._shared.close()

    def renderer(self, landlock: int) -> Watched:
        """Return a renderer whose jobs confine themselves as ABI ``landlock`` lets them."""
        return Watched(self._world, isolation(self._tier, landlock), self._shared)

    async def attempts(
        self, attacks: list[tuple[Attack, str]], landlock: int
    ) -> AsyncIterator[Verdict]:
        """Carry out attacks: one after the other, those that concern only themselves together."""
        for attack, subject in attacks:
            if not attack.together:
                await self._settle()
                yield await self._attempt(attack, subject, landlock)
        await self._settle()
        places = asyncio.Semaphore(TOGETHER)

        async def attempt(attack: Attack, subject: str) -> Verdict:
            async with places:
                return await self._attempt(attack, subject, landlock)

        async with asyncio.TaskGroup() as group:
            made = [group.create_task(attempt(*one)) for one in attacks if one[0].together]
        for task in made:
            yield task.result()

    async def _attempt(self, attack: Attack, subject: str, landlock: int) -> Verdict:
        """Carry out one attack and judge it."""
        log.info("Attack: %s", attack.name)
        victim = attack.victim(self._world)
        renderer = self.renderer(landlock)
        renderer.given = GENEROUS if self._tier == UNPROTECTED else attack.limits
        began = time.monotonic()
        try:
            started, evidence, text = await watch(renderer, attack, victim)
            evidence = evidence or victim.judge(text)
        finally:
            victim.close()
            clean(renderer.folder)
        self.said.append(text)
        said = "" if evidence else text.partition(STARTED)[2][-600:]
        seconds = round(time.monotonic() - began, 2)
        return Verdict(attack.name, subject, landlock, started, evidence, seconds, said)

    async def _settle(self) -> None:
        """Wait until no job is left, and remember who is there at rest."""
        await self._shared.start()
        process = self._shared._process
        assert process is not None
        if self._world.zygote != process.pid:
            self._world.zygote = process.pid
            self._resident = set(below(process.pid))
        while any(map(alive, set(below(process.pid)) - self._resident)):  # noqa: ASYNC110
            await asyncio.sleep(0.005)  # processes tell nobody that they are gone


async def watch(renderer: Watched, attack: Attack, victim: Victim) -> tuple[bool, str, str]:
    """Return whether an attack started, what was seen meanwhile, and all that came out."""
    task = asyncio.get_running_loop().create_task(run(renderer, attack, victim), name="attack")
    began, held, evidence = time.monotonic(), 0.0, ""
    marked = False
    while not (await asyncio.wait([task], timeout=0.02))[0]:
        now = time.monotonic()
        marked = marked or is_marked(renderer.folder)
        held = held or (now if f"\n{HOLD}\n" in f"\n{printed(renderer.folder)}" else 0.0)
        evidence = look(renderer, victim) if held else ""
        if evidence or (held and now - held > attack.patience) or now - began > attack.seconds:
            task.cancel()
            break
    (text,) = await asyncio.gather(task, return_exceptions=True)
    text = f"{renderer.remains}\n{text}"
    return marked or f"{STARTED}\n" in text or "\nstarted\n" in text, evidence, text


async def run(renderer: Watched, attack: Attack, victim: Victim) -> str:
    """Run the scene of an attack to its end; return what the studio would show."""
    scene = module(scene_code(attack, victim.values), "Shown")
    try:
        if not attack.render:
            return repr(await renderer.probe(scene))
        take = await renderer.render(scene, nothing)
        return f"{take!r}\n{content_of(take)}"
    except StudioError as error:
        return f"{error!r} {error.detail} {error.log} {error.problems}"
    except Exception as error:  # noqa: BLE001  this is what it is looked at for
        return f"STUDIO FAILED {error!r}"


def is_marked(folder: Path | None) -> bool:
    """Tell whether an attack has left its mark in its folder."""
    return folder is not None and (folder / "source" / "started").exists()


def printed(folder: Path | None) -> str:
    """Return what a job has printed so far."""
    return content(folder / "log.txt") if folder is not None else ""


def look(renderer: Watched, victim: Victim) -> str:
    """Return what is to be seen of a victim while the job runs."""
    if pids := renderer.pids():
        with contextlib.suppress(OSError, psutil.Error):
            return victim.look(pids)
    return ""


def clean(folder: Path | None) -> None:
    """Remove what a job has left, whatever it is, so that each attack finds the same place."""
    if folder is None:
        return
    for left in folder.parent.glob(f"{folder.name}*"):
        mounted = left / "source" / "mounted"
        if mounted.is_mount():
            subprocess.run(["umount", mounted], check=True)
        for sealed in (left / "source").glob("sealed"):
            sealed.chmod(0o700)
        subprocess.run(["rm", "-rf", left], check=True)  # Python gives up on deep folders


def content_of(take: Take) -> str:
    """Return what a take says to whoever opens it: its files, and what is drawn in its frames."""
    files = [Path(take.video).read_bytes(), Path(take.poster).read_bytes()]
    said = [data[:LONGEST_FILE].decode("utf-8", errors="replace") for data in files]
    with contextlib.suppress(Exception):
        said.append(drawn(take.video))
    return "\n".join(said)


async def serve(request: Request) -> dict[str, object]:
    """Do what is asked; return verdicts, the frames of ordinary scenes, and canaries found."""
    with inhabited(Path(request.root)) as world:
        siege = Siege(world, request.tier)
        try:
            verdicts: list[Verdict] = []
            frames = {}
            for landlock in (0, *request.older):
                wanted = chosen(request, landlock)
                verdicts += [one async for one in siege.attempts(wanted, landlock)]
                for name, body in ORDINARY.items():
                    told = await ordinary(siege.renderer(landlock), f"{body}  # {landlock}")
                    frames[f"{name} {landlock or ''}".strip()] = told
            return {
                "verdicts": [asdict(verdict) for verdict in verdicts],
                "frames": frames,
                "keyring": world.has_keyring,
                "found": escaped(world, siege.said),
                "uid": os.getuid(),
            }
        finally:
            await siege.close()
            if world.neighbour is not None:
                world.neighbour.close()


def chosen(request: Request, landlock: int) -> list[tuple[Attack, str]]:
    """Return the attacks to carry out, with their subjects; fewer where Landlock is old."""
    return [
        (attack, subject)
        for subject, attacks in ATTACKS.items()
        for attack in attacks
        if (not request.only or attack.name in request.only)
        and (attack.old_landlock or not landlock)
    ]


async def ordinary(renderer: Watched, body: str) -> str:
    """Render a scene that means no harm; return how many frames it has, or what went wrong."""
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
