"""What of a row counts for whose turn it is and for what is told: pure looks at one."""

from desktop.domain.transfers import Direction, Transfer, TransferState
from desktop.transfers.scheduler import Turn

OFFLINE = TransferState.WAITING_NETWORK


def runs(row: Transfer) -> bool:
    """Tell whether it takes part of the connections."""
    return not row.state.over and row.state not in {
        TransferState.PAUSED,
        TransferState.CANCELLING,
        OFFLINE,
    }


def turn(row: Transfer) -> Turn:
    """Return it as the scheduler sees who waits."""
    upload = row.direction is Direction.UPLOAD
    target = f"{row.destination}/{row.key}" if upload else row.path
    parts = max(0, row.parts - row.parts_done) if row.parts else 1
    return Turn(row.id, row.priority, row.position, target, parts)


def essence(row: Transfer) -> tuple[object, ...]:
    """Return what of a row is worth telling at once; bytes are told ten times a second."""
    return (
        row.state,
        row.reason,
        row.fault,
        row.size,
        row.priority,
        row.position,
        row.rate_limit,
        row.next_try_at,
        row.resumed_from,
        row.etag,
        row.finished_at,
    )
