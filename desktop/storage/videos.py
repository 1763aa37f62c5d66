"""Videos: rows of ``videos`` and ``video_tags``, their trash, and keeping the index in step."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from desktop.domain.errors import NotFound
from desktop.domain.library import SourceKind, Video, VideoStatus
from desktop.domain.picture import Aspect
from desktop.storage import index
from desktop.storage.rows import (
    Row,
    micros,
    moment,
    optional_micros,
    optional_moment,
    tags_of,
    tags_text,
)
from desktop.storage.transaction import Transaction

COLUMNS = (
    "id, project_id, title, kind, created_at, updated_at, description, tags, aspect, status,"
    " latest_version, scene_count, duration, trashed_at"
)


def insert(tx: Transaction, video: Video) -> None:
    """Add a video without source; its project must exist and its id be new."""
    tx.execute(
        f"INSERT INTO videos ({COLUMNS}, search_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*_row(video), index.next_id(tx)),
    )
    _write_tags(tx, video)
    index.refresh(tx, video.id)


def get(tx: Transaction, video_id: str) -> Video:
    """Return one video, trashed or not; raises ``NotFound``."""
    row = tx.execute(f"SELECT {COLUMNS} FROM videos WHERE id = ?", (video_id,)).fetchone()
    if row is None:
        raise NotFound("This video is gone", "It was deleted for good in the meantime.")
    return from_row(row)


def update(tx: Transaction, video: Video) -> None:
    """Store every field of an existing video except its trash state; raises ``NotFound``.

    Read, ``dataclasses.replace`` and update inside one ``Database.write``, so that no other
    process changes the row in between. A later ``updated_at`` moves the video to the front of
    what was changed most recently.
    """
    before = get(tx, video.id)
    tx.execute(
        "UPDATE videos SET project_id = ?, title = ?, kind = ?, created_at = ?, updated_at = ?,"
        " description = ?, tags = ?, aspect = ?, status = ?, latest_version = ?,"
        " scene_count = ?, duration = ? WHERE id = ?",
        (*_row(video)[1:-1], video.id),
    )
    if before.tags != video.tags:
        tx.execute("DELETE FROM video_tags WHERE video_id = ?", (video.id,))
        _write_tags(tx, video)
    if before.updated_at != video.updated_at:
        index.move_to_front(tx, video.id)
    index.refresh(tx, video.id)


def touch(tx: Transaction, video_id: str, when: datetime) -> None:
    """Note that something of the video changed at ``when``."""
    update(tx, replace(get(tx, video_id), updated_at=when))


def of_project(tx: Transaction, project_id: str, *, trashed: bool = False) -> tuple[Video, ...]:
    """Return a project's live videos, or its trashed ones, newest change first."""
    rows = tx.execute(
        f"SELECT {COLUMNS} FROM videos WHERE project_id = ? AND (trashed_at IS NOT NULL) = ?"
        " ORDER BY search_id DESC",
        (project_id, trashed),
    )
    return tuple(from_row(row) for row in rows)


def with_status(tx: Transaction, status: VideoStatus) -> tuple[Video, ...]:
    """Return every video of one status, trashed or not."""
    rows = tx.execute(f"SELECT {COLUMNS} FROM videos WHERE status = ?", (status.value,))
    return tuple(from_row(row) for row in rows)


def trash(tx: Transaction, video_ids: Iterable[str], when: datetime) -> tuple[str, ...]:
    """Put videos into the trash; return those that were not there already."""
    moved = []
    for video_id in video_ids:
        changed = tx.execute(
            "UPDATE videos SET trashed_at = ? WHERE id = ? AND trashed_at IS NULL",
            (micros(when), video_id),
        )
        if changed.rowcount:
            index.refresh(tx, video_id)
            moved.append(video_id)
    return tuple(moved)


def restore(tx: Transaction, video_ids: Iterable[str]) -> None:
    """Take videos out of the trash; a trashed project comes back for them, but only for them."""
    for video_id in video_ids:
        tx.execute("UPDATE videos SET trashed_at = NULL WHERE id = ?", (video_id,))
        tx.execute(
            "UPDATE projects SET trashed_at = NULL"
            " WHERE id = (SELECT project_id FROM videos WHERE id = ?)",
            (video_id,),
        )
        index.refresh(tx, video_id)


def trashed_ids(tx: Transaction) -> tuple[str, ...]:
    """Return the ids of everything in the trash, longest there first."""
    rows = tx.execute("SELECT id FROM videos WHERE trashed_at IS NOT NULL ORDER BY trashed_at, id")
    return tuple(row[0] for row in rows)


def purge(tx: Transaction, video_ids: Iterable[str]) -> None:
    """Delete videos for good: rows, sources, scenes, versions; folders are the shelf's."""
    for video_id in video_ids:
        index.remove(tx, video_id)
        tx.execute("DELETE FROM videos WHERE id = ?", (video_id,))


def from_row(row: Row) -> Video:
    """Return the video of one row of ``COLUMNS``."""
    return Video(
        id=row[0],
        project_id=row[1],
        title=row[2],
        kind=SourceKind(row[3]),
        created_at=moment(row[4]),
        updated_at=moment(row[5]),
        description=row[6],
        tags=tags_of(row[7]),
        aspect=Aspect(row[8]),
        status=VideoStatus(row[9]),
        latest_version=row[10],
        scene_count=row[11],
        duration=row[12],
        trashed_at=optional_moment(row[13]),
    )


def _row(video: Video) -> Row:
    return (
        video.id,
        video.project_id,
        video.title,
        video.kind.value,
        micros(video.created_at),
        micros(video.updated_at),
        video.description,
        tags_text(video.tags),
        video.aspect.value,
        video.status.value,
        video.latest_version,
        video.scene_count,
        float(video.duration),
        optional_micros(video.trashed_at),
    )


def _write_tags(tx: Transaction, video: Video) -> None:
    tx.executemany(
        "INSERT OR IGNORE INTO video_tags (tag, video_id) VALUES (?, ?)",
        [(tag, video.id) for tag in video.tags],
    )
