"""The full-text index: one document per video, kept in the transaction that changes the video.

A document holds what can be searched for in five columns, and the properties videos are filtered
by as marked words in a sixth, ``facets``: one index then answers "derivative, in this project,
rendered, tagged calculus" by intersecting word lists, whatever is rare and whatever is common.
Document numbers grow with every change of a video, so walking them downwards is "most recently
changed first" without sorting.
"""

import hashlib

from desktop.domain.library import SourceKind
from desktop.storage.rows import tags_of
from desktop.storage.text import MARK, indexable
from desktop.storage.transaction import Transaction


def facet(kind: str, value: str) -> str:
    """Return the marked word that stands for ``kind`` being ``value``."""
    digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8)
    return f"{MARK}{kind}{digest.hexdigest()}"


TRASHED = facet("trashed", "yes")


def next_id(tx: Transaction) -> int:
    """Return a document number above every other."""
    row = tx.execute("SELECT coalesce(max(search_id), 0) + 1 FROM videos").fetchone()
    return int(row[0])


def move_to_front(tx: Transaction, video_id: str) -> None:
    """Give the video's document the highest number; ``refresh`` must follow."""
    remove(tx, video_id)
    tx.execute("UPDATE videos SET search_id = ? WHERE id = ?", (next_id(tx), video_id))


def remove(tx: Transaction, video_id: str) -> None:
    """Take the video's document out of the index."""
    tx.execute(
        "DELETE FROM search WHERE rowid = (SELECT search_id FROM videos WHERE id = ?)",
        (video_id,),
    )


def refresh(tx: Transaction, video_id: str) -> None:
    """Write the video's document anew from its rows; a video that is gone has none."""
    row = tx.execute(
        "SELECT search_id, title, tags, description, kind, project_id, status, aspect,"
        " trashed_at IS NOT NULL, coalesce(text, '') FROM videos"
        " LEFT JOIN sources ON video_id = id WHERE id = ?",
        (video_id,),
    ).fetchone()
    if row is None:
        return
    number, title, tags_json, description, kind, *properties, source = row
    tags = tags_of(tags_json)
    is_code = kind == SourceKind.MANIM
    tx.execute(
        "INSERT OR REPLACE INTO search (rowid, title, tags, description, scenes, code, facets)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            indexable(title),
            indexable(", ".join(tags)),
            indexable(description),
            "" if is_code else indexable(source),
            indexable(source) if is_code else "",
            _facets(kind, tags, *properties),
        ),
    )


def _facets(
    kind: str, tags: tuple[str, ...], project_id: str, status: str, aspect: str, trashed: int
) -> str:
    words = [
        facet("kind", kind),
        facet("project", project_id),
        facet("status", status),
        facet("aspect", aspect),
        *(facet("tag", tag) for tag in tags),
    ]
    return " ".join([*words, TRASHED] if trashed else words)
