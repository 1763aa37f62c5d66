"""What an attack is, and the module of a scene that carries it out."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.rendering.isolation import Limits

if TYPE_CHECKING:
    from tests.isolation.world import World

SECONDS = 8.0
"""How long an attack may take before it is stopped; most are done in a tenth of a second."""

STARTED = "STARTED"
HOLD = "HOLD"
HOLD_SECONDS = 2.0
"""How long an attack stays as it is, for others to see what it has got hold of."""


class Subject(StrEnum):
    """What is attacked."""

    SECRETS = "secrets and files"
    WRITING = "writing outside"
    LEFT = "left for the parent"
    PROCESSES = "processes and memory"
    EXECUTION = "execution"
    NETWORK = "network and messages"
    RESOURCES = "resources"
    TRICKS = "tricks of Python"
    SYSCALLS = "raw system calls"
    METADATA = "metadata"


@dataclass
class Victim:
    """What an attack is aimed at, and how to see from outside whether it was hit.

    Both judges return what they saw, or an empty string when the victim is unharmed.
    """

    values: Mapping[str, object]
    """Variables that the code of the attack is given."""
    judge: Callable[[str], str]
    """Gets everything that came out of the job, after its end."""
    look: Callable[[list[int]], str] = lambda _pids: ""
    """Gets the processes of the job while it holds what it got."""
    close: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Attack:
    """One attack: code of a scene and its victim."""

    name: str
    code: str
    victim: Callable[["World"], Victim]
    construct: bool = False
    """Run it when the scene is played rather than when its module is read."""
    render: bool = False
    """Draw the scene as well; a probe alone is faster."""
    drawing: bool = False
    """Attack while the scene is drawn, not while it is probed."""
    limits: Limits | None = None
    seconds: float = SECONDS
    patience: float = 1.0
    """How long to look at it once it holds something."""
    old_landlock: bool = False
    """Worth a try where Landlock knows few rights: it concerns files or processes."""
    together: bool = False
    """Carry it out beside others of the kind: it concerns its own job and takes its time."""


@dataclass(frozen=True)
class Verdict:
    """How one attack went, as seen from outside."""

    name: str
    subject: str
    landlock: int
    """What it was cut to; 0 for what the machine has."""
    started: bool
    evidence: str
    """What was seen of its success; empty when it was held."""
    seconds: float
    said: str
    """The last words of the job, for whoever has to find out why."""


PRELUDE = f"""
import ctypes, os, socket, struct, sys, time
from pathlib import Path
libc = ctypes.CDLL(None, use_errno=True)
folder = Path.cwd().parent
def say(*words):
    print(*words, flush=True)
def hold():
    say("{HOLD}")
    time.sleep({HOLD_SECONDS})
def call(number, *given):
    ctypes.set_errno(0)
    got = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(one) if isinstance(one, int) else one
        for one in given))
    if got < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return got
def keep_open():
    for number in range(3, 200):
        try:
            os.set_inheritable(number, True)
        except OSError:
            pass
say("{STARTED}")
Path("started").touch()
"""


def scene_code(attack: Attack, values: Mapping[str, object]) -> str:
    """Return the module of a scene named ``Shown`` that carries out an attack."""
    given = "".join(f"{name} = {plain(value)!r}\n" for name, value in values.items())
    code = PRELUDE + given + textwrap.dedent(attack.code).strip("\n") + "\nsay('ENDED')\n"
    if attack.drawing:
        code = ONLY_WHEN_DRAWN + textwrap.indent(code, "    ")
    scene = "from manim import *\nclass Shown(Scene):\n    def construct(self):\n"
    if attack.construct:
        return f"{scene}{textwrap.indent(code, '        ')}        self.wait(0.2)\n"
    return f"{code}{scene}        self.wait(0.2)\n"


ONLY_WHEN_DRAWN = """
import json as _json
if _json.load(open("../job.json"))["frames"]:
"""


def plain(value: object) -> object:
    """Return a value as a literal of Python."""
    return str(value) if isinstance(value, Path) else value
