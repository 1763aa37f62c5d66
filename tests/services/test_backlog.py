"""Whether there is anything to go on with is seen without starting or changing anything."""

import os
import time
from pathlib import Path

import pytest

from desktop.domain.transfers import Direction, Transfer, TransferState, UploadRequest
from desktop.domain.uploads import Upload
from desktop.services.backlog import look
from desktop.services.transfers import Backlog
from desktop.storage.ledger import Ledger
from desktop.transfers.engine.place import Place, Record, take


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "transfers")


def upload(number: int, state: TransferState) -> Upload:
    row = Transfer(
        f"01{number}", Direction.UPLOAD, "/a", "d", "films", "a", 1, state, time.time(),
        finished_at=time.time() if state.over else None,
    )  # fmt: skip
    return Upload(row, UploadRequest("/a", "d", "a"), nonce=f"n{number}")


def files(place: Place) -> set[str]:
    return {path.name for path in place.folder.iterdir()} if place.folder.exists() else set()


def test_where_nothing_was_ever_sent_nothing_is_made(place: Place) -> None:
    assert look(place) == Backlog()
    assert not place.folder.exists()


def test_what_is_not_over_is_counted(place: Place) -> None:
    ledger = Ledger.open(place.ledger)
    ledger.add([upload(1, TransferState.QUEUED), upload(2, TransferState.PAUSED)])
    ledger.add([upload(3, TransferState.DONE), upload(4, TransferState.FAILED)])
    assert look(place) == Backlog(exists=True, unfinished=2)
    ledger.close()
    before = files(place)
    assert look(place) == Backlog(exists=True, unfinished=2)
    assert files(place) <= before | {"transfers.db-shm", "transfers.db-wal"}


def test_an_engine_that_runs_is_seen_and_a_record_of_a_dead_one_is_not(place: Place) -> None:
    with take(place):
        place.write(Record(os.getpid(), 1, "token"))
        assert look(place) == Backlog(exists=True, process=os.getpid())
    assert look(place) == Backlog()


def test_a_ledger_nobody_can_read_is_said_and_left_as_it_is(place: Place) -> None:
    place.folder.mkdir(parents=True)
    place.ledger.write_bytes(b"no database" * 1000)
    seen = look(place)
    assert seen.exists
    assert "cannot be read" in seen.problem
    assert place.ledger.read_bytes() == b"no database" * 1000


def test_a_ledger_of_a_newer_version_is_said(place: Place) -> None:
    import sqlite3

    Ledger.open(place.ledger).close()
    connection = sqlite3.connect(place.ledger)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert "newer Proofreel" in look(place).problem
