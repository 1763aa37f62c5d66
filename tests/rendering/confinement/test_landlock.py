"""Landlock by itself: what is given may be read, one folder written, and nothing else."""

import sys
from pathlib import Path

import pytest

from desktop.rendering.confinement import landlock
from tests.rendering.confinement.children import confined

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not landlock.version(), reason="there is no Landlock here"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("own", "shared", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("content")
    return tmp_path


RESTRICT = """
landlock.restrict([str(folder / "shared"), *sys.path], [str(folder / "own")], newest={newest})
own, shared, other = (folder / name for name in ("own", "shared", "other"))
"""


@pytest.mark.parametrize("newest", [1, 2, 4, 99])
def test_one_folder_is_written_some_are_read_and_none_else_seen(folder: Path, newest: int) -> None:
    seen = confined(
        folder,
        RESTRICT.format(newest=newest)
        + """
attempt("write own", lambda: (own / "new").write_text("x"))
attempt("make a folder", lambda: (own / "below").mkdir())
attempt("delete own", lambda: (own / "file").unlink())
attempt("read shared", lambda: (shared / "file").read_text())
attempt("list shared", lambda: os.listdir(shared))
attempt("write shared", lambda: (shared / "file").write_text("x"))
attempt("delete shared", lambda: (shared / "file").unlink())
attempt("make in shared", lambda: (shared / "new").touch())
attempt("read other", lambda: (other / "file").read_text())
attempt("list other", lambda: os.listdir(other))
attempt("list above", lambda: os.listdir(folder))
attempt("move out", lambda: os.rename(own / "new", other / "new"))
attempt("link in", lambda: os.link(other / "file", own / "linked"))
attempt("device", lambda: os.mknod(own / "device", 0o20600, 0x103))
attempt("socket", lambda: socket.socket(socket.AF_UNIX).bind(str(own / "socket")))
attempt("pipe", lambda: os.mkfifo(own / "pipe"))
attempt("link", lambda: (own / "link").symlink_to(other))
""",
    )
    worked = {name for name, result in seen.items() if result == "worked"}
    assert worked == {"write own", "make a folder", "delete own", "read shared", "list shared"}
    assert set(seen.values()) <= {"worked", "EACCES", "EXDEV", "EPERM"}


def test_emptying_by_path_needs_a_version_that_knows_it(folder: Path) -> None:
    """Why seccomp refuses truncate as well: kernels before 6.2 do not see it."""
    empty = 'attempt("empty", lambda: os.truncate(other / "file", 0))'
    if landlock.version() >= 3:
        assert confined(folder, RESTRICT.format(newest=99) + empty) == {"empty": "EACCES"}
    assert confined(folder, RESTRICT.format(newest=2) + empty) == {"empty": "worked"}


@pytest.mark.skipif(landlock.version() < 4, reason="this Landlock knows no network")
def test_no_connection_is_made(folder: Path) -> None:
    seen = confined(
        folder,
        RESTRICT.format(newest=99)
        + """
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("listen", lambda: socket.socket().bind(("127.0.0.1", 0)))
""",
    )
    assert seen == {"connect": "EACCES", "listen": "EACCES"}


@pytest.mark.skipif(landlock.version() < 6, reason="this Landlock knows no signals")
def test_no_other_process_is_signalled(folder: Path) -> None:
    body = RESTRICT.format(newest=99) + 'attempt("signal", lambda: os.kill(os.getppid(), 0))'
    assert confined(folder, body) == {"signal": "EPERM"}


def test_only_named_programs_are_executed(folder: Path) -> None:
    body = """
landlock.restrict([*sys.path, "/lib", "/usr/lib", "/lib64", sys.base_prefix], [str(folder / "own")],
                  programs=["/usr/bin/true", "/bin/true"])
def run(path):
    pid = os.posix_spawn(path, [path], {})
    os.waitpid(pid, 0)
attempt("other", lambda: os.execv("/usr/bin/env", ["env"]))
"""
    assert confined(folder, body)["other"] == "EACCES"


def test_paths_that_are_not_there_are_passed_over(folder: Path) -> None:
    body = """
landlock.restrict(["/nowhere/at/all", *sys.path], [str(folder / "own")])
attempt("write", lambda: (folder / "own" / "new").write_text("x"))
"""
    assert confined(folder, body) == {"write": "worked"}


def test_without_landlock_it_says_so(folder: Path) -> None:
    body = """
try:
    landlock.restrict([], [], newest=0)
except OSError as error:
    results["said"] = str(error)
"""
    assert confined(folder, body) == {"said": "Landlock is not available"}
