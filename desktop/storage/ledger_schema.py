"""The tables of the ledger of transfers, as numbered steps; see ``migrations`` for the rules.

``parts`` holds what was acknowledged, and nothing else: a part that is in it is never sent again.
"""

import sqlite3

from desktop.storage.migrations import Step

_TABLES = """
CREATE TABLE transfers (
    id           TEXT PRIMARY KEY,
    direction    TEXT NOT NULL,
    path         TEXT NOT NULL,
    destination  TEXT NOT NULL,
    bucket       TEXT NOT NULL,
    key          TEXT NOT NULL,
    size         INTEGER NOT NULL,
    state        TEXT NOT NULL,
    created_at   REAL NOT NULL,
    reason       TEXT NOT NULL,
    remedy       TEXT NOT NULL,
    fault        TEXT,
    priority     INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    rate_limit   INTEGER NOT NULL,
    confirmed    INTEGER NOT NULL,
    in_flight    INTEGER NOT NULL,
    next_try_at  REAL,
    part_size    INTEGER NOT NULL,
    parts        INTEGER NOT NULL,
    parts_done   INTEGER NOT NULL,
    sent_again   INTEGER NOT NULL,
    resumed_from INTEGER,
    attempts     INTEGER NOT NULL,
    upload_id    TEXT NOT NULL,
    etag         TEXT NOT NULL,
    checksum     TEXT NOT NULL,
    started_at   REAL,
    finished_at  REAL,
    batch        TEXT NOT NULL,
    is_over      INTEGER NOT NULL,
    words        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX transfers_waiting ON transfers (priority DESC, position, id) WHERE is_over = 0;

CREATE INDEX transfers_over ON transfers (finished_at DESC, id DESC) WHERE is_over = 1;

CREATE INDEX transfers_by_upload ON transfers (upload_id) WHERE upload_id <> '';

CREATE INDEX transfers_of_batch ON transfers (batch) WHERE batch <> '';

CREATE TABLE uploads (
    id            TEXT PRIMARY KEY REFERENCES transfers (id) ON DELETE CASCADE,
    request       TEXT NOT NULL,
    nonce         TEXT NOT NULL,
    source        TEXT,
    checksums     TEXT NOT NULL,
    creating_at   REAL,
    unconditional INTEGER NOT NULL,
    largest_part  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE downloads (
    id      TEXT PRIMARY KEY REFERENCES transfers (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    seen    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE parts (
    transfer_id TEXT NOT NULL REFERENCES transfers (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    etag        TEXT NOT NULL,
    checksum    TEXT NOT NULL,
    PRIMARY KEY (transfer_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE moments (
    seq         INTEGER PRIMARY KEY,
    transfer_id TEXT NOT NULL REFERENCES transfers (id) ON DELETE CASCADE,
    at          REAL NOT NULL,
    kind        TEXT NOT NULL,
    text        TEXT NOT NULL
) STRICT;

CREATE INDEX moments_of_transfer ON moments (transfer_id, seq);

CREATE TABLE orphans (
    destination TEXT NOT NULL,
    bucket      TEXT NOT NULL,
    key         TEXT NOT NULL,
    upload_id   TEXT NOT NULL,
    asked_at    REAL NOT NULL,
    reason      TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    next_try_at REAL NOT NULL,
    PRIMARY KEY (destination, bucket, key, upload_id, asked_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoints (
    destination TEXT PRIMARY KEY,
    checksums   TEXT NOT NULL,
    connections INTEGER NOT NULL,
    region      TEXT NOT NULL,
    checked_at  REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


def _create(connection: sqlite3.Connection) -> None:
    """Step 1: transfers with their parts and history, orphans, endpoints and notes."""
    # executescript would commit the open transaction.
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)


STEPS: tuple[Step, ...] = (_create,)
"""Every step ever released, in order."""
