"""How fast bytes may go: everything together, each destination, and each file.

Virtual time instead of a bucket that is filled: a line with a rate is busy until a moment, every
grant moves that moment on by what it takes, and who comes too early waits. That is exact at any
rate, costs one comparison per limit, and a new rate counts from the next grant.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desktop.domain.transfers import Limits, RateWindow

LARGEST_GRANT, SMALLEST_GRANT = 64 * 1024, 4 * 1024
"""Bytes of one grant: small enough to stop soon, large enough to cost little."""

GRANTS_A_SECOND = 20
"""Grants are made smaller where the rate is so low that there would be fewer."""

LONGEST_WAIT = 0.1
"""Seconds after which everybody asks again: so soon does a new rate count."""

CATCH_UP = 0.25
"""Seconds by which sleepers may be late without anything being lost of the rate."""

IDLE = 0.5
"""Seconds without a question after which there is nothing to catch up."""


@dataclass(slots=True)
class _Line:
    """Something with a rate."""

    rate: int
    busy_until: float = 0.0
    asked_at: float = float("-inf")

    def wait(self, now: float) -> float:
        """Return seconds until it is free."""
        if not self.rate:
            return 0.0
        late = CATCH_UP if now - self.asked_at < IDLE else 0.0
        self.asked_at = now
        self.busy_until = max(self.busy_until, now - late)
        return max(0.0, self.busy_until - now)

    def take(self, size: int) -> None:
        """Be busy for as long as ``size`` bytes take."""
        if self.rate:
            self.busy_until += size / self.rate

    def change(self, rate: int, now: float) -> None:
        """Have another rate from now on; what was granted before does not delay what comes."""
        if rate != self.rate:
            self.rate = rate
            self.busy_until = min(self.busy_until, now)


class Limiter:
    """All limits; any thread may ask."""

    def __init__(
        self, clock: Callable[[], float], local_time: Callable[[], datetime], limits: Limits
    ) -> None:
        self._clock = clock
        self._local_time = local_time
        self._lock = threading.Lock()
        self._limits = limits
        self._all = _Line(0)
        self._destinations: dict[str, _Line] = {}
        self._files: dict[str, _Line] = {}
        self._looked_at = float("-inf")
        self.use(limits)

    @property
    def rate(self) -> int:
        """Bytes per second of everything together now; 0: no limit."""
        with self._lock:
            self._follow_timetable(self._clock())
            return self._all.rate

    def use(self, limits: Limits) -> None:
        """Use other limits from now on."""
        with self._lock:
            now = self._clock()
            self._limits = limits
            self._looked_at = float("-inf")
            self._follow_timetable(now)
            rates = dict(limits.destinations)
            for name in {*rates, *self._destinations}:
                line = self._destinations.setdefault(name, _Line(0))
                line.change(rates.get(name, 0), now)

    def limit_file(self, transfer_id: str, rate: int) -> None:
        """Limit one file from now on; 0: not at all."""
        with self._lock:
            line = self._files.setdefault(transfer_id, _Line(0))
            line.change(rate, self._clock())

    def forget_file(self, transfer_id: str) -> None:
        """Forget a file that is over."""
        with self._lock:
            self._files.pop(transfer_id, None)

    def gate(self, destination: str, transfer_id: str) -> "Gate":
        """Return the gate that bytes of one file pass."""
        return Gate(self, destination, transfer_id)

    def rate_for(self, destination: str, transfer_id: str = "") -> int:
        """Return the lowest limit in force for a file; 0: none."""
        with self._lock:
            self._follow_timetable(self._clock())
            rates = [line.rate for line in self._lines(destination, transfer_id) if line.rate]
            return min(rates, default=0)

    def grant(self, destination: str, transfer_id: str, wanted: int) -> tuple[int, float]:
        """Return how many bytes may go now, and else after how many seconds to ask again."""
        with self._lock:
            now = self._clock()
            self._follow_timetable(now)
            lines = self._lines(destination, transfer_id)
            wait = max(line.wait(now) for line in lines)
            if wait > 0:
                return 0, min(wait, LONGEST_WAIT)
            size = _grant(wanted, min((line.rate for line in lines if line.rate), default=0))
            for line in lines:
                line.take(size)
            return size, 0.0

    def _lines(self, destination: str, transfer_id: str) -> list[_Line]:
        found = (self._destinations.get(destination), self._files.get(transfer_id))
        return [self._all, *(line for line in found if line is not None)]

    def _follow_timetable(self, now: float) -> None:
        if now - self._looked_at < 1.0:
            return
        self._looked_at = now
        self._all.change(rate_at(self._limits, self._local_time()), now)


@dataclass(frozen=True, slots=True)
class Gate:
    """What the bytes of one file pass on their way."""

    limiter: Limiter
    destination: str
    transfer_id: str

    def grant(self, wanted: int) -> tuple[int, float]:
        """Return how many bytes may go now, and else after how many seconds to ask again."""
        return self.limiter.grant(self.destination, self.transfer_id, wanted)


def rate_at(limits: Limits, local: datetime) -> int:
    """Return the rate of everything together at a local time, as a clock on the wall shows it."""
    for window in limits.timetable:
        if _covers(window, local):
            return window.rate
    return limits.rate


def _covers(window: RateWindow, local: datetime) -> bool:
    """Tell whether a window covers a time; past midnight it belongs to the day it began on."""
    minute = local.hour * 60 + local.minute
    today, yesterday = local.weekday(), (local.weekday() - 1) % 7
    if window.start < window.end:
        return today in window.days and window.start <= minute < window.end
    if today in window.days and minute >= window.start:
        return True
    return yesterday in window.days and minute < window.end


def _grant(wanted: int, rate: int) -> int:
    if not rate:
        return wanted
    usual = max(SMALLEST_GRANT, min(LARGEST_GRANT, rate // GRANTS_A_SECOND))
    return min(wanted, usual)
