"""What should be on screen now: arithmetic on a monotonic time, without a timer.

The position is computed from when playing began, never by adding up frames, so it cannot drift:
a late picture is left out, and the film stays in time.
"""

import math
from dataclasses import dataclass, replace

SLOWEST, FASTEST = 0.25, 2.0
"""Rates at which films can be played, forward or backward."""

NUDGE = 3e-6
"""Seconds; more than the tolerance of borders between frames, less than any frame."""


@dataclass(frozen=True, slots=True)
class Range:
    """Part of a film in seconds, ``end`` not included."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Clock:
    """A film that has been playing since ``begun`` from ``origin``.

    A playhead outside the marked part plays freely to the end of the film; one inside it stops
    or turns at the mark.
    """

    begun: float
    """Monotonic time, in seconds."""
    origin: float
    """Seconds of the film."""
    rate: float
    """1 is real time; negative plays backward."""
    whole: Range
    marked: Range | None = None
    loop: bool = False

    def at(self, now: float) -> float:
        """Return the position at a monotonic time, in seconds of the film, inside ``whole``."""
        free = self.origin + self.rate * max(0.0, now - self.begun)
        over = (free - self._limit) * math.copysign(1.0, self.rate)
        if over < 0:
            return min(max(free, self.whole.start), self.whole.end)
        return self._turned(over) if self.loop else self._limit

    def inside(self, now: float) -> float:
        """Return a time inside the frame on screen, where ``at`` may be on the border of two.

        Going forward a border belongs to the later frame, going backward to the earlier one, and
        at the end to the frame playing stops on.
        """
        if self.rate < 0:
            return max(self.at(now) - NUDGE, self._limit)
        return min(self.at(now), self._limit - NUDGE)

    def ended(self, now: float) -> bool:
        """Tell whether playing has come to its end; a loop has none."""
        return not self.loop and now >= self.when(self._limit)

    def when(self, position: float) -> float:
        """Return the monotonic time at which ``position`` is reached before any turn."""
        return self.begun + max(0.0, (position - self.origin) / self.rate)

    def at_rate(self, rate: float, now: float) -> "Clock":
        """Return the clock that goes on from here at another rate."""
        return replace(self, begun=now, origin=self.at(now), rate=rate)

    @property
    def part(self) -> Range:
        """What is played over and over when looping, and where playing stops otherwise."""
        return self.marked or self.whole

    @property
    def _limit(self) -> float:
        """Where playing stops or turns for the first time."""
        if self.rate > 0:
            inside = self.origin < self.part.end
            return self.part.end if inside else self.whole.end
        inside = self.origin > self.part.start
        return self.part.start if inside else self.whole.start

    def _turned(self, over: float) -> float:
        """Return the position ``over`` seconds of film after the first turn."""
        into = math.fmod(over, self.part.seconds)
        return self.part.start + into if self.rate > 0 else self.part.end - into


def nearest_rate(rate: float) -> float:
    """Return the allowed rate nearest to ``rate``, of the same direction."""
    return math.copysign(min(max(abs(rate), SLOWEST), FASTEST), rate)
