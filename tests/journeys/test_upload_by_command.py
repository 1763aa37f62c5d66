"""Uploads by the command line, as real processes: whatever is killed, the object is whole."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.config.destinations import DestinationFiles, KeptDestination
from desktop.config.paths import Paths, below
from desktop.domain.transfers import Destination
from desktop.transfers.engine.place import Place
from tests.s3.server import S3Server
from tests.services.real_engine import end_engine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")

MIB = 1 << 20

PATIENCE = 40.0

SLOW = 16 * MIB
"""Bytes per second of the line, so that there is time to kill things."""


class Shell:
    """Types commands, in an environment of its own."""

    def __init__(self, home: Path, s3: S3Server, environment: dict[str, str]) -> None:
        self.s3 = s3
        self.paths: Paths = below(home / "proofreel")
        self.place = Place(self.paths.transfers)
        keys = home / "credentials"
        keys.write_text(
            f"[studio]\naws_access_key_id = {s3.keys.key_id}\n"
            f"aws_secret_access_key = {s3.keys.secret}\n"
        )
        self._environment = {
            **environment,
            "PROOFREEL_HOME": str(home / "proofreel"),
            "AWS_SHARED_CREDENTIALS_FILE": str(keys),
            "AWS_CONFIG_FILE": str(home / "no-config"),
        }

    def types(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "desktop", *arguments],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def runs(self, *arguments: str, expecting: int = 0) -> str:
        """Run a command to its end and return what it printed."""
        process = self.types(*arguments)
        out, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == expecting, (out, said)
        return out + said

    def engine(self) -> int:
        record = self.place.read()
        assert record is not None
        return record.pid

    def parts(self) -> int:
        """Return how many parts the service has acknowledged."""
        return sum(len(upload.parts) for upload in self.s3.uploads("films"))


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


@pytest.fixture
def shell(tmp_path: Path, clean_environment: dict[str, str]) -> Iterator[Shell]:
    with S3Server() as s3:
        s3.create_bucket("films")
        s3.faults.rate = SLOW
        made = Shell(tmp_path, s3, clean_environment)
        studio = Destination(
            "01STUDIO", "Studio", "films", "us-east-1", s3.endpoint, path_style=True,
            profile="studio",
        )  # fmt: skip
        DestinationFiles(made.paths.destinations).put(KeptDestination(studio))
        yield made
        end_engine(made.place)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(40 * MIB))
    return path


def test_an_engine_that_is_killed_is_started_again_and_sends_nothing_twice(
    shell: Shell, film: Path
) -> None:
    command = shell.types("upload", str(film), "--prefix", "2026")
    until(lambda: shell.parts() >= 2)
    killed = shell.engine()
    os.kill(killed, signal.SIGKILL)
    out, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 0, (out, said)
    assert "done       2026/film.mp4" in said
    assert "resumed at" in said
    assert shell.engine() != killed
    assert shell.s3.object("films", "2026/film.mp4").data == film.read_bytes()
    assert shell.s3.account.resent("2026/film.mp4") == 0
    assert not shell.s3.uploads("films")


def test_what_is_interrupted_waits_and_what_is_let_go_needs_no_command(
    shell: Shell, film: Path
) -> None:
    command = shell.types("upload", str(film))
    until(lambda: shell.parts() >= 1)
    command.send_signal(signal.SIGINT)
    _out, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 130, said
    assert "Paused; what had arrived is kept." in said
    (row,) = json.loads(shell.runs("transfers", "list", "--json").partition("]")[0] + "]")
    assert row["state"] == "paused"
    held = shell.parts()
    time.sleep(0.3)
    assert shell.parts() == held, "what is paused sends nothing"
    shell.runs("transfers", "resume")
    watching = shell.types("transfers", "watch")
    until(lambda: shell.parts() > held)
    watching.kill()
    watching.communicate(timeout=PATIENCE)
    until(lambda: "film.mp4" in shell.s3.keys_of("films"))
    assert shell.s3.object("films", "film.mp4").data == film.read_bytes()
    assert shell.s3.account.resent("film.mp4") == 0
