"""How many connections there may be: to each destination, and in all."""

from collections.abc import Iterable

from desktop.domain.transfers import Limits
from desktop.transfers.concurrency import MOST, Connections


class Lines:
    """The connections of all destinations."""

    def __init__(self) -> None:
        self._limits = Limits()
        self._found: dict[str, Connections] = {}

    def use(self, limits: Limits) -> None:
        """Keep to other limits from now on."""
        self._limits = limits
        for connections in self._found.values():
            connections.fix(limits.connections)

    def begin(self, destination: str, known: int) -> None:
        """Begin to measure a destination; ``known`` is what served it well last time, or 0."""
        if destination not in self._found:
            self._found[destination] = Connections(known, self._limits.connections)

    def of(self, destination: str) -> Connections:
        """Return the connections to one destination."""
        self.begin(destination, 0)
        return self._found[destination]

    def most(self, destinations: set[str]) -> int:
        """Return how many there may be while these are used."""
        return self.in_all(self.of(name).limit for name in destinations)

    def in_all(self, allowed: Iterable[int]) -> int:
        """Return how many there may be in all, with so many to each destination."""
        return min(self._limits.connections or MOST, max(1, sum(allowed)))

    @property
    def found(self) -> dict[str, int]:
        """What is worth remembering, by destination."""
        return {name: known.found for name, known in self._found.items() if known.found}
