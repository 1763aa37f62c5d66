"""What is said about a transfer in few words, the same in list, details and status bar."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import PurePath

from desktop.domain.picture import clock
from desktop.domain.transfers import Direction, Moment, Totals, Transfer, TransferState
from desktop.ui.models.videos_text import when

State = TransferState

WORDS = {
    State.QUEUED: "Waiting for its turn",
    State.CREATING: "Starting",
    State.ACTIVE: "Uploading",
    State.PAUSED: "Paused",
    State.WAITING_NETWORK: "Waiting for the network",
    State.WAITING_RETRY: "Waiting to try again",
    State.COMPLETING: "Finishing",
    State.VERIFYING: "Checking what arrived",
    State.DONE: "Done",
    State.FAILED: "Failed",
    State.CANCELLING: "Cancelling",
    State.CANCELLED: "Cancelled",
    State.SOURCE_CHANGED: "The file has changed",
}

GLYPHS = {
    State.QUEUED: "clock",
    State.CREATING: "arrow-up",
    State.ACTIVE: "arrow-up",
    State.PAUSED: "pause",
    State.WAITING_NETWORK: "wifi-slash",
    State.WAITING_RETRY: "hourglass",
    State.COMPLETING: "arrow-up",
    State.VERIFYING: "magnifying-glass",
    State.DONE: "check-circle",
    State.FAILED: "warning-circle",
    State.CANCELLING: "x",
    State.CANCELLED: "prohibit",
    State.SOURCE_CHANGED: "warning",
}

RUNNING = frozenset(
    {State.CREATING, State.ACTIVE, State.COMPLETING, State.VERIFYING, State.CANCELLING}
)
WAITING = frozenset({State.QUEUED, State.PAUSED, State.WAITING_NETWORK, State.WAITING_RETRY})
BROKEN = frozenset({State.FAILED, State.SOURCE_CHANGED})
ENDED = frozenset({State.DONE, State.CANCELLED})

UNITS = ("KB", "MB", "GB", "TB", "PB")

DAY = 86_400


def size(number: float) -> str:
    """Return bytes as file dialogs write them: "0 bytes", "412 KB", "1.24 GB"."""
    whole = round(number)
    if whole < 1000:
        return "1 byte" if whole == 1 else f"{whole} bytes"
    value = float(whole)
    for unit in UNITS:
        value /= 1000
        if value < 999.5 or unit == UNITS[-1]:
            break
    return f"{_digits(value)} {unit}"


def _digits(value: float) -> str:
    """Return three figures at most, without zeros that say nothing."""
    if value >= 99.95:
        return f"{value:,.0f}"
    text = f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def rate(number: float) -> str:
    """Return bytes per second as one reads them: "4.2 MB/s"."""
    return f"{size(number)}/s"


def left(seconds: float | None) -> str:
    """Return how long it still takes: "0:42 left", "2 days left"; empty when nobody knows."""
    if seconds is None:
        return ""
    if seconds < 2 * DAY:
        return f"{clock(seconds)} left"
    return f"{round(seconds / DAY)} days left"


def count(number: int, thing: str = "transfer") -> str:
    """Return "1 transfer" or "1,312 transfers"."""
    return f"1 {thing}" if number == 1 else f"{number:,} {thing}s"


def percent(share: float) -> str:
    """Return a share as one reads it; all of it only when it is all."""
    return f"{100 if share >= 1 else min(99, round(max(0.0, share) * 100))} %"


def name(transfer: Transfer) -> str:
    """Return the file's name; that of the object when the path has none."""
    return PurePath(transfer.path).name or transfer.key


def word(transfer: Transfer) -> str:
    """Return the state in words."""
    if transfer.state is State.ACTIVE and transfer.direction is Direction.DOWNLOAD:
        return "Downloading"
    return WORDS[transfer.state]


def glyph(transfer: Transfer) -> str:
    """Return the icon of the state."""
    found = GLYPHS[transfer.state]
    down = transfer.direction is Direction.DOWNLOAD
    return "arrow-down" if down and found == "arrow-up" else found


def color(transfer: Transfer) -> str:
    """Return the design token that marks the state."""
    state = transfer.state
    if state in BROKEN:
        return "danger"
    if state in {State.WAITING_NETWORK, State.WAITING_RETRY}:
        return "warning"
    if state is State.DONE:
        return "success"
    return "accent_text" if state in RUNNING else "muted"


