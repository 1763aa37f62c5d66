"""The facts of a transfer for its details; here, and only here, parts and checksums are named."""

from desktop.domain.transfers import NORMAL, Direction, Transfer, TransferState
from desktop.ui.models import transfers_text as say

FACTS = (
    "Goes to", "Address", "File", "Size", "Arrived", "On its way", "Speed", "Time left",
    "Speed limit", "Priority", "Added", "Started", "Ended", "Parts", "Sent again", "After a stop",
    "Tries", "Checksum", "ETag", "Upload ID", "Cause",
)  # fmt: skip
"""Names in the order in which they stand; those without a value are left out."""

PRIORITIES = {1: "High", 0: "Normal", -1: "Low"}


def facts(transfer: Transfer, destination: str, now: float) -> dict[str, str]:
    """Return every fact by name; empty where there is nothing to say."""
    return {
        "Goes to": destination,
        "Address": say.address(transfer),
        "File": transfer.path,
        "Size": say.size(transfer.size),
        **_moving(transfer),
        **_times(transfer, now),
        **_technical(transfer),
    }


def priority(transfer: Transfer) -> str:
    """Return a priority in a word."""
    sign = (transfer.priority > NORMAL) - (transfer.priority < NORMAL)
    return PRIORITIES[sign]


def was_uploaded(transfer: Transfer) -> bool:
    """Tell whether a transfer has put an object at the service."""
    return transfer.direction is Direction.UPLOAD and transfer.state is TransferState.DONE


def _moving(transfer: Transfer) -> dict[str, str]:
    moving = not transfer.state.over
    active = transfer.state is TransferState.ACTIVE
    arrived = f"{say.size(transfer.confirmed)}, {say.percent(transfer.progress)}"
    return {
        "Arrived": arrived if transfer.state is not TransferState.DONE else "",
        "On its way": say.size(transfer.in_flight) if moving and transfer.in_flight else "",
        "Speed": say.rate(transfer.speed) if active and transfer.speed else "",
        "Time left": say.left(transfer.seconds_left).removesuffix(" left") if active else "",
        "Speed limit": say.rate(transfer.rate_limit) if transfer.rate_limit else "",
        "Priority": priority(transfer) if moving else "",
    }


def _times(transfer: Transfer, now: float) -> dict[str, str]:
    moments = {
        "Added": transfer.created_at,
        "Started": transfer.started_at,
        "Ended": transfer.finished_at,
    }
    return {name: say.moment(at, now) if at else "" for name, at in moments.items()}


def _technical(transfer: Transfer) -> dict[str, str]:
    parts = ""
    if transfer.parts:
        done = f"{transfer.parts_done:,} of {transfer.parts:,}"
        parts = f"{done}, {say.size(transfer.part_size)} each" if transfer.parts > 1 else done
    fault = transfer.fault
    return {
        "Parts": parts,
        "Sent again": say.size(transfer.sent_again) if transfer.sent_again else "",
        "After a stop": say.resumed(transfer),
        "Tries": f"{transfer.attempts:,}" if transfer.attempts > 1 else "",
        "Checksum": transfer.checksum,
        "ETag": transfer.etag.strip('"'),
        "Upload ID": transfer.upload_id,
        "Cause": (fault.code or str(fault.kind)) if fault is not None else "",
    }
