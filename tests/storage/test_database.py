"""One writer, readers beside it, whole transactions, and errors a person can act on."""

import asyncio
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop.domain.errors import NotFound, StudioError, Unavailable
from desktop.storage import database as database_module
from desktop.storage import projects, videos
from desktop.storage.database import Database
from desktop.storage.errors import LibraryDamaged
from desktop.storage.transaction import Transaction
from tests.storage.builders import a_project, a_video


def titles(tx: Transaction) -> list[str]:
    return [project.title for project in projects.listed(tx)]


async def test_the_file_is_in_write_ahead_mode_and_checks_references(database: Database) -> None:
    def pragmas(tx: Transaction) -> list[object]:
        names = ("journal_mode", "foreign_keys", "synchronous")
        return [tx.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await database.write(pragmas) == ["wal", 1, 2]
    assert (await database.read(pragmas))[:2] == ["wal", 1]


async def test_what_was_written_is_there_after_opening_again(path: Path) -> None:
    first = await Database.open(path)
    await first.write(lambda tx: projects.insert(tx, a_project(title="Kept")))
    await first.close()
    second = await Database.open(path)
    assert await second.read(titles) == ["Kept"]
    await second.close()
    assert not path.with_name("library.db-wal").exists(), "closing leaves one file"


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def half(tx: Transaction) -> None:
        videos.insert(tx, a_video("v1"))
        projects.insert(tx, a_project("p2", title="Half"))
        raise KeyError("halfway")

    with pytest.raises(KeyError):
        await database.write(half)
    assert await database.read(titles) == ["Course"]
    await database.write(lambda tx: videos.insert(tx, a_video("v1")))


async def test_a_bug_passes_as_it_is_and_a_remedy_stays_one(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(lambda tx: projects.insert(tx, a_project()))
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        await database.read(lambda tx: tx.execute("SELEKT"))
    with pytest.raises(NotFound):
        await database.read(lambda tx: projects.get(tx, "nobody"))


async def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(Unavailable):
        await database.read(lambda tx: projects.insert(tx, a_project("p2")))


async def test_readers_see_the_last_commit_while_a_write_goes_on(database: Database) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        projects.update(tx, a_project(title="New"))
        written.set()
        assert go_on.wait(10)

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(database.write(slow))
        await asyncio.to_thread(written.wait)
        reads = await asyncio.gather(*(database.read(titles) for _ in range(20)))
        assert reads == [["Course"]] * 20
        assert not writing.done()
        go_on.set()
    assert await database.read(titles) == ["New"]


async def test_a_read_sees_one_state_from_its_first_to_its_last_query(database: Database) -> None:
    looked, go_on = threading.Event(), threading.Event()

    def twice(tx: Transaction) -> tuple[list[str], list[str]]:
        first = titles(tx)
        looked.set()
        assert go_on.wait(10)
        return first, titles(tx)

    async with asyncio.TaskGroup() as group:
        reading = group.create_task(database.read(twice))
        await asyncio.to_thread(looked.wait)
        await database.write(lambda tx: projects.update(tx, a_project(title="New")))
        go_on.set()
    assert reading.result() == (["Course"], ["Course"])


async def test_writes_happen_one_after_the_other(database: Database) -> None:
    def append(tx: Transaction) -> None:
        project = projects.get(tx, "p1")
        time.sleep(0.001)
        projects.update(tx, replace(project, title=project.title + "."))

    await asyncio.gather(*(database.write(append) for _ in range(50)))
    assert await database.read(titles) == ["Course" + "." * 50]


async def test_a_cancelled_read_stops_its_query(database: Database) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
    for _ in range(2 * database_module.READERS):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(database.read(lambda tx: tx.execute(endless).fetchall()), 0.05)
    assert await asyncio.wait_for(database.read(titles), 10) == ["Course"]


async def test_a_cancelled_write_still_happens_as_a_whole(database: Database) -> None:
    started = threading.Event()

    def slow(tx: Transaction) -> None:
        started.set()
        time.sleep(0.1)
        projects.update(tx, a_project(title="New"))

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(database.write(slow))
        await asyncio.to_thread(started.wait)
        writing.cancel()
    assert await database.write(titles) == ["New"]


async def test_a_commit_of_another_process_is_noticed_once(database: Database) -> None:
    other = await Database.open(database.path)
    assert not await database.changed_elsewhere()
    await database.write(lambda tx: projects.update(tx, a_project(title="Mine")))
    assert not await database.changed_elsewhere(), "its own commits are no news"
    await other.write(lambda tx: projects.update(tx, a_project(title="Theirs")))
    assert await database.changed_elsewhere()
    assert not await database.changed_elsewhere()
    await other.close()


async def test_another_process_that_never_ends_is_named(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocking = sqlite3.connect(database.path, isolation_level=None)
    blocking.execute("BEGIN IMMEDIATE")
    database._writer.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(Unavailable) as caught:
        await database.write(lambda tx: projects.update(tx, a_project(title="New")))
    assert "busy" in caught.value.title
    assert caught.value.remedy
    blocking.close()
    await database.write(lambda tx: projects.update(tx, a_project(title="New")))


async def test_leaving_does_not_wait_for_another_process(path: Path) -> None:
    database = await Database.open(path)
    await database.write(lambda tx: projects.insert(tx, a_project()))
    blocking = sqlite3.connect(path, isolation_level=None)
    blocking.execute("BEGIN IMMEDIATE")
    await asyncio.wait_for(database.close(), 5)
    blocking.close()


async def test_a_file_that_was_replaced_is_not_written(database: Database) -> None:
    database.path.rename(database.path.with_name("aside.db"))
    for another_file in (False, True):
        if another_file:
            database.path.touch()
        with pytest.raises(Unavailable) as caught:
            await database.write(lambda tx: projects.update(tx, a_project(title="Lost")))
        assert "again" in caught.value.remedy
    database.path.unlink()
    database.path.with_name("aside.db").rename(database.path)
    assert await database.read(titles) == ["Course"]


async def test_damage_is_noted_for_the_next_start(database: Database) -> None:
    def damaged(tx: Transaction) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    with pytest.raises(LibraryDamaged) as caught:
        await database.read(damaged)
    assert "Start Proofreel again" in caught.value.remedy
    assert database.path.with_name("library.db.damaged").exists()


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_READONLY, "read-only"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "read-only"),
        (sqlite3.SQLITE_PERM, "read-only"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be read"),
        (sqlite3.SQLITE_IOERR_WRITE, "cannot be read"),
        (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
    ],
)
async def test_what_the_environment_does_gets_a_remedy(
    database: Database, code: int, title: str
) -> None:
    error = sqlite3.OperationalError("it happened")
    error.sqlite_errorcode = code
    with pytest.raises(StudioError) as caught:
        await database.write(Mock(side_effect=error))
    assert title in caught.value.title
    assert caught.value.detail
    assert caught.value.remedy
