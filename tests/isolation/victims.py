"""Victims that are files: read, changed, made or left behind."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from tests.isolation.attack import Victim
from tests.isolation.world import World, canary

Aim = Callable[[World], Victim]


def secret_file(relative: str = "", **extra: object) -> Aim:
    """Return an aim at the content of a file of the home; the code knows its ``path``."""

    def aim(world: World) -> Victim:
        kept = canary()
        path = world.secret(relative or f"private/{secrets.token_hex(4)}.txt", f"{kept}\n")
        return Victim({"path": path, "pid": os.getpid(), **extra}, seen(kept, "its content"))

    return aim


def seen(kept: str, what: str) -> Callable[[str], str]:
    """Return a judge that finds a secret in what came out of a job."""
    return lambda text: f"{what} came out" if kept in text else ""


def secret_name(world: World) -> Victim:
    """Aim at the name of a file that lies in a folder of the home."""
    kept = canary()
    path = world.secret(f"listed/{kept}")
    return Victim({"path": path.parent}, seen(kept, "the name of a file"))


def secret_module(world: World) -> Victim:
    """Aim at a module with a secret in it."""
    kept = canary()
    path = world.secret("project/credentials_of_others.py", f"KEY = {kept!r}\n")
    return Victim({"path": path.parent}, seen(kept, "its content"))


def kept_in(find: Callable[[World], Path]) -> Aim:
    """Return an aim at a file with a secret in one of the studio's own folders."""

    def aim(world: World) -> Victim:
        kept = canary()
        path = find(world)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(kept, "utf-8")
        return Victim({"path": path}, seen(kept, "its content"), close=path.unlink)

    return aim


def accounts(_world: World) -> Victim:
    """Aim at the list of the machine's accounts."""
    path = Path("/etc/passwd")
    last = path.read_text("utf-8").splitlines()[-1]
    return Victim({"path": path}, seen(last, "an account of this machine"))


def open_file(world: World) -> Victim:
    """Aim at a file that the studio has open for reading and writing."""
    kept = canary()
    path = world.secret(f"open/{secrets.token_hex(4)}", kept)
    descriptor = os.open(path, os.O_RDWR)
    os.set_inheritable(descriptor, True)

    def judge(text: str) -> str:
        if kept in text:
            return "its content came out"
        return "" if path.read_text("utf-8") == kept else "it was changed"

    values = {"pid": os.getpid(), "descriptor": descriptor}
    return Victim(values, judge, close=lambda: os.close(descriptor))


def precious(relative: str = "") -> Aim:
    """Return an aim at a file that must stay as it is, with all that the system knows of it."""

    def aim(world: World) -> Victim:
        path = world.secret(relative or f"precious/{secrets.token_hex(4)}.txt", "precious\n" * 50)
        os.setxattr(path, "user.note", b"precious")
        before = condition(path)

        def judge(_text: str) -> str:
            now = condition(path)
            changed = [name for name in before if before[name] != now.get(name)]
            return f"changed: {', '.join(changed)}" if changed else ""

        return Victim({"path": path, "pid": os.getpid()}, judge)

    return aim


def condition(path: Path) -> dict[str, object]:
    """Return everything about a file that an attack could change."""
    try:
        status = path.lstat()
        return {
            "content": path.read_bytes(),
            "mode": status.st_mode,
            "owner": (status.st_uid, status.st_gid),
            "time": status.st_mtime_ns,
            "links": status.st_nlink,
            "attributes": {name: os.getxattr(path, name) for name in os.listxattr(path)},
        }
    except OSError:
        return {"existence": False}


def absent(relative: str = "") -> Aim:
    """Return an aim at a place of the home where nothing is and nothing must be made."""
    return lambda world: nothing_at(world.home / (relative or f"absent/{secrets.token_hex(4)}"))


def nothing_at(path: Path) -> Victim:
    """Aim at a path that must not come into being."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def judge(_text: str) -> str:
        if not os.path.lexists(path):
            return ""
        if path.is_dir() and not path.is_symlink():
            inside = sorted(path.rglob("*"))
            return f"a folder was made with {len(inside)} entries"
        path.unlink()
        return "it was made"

    return Victim({"path": path, "pid": os.getpid()}, judge)


def within(find: Callable[[World], Path]) -> Aim:
    """Return an aim at a place below one of the studio's own folders."""
    return lambda world: nothing_at(find(world))


def held_open(*needles: str) -> Aim:
    """Return an aim at what the job's process may have open, as its descriptors name it."""

    def look(pids: list[int]) -> str:
        for pid in pids:
            for name in descriptors(pid):
                if any(needle in name for needle in needles):
                    return f"the job holds {name}"
        return ""

    return lambda _world: Victim({}, lambda _text: "", look)


def unnamed_in(folder: Path) -> Aim:
    """Return an aim at a folder of this installation; only files without a name are tried."""

    def look(pids: list[int]) -> str:
        for pid in pids:
            for name in descriptors(pid):
                if name.startswith(f"{folder}/#") and name.endswith("(deleted)"):
                    return f"the job writes to {folder}"
        return ""

    return lambda _world: Victim({"path": folder}, lambda _text: "", look)


def descriptors(pid: int) -> list[str]:
    """Return what the descriptors of a process lead to."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            found.append(str(entry.readlink()))  # noqa: PERF401  those before an error count
    return found


def metadata(kind: str) -> Aim:
    """Return an aim at what the system knows of a file besides its content."""

    def aim(world: World) -> Victim:
        kept = canary()
        path = world.secret(
            f"known/{secrets.token_hex(4)}", "x" * (10_000 + secrets.randbelow(89_000))
        )
        if kind == "size":
            kept = f"\n{path.stat().st_size}\n"
        elif kind == "link":
            link = path.with_suffix(".link")
            link.symlink_to(kept)
            return Victim({"path": link}, seen(kept, "where a link leads"))
        elif kind == "attribute":
            os.setxattr(path, "user.note", kept.encode())
        else:
            os.setxattr(path, f"user.{kept}", b"")
        return Victim({"path": path}, seen(kept, f"the {kind} of a file"))

    return aim
