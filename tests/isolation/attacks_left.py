"""Attacks by what a job leaves in its folder for the studio to stumble over."""

import os
import stat
import threading
from pathlib import Path

from tests.isolation.attack import Attack, Victim
from tests.isolation.victims import Aim, precious, secret_file
from tests.isolation.world import World

REPLACE = """
def replace(name, make):
    path = folder / name
    if path.exists():
        os.unlink(path)
    make(path)
"""

AFTERWARDS = (
    REPLACE
    + """
import desktop.rendering.worker.writer as writer
saved = writer.save_poster
def save(picture, target):
    saved(picture, target)
    afterwards()
writer.save_poster = save
def afterwards():
"""
)
"""The last thing a worker does before it reports."""


def blocked(name: str) -> Aim:
    """Return an aim at the studio's patience: a pipe ``name`` must not keep it waiting."""
    return lambda world: Blocked(world, name).victim()


class Blocked:
    """Sees whether the studio waits at a pipe that a job has left, and sets it free."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        self._over = threading.Event()
        self._found = ""
        self._thread = threading.Thread(target=self._watch, name="victim", daemon=True)

    def victim(self) -> Victim:
        self._thread.start()
        return Victim({}, self._judge, close=self._over.set)

    def _judge(self, _text: str) -> str:
        self._over.set()
        self._thread.join()
        return self._found

    def _watch(self) -> None:
        """Look for somebody who waits at the pipe for a second."""
        waits = 0
        while not self._over.wait(0.1):
            for path in self._world.scratch.glob(f"job-{os.getpid()}-*/{self._name}"):
                waits += stat.S_ISFIFO(path.lstat().st_mode)
                if waits > 12:
                    self._free(path)

    def _free(self, path: Path) -> None:
        for way in (os.O_WRONLY, os.O_RDONLY):
            try:
                descriptor = os.open(path, way | os.O_NONBLOCK)
            except OSError:
                continue
            if way == os.O_WRONLY or self._came(descriptor):
                self._found = "the studio waited at a pipe"
            os.close(descriptor)

    def _came(self, descriptor: int) -> bool:
        """Tell whether somebody writes into the pipe."""
        self._over.wait(0.2)
        try:
            return bool(os.read(descriptor, 65536))
        except BlockingIOError:
            return False


def undeletable(world: World) -> Victim:
    """Aim at folders that stay for ever."""

    def judge(_text: str) -> str:
        left = list(world.scratch.glob(f"job-{os.getpid()}-*"))
        return "a job folder stays" if left else ""

    return Victim({}, judge)


def confused(_world: World) -> Victim:
    """Aim at the studio's composure: errors of its own instead of one about the scene."""
    return Victim(
        {}, lambda text: "the studio lost its composure" if "STUDIO FAILED" in text else ""
    )


LEFT = (
    Attack(
        "leave a link where the studio writes",
        REPLACE + "replace('job.json', lambda at: os.symlink(path, at))",
        precious(),
        render=True,
    ),
    Attack(
        "leave a pipe where the studio writes",
        REPLACE + "replace('job.json', os.mkfifo)",
        blocked("job.json"),
        render=True,
    ),
    Attack(
        "leave a link where the worker logs",
        REPLACE + "replace('log.txt', lambda at: os.symlink(path, at))",
        precious(),
        render=True,
    ),
    Attack(
        "leave a link where the studio reads the log",
        REPLACE + "replace('log.txt', lambda at: os.symlink(path, at)); os._exit(3)",
        secret_file(),
    ),
    Attack(
        "leave a second name where the studio reads the log",
        REPLACE + "replace('log.txt', lambda at: os.link(path, at)); os._exit(3)",
        secret_file(),
    ),
    Attack(
        "leave a pipe where the studio reads the log",
        REPLACE + "replace('log.txt', os.mkfifo); os._exit(3)",
        blocked("log.txt"),
    ),
    Attack(
        "leave a link instead of the video",
        AFTERWARDS + "    replace('scene.mp4', lambda at: os.symlink(path, at))",
        secret_file(),
        render=True,
    ),
    Attack(
        "leave a second name instead of the video",
        AFTERWARDS + "    replace('scene.mp4', lambda at: os.link(path, at))",
        secret_file(),
        render=True,
    ),
    Attack(
        "leave a pipe instead of the video",
        AFTERWARDS + "    replace('scene.mp4', os.mkfifo)",
        blocked("scene.mp4"),
        render=True,
    ),
    Attack(
        "leave a link instead of the poster",
        AFTERWARDS + "    replace('poster.jpg', lambda at: os.symlink(path, at))",
        secret_file(),
        render=True,
    ),
    Attack(
        "leave a second name instead of the poster",
        AFTERWARDS + "    replace('poster.jpg', lambda at: os.link(path, at))",
        secret_file(),
        render=True,
    ),
    Attack(
        "leave a folder that cannot be read",
        "os.umask(0); os.mkdir('sealed', 0o333); Path('sealed/file').touch()",
        undeletable,
    ),
    Attack(
        "leave a folder that is too deep",
        """
        for _level in range(1500):
            os.mkdir("d")
            os.chdir("d")
        """,
        undeletable,
    ),
    Attack(
        "report a result of nonsense",
        """
        import json
        for number in range(3, 60):
            for event in ({"event": "probed", "frames": None, "seconds": "x", "findings": 5},
                          {"event": "done", "frames": {}, "cues": [{"evil": 1}], "has_audio": []}):
                try:
                    os.write(number, json.dumps(event).encode() + b"\\n")
                except OSError:
                    pass
        os._exit(0)
        """,
        confused,
    ),
    Attack(
        "report a result that lacks everything",
        """
        for number in range(3, 60):
            try:
                os.write(number, b'{"event": "probed"}\\n')
            except OSError:
                pass
        os._exit(0)
        """,
        confused,
    ),
    Attack(
        "report frames that are none",
        """
        for number in range(3, 60):
            try:
                os.write(number, b'{"event": "frame", "frame": []}\\n{"event": "frame"}\\n')
            except OSError:
                pass
        time.sleep(0.3)
        """,
        confused,
    ),
    Attack(
        "report an end that is none",
        """
        for number in range(3, 60):
            try:
                os.write(number, b'{"event": "failed", "message": {"a": 1}}\\n')
            except OSError:
                pass
        os._exit(0)
        """,
        confused,
    ),
)
