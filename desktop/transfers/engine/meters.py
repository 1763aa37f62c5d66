"""How fast bytes move: averages over ten seconds that are right from the first second on."""

import math
from dataclasses import dataclass

SPAN = 10.0
"""Seconds over which is averaged."""


@dataclass(slots=True)
class Meter:
    """The speed of something that only ever grows, except where bytes were sent in vain."""

    position: int = 0
    _at: float | None = None
    _sum: float = 0.0
    _weight: float = 0.0

    def read(self, position: int, now: float) -> float:
        """Take note of where it is now; return bytes per second.

        What was lost is no negative speed: it is sent again and does not count twice.
        """
        if self._at is None:
            self.position, self._at = position, now
            return 0.0
        elapsed = now - self._at
        if elapsed <= 0.0:
            return self.speed
        fade = math.exp(-elapsed / SPAN)
        gained = max(0, position - self.position)
        self.position, self._at = max(self.position, position), now
        self._sum = self._sum * fade + gained / elapsed * (1.0 - fade)
        self._weight = self._weight * fade + (1.0 - fade)
        return self.speed

    @property
    def speed(self) -> float:
        """Bytes per second; the weight makes up for the time before the first look."""
        return self._sum / self._weight if self._weight else 0.0

    def rest(self) -> None:
        """Forget the speed: nothing moves any more."""
        self._at, self._sum, self._weight = None, 0.0, 0.0
