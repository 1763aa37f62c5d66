"""The list of transfers as every engine orders and counts it."""

from collections.abc import Iterable, Sequence

from desktop.domain.transfers import Limits, Totals, Transfer, TransferState

State = TransferState

WAITING = {State.QUEUED, State.PAUSED, State.WAITING_NETWORK, State.WAITING_RETRY}
RUNNING = {State.CREATING, State.ACTIVE, State.COMPLETING, State.VERIFYING}
BROKEN = {State.FAILED, State.SOURCE_CHANGED}


def in_order(rows: Iterable[Transfer]) -> list[Transfer]:
    """Return what is not over by turn, then what is over, the newest first."""
    every = list(rows)
    living = [one for one in every if not one.state.over]
    over = [one for one in every if one.state.over]
    living.sort(key=lambda one: (-one.priority, one.position))
    return living + sorted(over, key=lambda one: one.id, reverse=True)


def totals(rows: Sequence[Transfer], limits: Limits, *, paused: bool) -> Totals:
    states = [row.state for row in rows]
    return Totals(
        active=sum(state in RUNNING for state in states),
        waiting=sum(state in WAITING for state in states),
        failed=sum(state in BROKEN for state in states),
        rate_limit=limits.rate,
        paused=paused,
    )
