"""Which part goes next on a free connection, and whose turn it is to begin.

A higher priority goes before a lower one. Within a priority every running file gets the same
number of bytes. No running file waits for a connection while another has two. When nothing is
left to begin, parts that are much slower than their like are sent a second time on idle
connections: the last five percent are not held up by one bad connection.
"""

import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

SLOW = 3.0
"""A part is slow when it takes this many times the median of its file."""

SAMPLES = 4
"""Parts of a file that must have been sent before one of them can be called slow."""

SPARE_PARTS = 2
"""Parts that running files have to have beyond the connections before no other file begins."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A running file, as the scheduler sees it."""

    id: str
    priority: int
    position: int
    part_size: int
    ready: tuple[int, ...]
    """Some numbers of parts that may go now, in order."""
    sending: tuple[int, ...] = ()
    left: int = 0
    """Parts that are not acknowledged yet."""
    wake_at: float | None = None
    """When a part that failed may go again, if nothing else happens."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A part that is given a connection."""

    id: str
    number: int
    duplicate: bool = False
    """Whether it is on its way already and too slow: whichever comes first counts."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A file that runs or waits for its turn."""

    id: str
    priority: int
    position: int
    target: str
    """Where it goes; two files never go to one place at the same time."""
    parts: int = 1
    """Parts that are left."""


@dataclass(slots=True)
class _Course:
    """What is known of a file while it runs."""

    served: int
    """Bytes given a connection."""
    began: dict[int, list[float]] = field(default_factory=dict)
    """When the copies of each part on its way were begun."""
    took: deque[float] = field(default_factory=lambda: deque(maxlen=32))
    """Seconds that its last parts took."""

    @property
    def connections(self) -> int:
        return sum(len(copies) for copies in self.began.values())


def admit(waiting: Sequence[Turn], running: Sequence[Turn], connections: int) -> tuple[str, ...]:
    """Return who may begin now, in order.

    As few files run as fill the connections, so that what was added first is done first; one of a
    higher priority than all that run begins at once. None begins without a connection to itself.
    """
    busy = {turn.target for turn in running}
    parts, files = sum(turn.parts for turn in running), len(running)
    highest = max((turn.priority for turn in running), default=None)
    admitted = []
    for turn in sorted(waiting, key=lambda turn: (-turn.priority, turn.position, turn.id)):
        urgent = highest is not None and turn.priority > highest
        if files >= connections or not (urgent or parts < connections + SPARE_PARTS):
            break
        if turn.target in busy:
            continue
        admitted.append(turn.id)
        busy.add(turn.target)
        parts, files = parts + turn.parts, files + 1
    return tuple(admitted)


class Scheduler:
    """Gives connections to parts, and remembers who got how much."""

    def __init__(self) -> None:
        self._courses: dict[str, _Course] = {}

    @property
    def connections(self) -> int:
        """Connections in use."""
        return sum(course.connections for course in self._courses.values())

    def choose(self, lanes: Sequence[Lane], connections: int, now: float) -> Choice | None:
        """Return what to begin, and count it as begun; None when nothing is to be."""
        self._follow(lanes)
        if self.connections >= connections:
            return None
        chosen = self._next(lanes) or self._second(lanes, now)
        if chosen is not None:
            course = self._courses[chosen.id]
            course.began.setdefault(chosen.number, []).append(now)
            size = next(lane.part_size for lane in lanes if lane.id == chosen.id)
            course.served += 0 if chosen.duplicate else size
        return chosen

    def ended(self, choice: Choice, now: float, *, sent: bool) -> None:
        """Take note that a connection is free again, and whether its part got through."""
        course = self._courses.get(choice.id)
        copies = course.began.get(choice.number, []) if course else []
        if course is None or not copies:
            return
        began = copies.pop(-1 if choice.duplicate else 0)
        if not copies:
            del course.began[choice.number]
        if sent:
            course.took.append(now - began)

    def slow_at(self, lanes: Sequence[Lane]) -> float | None:
        """Return when the next part becomes slow enough to be sent a second time."""
        times = [
            copies[0] + SLOW * median
            for lane in lanes
            if not lane.ready and (median := self._median(lane.id)) is not None
            for copies in self._courses[lane.id].began.values()
            if len(copies) == 1
        ]
        return min(times, default=None)

    def _follow(self, lanes: Sequence[Lane]) -> None:
        """Begin to count for files that are new, level with who got least; forget who is gone."""
        present = {lane.id for lane in lanes}
        for gone in [id_ for id_, c in self._courses.items() if id_ not in present and not c.began]:
            del self._courses[gone]
        known = [c.served for id_, c in self._courses.items() if id_ in present]
        level = min(known, default=0)
        for lane in lanes:
            self._courses.setdefault(lane.id, _Course(level))

    def _next(self, lanes: Sequence[Lane]) -> Choice | None:
        able = [lane for lane in lanes if lane.ready]
        if not able:
            return None
        first = min(able, key=self._rank)
        return Choice(first.id, first.ready[0])

    def _rank(self, lane: Lane) -> tuple[bool, int, bool, int, int, str]:
        course = self._courses[lane.id]
        waits = course.connections > 0
        ends = lane.left > len(lane.ready) + len(lane.sending)
        return (waits, -lane.priority, ends, course.served, lane.position, lane.id)

    def _second(self, lanes: Sequence[Lane], now: float) -> Choice | None:
        late = [
            (-lane.priority, copies[0], lane.id, number)
            for lane in lanes
            if (median := self._median(lane.id)) is not None
            for number, copies in self._courses[lane.id].began.items()
            if number in lane.sending and len(copies) == 1 and now - copies[0] > SLOW * median
        ]
        if not late:
            return None
        _priority, _began, id_, number = min(late)
        return Choice(id_, number, duplicate=True)

    def _median(self, id_: str) -> float | None:
        course = self._courses.get(id_)
        if course is None or len(course.took) < SAMPLES:
            return None
        return statistics.median(course.took)
