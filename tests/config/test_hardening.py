"""Another process of the same person cannot look into a hardened one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

ROOT = Path(__file__).parents[2]

LOOK = """
import json, os, sys
pid, address, seen = sys.argv[1], int(sys.argv[2]), {}
for name in ("environ", "mem", "maps", "fd"):
    path = f"/proc/{pid}/{name}"
    try:
        if name == "fd":
            os.listdir(path)
        else:
            with open(path, "rb", 0) as file:
                file.seek(address if name == "mem" else 0)
                seen[name] = "canary" in file.read(100_000).decode(errors="replace")
                continue
        seen[name] = True
    except OSError as error:
        seen[name] = error.strerror
print(json.dumps(seen))
"""

HARDENED = f"""
import ctypes, os, resource, subprocess, sys
from desktop.config.hardening import harden
if sys.argv[1] == "yes":
    harden()
secret = ctypes.create_string_buffer(b"canary", 64)
words = [sys.executable, "-I", "-c", {LOOK!r}, str(os.getpid()), str(ctypes.addressof(secret))]
subprocess.run(words, check=True)
print(os.getuid(), resource.getrlimit(resource.RLIMIT_CORE)[0])
"""


def looked_into(hardened: str) -> tuple[dict[str, object], list[str]]:
    """Return what a child sees of its parent, run by somebody who is not root."""
    command = [sys.executable, "-c", HARDENED, hardened]
    if os.getuid() == 0:  # who may look into everything
        lowered = ROOT / "tests" / "isolation" / "lowered.py"
        command = [sys.executable, str(lowered), "nobody", *command]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SECRET": "canary"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen, rest = done.stdout.splitlines()
    return json.loads(seen), rest.split()


def test_nobody_of_the_same_person_looks_into_it() -> None:
    seen, (account, core) = looked_into("yes")
    assert int(account) != 0
    assert set(seen.values()) == {"Permission denied"}
    assert core == "0"


def test_without_it_environment_and_memory_are_open() -> None:
    seen, _ = looked_into("no")
    assert seen["environ"] is True
    assert seen["fd"] is True
