"""All layers together, as a job gets them, and the privileges that it gives up."""

import json
import os
import sys
from pathlib import Path

import pytest

from desktop.rendering.confinement.locking import _threads
from desktop.rendering.isolation import Limits
from desktop.rendering.isolation.linux import PartialSandbox
from tests.rendering.confinement.children import confined

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these layers are those of Linux")

LIMITS = Limits(memory=64 << 20, wall_seconds=60, cpu_seconds=60, open_files=64)

LOCK = """
rules = json.loads({rules!r})
locking.lock(rules, folder)
"""


def locked(folder: Path, body: str, **changed: object) -> dict[str, str]:
    rules = {**PartialSandbox().confinement(LIMITS), **changed}
    return confined(folder, LOCK.format(rules=json.dumps(rules)) + body)


def test_every_layer_is_on(tmp_path: Path) -> None:
    seen = locked(
        tmp_path,
        """
attempt("write", lambda: (folder / "new").write_text("x"))
attempt("write beside", lambda: folder.with_name("beside").write_text("x"))
attempt("read", lambda: Path("/etc/passwd").read_text())
attempt("socket", socket.socket)
attempt("fork", os.fork)
attempt("raise a limit", lambda: call(302, 0, 7, id(results), 0))
results["new privileges"] = str(libc.prctl(39, 0, 0, 0, 0))
results["filter"] = str(libc.prctl(21, 0, 0, 0, 0))
""",
    )
    assert seen["write"] == "worked"
    assert seen["write beside"] == seen["read"] == "EACCES"
    assert seen["socket"] == seen["fork"] == seen["raise a limit"] == "EPERM"
    assert seen["new privileges"] == "1"
    assert seen["filter"] == "2"


def test_memory_and_descriptors_have_an_end(tmp_path: Path) -> None:
    seen = locked(
        tmp_path,
        """
def hoard():
    held = [bytearray(64 << 20) for _ in range(100)]
try:
    hoard()
except MemoryError:
    results["memory"] = "refused"
attempt("descriptors", lambda: [os.dup(1) for _ in range(100)])
""",
    )
    assert seen == {"memory": "refused", "descriptors": "EMFILE"}


def test_a_layer_that_cannot_be_had_is_an_error_and_not_left_out(tmp_path: Path) -> None:
    body = """
landlock.version = lambda: 0
try:
    locking.lock(json.loads({rules!r}), folder)
except OSError as error:
    results["said"] = str(error)
"""
    rules = json.dumps(PartialSandbox().confinement(LIMITS))
    assert confined(tmp_path, body.format(rules=rules)) == {"said": "Landlock is not available"}


@pytest.mark.skipif(os.getuid() != 0, reason="only root has something to give up")
def test_root_is_nobody_special_any_more(tmp_path: Path) -> None:
    (tmp_path / "sealed").write_text("secret")
    (tmp_path / "sealed").chmod(0)
    seen = confined(
        tmp_path,
        """
attempt("before", lambda: (folder / "sealed").read_text())
os.chown(folder / "sealed", 65534, 65534)
privileges.give_up()
attempt("sealed", lambda: (folder / "sealed").read_text())
def mount():
    if libc.mount(b"none", bytes(folder), b"tmpfs", 0, None) < 0:
        raise OSError(ctypes.get_errno(), "mount")
attempt("mount", mount)
attempt("become", lambda: os.setresuid(1, 1, 1))
attempt("chroot", lambda: os.chroot(folder))
""",
    )
    assert seen.pop("before") == "worked"
    assert seen.pop("sealed") == "EACCES"
    assert set(seen.values()) == {"EPERM"}


@pytest.mark.skipif(os.getuid() != 0, reason="a user is needed to whom nobody else adds processes")
def test_latex_gets_so_many_processes_and_threads_and_no_more(tmp_path: Path) -> None:
    rules = {**PartialSandbox().confinement(LIMITS), "processes": 8, "programs": ["/usr/bin"]}
    most = 8 + _threads()
    body = f"""
import signal, time
os.setsid()
os.setresuid(48123, 48123, 48123)
locking.limit(json.loads({json.dumps(rules)!r}))
def forks():
    for _ in range({most}):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
attempt("forks", forks)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.killpg(0, signal.SIGTERM)
"""
    assert confined(tmp_path, body) == {"forks": "EAGAIN"}
