"""The schema, as numbered steps; ``user_version`` says how many a file has been through.

A step that was released is never edited: a change is a new step at the end of ``STEPS``.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

APPLICATION_ID = 0x50524F46
"""``PROF``: marks the file as ours; see https://www.sqlite.org/pragma.html#pragma_application_id"""

Step = Callable[[sqlite3.Connection], None]

BACKUPS_KEPT = 3


def migrate(connection: sqlite3.Connection, path: Path, steps: Sequence[Step]) -> None:
    """Bring the file to the last of ``steps``, each in its own transaction.

    An existing file is copied beside itself first. A step that fails leaves the file at the step
    before it. Safe when two processes start at once: the second finds the work done.
    """
    version = user_version(connection)
    if 0 < version < len(steps):
        _back_up(connection, path, version)
    while version < len(steps):
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = user_version(connection)
            if version < len(steps):
                steps[version](connection)
                version += 1
                # PRAGMA takes no parameters; both are integers of our own.
                connection.execute(f"PRAGMA user_version = {version:d}")
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
            connection.execute("COMMIT")
        except BaseException:
            # A full disk makes SQLite undo the transaction by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def user_version(connection: sqlite3.Connection) -> int:
    """Return how many steps the file has been through."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = path.with_name(f"{path.stem}.format-{version:d}-{stamp}{path.suffix}")
    unfinished = target.with_suffix(".unfinished")
    try:
        with closing(sqlite3.connect(unfinished)) as copy:
            connection.backup(copy)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    copies = path.parent.glob(f"{path.stem}.format-*{path.suffix}")
    # By time: as text, format 10 would come before format 9.
    for old in sorted(copies, key=lambda copy: copy.stem.rpartition("-")[2])[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)


def _statements(connection: sqlite3.Connection, script: str) -> None:
    # executescript would commit the open transaction.
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _create(connection: sqlite3.Connection) -> None:
    """Step 1: projects, videos, working sources, scenes, versions and the full-text index."""
    _statements(connection, _TABLES)


# The live_by_ indexes repeat what their condition says about trashed_at: only then does SQLite walk
# them without looking at each row of the table.
_TABLES = """
CREATE TABLE projects (
    id          TEXT PRIMARY KEY,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    trashed_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE videos (
    id             TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL REFERENCES projects (id),
    title          TEXT NOT NULL,
    kind           TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    description    TEXT NOT NULL,
    tags           TEXT NOT NULL,
    aspect         TEXT NOT NULL,
    status         TEXT NOT NULL,
    latest_version INTEGER NOT NULL,
    scene_count    INTEGER NOT NULL,
    duration       REAL NOT NULL,
    trashed_at     INTEGER,
    search_id      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX videos_of_project ON videos (project_id);

CREATE UNIQUE INDEX videos_by_search_id ON videos (search_id);

CREATE INDEX live_by_update ON videos (search_id, id, trashed_at) WHERE trashed_at IS NULL;

CREATE INDEX live_by_creation ON videos (created_at, id, search_id, trashed_at)
    WHERE trashed_at IS NULL;

CREATE INDEX live_by_title ON videos (title COLLATE NOCASE, id, search_id, trashed_at)
    WHERE trashed_at IS NULL;

CREATE INDEX live_by_duration ON videos (duration, id, search_id, trashed_at)
    WHERE trashed_at IS NULL;

CREATE INDEX trashed_videos ON videos (trashed_at) WHERE trashed_at IS NOT NULL;

CREATE TABLE video_tags (
    tag      TEXT NOT NULL,
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, video_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_of_video ON video_tags (video_id);

CREATE TABLE sources (
    video_id TEXT PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    text     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT;

CREATE TABLE scenes (
    video_id    TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    position    INTEGER,
    title       TEXT NOT NULL,
    class_name  TEXT NOT NULL,
    text        TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    PRIMARY KEY (video_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
    id            TEXT PRIMARY KEY,
    video_id      TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    quality       TEXT NOT NULL,
    width         INTEGER NOT NULL,
    height        INTEGER NOT NULL,
    rate          TEXT NOT NULL,
    frames        INTEGER NOT NULL,
    size          INTEGER NOT NULL,
    sha256        TEXT NOT NULL,
    note          TEXT NOT NULL,
    isolation     TEXT NOT NULL,
    restored_from INTEGER,
    UNIQUE (video_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE takes (
    version_id  TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    scene_id    TEXT NOT NULL,
    title       TEXT NOT NULL,
    class_name  TEXT NOT NULL,
    render_key  TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    first_frame INTEGER NOT NULL,
    frames      INTEGER NOT NULL,
    simplified  INTEGER NOT NULL,
    PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX takes_by_key ON takes (render_key);

CREATE VIRTUAL TABLE search USING fts5 (
    title, tags, description, scenes, code, facets,
    tokenize = "unicode61 remove_diacritics 2",
    prefix = '1 2 3'
);

INSERT INTO search (search, rank) VALUES ('rank', 'bm25(10.0, 6.0, 3.0, 2.0, 1.0, 0.0)');
"""


def _know_own_texts(connection: sqlite3.Connection) -> None:
    """Step 2: which working texts were written here; of older ones nobody knows."""
    _statements(connection, _OWN_TEXTS)


_OWN_TEXTS = """
CREATE TABLE own_texts (
    video_id TEXT PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


def _know_allowed_code(connection: sqlite3.Connection) -> None:
    """Step 3: which versions ran code from elsewhere; of older ones nobody knows."""
    connection.execute("ALTER TABLE versions ADD COLUMN allowed_code INTEGER NOT NULL DEFAULT 0")


STEPS: tuple[Step, ...] = (_create, _know_own_texts, _know_allowed_code)
"""Every step ever released, in order."""
