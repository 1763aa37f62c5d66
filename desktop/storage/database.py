"""The SQLite file and its threads: one writer, a few readers, and a loop that never waits.

Write-ahead logging lets readers work while the writer commits. ``BEGIN IMMEDIATE`` with a busy
timeout makes the window and the command line take turns, so neither ever finds its transaction
undone by the other.
"""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from desktop.domain.errors import Unavailable
from desktop.storage import migrations, opening
from desktop.storage.errors import LibraryDamaged, translated
from desktop.storage.transaction import Transaction

log = logging.getLogger(__name__)

T_ = TypeVar("T_")

READERS = 3
"""Reading threads: the page that is shown, the one being fetched, and one for everything else."""


class _Reading:
    """One read in progress; lets its owner stop it when nobody waits for the answer any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._abandoned = False

    def begin(self, connection: sqlite3.Connection) -> bool:
        with self._lock:
            self._connection = connection
            return not self._abandoned

    def end(self) -> None:
        with self._lock:
            self._connection = None

    def abandon(self) -> None:
        with self._lock:
            self._abandoned = True
            if self._connection is not None:
                self._connection.interrupt()


class Database:
    """An open library file. Made by ``Database.open``; ``close`` it before the loop ends."""

    def __init__(self, path: Path, opened: opening.Opened) -> None:
        self.path = path
        self.recovery = opened.recovery
        """What was set aside and rebuilt while opening; None on an ordinary start."""
        self._inode = path.stat().st_ino
        self._writer = opened.connection
        self._readers: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        self._connections: list[sqlite3.Connection] = [opened.connection]
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="library-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="library-reader")
        self._data_version = 0

    @classmethod
    async def open(cls, path: Path, *, restore: opening.Restore | None = None) -> "Database":
        """Open or create the library at ``path``.

        Migrates an older file after keeping a copy of it. A damaged file is renamed aside and,
        when ``restore`` is given (see ``rebuild.from_shelf``), filled again; ``recovery`` then
        says what happened. Raises ``Refused`` for a file of a newer Proofreel and
        ``Unavailable`` when the folder cannot be written.
        """
        return await asyncio.to_thread(cls._open, path, restore)

    @classmethod
    def _open(cls, path: Path, restore: opening.Restore | None) -> "Database":
        with translated(path):
            database = cls(path, opening.open_file(path, migrations.STEPS, restore))
            try:
                database._connect_readers()
                database._data_version = database._seen_version()
            except BaseException:
                database._close()
                raise
            return database

    def _connect_readers(self) -> None:
        for _ in range(READERS):
            connection = opening.connect(self.path)
            self._connections.append(connection)
            connection.execute("PRAGMA query_only = ON")
            self._readers.put(connection)

    async def write(self, work: Callable[[Transaction], T_]) -> T_:
        """Run ``work`` on the writer thread in one transaction; commit, or undo if it raises.

        What ``work`` returns comes back once it is on disk. A caller that is cancelled while
        waiting does not stop the transaction. Raises ``Unavailable`` when the environment
        does not let it happen; nothing is changed then.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writing, self._write, work)

    async def read(self, work: Callable[[Transaction], T_]) -> T_:
        """Run ``work`` on a reader thread, on one consistent state of the library.

        A caller that is cancelled stops a query that is still running.
        """
        reading = _Reading()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._reading, self._read, work, reading)
        except asyncio.CancelledError:
            reading.abandon()
            raise

    async def changed_elsewhere(self) -> bool:
        """Tell whether another process has committed since this was last asked."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writing, self._changed_elsewhere)

    async def close(self) -> None:
        """Finish what is queued and close every connection."""
        await asyncio.to_thread(self._close)

    def _write(self, work: Callable[[Transaction], T_]) -> T_:
        with self._guarded():
            self._check_in_place()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                result = work(self._writer)
                self._writer.execute("COMMIT")
            except BaseException:
                # A full disk makes SQLite undo the transaction by itself.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            return result

    def _read(self, work: Callable[[Transaction], T_], reading: _Reading) -> T_:
        connection = self._readers.get()
        try:
            if not reading.begin(connection):
                raise asyncio.CancelledError
            with self._guarded():
                connection.execute("BEGIN")
                try:
                    return work(connection)
                finally:
                    reading.end()  # from here on, nobody interrupts: not the way out either
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        finally:
            reading.end()
            self._readers.put(connection)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Translate errors; damage is noted beside the file for the next start to act on."""
        try:
            with translated(self.path):
                yield
        except LibraryDamaged:
            opening.note_damage(self.path)
            raise

    def _check_in_place(self) -> None:
        """Refuse to write into a file that another process has set aside as damaged."""
        try:
            unchanged = self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            unchanged = False
        if not unchanged:
            raise Unavailable(
                "The library file was replaced",
                f"{self.path} was moved or rebuilt while this window was open.",
                "Start Proofreel again to continue with the new file.",
            )

    def _seen_version(self) -> int:
        return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    def _changed_elsewhere(self) -> bool:
        with self._guarded():
            before, self._data_version = self._data_version, self._seen_version()
            return before != self._data_version

    def _close(self) -> None:
        self._writing.shutdown()
        self._reading.shutdown()
        try:
            if self._writer.total_changes:
                self._writer.execute("PRAGMA busy_timeout = 0")  # leaving does not wait for others
                self._writer.execute("PRAGMA optimize")
        except sqlite3.Error as error:
            log.info("Statistics were not renewed: %s", error)
        for connection in reversed(self._connections):
            connection.close()
