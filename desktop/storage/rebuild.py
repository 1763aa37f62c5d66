"""The database again: from what a damaged file still gives and from the manifests on disk.

The damaged file is read first, row by row, because it knows what manifests do not: newer titles,
working texts, the trash. Whatever it lacks, the manifests fill in. Then it is read once more, for
the texts of videos that only the manifests remember. Working texts that are lost are those of the
newest versions again.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import StudioError
from desktop.storage import index, opening, projects, versions, videos
from desktop.storage.manifest import Manifest
from desktop.storage.opening import Recovery, Restore
from desktop.storage.rows import Row
from desktop.storage.shelf import Shelf
from desktop.storage.transaction import Transaction

_SALVAGED = (
    "projects", "videos", "video_tags", "sources", "own_texts", "scenes", "versions", "takes"
)  # fmt: skip
"""Tables in an order in which every row finds the one it refers to."""

_NOT_OURS = (ValueError, TypeError, OverflowError, ZeroDivisionError)
"""What reading a row raises whose values nobody of ours has written."""


def from_shelf(shelf: Shelf) -> Restore:
    """Return what ``Database.open`` calls after it has set a damaged file aside."""

    def restore(tx: Transaction, damaged: Path) -> Recovery:
        _salvage_if_possible(tx, damaged)
        adopt(tx, shelf.manifests())
        _salvage_if_possible(tx, damaged, orphans=True)
        _show_what_is_left(tx)
        _take_texts(tx, shelf)
        numbers = [_count(tx, table) for table in ("projects", "videos", "versions")]
        return Recovery(damaged, *numbers)

    return restore


def _salvage_if_possible(tx: Transaction, damaged: Path, *, orphans: bool = False) -> None:
    if damaged.exists():
        with contextlib.suppress(sqlite3.DatabaseError):
            salvage(tx, damaged, orphans=orphans)


def _show_what_is_left(tx: Transaction) -> None:
    """Let videos whose newest version is lost show the newest that is there."""
    tx.execute(
        "UPDATE videos SET latest_version ="
        " (SELECT coalesce(max(number), 0) FROM versions WHERE video_id = videos.id)"
    )


def _take_texts(tx: Transaction, shelf: Shelf) -> None:
    """Give videos without a working text the one of their newest version."""
    without = tx.execute(
        "SELECT id, latest_version, updated_at FROM videos WHERE latest_version > 0"
        " AND NOT EXISTS (SELECT 1 FROM sources WHERE video_id = videos.id)"
    ).fetchall()
    for video_id, number, updated_at in without:
        try:
            text = Path(shelf.files(video_id, number).source).read_text("utf-8")
        except (OSError, ValueError):
            continue  # imported footage has none, or its id is none of ours
        tx.execute("INSERT INTO sources VALUES (?, ?, 1, ?)", (video_id, text, updated_at))
        index.refresh(tx, video_id)


def adopt(tx: Transaction, found: Iterable[Manifest]) -> int:
    """Add the projects, videos and versions that the database lacks; return how many versions.

    Manifests come oldest version first; a video missing from the database gets the title,
    description and tags its newest manifest has.
    """
    added = 0
    created: set[str] = set()
    for manifest in found:
        _adopt_project(tx, manifest)
        if _adopt_video(tx, manifest, renew=manifest.video.id in created):
            created.add(manifest.video.id)
        known = _count(tx, "versions")
        with contextlib.suppress(StudioError):
            versions.insert(tx, manifest.version)
        added += _count(tx, "versions") - known
    return added


def _adopt_project(tx: Transaction, manifest: Manifest) -> None:
    try:
        known = projects.get(tx, manifest.project.id)
    except StudioError:
        projects.insert(tx, manifest.project)
    else:
        if known.updated_at < manifest.project.updated_at:
            projects.update(tx, replace(known, updated_at=manifest.project.updated_at))


def _adopt_video(tx: Transaction, manifest: Manifest, *, renew: bool) -> bool:
    """Insert the video unless it is known; ``renew`` its texts. True when it came from here."""
    try:
        known = videos.get(tx, manifest.video.id)
    except StudioError:
        videos.insert(tx, manifest.video)
        return True
    if renew:
        videos.update(tx, replace(manifest.video, created_at=known.created_at))
    return renew


def salvage(tx: Transaction, damaged: Path, *, orphans: bool = False) -> int:
    """Copy every row of the damaged file that can be read and is valid; return how many.

    With ``orphans``, videos whose project is lost get a new one instead of being left out.
    """
    copied = 0
    with closing(_open_damaged(damaged)) as source:
        for table in _SALVAGED:
            columns = _columns(tx, table)
            for row in _rows(source, table, columns):
                if orphans and table == "videos":
                    _adopt_orphan(tx, dict(zip(columns, row, strict=True)))
                copied += _copy(tx, table, columns, row)
    for (video_id,) in tx.execute("SELECT id FROM videos").fetchall():
        _keep_valid(tx, video_id)
    return copied


def _adopt_orphan(tx: Transaction, video: dict[str, object]) -> None:
    """Make a project for a video that refers to one that could not be read."""
    with contextlib.suppress(sqlite3.IntegrityError):  # a value is not of its type
        tx.execute(
            "INSERT OR IGNORE INTO projects VALUES (?, 'Recovered videos', '', ?, ?, NULL)",
            (video["project_id"], video["created_at"], video["updated_at"]),
        )


def _open_damaged(path: Path) -> sqlite3.Connection:
    connection = opening.connect(path)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _columns(tx: Transaction, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in tx.execute(f"PRAGMA table_info({table})"))


def _rows(source: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield rows from the front and, once a page is unreadable, from the back.

    The last way is the order of the table itself, for when the index of its key is unreadable.
    """
    key = _primary_key(source, table)
    ways = [", ".join(f"{part} {way}" for part in key) for way in ("ASC", "DESC")] if key else []
    for order in (*(f"ORDER BY {way}" for way in ways), "NOT INDEXED"):
        try:
            yield from source.execute(f"SELECT {', '.join(columns)} FROM {table} {order}")
        except sqlite3.DatabaseError:
            continue
        return


def _primary_key(source: sqlite3.Connection, table: str) -> list[str]:
    try:
        rows = source.execute(f"PRAGMA table_info({table})").fetchall()
    except sqlite3.DatabaseError:
        return []
    return [row[1] for row in sorted(rows, key=lambda row: int(row[5])) if row[5]]


def _copy(tx: Transaction, table: str, columns: tuple[str, ...], row: Row) -> int:
    marks = ", ".join("?" * len(columns))
    try:
        return tx.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row).rowcount
    except sqlite3.IntegrityError:
        return 0  # it refers to a row that was not readable, or a value is not of its type


def _keep_valid(tx: Transaction, video_id: str) -> None:
    """Index a salvaged video, or drop it when its values are not those of a video."""
    try:
        videos.get(tx, video_id)
    except _NOT_OURS:
        videos.purge(tx, [video_id])
        return
    numbers = tx.execute("SELECT number FROM versions WHERE video_id = ?", (video_id,)).fetchall()
    for (number,) in numbers:
        try:
            _ = versions.get(tx, video_id, number).seconds
        except _NOT_OURS:
            tx.execute("DELETE FROM versions WHERE (video_id, number) = (?, ?)", (video_id, number))
    index.refresh(tx, video_id)


def _count(tx: Transaction, table: str) -> int:
    return int(tx.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
