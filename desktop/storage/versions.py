"""Immutable versions with the scene takes they are made of; rows are added, never changed."""

from dataclasses import replace
from fractions import Fraction

from desktop.domain.errors import Conflict, NotFound
from desktop.domain.library import SceneTake, Version, Video
from desktop.domain.picture import Quality
from desktop.storage import videos
from desktop.storage.rows import Row, micros, moment
from desktop.storage.transaction import Transaction

_COLUMNS = (
    "id, video_id, number, created_at, quality, width, height, rate, frames, size, sha256, note,"
    " isolation, restored_from, allowed_code"
)


def insert(tx: Transaction, version: Version) -> None:
    """Add a version and let its video show it when it is the newest.

    Adding the same version twice changes nothing; another version of that number raises
    ``Conflict``, a video that is gone ``NotFound``. The video's status is the caller's to set.
    """
    video = videos.get(tx, version.video_id)
    taken = tx.execute(
        "SELECT id FROM versions WHERE id = ? OR (video_id = ? AND number = ?)",
        (version.id, version.video_id, version.number),
    ).fetchone()
    if taken == (version.id,):
        return
    if taken is not None:
        raise Conflict(
            "This version number is taken",
            f"Another render finished first and became version {version.number}.",
            "Render again; unchanged scenes are reused.",
        )
    tx.execute(
        f"INSERT INTO versions ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", _row(version)
    )
    _insert_takes(tx, version)
    _show(tx, video, version)


def get(tx: Transaction, video_id: str, number: int) -> Version:
    """Return one version with its scenes; raises ``NotFound``."""
    found = _select(tx, "video_id = ? AND number = ?", (video_id, number))
    if not found:
        raise NotFound(f"Version {number} is gone", "The video has no version of this number.", "")
    return found[0]


def listed(tx: Transaction, video_id: str) -> tuple[Version, ...]:
    """Return all versions of a video with their scenes, newest first."""
    return _select(tx, "video_id = ?", (video_id,))


def next_number(tx: Transaction, video_id: str) -> int:
    """Return the number the next version of the video gets in the database."""
    row = tx.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE video_id = ?", (video_id,)
    ).fetchone()
    return int(row[0])


def render_keys(tx: Transaction, *, newest: int | None = None) -> frozenset[str]:
    """Return the render keys versions are made of, so that the store does not evict them.

    With ``newest``, only those of the last so many versions of each video.
    """
    rows = tx.execute(
        "SELECT DISTINCT render_key FROM takes JOIN versions ON versions.id = version_id"
        " JOIN videos ON videos.id = video_id WHERE ? IS NULL OR number > latest_version - ?",
        (newest, newest),
    )
    return frozenset(row[0] for row in rows)


def _select(tx: Transaction, condition: str, values: Row) -> tuple[Version, ...]:
    """Return versions, newest first; ``condition`` is one of the literals of this module."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM versions WHERE {condition} ORDER BY number DESC", values
    ).fetchall()
    return tuple(_version(row, _takes(tx, row[0])) for row in rows)


def _takes(tx: Transaction, version_id: str) -> tuple[SceneTake, ...]:
    rows = tx.execute(
        "SELECT scene_id, title, class_name, render_key, code_sha256, first_frame, frames,"
        " simplified FROM takes WHERE version_id = ? ORDER BY position",
        (version_id,),
    )
    return tuple(_take(row) for row in rows)


def _take(row: Row) -> SceneTake:
    return SceneTake(
        scene_id=row[0],
        title=row[1],
        class_name=row[2],
        render_key=row[3],
        code_sha256=row[4],
        first_frame=row[5],
        frames=row[6],
        simplified=bool(row[7]),
    )


def _insert_takes(tx: Transaction, version: Version) -> None:
    tx.executemany(
        "INSERT INTO takes (version_id, position, scene_id, title, class_name, render_key,"
        " code_sha256, first_frame, frames, simplified) VALUES (?,?,?,?,?,?,?,?,?,?)",
        [
            (
                version.id,
                position,
                take.scene_id,
                take.title,
                take.class_name,
                take.render_key,
                take.code_sha256,
                take.first_frame,
                take.frames,
                take.simplified,
            )
            for position, take in enumerate(version.scenes)
        ],
    )


def _show(tx: Transaction, video: Video, version: Version) -> None:
    if version.number < video.latest_version:
        return
    videos.update(
        tx,
        replace(
            video,
            latest_version=version.number,
            scene_count=len(version.scenes),
            duration=version.seconds,
            updated_at=max(video.updated_at, version.created_at),
        ),
    )


def _row(version: Version) -> Row:
    return (
        version.id,
        version.video_id,
        version.number,
        micros(version.created_at),
        version.quality.value,
        version.width,
        version.height,
        str(version.rate),
        version.frames,
        version.size,
        version.sha256,
        version.note,
        version.isolation,
        version.restored_from,
        int(version.allowed_code),
    )


def _version(row: Row, takes: tuple[SceneTake, ...]) -> Version:
    return Version(
        id=row[0],
        video_id=row[1],
        number=row[2],
        created_at=moment(row[3]),
        quality=Quality(row[4]),
        width=row[5],
        height=row[6],
        rate=Fraction(row[7]),
        frames=row[8],
        size=row[9],
        sha256=row[10],
        note=row[11],
        isolation=row[12],
        restored_from=row[13],
        allowed_code=bool(row[14]),
        scenes=takes,
    )