def countdown(transfer: Transfer, now: float) -> str:
    """Return when it is tried again: "next try in 8 s"; empty when nothing is planned."""
    if transfer.next_try_at is None or transfer.state not in WAITING - {State.PAUSED}:
        return ""
    seconds = transfer.next_try_at - now
    if seconds <= 0:
        return "trying now"
    whole = int(seconds) + 1
    return f"next try in {whole} s" if whole < 100 else f"next try in {clock(whole)}"


def headline(transfer: Transfer, now: float) -> str:
    """Return state and what is to be expected, such as when it is tried again."""
    if transfer.state is State.DONE and transfer.finished_at is not None:
        at = moment(transfer.finished_at, now)
        return f"Done, {at[0].lower()}{at[1:]}"
    later = countdown(transfer, now)
    return f"{word(transfer)}, {later}" if later else word(transfer)


def reason(transfer: Transfer) -> str:
    """Return why it stands as it does, or what was saved when it was taken up again."""
    if transfer.state not in {State.DONE, State.CANCELLED} and transfer.reason:
        return transfer.reason
    return "" if transfer.state.over else resumed(transfer)


def resumed(transfer: Transfer) -> str:
    """Return what a crash did not cost: "Resumed at 71 %, 6 MB sent again"."""
    if transfer.resumed_from is None or not transfer.size:
        return ""
    again = f"{size(transfer.sent_again)} sent again" if transfer.sent_again else "nothing lost"
    return f"Resumed at {percent(transfer.resumed_from / transfer.size)}, {again}"


def amounts(transfer: Transfer) -> str:
    """Return how much of it is there: "412 of 980 MB", or the size when that is all."""
    if transfer.state is State.DONE or not transfer.confirmed:
        return size(transfer.size)
    whole, done = size(transfer.size), size(transfer.confirmed)
    unit = whole.rpartition(" ")[2]
    return f"{done.removesuffix(f' {unit}')} of {whole}"


def pace(transfer: Transfer) -> str:
    """Return how fast it goes and how long it takes; empty while it does not move."""
    if transfer.state is not State.ACTIVE:
        return ""
    words = (rate(transfer.speed) if transfer.speed else "", left(transfer.seconds_left))
    return " · ".join(filter(None, words))


def moment(at: float, now: float) -> str:
    """Return a time as one says it at ``now``."""
    return when(datetime.fromtimestamp(at, UTC), datetime.fromtimestamp(now, UTC))


def address(transfer: Transfer) -> str:
    """Return where the object is."""
    return f"s3://{transfer.bucket}/{transfer.key}"


def spoken(transfer: Transfer, destination: str, now: float) -> str:
    """Return a transfer in one sentence, as screen readers say it."""
    limit = f"limited to {rate(transfer.rate_limit)}" if transfer.rate_limit else ""
    parts = (
        name(transfer), f"to {destination or transfer.bucket}", headline(transfer, now),
        reason(transfer), "" if transfer.state.over else percent(transfer.progress),
        size(transfer.size), pace(transfer), limit,
    )  # fmt: skip
    return ", ".join(part.rstrip(".") for part in parts if part)


def summary(totals: Totals) -> str:
    """Return all transfers in a few words, for the status bar; empty when there is nothing."""
    if totals.paused and totals.active + totals.waiting:
        return f"Transfers paused ({totals.active + totals.waiting:,})"
    if totals.active:
        speed = rate(totals.speed) if totals.speed else ""
        going = count(totals.active + totals.waiting)
        return " · ".join(filter(None, (going, speed, left(totals.seconds_left))))
    if totals.waiting:
        return f"{count(totals.waiting)} waiting"
    return f"{count(totals.failed)} failed" if totals.failed else ""


def story(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return a history one can read: what happens many times in a row becomes one line."""
    runs = groupby(moments, key=lambda one: one.kind if one.kind == "part" else one.text)
    return tuple(_one_line(tuple(run)) for _, run in runs)


def _one_line(run: Sequence[Moment]) -> Moment:
    last, times = run[-1], len(run)
    if times == 1:
        return last
    part = last.kind == "part"
    text = f"{count(times, 'part')} arrived" if part else f"{last.text} ({times} times)"
    return Moment(last.at, last.kind, text)
