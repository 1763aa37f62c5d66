"""The ledger of transfers: what has been acknowledged is in it before anything else happens.

One SQLite file of the engine's own, written with ``synchronous = FULL``. A file of a newer
Proofreel is refused and left alone. A damaged one is kept beside a new, empty one: uploads that
were in it are then found at the service as remnants, and objects that were completed are
recognised by their nonce when they are sent again.

Calls block; any thread may make them, one at a time is served.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from desktop.domain.errors import Refused, Unavailable
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Moment, Transfer, TransferState
from desktop.domain.uploads import Endpoint, Orphan, Part
from desktop.storage import ledger_list as listing
from desktop.storage import ledger_schema, opening
from desktop.storage import ledger_service as service
from desktop.storage import ledger_transfers as transfers
from desktop.storage.errors import LibraryDamaged, translated
from desktop.storage.ledger_list import BatchCount
from desktop.storage.ledger_rows import Either
from desktop.storage.transaction import Transaction

log = logging.getLogger(__name__)

T_ = TypeVar("T_")

DAYS_KEPT = 90
ROWS_KEPT = 20_000
"""How long, and how many, transfers stay in the list after they ended."""

DAY = 86_400.0

TOLD_AT_MOST = 200
"""Lines of history that may wait in memory for something else to be written."""

_KINDS = {sqlite3.SQLITE_FULL: FaultKind.DISK_FULL, sqlite3.SQLITE_READONLY: FaultKind.READ_ONLY}


class NotWritten(Unavailable):
    """The ledger could not be read or written; nothing was changed."""

    def __init__(self, kind: FaultKind, title: str, detail: str = "", remedy: str = "") -> None:
        super().__init__(title, detail, remedy)
        self.fault = Fault(kind, detail or title, remedy)


class Entry(Protocol):
    """What a machine wants written, all of it or nothing; ``transfers.steps.Save`` is one."""

    @property
    def transfer(self) -> Either:
        """The row as it is to be."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Parts that were acknowledged."""

    @property
    def lost(self) -> tuple[int, ...]:
        """Parts that turned out not to be there."""

    @property
    def forget_parts(self) -> bool:
        """Whether all parts of before are removed first."""

    @property
    def orphans(self) -> tuple[Orphan, ...]:
        """Uploads that are left behind."""

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Lines of history."""


class Ledger:
    """An open ledger. Made by ``Ledger.open``."""

    def __init__(self, path: Path, opened: opening.Opened) -> None:
        self.path = path
        self.set_aside = opened.recovery.set_aside if opened.recovery else None
        """Where a damaged ledger is now, if there was one; what was in it is not in this one."""
        self._connection = opened.connection
        self._lock = threading.RLock()
        self._told: list[tuple[str, Moment]] = []

    @classmethod
    def open(cls, path: Path) -> "Ledger":
        """Open or create the ledger.

        Raises Refused for a file of a newer Proofreel, Unavailable when it cannot be written.
        """
        with _in_words(path):
            try:
                opened = opening.open_file(path, ledger_schema.STEPS)
            except Refused as error:
                raise Refused(
                    "The list of transfers is not one that this Proofreel can use",
                    error.detail,
                    error.remedy,
                ) from error
            return cls(path, opened)

    def close(self) -> None:
        """Write what was only told, if that is possible, and close the file."""
        with self._lock:
            try:
                if self._told:
                    self._write(_nothing)
            except NotWritten as error:
                log.warning("The last lines of history were lost: %s", error)
            finally:
                self._connection.close()

    def add(self, items: Sequence[Either], first: str = "") -> tuple[Either, ...]:
        """Add transfers at the end of the list; return them with their places.

        ``first`` is the first line of their histories, where there shall be one.
        """

        def work(tx: Transaction) -> tuple[Either, ...]:
            added = transfers.insert(tx, items)
            for item in added if first else ():
                moment = Moment(item.transfer.created_at, "added", first)
                transfers.add_moments(tx, item.id, [moment])
            return added

        return self._write(work)

    def save(self, entry: Entry) -> None:
        """Write what a machine wants written; it is on the disk when this returns.

        Raises NotWritten, whose ``fault`` is for the machine; nothing is changed then.
        """
        self._write(lambda tx: _save(tx, entry))

    def tell(self, transfer_id: str, moment: Moment) -> None:
        """Add a line to a history; it reaches the disk with whatever is written next."""
        with self._lock:
            self._told.append((transfer_id, moment))
            if len(self._told) >= TOLD_AT_MOST:
                self._write(_nothing)

    def note_in_flight(self, moving: Mapping[str, int]) -> None:
        """Remember how much is on its way, so that a crash can be accounted for."""
        self._write(lambda tx: transfers.note_in_flight(tx, moving))

    def load(self, transfer_id: str) -> Either:
        """Return everything about a transfer; raises NotFound."""
        return self._read(lambda tx: transfers.load(tx, transfer_id))

    def part_numbers(self, transfer_id: str) -> tuple[int, ...]:
        """Return which parts were acknowledged, ascending; raises NotFound."""
        return self._read(lambda tx: transfers.part_numbers(tx, transfer_id))

    def unfinished(self) -> tuple[Either, ...]:
        """Return everything that is not over, in the order of the list."""
        return self._read(transfers.unfinished)

    def recover(self) -> tuple[Either, ...]:
        """Return what is not over as the last process left it, with what was on its way then."""
        return self._write(_recover)

    def row(self, transfer_id: str) -> Transfer:
        """Return one row; raises NotFound."""
        return self._read(lambda tx: transfers.row(tx, transfer_id))

    def rows(self, ids: Sequence[str]) -> tuple[Transfer, ...]:
        """Return the rows there are of these, in this order."""
        return self._read(lambda tx: listing.rows_of(tx, ids))

    def page(
        self,
        *,
        text: str = "",
        states: Collection[TransferState] = (),
        offset: int = 0,
        limit: int = 200,
    ) -> tuple[tuple[Transfer, ...], int]:
        """Return rows, what is not over first, then newest first; and how many match in all."""
        return self._read(lambda tx: listing.page(tx, text, states, offset, limit))

    def ids(self, *, text: str = "", states: Collection[TransferState] = ()) -> tuple[str, ...]:
        """Return the ids of all rows that match."""
        return self._read(lambda tx: listing.ids(tx, text, states))

    def counts(self) -> dict[TransferState, int]:
        """Return how many rows are in each state."""
        return self._read(listing.counts)

    def batch(self, name: str) -> BatchCount:
        """Return how far what was added together is."""
        return self._read(lambda tx: listing.batch(tx, name))

    def history(self, transfer_id: str) -> tuple[Moment, ...]:
        """Return what happened to a transfer, oldest first."""
        with self._lock:
            told = tuple(moment for id_, moment in self._told if id_ == transfer_id)
            return self._read(lambda tx: listing.history(tx, transfer_id)) + told

    def move(self, ids: Sequence[str], before: str | None) -> None:
        """Put rows before another one, with its priority; None: last."""
        self._write(lambda tx: listing.move(tx, ids, before))

    def prioritise(self, ids: Sequence[str], priority: int) -> None:
        """Give rows another priority."""
        self._write(lambda tx: listing.prioritise(tx, ids, priority))

    def limit(self, ids: Sequence[str], rate: int) -> None:
        """Limit each of these to so many bytes per second."""
        self._write(lambda tx: listing.limit_rate(tx, ids, rate))

    def forget(self, ids: Sequence[str]) -> int:
        """Remove rows that are over; return how many there were."""
        return self._write(lambda tx: listing.forget(tx, ids))

    def prune(self, now: float) -> int:
        """Remove what ended long ago; return how many rows that were."""
        return self._write(lambda tx: listing.prune(tx, now - DAYS_KEPT * DAY, ROWS_KEPT))

    def orphans(self) -> tuple[Orphan, ...]:
        """Return uploads at the service that nobody will complete."""
        return self._read(service.orphans)

    def orphans_due(self, now: float) -> tuple[Orphan, ...]:
        """Return those of the orphans that are to be aborted now."""
        return self._read(lambda tx: service.due(tx, now))

    def settle(self, orphan: Orphan, became: Sequence[Orphan] = ()) -> None:
        """Replace an orphan by what it became: nothing when it is gone, itself when later."""

        def work(tx: Transaction) -> None:
            service.drop_orphan(tx, orphan)
            service.put_orphans(tx, became)

        self._write(work)

    def known_uploads(self, bucket: str) -> frozenset[str]:
        """Return the ids of all multipart uploads in a bucket that are ours."""
        return self._read(lambda tx: service.known_uploads(tx, bucket))

    def endpoint(self, destination: str) -> Endpoint:
        """Return what was found out about a destination."""
        return self._read(lambda tx: service.endpoint(tx, destination))

    def put_endpoint(self, found: Endpoint) -> None:
        """Remember what was found out about a destination."""
        self._write(lambda tx: service.put_endpoint(tx, found))

    def note(self, name: str) -> str:
        """Return what was noted under a name; empty when nothing was."""
        return self._read(lambda tx: service.note(tx, name))

    def put_note(self, name: str, text: str) -> None:
        """Note something, such as that everything is paused."""
        self._write(lambda tx: service.put_note(tx, name, text))

    def _read(self, work: Callable[[Transaction], T_]) -> T_:
        with self._lock, _in_words(self.path):
            self._connection.execute("BEGIN")
            try:
                return work(self._connection)
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _write(self, work: Callable[[Transaction], T_]) -> T_:
        with self._lock, _in_words(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(self._connection)
                for transfer_id, moment in self._told:
                    transfers.add_moments(self._connection, transfer_id, [moment])
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk makes SQLite undo the transaction by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._told.clear()
            return result


def _nothing(_tx: Transaction) -> None:
    """Change nothing: what was only told is written."""


def _recover(tx: Transaction) -> tuple[Either, ...]:
    found = transfers.unfinished(tx)
    transfers.note_in_flight(tx, {item.id: 0 for item in found if item.transfer.in_flight})
    return found


def _save(tx: Transaction, entry: Entry) -> None:
    service.put_orphans(tx, entry.orphans)
    id_ = entry.transfer.id
    if not transfers.update(tx, entry.transfer):
        return
    if entry.forget_parts:
        transfers.drop_all_parts(tx, id_)
    transfers.drop_parts(tx, id_, entry.lost)
    transfers.put_parts(tx, id_, entry.parts)
    transfers.add_moments(tx, id_, entry.moments)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what the environment does to the ledger into ``NotWritten``; bugs pass unchanged."""
    try:
        with translated(path):
            yield
    except LibraryDamaged as error:
        opening.note_damage(path)
        raise NotWritten(
            FaultKind.UNKNOWN,
            "The list of transfers is damaged",
            f"{path.name} contradicts itself. Files and objects are not affected.",
            "Start Proofreel again: it keeps the damaged file and begins a new list.",
        ) from error
    except NotWritten:
        raise
    except Unavailable as error:
        raise NotWritten(_kind(error), error.title, error.detail, error.remedy) from error


def _kind(error: Unavailable) -> FaultKind:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return _KINDS.get(code, FaultKind.DISK_FULL)
    return FaultKind.READ_ONLY if isinstance(cause, PermissionError) else FaultKind.DISK_FULL
