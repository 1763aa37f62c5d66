"""Projects: rows of ``projects`` and the trash that takes a project's videos along."""

from datetime import datetime

from desktop.domain.errors import NotFound
from desktop.domain.library import Project
from desktop.storage import index
from desktop.storage.rows import Row, micros, moment, optional_micros, optional_moment
from desktop.storage.transaction import Transaction

_COLUMNS = "id, title, description, created_at, updated_at, trashed_at"


def insert(tx: Transaction, project: Project) -> None:
    """Add a project; its id must be new."""
    tx.execute(f"INSERT INTO projects ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", _row(project))


def get(tx: Transaction, project_id: str) -> Project:
    """Return one project, trashed or not; raises ``NotFound``."""
    row = tx.execute(f"SELECT {_COLUMNS} FROM projects WHERE id = ?", (project_id,)).fetchone()
    if row is None:
        raise NotFound("This project is gone", "It was deleted for good in the meantime.")
    return _project(row)


def listed(tx: Transaction, *, trashed: bool = False) -> tuple[Project, ...]:
    """Return the live projects, or those in the trash, by title."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM projects WHERE (trashed_at IS NOT NULL) = ?"
        " ORDER BY title COLLATE NOCASE, id",
        (trashed,),
    )
    return tuple(_project(row) for row in rows)


def update(tx: Transaction, project: Project) -> None:
    """Store title, description and times of an existing project; the trash has its own verbs."""
    get(tx, project.id)
    tx.execute(
        "UPDATE projects SET title = ?, description = ?, created_at = ?, updated_at = ?"
        " WHERE id = ?",
        (
            project.title,
            project.description,
            micros(project.created_at),
            micros(project.updated_at),
            project.id,
        ),
    )


def trash(tx: Transaction, project_id: str, when: datetime) -> tuple[str, ...]:
    """Put a project and its live videos into the trash; return the ids of those videos.

    One that is there already is left alone, so that it comes back with what went in with it.
    """
    if get(tx, project_id).trashed_at is not None:
        return ()
    tx.execute("UPDATE projects SET trashed_at = ? WHERE id = ?", (micros(when), project_id))
    return _move(tx, project_id, None, when)


def restore(tx: Transaction, project_id: str) -> tuple[str, ...]:
    """Take a project out of the trash with the videos that went in with it; return their ids."""
    trashed_at = get(tx, project_id).trashed_at
    if trashed_at is None:
        return ()
    tx.execute("UPDATE projects SET trashed_at = NULL WHERE id = ?", (project_id,))
    return _move(tx, project_id, trashed_at, None)


def counts(tx: Transaction) -> dict[str, int]:
    """Return how many live videos each project has; projects without any are left out."""
    rows = tx.execute(
        "SELECT project_id, count(*) FROM videos WHERE trashed_at IS NULL GROUP BY project_id"
    )
    return dict(rows.fetchall())


def purge(tx: Transaction, project_id: str) -> None:
    """Delete a project for good; one that still has videos stays."""
    tx.execute(
        "DELETE FROM projects WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM videos WHERE project_id = projects.id)",
        (project_id,),
    )


def _move(
    tx: Transaction, project_id: str, before: datetime | None, after: datetime | None
) -> tuple[str, ...]:
    """Change ``trashed_at`` of the project's videos that have ``before`` to ``after``."""
    rows = tx.execute(
        "UPDATE videos SET trashed_at = ? WHERE project_id = ? AND trashed_at IS ? RETURNING id",
        (optional_micros(after), project_id, optional_micros(before)),
    )
    ids = tuple(row[0] for row in rows)
    for video_id in ids:
        index.refresh(tx, video_id)
    return ids


def _row(project: Project) -> Row:
    return (
        project.id,
        project.title,
        project.description,
        micros(project.created_at),
        micros(project.updated_at),
        optional_micros(project.trashed_at),
    )


def _project(row: Row) -> Project:
    identity, title, description, created_at, updated_at, trashed_at = row
    return Project(
        id=identity,
        title=title,
        description=description,
        created_at=moment(created_at),
        updated_at=moment(updated_at),
        trashed_at=optional_moment(trashed_at),
    )
