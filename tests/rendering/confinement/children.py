"""Processes that confine themselves and then try things: what is confined cannot be undone."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

HEAD = """
import ctypes, errno, json, os, socket, sys, threading
from pathlib import Path
from desktop.rendering.confinement import landlock, locking, privileges, seccomp
libc = ctypes.CDLL(None, use_errno=True)
folder = Path(sys.argv[1])
results = {}

def attempt(name, act):
    try:
        act()
        results[name] = "worked"
    except OSError as error:
        results[name] = errno.errorcode[error.errno]

def call(number, *arguments):
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), "call")
"""


def confined(folder: Path, body: str) -> dict[str, str]:
    """Run ``body``, which calls ``attempt``, in a child; return what came of each attempt."""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + textwrap.dedent(body) + "\nprint(json.dumps(results))",
         str(folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))
