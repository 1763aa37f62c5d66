"""Victims that are processes, and what is to be seen of processes from outside."""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.isolation.attack import Victim
from tests.isolation.listeners import judged_by
from tests.isolation.victims import Aim, held_open, seen
from tests.isolation.world import Neighbour, World


def next_door(world: World) -> Neighbour:
    """Return a neighbour that is unharmed, a new one when the last has come to harm."""
    if world.neighbour is None or world.neighbour.harm():
        if world.neighbour is not None:
            world.neighbour.close()
        world.neighbour = Neighbour()
    return world.neighbour


def neighbour(world: World) -> Victim:
    """Aim at a neighbour: its memory, its environment, its arguments, its peace."""
    victim = next_door(world)
    secrets = (victim.in_memory, victim.in_environment, victim.in_arguments)

    def judge(text: str) -> str:
        found = [secret for secret in secrets if secret in text]
        return "a secret of the neighbour came out" if found else victim.harm()

    values = {"pid": victim.pid, "address": victim.address, "descriptor": victim.descriptor}
    return Victim(values, judge)


def manner_of(what: Callable[[int], object]) -> Aim:
    """Return an aim at how the system treats a neighbour."""

    def aim(world: World) -> Victim:
        victim = next_door(world)
        before = what(victim.pid)
        changed: list[str] = []

        def judge(_text: str) -> str:
            now = what(victim.pid)
            if now != before:
                changed.append(f"{before} became {now}")
                victim.close()  # the next attack gets a fresh one
            return changed[0] if changed else ""

        return Victim({"pid": victim.pid}, judge)

    return aim


def priority(pid: int) -> object:
    return os.getpriority(os.PRIO_PROCESS, pid)


def file_limit(pid: int) -> object:
    return resource.prlimit(pid, resource.RLIMIT_NOFILE)


def processors(pid: int) -> object:
    return os.sched_getaffinity(pid)


def disk_priority(pid: int) -> object:
    return psutil.Process(pid).ionice()


def killing_order(pid: int) -> object:
    return Path(f"/proc/{pid}/oom_score_adj").read_text()


def scheduling(pid: int) -> object:
    return os.sched_getscheduler(pid)


def traced(world: World) -> Victim:
    """Aim at controlling a neighbour as a debugger does."""
    victim = next_door(world)

    def look(_pids: list[int]) -> str:
        status = Path(f"/proc/{victim.pid}/status").read_text()
        tracer = status.partition("TracerPid:")[2].split()[0]
        return "" if tracer == "0" else "the neighbour is being traced"

    return Victim({"pid": victim.pid}, lambda _text: "", look)


def measured(world: World) -> Victim:
    """Aim at counting what a neighbour does."""
    victim = next_door(world)
    look = held_open("[perf_event]")(world).look
    return Victim({"pid": victim.pid}, lambda _text: "", look)


def studio_memory(world: World) -> Victim:
    """Aim at the memory of the studio itself."""
    kept = world.memory_canary
    where = id(kept) + kept.__sizeof__() - len(kept) - 1
    return Victim({"pid": os.getpid(), "address": where}, seen(kept, "memory of the studio"))


def studio_environment(world: World) -> Victim:
    """Aim at the environment of the studio."""
    return Victim({"pid": os.getpid()}, seen(world.environment_canary, "the studio's environment"))


def render_process(world: World) -> Victim:
    """Aim at the process that serves all scenes."""
    pid = world.zygote
    started = psutil.Process(pid).create_time()

    def judge(_text: str) -> str:
        deadline = time.monotonic() + 0.3
        while time.monotonic() < deadline:
            try:
                process = psutil.Process(pid)
                if process.create_time() != started or process.status() == "zombie":
                    return "the render process ended"
            except psutil.NoSuchProcess:
                return "the render process ended"
            time.sleep(0.05)
        return ""

    return Victim({}, judge)


