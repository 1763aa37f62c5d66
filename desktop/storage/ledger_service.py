"""What the ledger knows of the service's side: orphans, endpoints, and ids that are ours."""

from collections.abc import Iterable
from dataclasses import astuple

from desktop.domain.uploads import Endpoint, Orphan
from desktop.storage.transaction import Transaction

_ORPHAN = "destination, bucket, key, upload_id, reason, asked_at, tries, next_try_at"
_ENDPOINT = "destination, checksums, connections, region, checked_at"


def put_orphans(tx: Transaction, orphans: Iterable[Orphan]) -> None:
    """Write orphans, or what became of them."""
    tx.executemany(
        f"INSERT OR REPLACE INTO orphans ({_ORPHAN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (astuple(orphan) for orphan in orphans),
    )


def drop_orphan(tx: Transaction, orphan: Orphan) -> None:
    """Remove an orphan of which nothing is held any more."""
    tx.execute(
        "DELETE FROM orphans WHERE destination = ? AND bucket = ? AND key = ? AND upload_id = ? "
        "AND asked_at = ?",
        (orphan.destination, orphan.bucket, orphan.key, orphan.upload_id, orphan.asked_at),
    )


def orphans(tx: Transaction) -> tuple[Orphan, ...]:
    """Return all orphans, those first that are to be tried first."""
    found = tx.execute(f"SELECT {_ORPHAN} FROM orphans ORDER BY next_try_at")
    return tuple(Orphan(*row) for row in found)


def due(tx: Transaction, now: float) -> tuple[Orphan, ...]:
    """Return orphans to be tried now.

    One whose id is not known is left alone while an upload of the same key has none either: it
    could not be told from that one.
    """
    found = tx.execute(
        f"SELECT {_ORPHAN} FROM orphans AS o WHERE next_try_at <= ? AND (upload_id <> '' OR "
        "NOT EXISTS (SELECT 1 FROM transfers AS t JOIN uploads AS u ON u.id = t.id "
        "WHERE t.bucket = o.bucket AND t.key = o.key AND t.is_over = 0 AND t.upload_id = '' "
        "AND u.creating_at IS NOT NULL)) ORDER BY next_try_at",
        (now,),
    )
    return tuple(Orphan(*row) for row in found)


def known_uploads(tx: Transaction, bucket: str) -> frozenset[str]:
    """Return the ids of all multipart uploads in a bucket that are ours."""
    found = tx.execute(
        "SELECT upload_id FROM transfers WHERE bucket = ? AND upload_id <> '' "
        "UNION SELECT upload_id FROM orphans WHERE bucket = ? AND upload_id <> ''",
        (bucket, bucket),
    )
    return frozenset(row[0] for row in found)


def endpoint(tx: Transaction, destination: str) -> Endpoint:
    """Return what was found out about a destination; nothing at first."""
    query = f"SELECT {_ENDPOINT} FROM endpoints WHERE destination = ?"
    row = tx.execute(query, (destination,)).fetchone()
    return Endpoint(*row) if row else Endpoint(destination)


def put_endpoint(tx: Transaction, found: Endpoint) -> None:
    """Write what was found out about a destination."""
    tx.execute(
        f"INSERT OR REPLACE INTO endpoints ({_ENDPOINT}) VALUES (?, ?, ?, ?, ?)", astuple(found)
    )


def note(tx: Transaction, name: str) -> str:
    """Return a note; empty when there is none."""
    row = tx.execute("SELECT text FROM notes WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def put_note(tx: Transaction, name: str, text: str) -> None:
    """Write a note."""
    tx.execute("INSERT OR REPLACE INTO notes (name, text) VALUES (?, ?)", (name, text))
