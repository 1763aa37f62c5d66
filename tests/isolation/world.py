"""The studio that is attacked: its home, its secrets and those who live beside it.

Everything lies below one folder that the test made, and every secret is a canary: random, never
part of the code of an attack, so that whoever finds one outside has seen it escape.
"""

import contextlib
import os
import secrets
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import keyring


def canary() -> str:
    """Return a secret that nobody knows."""
    return f"canary-{secrets.token_hex(10)}"


@dataclass
class World:
    """A home with secrets, and processes that concern no scene."""

    root: Path
    scratch: Path
    store: Path
    zygote: int = 0
    """Process id of the command that started the render process."""
    environment_canary: str = field(default_factory=canary)
    memory_canary: str = field(default_factory=canary)
    keyring_canary: str = field(default_factory=canary)
    home_canary: str = field(default_factory=canary)
    neighbour: "Neighbour | None" = None
    has_keyring: bool = False

    @property
    def home(self) -> Path:
        """The home of the person at the machine."""
        return self.root / "home"

    def secret(self, relative: str, text: str = "") -> Path:
        """Make a file of the home that holds a secret; return its path."""
        path = self.home / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or canary(), "utf-8")
        return path

    def planted(self) -> dict[str, str]:
        """Return the canaries that live as long as the studio does."""
        return {
            "environment": self.environment_canary,
            "memory": self.memory_canary,
            "keyring": self.keyring_canary,
            "home": self.home_canary,
        }


NEIGHBOUR = """
import ctypes, os, signal, sys
secret = ctypes.create_string_buffer(sys.stdin.readline().strip().encode(), 64)
hit = []
for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, lambda *_: hit.append(number))
held = os.memfd_create("held", 0)
os.write(held, secret.value)
print(ctypes.addressof(secret), held, flush=True)
for _line in sys.stdin:
    print(len(hit), secret.value.decode(errors="replace"), flush=True)
"""


class Neighbour:
    """A process of the same person with a secret in memory, environment and arguments."""

    def __init__(self) -> None:
        self.in_memory, self.in_environment, self.in_arguments = canary(), canary(), canary()
        self._process = subprocess.Popen(
            [sys.executable, "-c", NEIGHBOUR, self.in_arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NEIGHBOUR_SECRET": self.in_environment},
        )
        self.pid = self._process.pid
        self._write(self.in_memory)
        self.address, self.descriptor = map(int, self._read().split())

    def harm(self) -> str:
        """Tell what has happened to it; empty when nothing has."""
        if self._process.poll() is not None:
            return f"the neighbour ended ({self._process.returncode})"
        self._write("?")
        assert self._process.stdout is not None
        if not select.select([self._process.stdout.fileno()], [], [], 1)[0]:
            return "the neighbour was stopped"
        signals, _, memory = self._read().partition(" ")
        if int(signals):
            return "the neighbour got a signal"
        return "" if memory.strip() == self.in_memory else "the neighbour's memory changed"

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextlib.contextmanager
def inhabited(root: Path) -> Iterator[World]:
    """Yield a world whose secrets are planted; one came with this process's environment."""
    world = World(root, root / "proofreel" / "scratch", root / "proofreel" / "store")
    world.home.mkdir(parents=True, exist_ok=True)
    world.secret(".aws/credentials", f"aws_secret_access_key={world.home_canary}")
    world.environment_canary = os.environ["STUDIO_SECRET"]
    if "DBUS_SESSION_BUS_ADDRESS" in os.environ:
        with contextlib.suppress(keyring.errors.KeyringError):
            keyring.set_password("proofreel-test", "provider:key", world.keyring_canary)
            world.has_keyring = (
                keyring.get_password("proofreel-test", "provider:key") == world.keyring_canary
            )
    yield world
