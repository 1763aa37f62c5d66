"""How many connections serve a line best: found out by measuring, within limits people set.

It begins with what served the endpoint well last time, and doubles while that makes the whole
faster. Then it tries one more or one less from time to time, and keeps what is faster, or as fast
with less. When the service asks to be slower, or does not answer, there are fewer at once and no
tries for a while. Steps that prove right grow, so that a start far below what a wide line can
carry is made up for soon.
"""

from dataclasses import dataclass
from enum import StrEnum

FEWEST, MOST = 1, 32
USUAL = 8
"""Connections to an endpoint that nothing is known of."""

RISING, PROBING = 0.75, 2.0
"""Seconds of one measurement, while doubling and afterwards."""

SETTLE = 0.25
"""Seconds after each change that are not measured: new connections have to come up to speed."""

WORTH = 1.15
"""Doubling goes on while it makes the whole so much faster."""

LONGEST_STEP = 8
"""Connections that are tried more at once after steps that proved right, and no complaint."""

BACK_OFF = 0.7
HOLD = 10.0
"""What is left of the connections after a complaint, and seconds before more are tried."""

AGAIN = 1.0
"""Seconds in which further complaints count as the same one: they come from many parts at once."""

FULL = 0.75
"""Share of the time that connections must be in use for their number to make the difference."""

LAST_ROUND = 1.5
"""How many more connections the last round may have."""

UNDER_LIMIT = 2
"""Connections that are enough for most rate limits: the fewer, the less a crash loses."""


class _Course(StrEnum):
    RISING = "rising"
    STEADY = "steady"
    """Measuring what there is, to compare with."""
    MORE = "one more"
    FEWER = "one fewer"


@dataclass(slots=True)
class _Window:
    """One measurement."""

    since: float
    moved: int = 0
    looks: int = 0
    full: int = 0
    """How often all connections were found in use, of all times that was looked at."""


class Connections:
    """The number of connections to one endpoint; one thread at a time may use it."""

    def __init__(self, start: int = 0, fixed: int = 0) -> None:
        self._fixed = fixed
        self._number = _bounded(start or USUAL)
        self._course = _Course.STEADY if start > 0 else _Course.RISING
        self._proven = self._number if start > 0 else 0
        """The number that a measurement has shown to be worth it; 0: none."""
        self._step = 1
        """Connections that are tried more the next time."""
        self._window: _Window | None = None
        self._before = 0.0
        """Bytes per second in the measurement before."""
        self._tried_more = False
        self._hold_until = 0.0
        self._complained_at: float | None = None
        self._rate = 0
        self._under_limit = UNDER_LIMIT

    @property
    def limit(self) -> int:
        """Connections allowed now."""
        if self._fixed:
            return _bounded(self._fixed)
        return min(self._number, self._under_limit) if self._rate else self._number

    def limit_for(self, left: int, now: float) -> int:
        """Return the connections allowed while ``left`` parts are left, those on their way too.

        The last round takes some more, so that it is not followed by one of a few parts that
        leave the line empty; unless a person or the service wants it otherwise.
        """
        limit = self.limit
        free = not (self._fixed or self._rate or now < self._hold_until)
        return min(left, MOST) if free and limit < left <= LAST_ROUND * limit else limit

    @property
    def found(self) -> int:
        """The number worth remembering for the next time; 0 while it is not known.

        A number on trial is none: many uploads end before it could be judged.
        """
        return self._proven

    def fix(self, number: int) -> None:
        """Use exactly so many; 0: find out."""
        self._fixed = number

    def rate_limited(self, rate: int) -> None:
        """Take note of the limit in force, in bytes per second; 0: none."""
        if bool(rate) != bool(self._rate):
            self._window = None
            self._under_limit = UNDER_LIMIT
        self._rate = rate

    def moved(self, size: int) -> None:
        """Count bytes that went over the line."""
        if self._window is not None:
            self._window.moved += size

    def complained(self, now: float) -> None:
        """Take note that the service asks to be slower, or that it does not answer."""
        if self._complained_at is not None and now - self._complained_at < AGAIN:
            return
        self._complained_at = now
        self._number = _bounded(int(self._number * BACK_OFF))
        self._hold_until = now + HOLD
        self._settle(self._number)

    def tick(self, now: float, used: int) -> int:
        """Judge what was measured; return the limit. To be called some times a second.

        ``used`` is the number of connections in use now.
        """
        if self._window is None:
            self._window = _Window(now + SETTLE)
        window = self._window
        if now < window.since:
            window.moved = 0
            return self.limit
        window.looks += 1
        window.full += used >= self.limit
        if now - window.since >= self._period:
            self._window = _Window(now)
            if window.full >= FULL * window.looks and not self._fixed:
                self._judge(window.moved / (now - window.since), now)
        return self.limit

    @property
    def _period(self) -> float:
        return RISING if self._course is _Course.RISING else PROBING

    def _judge(self, goodput: float, now: float) -> None:
        if self._rate:
            self._judge_limited(goodput)
        elif self._course is _Course.RISING:
            self._rise(goodput)
        elif now >= self._hold_until:
            self._probe(goodput)

    def _judge_limited(self, goodput: float) -> None:
        """Allow more only if the limit is not reached with what there is."""
        if goodput < 0.9 * self._rate and self._under_limit < self._number:
            self._under_limit = min(MOST, self._under_limit * 2)
            self._window = None

    def _rise(self, goodput: float) -> None:
        if goodput >= WORTH * self._before and self._number < MOST:
            self._proven = self._number if self._before else 0
            self._before = goodput
            self._become(_Course.RISING, self._number * 2)
        elif goodput >= WORTH * self._before:
            self._settle(self._number)
        else:
            self._settle(self._number // 2)

    def _settle(self, number: int) -> None:
        self._step = 1
        self._stay(number)

    def _stay(self, number: int) -> None:
        self._become(_Course.STEADY, number)
        self._proven = self._number

    def _probe(self, goodput: float) -> None:
        """Compare a step with what was before it; go back if it was none for the better."""
        if self._course is _Course.STEADY:
            self._before = goodput
            self._try()
            return
        tried = self._number - self._proven
        enough = self._before * (1 + 0.5 * tried / self._number)
        kept = goodput >= enough
        self._tried_more = kept == (tried < 0)
        grows = kept and tried > 0 and self._complained_at is None
        self._step = min(2 * self._step, LONGEST_STEP) if grows else 1
        self._stay(self._number if kept else self._proven)

    def _try(self) -> None:
        """Take a step from the number that is proven, up or down in turns."""
        more = not self._tried_more or self._number == FEWEST
        self._tried_more = more
        step = self._step if more and self._number < MOST else -1
        self._become(_Course.MORE if step > 0 else _Course.FEWER, self._number + step)

    def _become(self, course: _Course, number: int | None = None) -> None:
        self._course = course
        self._number = _bounded(self._number if number is None else number)
        self._window = None


def _bounded(number: int) -> int:
    return max(FEWEST, min(MOST, number))
