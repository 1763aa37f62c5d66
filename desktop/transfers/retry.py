"""What is done about each kind of fault, and how long is waited before: one table for everybody.

Waits have full jitter, so that many parts that fail together do not come back together: anything
between nothing and a bound that doubles with each attempt. What a service asks to wait is waited.
Being offline is no failure: however long it lasts, nothing is given up for it.
"""

import zlib
from dataclasses import dataclass

from desktop.domain.faults import Fault, FaultKind, RecoveryAction

ATTEMPTS = 8
"""How often the same thing is tried before it counts as failed."""

TRANSIENT, THROTTLE = 0.1, 1.0
"""Seconds: bound of the first wait."""

LONGEST = 30.0
"""Seconds: bound of any wait of our own choice."""

LONGEST_ASKED = 900.0
"""Seconds: a service that asks for more is asked again after this."""

SWITCH_AFTER = 3
"""Attempts by one endpoint before another one is tried, where there is one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and after how many seconds."""

    action: RecoveryAction
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class _Rule:
    action: RecoveryAction
    first: float = 0.0
    """Bound of the first wait; 0: done at once."""
    finally_: RecoveryAction = RecoveryAction.STOP
    """What is done when every attempt was in vain."""


_A = RecoveryAction
_RULES = {
    FaultKind.NETWORK: _Rule(_A.WAIT_FOR_NETWORK, THROTTLE, _A.WAIT_FOR_NETWORK),
    FaultKind.NAME: _Rule(_A.WAIT_FOR_NETWORK, THROTTLE, _A.WAIT_FOR_NETWORK),
    FaultKind.TIMEOUT: _Rule(_A.RETRY_SMALLER, TRANSIENT, _A.WAIT_FOR_NETWORK),
    FaultKind.THROTTLED: _Rule(_A.RETRY_SLOWER, THROTTLE),
    FaultKind.SERVER: _Rule(_A.RETRY, TRANSIENT),
    FaultKind.DENIED: _Rule(_A.STOP),
    FaultKind.CREDENTIALS: _Rule(_A.STOP),
    FaultKind.EXPIRED: _Rule(_A.REFRESH_CREDENTIALS),
    FaultKind.CLOCK: _Rule(_A.CORRECT_CLOCK),
    FaultKind.REGION: _Rule(_A.FOLLOW_REGION),
    FaultKind.NO_BUCKET: _Rule(_A.OFFER_TO_CREATE, 0.0, _A.OFFER_TO_CREATE),
    FaultKind.NO_OBJECT: _Rule(_A.STOP),
    FaultKind.NO_UPLOAD: _Rule(_A.START_AGAIN),
    FaultKind.EXISTS: _Rule(_A.ASK, 0.0, _A.ASK),
    FaultKind.CONFLICT: _Rule(_A.VERIFY, THROTTLE),
    FaultKind.DIGEST: _Rule(_A.RETRY, TRANSIENT),
    FaultKind.UNSUPPORTED: _Rule(_A.STOP),
    FaultKind.CERTIFICATE: _Rule(_A.STOP),
    FaultKind.INVALID: _Rule(_A.STOP),
    FaultKind.SOURCE_GONE: _Rule(_A.ASK, 0.0, _A.ASK),
    FaultKind.SOURCE_CHANGED: _Rule(_A.ASK, 0.0, _A.ASK),
    FaultKind.SOURCE_UNREADABLE: _Rule(_A.ASK, 0.0, _A.ASK),
    FaultKind.DISK_FULL: _Rule(_A.FREE_SPACE, THROTTLE),
    FaultKind.READ_ONLY: _Rule(_A.ASK, 0.0, _A.ASK),
    FaultKind.UNKNOWN: _Rule(_A.RETRY, TRANSIENT),
}

_OF_THE_ENDPOINT = {FaultKind.NETWORK, FaultKind.NAME, FaultKind.TIMEOUT, FaultKind.SERVER}

WAITS = {_A.RETRY, _A.RETRY_SLOWER, _A.RETRY_SMALLER, _A.FREE_SPACE, _A.VERIFY}
"""Actions that come down to trying again after ``delay``."""

MENDS = {_A.REFRESH_CREDENTIALS, _A.CORRECT_CLOCK, _A.FOLLOW_REGION}
"""Actions that put something in order before it is tried again."""


def decide(fault: Fault, attempt: int, jitter: float, *, alternative: bool = False) -> Decision:
    """Return what to do about ``fault`` after ``attempt`` earlier attempts that failed.

    ``jitter`` is a random number from 0 to 1; ``alternative`` tells whether there is another
    endpoint.
    """
    rule = _RULES[fault.kind]
    if alternative and attempt >= SWITCH_AFTER and fault.kind in _OF_THE_ENDPOINT:
        return Decision(RecoveryAction.SWITCH_ENDPOINT)
    action = rule.action if attempt < ATTEMPTS else rule.finally_
    if action not in WAITS and action is not RecoveryAction.WAIT_FOR_NETWORK:
        return Decision(action)
    return Decision(action, delay(rule.first, attempt, jitter, fault.retry_after))


def delay(first: float, attempt: int, jitter: float, asked: float | None = None) -> float:
    """Return seconds to wait: full jitter below a doubling bound, never less than asked for."""
    bound = min(LONGEST, first * 2.0 ** min(attempt, 30))
    least = min(max(asked or 0.0, 0.0), LONGEST_ASKED)
    return max(least, jitter * bound)


def jitter(name: str, attempt: int) -> float:
    """Return a number from 0 to 1 that differs by name and attempt, and is always the same."""
    return zlib.crc32(f"{name}/{attempt}".encode()) / 2**32
