"""What the machines of uploads and downloads do alike, whatever their runs look like."""

from collections.abc import Callable
from typing import TypeVar

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import TransferState
from desktop.transfers.commands import (
    Asking,
    Command,
    CorrectClock,
    FollowRegion,
    RefreshCredentials,
)

WAITING = {TransferState.WAITING_NETWORK, TransferState.WAITING_RETRY}

PAUSE_FOR_LEDGER = 5.0
"""Seconds before the ledger is tried again, when nothing else is to be done."""

R = TypeVar("R")


def then(
    step: tuple[R, tuple[Command, ...]], follow: Callable[[R], tuple[R, tuple[Command, ...]]]
) -> tuple[R, tuple[Command, ...]]:
    """Return what comes of one step after another."""
    run, commands = step
    run, more = follow(run)
    return run, commands + more


def mending(fault: Fault) -> Asking:
    """Return the command that puts credentials, clock or region in order."""
    match fault.kind:
        case FaultKind.EXPIRED:
            return RefreshCredentials()
        case FaultKind.CLOCK:
            return CorrectClock(fault.clock_offset)
        case _:
            return FollowRegion(fault.region)
