"""Multipart uploads that nobody will complete: which are ours, and when they are tried again.

They are held, and cost money, until an abort has found nothing left: parts that were on their way
during an abort may come in after it. So every abort is followed by a count.
"""

from collections.abc import Sequence
from dataclasses import replace

from desktop.domain.uploads import Orphan, StrayUpload
from desktop.transfers import retry

CREATE_WINDOW = 900.0
"""Seconds that an upload's beginning, by the service's clock, may differ from when we asked."""

DAILY = 86_400.0
"""Seconds: orphans that resist are tried once a day for ever."""


def strays(asked_at: float, found: Sequence[StrayUpload]) -> tuple[StrayUpload, ...]:
    """Return those of the uploads found that must be the one whose id never came.

    They are aborted rather than adopted. Nothing was sent to them yet, so nothing is lost; and
    should one be another computer's after all, it begins anew, whereas two that fill one upload
    would damage it.
    """
    return tuple(
        stray
        for stray in found
        if not stray.parts and abs(stray.initiated_at - asked_at) <= CREATE_WINDOW
    )


def identified(
    orphan: Orphan, found: Sequence[StrayUpload], *, alone: bool = False
) -> tuple[Orphan, ...]:
    """Return what an orphan without an id turned out to be: one with an id each, or nothing.

    ``alone`` tells that nobody else ever uses its key: then everything found there is ours.
    """
    ours = found if alone else strays(orphan.asked_at, found)
    return tuple(replace(orphan, upload_id=stray.upload_id, asked_at=0.0) for stray in ours)


def postponed(orphan: Orphan, now: float, asked: float | None = None) -> Orphan:
    """Return an orphan that could not be aborted, or of which something is held still."""
    if orphan.tries >= retry.ATTEMPTS:
        wait = DAILY
    else:
        chance = retry.jitter(orphan.upload_id or orphan.key, orphan.tries)
        wait = retry.delay(retry.THROTTLE, orphan.tries, chance, asked)
    return replace(orphan, tries=orphan.tries + 1, next_try_at=now + wait)
