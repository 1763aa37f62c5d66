"""Starting a studio to attack: as whom, with which keyring, in which folder."""

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.isolation.studio import Request

ROOT, SOMEBODY = "root", "nobody"
SECONDS = 150

CODE = Path(__file__).resolve().parents[2]

UNLOCK = (
    'printf password | gnome-keyring-daemon --unlock --components=secrets > "$0/keyring.log" 2>&1;'
    ' exec "$@"'
)


def whoever() -> tuple[str, ...]:
    """Return the accounts that a studio can be started as."""
    return (ROOT, SOMEBODY) if os.getuid() == 0 else (pwd.getpwuid(os.getuid()).pw_name,)


class Studio:
    """A studio under attack as ``account``: a process that goes on while others are waited for."""

    def __init__(self, request: Request, account: str) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="proofreel-siege-"))
        for name in ("home", "run"):
            (self._root / name).mkdir(0o700)
        if os.getuid() == 0:
            for path in (self._root, *self._root.iterdir()):
                shutil.chown(path, account)
        words = _words(replace(request, root=str(self._root)))
        self._began = time.monotonic()
        self._said = (self._root / "said.txt").open("w+b")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("lowered.py")), account, *words],
            cwd=CODE,
            env=_environment(self._root),
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def over(self) -> bool:
        """Tell whether it has ended, or had all the time there is."""
        return self._process.poll() is not None or time.monotonic() - self._began > SECONDS

    def answer(self) -> dict[str, Any]:
        """Wait for what it saw; raises TimeoutExpired after as long as it may take."""
        status = self._process.wait(max(0.0, SECONDS - (time.monotonic() - self._began)))
        answer = self._root / "answer.json"
        self._said.seek(0)
        assert answer.exists(), f"{status}: {self._said.read()[-8000:].decode(errors='replace')}"
        return dict(json.loads(answer.read_text("utf-8")))

    def close(self) -> None:
        """End it, and remove what it had."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._said.close()
        shutil.rmtree(self._root, ignore_errors=True)
        if self._root.exists():  # Python gives up on folders that are too deep
            subprocess.run(["rm", "-rf", str(self._root)], check=False)


def besieged(request: Request, account: str) -> dict[str, Any]:
    """Run a studio as ``account``; return its answer."""
    with contextlib.closing(Studio(request, account)) as studio:
        return studio.answer()


def _words(request: Request) -> list[str]:
    words = [sys.executable, "-m", "tests.isolation.studio", json.dumps(asdict(request))]
    if shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session"):
        return ["dbus-run-session", "--", "sh", "-c", UNLOCK, request.root, *words]
    return words


def _environment(root: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(root / "home"),
        "XDG_RUNTIME_DIR": str(root / "run"),
        "PYTHONPATH": str(CODE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "STUDIO_SECRET": f"canary-{secrets.token_hex(10)}",
        "PROOFREEL_HOME": str(root / "proofreel"),
    }
