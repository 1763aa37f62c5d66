"""How a file is cut into parts: arithmetic, never a list, so that size costs nothing.

Parts are as even as the service wants them: all of one size, the last one smaller. Small parts
lose little in a crash; there may be 10,000 of them at most.
"""

from dataclasses import dataclass

from desktop.domain.errors import InvalidInput

MIB = 2**20
GIB = 2**30

SMALLEST_PART = 5 * MIB
LARGEST_PART = 5 * GIB
MOST_PARTS = 10_000
LARGEST_OBJECT = 50 * 10**12
"""The service's limits; the last part may be smaller."""

USUAL_PART = 8 * MIB
PLANNED_PARTS = 9_000
"""Parts that larger files are planned for: some room below the limit."""

WHOLE_BELOW = 16 * MIB
"""Files smaller than this are sent in one request."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A size and how it is cut."""

    size: int
    part_size: int
    """0: in one piece."""

    @property
    def whole(self) -> bool:
        """Whether it is sent in one request."""
        return self.part_size == 0

    @property
    def count(self) -> int:
        """How many parts there are; 1 for what is sent whole."""
        return 1 if self.whole else max(1, -(-self.size // self.part_size))

    def offset(self, number: int) -> int:
        """Return where part ``number``, from 1, begins."""
        return (number - 1) * self.part_size

    def length(self, number: int) -> int:
        """Return how long part ``number`` is."""
        if self.whole:
            return self.size
        return min(self.part_size, self.size - self.offset(number))


def planned(size: int, largest_part: int = 0) -> Plan:
    """Return how a new upload of ``size`` bytes is cut.

    ``largest_part`` asks for parts no larger than that, after time-outs; the service's limits go
    before it. Raises InvalidInput for what no service takes.
    """
    if size > LARGEST_OBJECT:
        raise InvalidInput(
            "The file is too large",
            f"It has {size / 10**12:.1f} TB; the service takes objects of up to 50 TB.",
            "Split it, or send it compressed.",
        )
    if size < WHOLE_BELOW and not 0 < largest_part < size:
        return Plan(size, 0)
    wanted = min(USUAL_PART, largest_part) if largest_part else USUAL_PART
    needed = _whole_mib(-(-size // PLANNED_PARTS))
    return Plan(size, max(SMALLEST_PART, wanted, min(needed, LARGEST_PART)))


def smaller(plan: Plan) -> int:
    """Return the ``largest_part`` for a new upload after time-outs; 0 when it changes nothing."""
    new = planned(plan.size, SMALLEST_PART)
    return SMALLEST_PART if new.part_size and new.length(1) < plan.length(1) else 0


def download_plan(size: int) -> Plan:
    """Return how an object is fetched: in ranges of the usual size, as many as it takes."""
    return Plan(size, max(USUAL_PART, _whole_mib(-(-size // PLANNED_PARTS))))


def _whole_mib(size: int) -> int:
    return -(-size // MIB) * MIB