def survivor(_world: World) -> Victim:
    """Aim at living on when the scene has ended."""
    mark = os.urandom(8).hex()

    def judge(_text: str) -> str:
        time.sleep(0.2)
        alive = [one for one in psutil.process_iter() if _has(one, mark)]
        for one in alive:
            one.kill()
        return f"{len(alive)} processes live on" if alive else ""

    return Victim({"mark": mark}, judge)


def _has(process: psutil.Process, mark: str) -> bool:
    try:
        return process.status() != "zombie" and mark in " ".join(process.cmdline())
    except psutil.Error:
        return False


def children(pids: list[int]) -> str:
    """Tell whether a job has started processes."""
    return f"the job has {len(pids) - 1} processes of its own" if len(pids) > 1 else ""


def many_children(pids: list[int]) -> str:
    return children(pids) if len(pids) > 24 else ""


def foreign_program(pids: list[int]) -> str:
    """Tell whether a process of the job runs another program than Python."""
    for pid in pids:
        try:
            program = Path(f"/proc/{pid}/exe").readlink()
        except OSError:
            continue
        if "python" not in program.name:
            return f"the job runs {program}"
    return ""


def other_root(pids: list[int]) -> str:
    """Tell whether a job sees another root than this process or its own parent."""
    return _differs(pids, "root")


def other_namespace(kind: str) -> Aim:
    """Return an aim at leaving or making a namespace."""
    return judged_by(lambda pids: _differs(pids, f"ns/{kind}"))


def _differs(pids: list[int], entry: str) -> str:
    for pid in pids:
        try:
            parent = psutil.Process(pid).ppid()
            own, parents = (_identity(f"/proc/{one}/{entry}") for one in (pid, parent))
        except (OSError, psutil.Error):
            continue
        if own != parents:
            return f"the job has another {entry} than its parent"
    return ""


def _identity(path: str) -> tuple[int, int]:
    status = Path(path).stat()
    return status.st_dev, status.st_ino


def raised_limit(pids: list[int]) -> str:
    """Tell whether a job may have more files open than it was given."""
    for pid in pids:
        hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]
        if hard > 5000:
            return f"the job may have {hard} files open"
    return ""


def many_files(pids: list[int]) -> str:
    """Tell whether a job has far more files open than its limit says."""
    for pid in pids:
        count = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        if count > 1000:
            return f"the job has {count} files open"
    return ""


def has_mounted(pids: list[int]) -> str:
    """Tell whether a job has mounted something in its own folder."""
    for pid in pids:
        if "/source/mounted " in Path(f"/proc/{pid}/mountinfo").read_text():
            return "the job has mounted something"
    return ""


def device_in(pids: list[int]) -> str:
    """Tell whether a job has made a device in its folder."""
    for pid in pids:
        try:
            status = os.lstat(f"/proc/{pid}/cwd/device")
        except OSError:
            continue
        if status.st_rdev:
            return f"the job has made the device {status.st_rdev}"
    return ""


def watched_folder(world: World) -> Victim:
    """Aim at learning what happens in a folder of the home."""
    path = world.home / "watched"
    path.mkdir(exist_ok=True)
    inode = path.stat().st_ino

    def look(pids: list[int]) -> str:
        for pid in pids:
            for entry in Path(f"/proc/{pid}/fdinfo").iterdir():
                if f"ino:{inode:x} " in entry.read_text():
                    return "the job watches a folder"
        return ""

    return Victim({"path": path}, lambda _text: "", look)


def ports(world: World) -> Victim:
    """Aim at knowing which ports of this machine are in use."""
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    return Victim({}, seen(f":{port:04X} ", "a port of this machine"), close=listener.close)


def cloned_tree(pids: list[int]) -> str:
    """Tell whether a job holds a tree of files that is mounted nowhere."""
    for pid in pids:
        for entry in Path(f"/proc/{pid}/fdinfo").iterdir():
            flags = entry.read_text().partition("flags:")[2].split()[0]
            if int(flags, 8) & os.O_PATH and Path(
                f"/proc/{pid}/fd/{entry.name}"
            ).readlink() == Path("/"):
                return "the job holds a copy of the root"
    return ""
