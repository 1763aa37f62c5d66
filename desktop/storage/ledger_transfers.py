"""Transfers and their parts in the ledger: what machines write, and read after a crash."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from desktop.domain.errors import NotFound
from desktop.domain.transfers import Moment, Transfer
from desktop.domain.uploads import Download, Part, Upload
from desktop.storage import ledger_rows as rows
from desktop.storage.ledger_rows import Either
from desktop.storage.transaction import Transaction

CHUNK = 500
"""Ids in one statement."""


def insert(tx: Transaction, transfers: Sequence[Either]) -> tuple[Either, ...]:
    """Add transfers at the end of the list; return them with their places."""
    highest = tx.execute("SELECT coalesce(max(position), 0) FROM transfers").fetchone()[0]
    placed = [_placed(item, highest + n) for n, item in enumerate(transfers, start=1)]
    for item in placed:
        values = rows.values_of(item.transfer)
        _insert(tx, "transfers", values)
        _insert(tx, _table(item), {"id": item.id, **_details(item)})
    return tuple(placed)


def update(tx: Transaction, item: Either) -> bool:
    """Write a row as its machine has it; False when it was removed meanwhile."""
    values = rows.values_of(item.transfer)
    for name in ("id", "in_flight", *rows.PERSONAL):
        del values[name]
    if not _update(tx, "transfers", item.id, values):
        return False
    _update(tx, _table(item), item.id, _details(item))
    return True


def put_parts(tx: Transaction, transfer_id: str, parts: Iterable[Part]) -> None:
    """Write parts that were acknowledged."""
    tx.executemany(
        "INSERT OR REPLACE INTO parts (transfer_id, number, size, etag, checksum) "
        "VALUES (?, ?, ?, ?, ?)",
        ((transfer_id, p.number, p.size, p.etag, p.checksum) for p in parts),
    )


def drop_parts(tx: Transaction, transfer_id: str, numbers: Iterable[int]) -> None:
    """Remove parts that turned out not to be there."""
    tx.executemany(
        "DELETE FROM parts WHERE transfer_id = ? AND number = ?",
        ((transfer_id, number) for number in numbers),
    )


def drop_all_parts(tx: Transaction, transfer_id: str) -> None:
    """Remove every part of a transfer."""
    tx.execute("DELETE FROM parts WHERE transfer_id = ?", (transfer_id,))


def add_moments(tx: Transaction, transfer_id: str, moments: Iterable[Moment]) -> None:
    """Add lines to the history of a transfer that exists."""
    tx.executemany(
        "INSERT INTO moments (transfer_id, at, kind, text) "
        "SELECT id, ?, ?, ? FROM transfers WHERE id = ?",
        ((moment.at, moment.kind, moment.text, transfer_id) for moment in moments),
    )


def load(tx: Transaction, transfer_id: str) -> Either:
    """Return a transfer with everything that is known of it; raises NotFound."""
    found = loaded(tx, [row(tx, transfer_id)])
    return found[0]


def row(tx: Transaction, transfer_id: str) -> Transfer:
    """Return a row; raises NotFound."""
    found = tx.execute(
        f"SELECT {rows.SELECTED} FROM transfers WHERE id = ?", (transfer_id,)
    ).fetchone()
    if found is None:
        raise NotFound("The transfer is not in the list any more", transfer_id)
    return rows.transfer_of(found)


def part_numbers(tx: Transaction, transfer_id: str) -> tuple[int, ...]:
    """Return which parts were acknowledged, ascending; raises NotFound.

    Of what is complete that is every part, though they are not kept any longer.
    """
    whole = row(tx, transfer_id)
    if whole.parts and whole.parts_done == whole.parts:
        return tuple(range(1, whole.parts + 1))
    found = tx.execute(
        "SELECT number FROM parts WHERE transfer_id = ? ORDER BY number", (transfer_id,)
    )
    return tuple(number for (number,) in found)


def unfinished(tx: Transaction) -> tuple[Either, ...]:
    """Return everything that is not over, in the order of the list."""
    found = tx.execute(
        f"SELECT {rows.SELECTED} FROM transfers WHERE is_over = 0 "
        "ORDER BY priority DESC, position, id"
    ).fetchall()
    return loaded(tx, [rows.transfer_of(item) for item in found])


def loaded(tx: Transaction, transfers: Sequence[Transfer]) -> tuple[Either, ...]:
    """Return what belongs to these rows, in their order."""
    ids = [transfer.id for transfer in transfers]
    parts = _parts(tx, ids)
    ups = _by_id(tx, "uploads", rows.UPLOAD_COLUMNS, ids)
    downs = _by_id(tx, "downloads", rows.DOWNLOAD_COLUMNS, ids)
    return tuple(
        rows.upload_of(transfer, ups[transfer.id], parts[transfer.id])
        if transfer.id in ups
        else rows.download_of(transfer, downs[transfer.id], parts[transfer.id])
        for transfer in transfers
    )


def note_in_flight(tx: Transaction, moving: Mapping[str, int]) -> None:
    """Remember roughly how much was on its way, so that a crash can be accounted for."""
    tx.executemany(
        "UPDATE transfers SET in_flight = ? WHERE id = ?",
        ((size, transfer_id) for transfer_id, size in moving.items()),
    )


def _parts(tx: Transaction, ids: Sequence[str]) -> Mapping[str, dict[int, Part]]:
    found: dict[str, dict[int, Part]] = defaultdict(dict)
    for some in _chunks(ids):
        query = "SELECT transfer_id, number, size, etag, checksum FROM parts WHERE transfer_id IN "
        for transfer_id, *values in tx.execute(query + _marks(some), some):
            part = Part(*values)
            found[transfer_id][part.number] = part
    return found


def _by_id(
    tx: Transaction, table: str, columns: str, ids: Sequence[str]
) -> dict[str, tuple[object, ...]]:
    found = {}
    for some in _chunks(ids):
        query = f"SELECT id, {columns} FROM {table} WHERE id IN {_marks(some)}"
        found.update({first: tuple(rest) for first, *rest in tx.execute(query, some)})
    return found


def _placed(item: Either, position: int) -> Either:
    placed = replace(item.transfer, position=position)
    if isinstance(item, Upload):
        return replace(item, transfer=placed)
    return replace(item, transfer=placed)


def _table(item: Either) -> str:
    return "downloads" if isinstance(item, Download) else "uploads"


def _details(item: Either) -> dict[str, object]:
    return rows.download_values(item) if isinstance(item, Download) else rows.upload_values(item)


def _insert(tx: Transaction, table: str, values: Mapping[str, object]) -> None:
    names = ", ".join(values)
    marks = _marks(list(values))
    tx.execute(f"INSERT INTO {table} ({names}) VALUES {marks}", list(values.values()))


def _update(tx: Transaction, table: str, id_: str, values: Mapping[str, object]) -> bool:
    pairs = ", ".join(f"{name} = ?" for name in values)
    done = tx.execute(f"UPDATE {table} SET {pairs} WHERE id = ?", [*values.values(), id_])
    return done.rowcount > 0


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _marks(values: Sequence[object]) -> str:
    return "(" + ", ".join("?" * len(values)) + ")"
