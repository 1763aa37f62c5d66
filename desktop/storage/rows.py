"""How values of the domain are written in columns: moments, rates and tags."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Return microseconds since 1970 in UTC; ``moment`` must know its time zone."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def optional_micros(moment: datetime | None) -> int | None:
    """Return ``micros``, or None for no moment."""
    return None if moment is None else micros(moment)


def moment(value: int) -> datetime:
    """Return the moment, in UTC, of a stored number of microseconds."""
    return _EPOCH + timedelta(microseconds=value)


def optional_moment(value: int | None) -> datetime | None:
    """Return ``moment``, or None for an empty column."""
    return None if value is None else moment(value)


def tags_text(tags: tuple[str, ...]) -> str:
    """Return tags as a JSON list, in their order."""
    return json.dumps(list(tags), ensure_ascii=False)


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags of a stored JSON list."""
    return tuple(json.loads(text))
