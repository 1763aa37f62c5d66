"""Which scene is which: stable ids per video with what each scene looked like last.

Whoever reads a changed source compares it with these to give every scene its id again, so that
moving, renaming or editing a scene does not make it a different one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class KnownScene:
    """A scene as it was last seen in the source."""

    id: str
    title: str
    class_name: str
    text: str
    code_sha256: str
    position: int | None = None
    """0-based place in the video; None when it is no longer in the source."""


def known(tx: Transaction, video_id: str) -> tuple[KnownScene, ...]:
    """Return every scene the video ever had: present ones in order, then removed ones."""
    rows = tx.execute(
        "SELECT id, title, class_name, text, code_sha256, position FROM scenes"
        " WHERE video_id = ? ORDER BY position IS NULL, position, id",
        (video_id,),
    )
    return tuple(KnownScene(*row) for row in rows)


def remember(tx: Transaction, video_id: str, present: Sequence[KnownScene]) -> None:
    """Store the scenes that are in the source now, in their order.

    Scenes that are missing stay known without a position: when their text comes back (an undo, a
    restored version), so does their id.
    """
    tx.execute("UPDATE scenes SET position = NULL WHERE video_id = ?", (video_id,))
    tx.executemany(
        "INSERT INTO scenes (video_id, id, position, title, class_name, text, code_sha256)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (video_id, id) DO UPDATE SET"
        " position = excluded.position, title = excluded.title,"
        " class_name = excluded.class_name, text = excluded.text,"
        " code_sha256 = excluded.code_sha256",
        [
            (
                video_id,
                scene.id,
                position,
                scene.title,
                scene.class_name,
                scene.text,
                scene.code_sha256,
            )
            for position, scene in enumerate(present)
        ],
    )
