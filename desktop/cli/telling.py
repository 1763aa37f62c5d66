"""Transfers in words and as JSON, for people and for other programs."""

import time
from typing import Any

from rich.filesize import decimal

from desktop.domain.picture import clock
from desktop.domain.transfers import Direction, Transfer, TransferState

COLOURS = {
    TransferState.DONE: "green",
    TransferState.FAILED: "red",
    TransferState.SOURCE_CHANGED: "red",
    TransferState.WAITING_NETWORK: "yellow",
    TransferState.WAITING_RETRY: "yellow",
    TransferState.PAUSED: "yellow",
}

MOVING = {TransferState.ACTIVE, TransferState.CREATING}


def size(count: float) -> str:
    """Return bytes as people read them."""
    return decimal(round(count))


def pace(rate: float) -> str:
    """Return bytes per second as people read them."""
    return f"{decimal(round(rate))}/s"


def address(transfer: Transfer) -> str:
    """Return where an object is, or will be."""
    return f"s3://{transfer.bucket}/{transfer.key}"


def state_words(transfer: Transfer, now: float | None = None) -> str:
    """Return the state, and when something happens by itself."""
    words = transfer.state.value
    if transfer.next_try_at is not None and not transfer.state.over:
        seconds = max(0, round(transfer.next_try_at - (time.time() if now is None else now)))
        words += f", next try in {seconds} s"
    if transfer.state is TransferState.ACTIVE and transfer.speed:
        words = pace(transfer.speed)
        if transfer.seconds_left is not None:
            words += f", {clock(transfer.seconds_left)} left"
    return words


def result_words(transfer: Transfer) -> str:
    """Return how a transfer ended, in one line."""
    if transfer.state is not TransferState.DONE:
        return " ".join(part for part in (transfer.reason, transfer.remedy) if part)
    facts = [size(transfer.size)]
    if transfer.started_at is not None and transfer.finished_at is not None:
        seconds = max(0.001, transfer.finished_at - transfer.started_at)
        facts.append(f"{pace(transfer.size / seconds)}" if transfer.size else "")
    if transfer.resumed_from:
        share = transfer.resumed_from * 100 // max(1, transfer.size)
        facts.append(f"resumed at {share} %")
    if transfer.sent_again:
        facts.append(f"{size(transfer.sent_again)} sent again")
    return ", ".join(fact for fact in facts if fact)


def as_json(transfer: Transfer) -> dict[str, Any]:
    """Return a row for other programs: bytes, seconds, and seconds since 1970."""
    return {
        "id": transfer.id,
        "direction": transfer.direction.value,
        "path": transfer.path,
        "destination": transfer.destination,
        "bucket": transfer.bucket,
        "key": transfer.key,
        "address": address(transfer),
        "size": transfer.size,
        "confirmed": transfer.confirmed,
        "state": transfer.state.value,
        "status": transfer.state.status.value,
        "reason": transfer.reason,
        "remedy": transfer.remedy,
        "fault": transfer.fault.kind.value if transfer.fault else "",
        "code": transfer.fault.code if transfer.fault else "",
        "speed": round(transfer.speed),
        "seconds_left": transfer.seconds_left,
        "next_try_at": transfer.next_try_at,
        "priority": transfer.priority,
        "rate_limit": transfer.rate_limit,
        "sent_again": transfer.sent_again,
        "resumed_from": transfer.resumed_from,
        "attempts": transfer.attempts,
        "etag": transfer.etag,
        "checksum": transfer.checksum,
        "created_at": transfer.created_at,
        "started_at": transfer.started_at,
        "finished_at": transfer.finished_at,
        "batch": transfer.batch,
    }


def name_of(transfer: Transfer) -> str:
    """Return what a person calls it: the object that is sent, or the file that is fetched."""
    return transfer.key if transfer.direction is Direction.UPLOAD else transfer.path
