"""The working text of each video, saved only by whoever has seen the last revision.

A text is the library's own as long as every change to it was: one that came from elsewhere is not,
whatever is written into it afterwards, until a person has allowed its code.
"""

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
    own: bool = False
    """Whether all of it was written here, or allowed by a person."""


def read(tx: Transaction, video_id: str) -> WorkingSource:
    """Return the working text; a video that has none yet has revision 0.

    Raises ``NotFound`` when the video is gone.
    """
    row = tx.execute(
        "SELECT text, sources.revision, own_texts.revision IS NOT NULL FROM sources"
        " LEFT JOIN own_texts USING (video_id, revision) WHERE video_id = ?",
        (video_id,),
    ).fetchone()
    if row is not None:
        return WorkingSource(row[0], row[1], bool(row[2]))
    videos.get(tx, video_id)
    return WorkingSource("", 0)


def save(
    tx: Transaction, video_id: str, text: str, seen: int, when: datetime, *, own: bool = False
) -> int:
    """Store ``text`` if ``seen`` is still the newest revision; return the new revision.

    ``own`` tells that it was written here, on top of what was there.

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
    if own and (current.own or not current.revision):
        take_as_own(tx, video_id, seen + 1)
    videos.touch(tx, video_id, when)
    return seen + 1


def take_as_own(tx: Transaction, video_id: str, revision: int) -> None:
    """Take a text for the library's own, as long as nobody saves another over it."""
    tx.execute("INSERT OR REPLACE INTO own_texts VALUES (?, ?)", (video_id, revision))


def disown(tx: Transaction, video_id: str) -> None:
    """Take a text for one that came from elsewhere."""
    tx.execute("DELETE FROM own_texts WHERE video_id = ?", (video_id,))
