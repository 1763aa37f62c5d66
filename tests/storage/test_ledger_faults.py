"""Full disks, kills, damage and newer files: what was acknowledged survives, nothing is half."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.domain.errors import Refused
from desktop.domain.transfers import (
    TransferState,
)
from desktop.storage import ledger_schema
from desktop.storage.ledger import Ledger, NotWritten
from tests.storage.ledgers import an_upload, in_order

S = TransferState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transfers" / "transfers.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(Ledger.open(path)) as ledger:
        yield ledger


def test_a_newer_ledger_is_refused_and_left_alone(path: Path) -> None:
    Ledger.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(ledger_schema.STEPS) + 1}")
    before = path.read_bytes()
    with pytest.raises(Refused, match="list of transfers"):
        Ledger.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("how", ["zeroed", "text", "page"])
def test_a_damaged_ledger_is_kept_and_a_new_one_begun(path: Path, how: str) -> None:
    with closing(Ledger.open(path)) as ledger:
        ledger.add([an_upload(f"u{n}") for n in range(200)])
    content = bytearray(path.read_bytes())
    if how == "zeroed":
        content[:2048] = bytes(2048)
    elif how == "text":
        content = bytearray(b"not a database at all" * 100)
    else:
        content[4096 * 3 : 4096 * 3 + 64] = os.urandom(64)
    path.write_bytes(content)
    with closing(Ledger.open(path)) as ledger:
        assert ledger.set_aside is not None
        assert ledger.set_aside.read_bytes() == content
        assert in_order(ledger) == []
        ledger.add([an_upload("u1")])
    with closing(Ledger.open(path)) as ledger:
        assert ledger.set_aside is None
        assert in_order(ledger) == ["u1"]


def test_damage_that_shows_while_running_is_a_fault_and_noted(ledger: Ledger) -> None:
    ledger.add([an_upload("u1")])
    ledger._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = ledger.path.stat().st_size
    ledger.path.write_bytes(os.urandom(size))
    ledger._connection.execute("PRAGMA shrink_memory")
    with pytest.raises(NotWritten, match="damaged"):
        ledger.add([an_upload("u2")])
    assert ledger.path.with_name(ledger.path.name + ".damaged").exists()


FULL = """
import resource, sys
from pathlib import Path
from tests.storage.ledgers import an_upload, a_part
from desktop.storage.ledger import Ledger, NotWritten
from desktop.transfers.commands import Save
from dataclasses import replace
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = Ledger.open(Path(sys.argv[1]))
(upload,) = ledger.add([an_upload("u1")])
size = Path(sys.argv[1] + "-wal").stat().st_size
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, hard))
saved = 0
try:
    for n in range(1, 10_000):
        ledger.save(Save(upload, parts=(replace(a_part(n), etag="e" * 400),)))
        saved = n
except NotWritten as error:
    print(error.fault.kind.value, saved, len(ledger.load("u1").parts))
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
ledger.save(Save(upload, parts=(a_part(saved + 1),)))
print(len(ledger.load("u1").parts))
"""


def test_a_full_disk_changes_nothing_and_is_told_as_a_fault(
    path: Path, clean_environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        env=clean_environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    *kind, saved, there, after = done.stdout.split()
    assert kind == ["disk", "full"]
    assert saved == there
    assert int(after) == int(saved) + 1
    with closing(Ledger.open(path)) as ledger:
        assert len(ledger.load("u1").parts) == int(after)


KILLED = """
import sys
from pathlib import Path
from tests.storage.ledgers import an_upload, a_part
from desktop.storage.ledger import Ledger
from desktop.transfers.commands import Save
ledger = Ledger.open(Path(sys.argv[1]))
(upload,) = ledger.add([an_upload("u1")])
for n in range(1, 100_000):
    ledger.save(Save(upload, parts=(a_part(n),)))
    print(n, flush=True)
"""


def test_what_was_said_to_be_saved_is_there_after_a_kill(
    path: Path, clean_environment: dict[str, str]
) -> None:
    said = 0
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        env=clean_environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said = int(line)
            if said >= 50:
                process.send_signal(signal.SIGKILL)
                break
        said = max([said, *(int(line) for line in process.stdout if line.endswith("\n"))])
    with closing(Ledger.open(path)) as ledger:
        assert ledger.set_aside is None
        assert set(ledger.load("u1").parts) >= set(range(1, said + 1))
