"""Starting a studio to attack: as whom, with which keyring, in which folder."""

import json
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.isolation.studio import Request

ROOT, SOMEBODY = "root", "nobody"
SECONDS = 100

UNLOCK = (
    'printf password | gnome-keyring-daemon --unlock --components=secrets > "$0/keyring.log" 2>&1;'
    ' exec "$@"'
)


def whoever() -> tuple[str, ...]:
    """Return the accounts that a studio can be started as."""
    return (ROOT, SOMEBODY) if os.getuid() == 0 else (pwd.getpwuid(os.getuid()).pw_name,)


def besieged(request: Request, account: str) -> dict[str, Any]:
    """Run a studio as ``account``; return its answer."""
    root = Path(tempfile.mkdtemp(prefix="proofreel-siege-"))
    try:
        for name in ("home", "run"):
            (root / name).mkdir(0o700)
        if os.getuid() == 0:
            for path in (root, *root.iterdir()):
                shutil.chown(path, account)
        return _answer(replace(request, root=str(root)), account)
    finally:
        shutil.rmtree(root, ignore_errors=True)
        if root.exists():  # Python gives up on folders that are too deep
            subprocess.run(["rm", "-rf", str(root)], check=False)


def _answer(request: Request, account: str) -> dict[str, Any]:
    root = Path(request.root)
    words = [sys.executable, "-m", "tests.isolation.studio", json.dumps(asdict(request))]
    if shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session"):
        words = ["dbus-run-session", "--", "sh", "-c", UNLOCK, str(root), *words]
    code = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("lowered.py")), account, *words],
        cwd=code,
        env=_environment(root, code),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    answer = root / "answer.json"
    assert answer.exists(), f"{done.returncode}: {done.stdout[-2000:]} {done.stderr[-6000:]}"
    return dict(json.loads(answer.read_text("utf-8")))


def _environment(root: Path, code: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(root / "home"),
        "XDG_RUNTIME_DIR": str(root / "run"),
        "PYTHONPATH": str(code),
        "PYTHONDONTWRITEBYTECODE": "1",
        "STUDIO_SECRET": f"canary-{secrets.token_hex(10)}",
        "PROOFREEL_HOME": str(root / "proofreel"),
    }
