"""Speeds and the hours they hold for, as people write them: ``5M``, ``Mon-Fri 09:00-17:00 2M``.

Units are those of the panel: a thousand of one makes the next; ``Mi`` and ``Ki`` are the binary
ones. ``off`` stands for no limit.
"""

import re
from collections.abc import Iterable

from desktop.domain.errors import InvalidInput
from desktop.domain.transfers import RateWindow

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

EVERY_DAY = tuple(range(7))

MIDNIGHT = 24 * 60

LEAST = 1_000
"""Bytes per second; a slower limit would stop everything, which pausing does better."""

MOST = 10**13
"""Bytes per second; nothing that a number in a file could mean is faster."""

RATE = re.compile(
    r"(?P<number>\d{1,14}(?:\.\d{1,6})?)\s*(?P<unit>[kmg]i?)?(?:b(?:/s)?)?", re.IGNORECASE
)
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}

HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


def parse_rate(text: str) -> int:
    """Return bytes per second of ``500k``, ``5M``, ``1.5MiB/s``; 0 for ``off``, ``0`` and ``none``.

    Raises InvalidInput for anything else, and for a limit below a kilobyte per second.
    """
    wanted = text.strip().lower()
    if wanted in {"0", "off", "none"}:
        return 0
    match = RATE.fullmatch(wanted)
    rate = round(float(match["number"]) * UNITS[match["unit"] or ""]) if match else 0
    if not LEAST <= rate <= MOST:
        raise InvalidInput(
            f"“{text}” is not a speed",
            "Speeds are written 500k, 5M or 1.5M, in bytes per second; off is no limit.",
            "A limit is at least 1k. To stop everything, pause it.",
        )
    return rate


def write_rate(rate: int) -> str:
    """Return a speed so that ``parse_rate`` reads exactly the same."""
    for unit in ("g", "m", "k"):
        if rate and rate % UNITS[unit] == 0:
            return f"{rate // UNITS[unit]}{unit.upper() if unit != 'k' else unit}"
    return str(rate) if rate else "off"


def parse_timetable(text: str) -> tuple[RateWindow, ...]:
    """Return the windows of ``Mon-Fri 09:00-17:00 2M; Sat,Sun 00:00-24:00 off``.

    Days may be left out and are all of them then. Raises InvalidInput.
    """
    return tuple(_window(line) for line in text.split(";") if line.strip())


def _window(line: str) -> RateWindow:
    words = line.split()
    if len(words) == 2:
        words.insert(0, "Mon-Sun")
    if len(words) != 3 or (hours := HOURS.fullmatch(words[1])) is None:
        raise _unreadable(line)
    minutes = [int(part) for part in hours.groups()]
    start, end = minutes[0] * 60 + minutes[1], minutes[2] * 60 + minutes[3]
    if max(minutes[1], minutes[3]) >= 60 or start >= MIDNIGHT or end > MIDNIGHT or start == end:
        raise _unreadable(line)
    return RateWindow(_days(words[0], line), start, end, parse_rate(words[2]))


def _days(text: str, line: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        names = [name.capitalize() for name in (first, last if dash else first)]
        if not all(name in DAYS for name in names):
            raise _unreadable(line)
        begin, end = (DAYS.index(name) for name in names)
        found |= {day % 7 for day in range(begin, end + (1 if end >= begin else 8))}
    return tuple(sorted(found))


def _unreadable(line: str) -> InvalidInput:
    return InvalidInput(
        f"“{line.strip()}” does not say when and how fast",
        "Hours are written Mon-Fri 09:00-17:00 2M, with a semicolon between several.",
        "Days are Mon, Tue, Wed, Thu, Fri, Sat and Sun; hours go from 00:00 to 24:00.",
    )


def write_timetable(windows: Iterable[RateWindow]) -> str:
    """Return windows so that ``parse_timetable`` reads exactly the same."""
    return "; ".join(
        f"{_named(window.days)} {_time(window.start)}-{_time(window.end)} {write_rate(window.rate)}"
        for window in windows
    )


def _named(days: tuple[int, ...]) -> str:
    return "Mon-Sun" if days == EVERY_DAY else ",".join(DAYS[day] for day in days)


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
