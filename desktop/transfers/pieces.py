"""Parts while they are moved: which are on their way, which came back, and which may go next."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

NOTHING: Mapping[int, int] = MappingProxyType({})
NO_TIMES: Mapping[int, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Pieces:
    """What this process knows of the parts of one transfer; ``done`` is what is acknowledged."""

    sending: Mapping[int, int] = field(default_factory=lambda: NOTHING)
    """Parts on their way, and how many copies of each."""
    cursor: int = 1
    """No part from here on has been tried by this process."""
    returned: tuple[int, ...] = ()
    """Parts that did not get through and are to be sent again, in order."""
    delayed: Mapping[int, float] = field(default_factory=lambda: NO_TIMES)
    """When parts that failed may be sent again."""
    tries: Mapping[int, int] = field(default_factory=lambda: NOTHING)
    """How often parts failed."""

    def ready(self, now: float, limit: int, count: int, done: Container[int]) -> tuple[int, ...]:
        """Return numbers of at most ``limit`` parts that may go now, those that came back first."""
        numbers = [n for n in self.returned if self.delayed.get(n, 0.0) <= now][:limit]
        number = self.cursor
        while len(numbers) < limit and number <= count:
            if number not in done and number not in self.sending:
                numbers.append(number)
            number += 1
        return tuple(numbers)

    @property
    def next_ready_at(self) -> float | None:
        """When the next part that failed may go again."""
        waiting = [self.delayed[n] for n in self.returned if n in self.delayed]
        return min(waiting, default=None)

    def started(self, number: int, done: Container[int]) -> "Pieces":
        """Return it with one more copy of a part on its way."""
        sending = {**self.sending, number: self.sending.get(number, 0) + 1}
        returned = tuple(n for n in self.returned if n != number)
        cursor = self.cursor
        while cursor in done or cursor in sending or cursor in returned:
            cursor += 1
        return replace(self, sending=MappingProxyType(sending), returned=returned, cursor=cursor)

    def landed(self, number: int) -> "Pieces":
        """Return it with one copy of a part less on its way."""
        copies = dict(self.sending)
        left = copies.pop(number, 0) - 1
        if left > 0:
            copies[number] = left
        return replace(self, sending=MappingProxyType(copies))

    def came_back(self, number: int, done: Container[int]) -> "Pieces":
        """Return it with a part to go again, unless another copy is on its way or was there."""
        if number in self.sending or number in done or number in self.returned:
            return self
        return replace(self, returned=tuple(sorted((*self.returned, number))))

    def tried(self, number: int, ready_at: float) -> "Pieces":
        """Return it with one more failure of a part, which may go again at a time."""
        return replace(
            self,
            tries=MappingProxyType({**self.tries, number: self.tries.get(number, 0) + 1}),
            delayed=MappingProxyType({**self.delayed, number: ready_at}),
        )

    def rested(self) -> "Pieces":
        """Return it with nothing remembered but what is on its way."""
        return Pieces(sending=self.sending)
