"""Opening the library file: is it ours, is it sound, is it current; if not, what is done about it.

A damaged file is never repaired in place and never deleted. A new one is made beside it from what
can still be read and from the version folders; only when that is whole and on disk is the damaged
file renamed with the time of day, and the new one takes its place. A crash in between costs
nothing: the next start does it again, or finishes it.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from desktop.domain.errors import Refused
from desktop.storage import lock, migrations

log = logging.getLogger(__name__)

BUSY_MS = 15_000
"""How long one process waits for another's transaction."""

CHECK_ALWAYS_BYTES = 64 * 2**20
"""Files up to this size are checked at every start; it takes about 1 ms per MiB."""

SIDE_FILES = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Recovery:
    """What happened to a damaged file."""

    set_aside: Path
    """Where the damaged file is now."""
    projects: int = 0
    videos: int = 0
    versions: int = 0


Restore = Callable[[sqlite3.Connection, Path], Recovery]
"""Fills the new file; gets the open transaction and where the old file is, if there is one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A sound, current file and its writing connection."""

    connection: sqlite3.Connection
    recovery: Recovery | None


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection that any one thread at a time may use, in autocommit mode."""
    connection = sqlite3.connect(
        path,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL: what was reported as saved survives a power cut too, not only a crash.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -16384")
    # No mmap_size: it saves nothing here, and a drive that is pulled out would end the program.
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def open_file(
    path: Path, steps: Sequence[migrations.Step], restore: Restore | None = None
) -> Opened:
    """Open ``path`` for writing, migrated to the last of ``steps``; only one process at a time.

    Raises ``Refused`` for a newer or a foreign file, which is left untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with lock.held(path.with_name(path.name + ".lock")):
        recovery = _make_usable(path, steps, restore)
        connection = connect(path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA journal_size_limit = 67108864")
            migrations.migrate(connection, path, steps)
        except BaseException:
            connection.close()
            raise
        return Opened(connection, recovery)


def _make_usable(
    path: Path, steps: Sequence[migrations.Step], restore: Restore | None
) -> Recovery | None:
    """Put a new file in place of a damaged or missing one; None unless something was damaged."""
    missing = not path.exists() or path.stat().st_size == 0
    rebuilt = path.with_name(path.name + ".rebuilt")
    if not missing and not is_damaged(path, len(steps)):
        _damage_note(path).unlink(missing_ok=True)
        rebuilt.unlink(missing_ok=True)
        return None
    recovery: Recovery | None = None
    if not (missing and rebuilt.exists()):
        recovery = _rebuild(path, rebuilt, steps, restore)
    set_aside = _set_aside(path)
    rebuilt.rename(path)
    _damage_note(path).unlink(missing_ok=True)
    if missing or recovery is None:
        found = recovery.versions if recovery else 0
        log.log(logging.WARNING if found else logging.INFO, "New library with %d versions", found)
        return None
    log.warning("%s was damaged; it is now %s", path, set_aside)
    return replace(recovery, set_aside=set_aside)


def _rebuild(
    path: Path, rebuilt: Path, steps: Sequence[migrations.Step], restore: Restore | None
) -> Recovery:
    """Make ``rebuilt``, a whole new file; it has that name only once everything is on disk."""
    draft = path.with_name(path.name + ".rebuilding")
    for leftover in (draft, draft.with_name(draft.name + "-journal")):
        leftover.unlink(missing_ok=True)
    recovery = Recovery(path)
    with closing(connect(draft)) as connection:
        migrations.migrate(connection, draft, steps)
        if restore is not None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                recovery = restore(connection, path)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
    draft.replace(rebuilt)
    return recovery


def is_damaged(path: Path, newest: int) -> bool:
    """Tell whether the file contradicts itself.

    Large files are only read through when a note or a left-over log says that the last session
    ended badly; a note, left by whoever ran into damage, has the full-text index checked as well.
    Raises ``Refused`` when the file is sound but newer, or not a library.
    """
    noted = _damage_note(path).exists()
    suspicious = noted or path.with_name(path.name + "-wal").exists()
    connection: sqlite3.Connection | None = None
    try:
        connection = connect(path)
        _refuse_foreign(connection, path, newest)
        if suspicious or path.stat().st_size <= CHECK_ALWAYS_BYTES:
            return _contradicts_itself(connection, thorough=noted)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if _says_damaged(error):
            return True
        raise
    finally:
        if connection is not None:
            connection.close()
    return False


def _contradicts_itself(connection: sqlite3.Connection, *, thorough: bool) -> bool:
    check = "PRAGMA integrity_check(1)" if thorough else "PRAGMA quick_check(1)"
    if [row[0] for row in connection.execute(check)] != ["ok"]:
        return True
    indexed = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search'").fetchone()
    if thorough and indexed:
        # Raises SQLITE_CORRUPT when the index does not say what the documents say.
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    return False


def _says_damaged(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _refuse_foreign(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if owner not in {0, migrations.APPLICATION_ID}:
        raise Refused(
            "This is not a Proofreel library",
            f"{path} belongs to another program.",
            "Choose another data folder.",
        )
    if version > newest:
        raise Refused(
            "The library was made by a newer Proofreel",
            f"{path} has format {version}; this Proofreel knows formats up to {newest}. "
            "Nothing was changed.",
            "Update Proofreel, or choose another data folder.",
        )


def _set_aside(path: Path) -> Path:
    """Rename the file and its side files, the file first; return its new path.

    A log left beside a new file would be replayed into it, so it goes even when there is no file.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    for side in SIDE_FILES:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(target.with_name(target.name + side))
    return target


def _damage_note(path: Path) -> Path:
    return path.with_name(path.name + ".damaged")


def note_damage(path: Path) -> None:
    """Leave a note beside the file so that the next start reads it through."""
    with contextlib.suppress(OSError):
        _damage_note(path).touch()
