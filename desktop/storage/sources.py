"""The working text of each video, saved only by whoever has seen the last revision."""

from dataclasses import dataclass
from datetime import datetime

from desktop.domain.errors import Conflict
from desktop.storage import videos
from desktop.storage.rows import micros
from desktop.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class WorkingSource:
    """A text and how often it was saved."""

    text: str
    revision: int
    """0 until the first save."""


def read(tx: Transaction, video_id: str) -> WorkingSource:
    """Return the working text; a video that has none yet has revision 0.

    Raises ``NotFound`` when the video is gone.
    """
    row = tx.execute(
        "SELECT text, revision FROM sources WHERE video_id = ?", (video_id,)
    ).fetchone()
    if row is not None:
        return WorkingSource(*row)
    videos.get(tx, video_id)
    return WorkingSource("", 0)


def save(tx: Transaction, video_id: str, text: str, seen: int, when: datetime) -> int:
    """Store ``text`` if ``seen`` is still the newest revision; return the new revision.

    Raises ``Conflict`` when somebody saved in between (nothing is overwritten) and ``NotFound``
    when the video is gone. Saving the same text again changes nothing.
    """
    current = read(tx, video_id)
    if current.revision != seen:
        raise Conflict(
            "The source was changed elsewhere",
            f"Another window or command saved revision {current.revision} "
            f"while you were working on revision {seen}.",
            "Keep your text in the editor, load the other version, and compare them.",
        )
    if seen and current.text == text:
        return seen
    tx.execute(
        "INSERT INTO sources (video_id, text, revision, saved_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (video_id) DO UPDATE SET"
        " text = excluded.text, revision = excluded.revision, saved_at = excluded.saved_at",
        (video_id, text, seen + 1, micros(when)),
    )
    videos.touch(tx, video_id, when)
    return seen + 1
