"""What a block raises when a line of it cannot be shown."""

from collections.abc import Iterable, Mapping
from math import isfinite


class BlockError(ValueError):
    """A body line or option that a block cannot use; the message says what to write instead.

    ``row`` is the 0-based index of the body line; options have row 0.
    """

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(message)
        self.row = row


def check_options(block: str, options: Mapping[str, object], known: Iterable[str]) -> None:
    """Raise BlockError for an option that a block does not have."""
    names = sorted(known)
    for name in options:
        if name not in names:
            offer = f"It knows {', '.join(names)}." if names else "It has no options."
            raise BlockError(f"A {block} has no option “{name}”. {offer}")


def number(text: str, what: str, row: int = 0) -> float:
    """Read a number as people write it; a comma may stand for the decimal point."""
    plain = text.strip().replace("\u2212", "-").replace(" ", "")
    if "," in plain:
        plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        raise BlockError(f"{what} must be a number, not “{text.strip()}”.", row) from None
    if not isfinite(value):
        raise BlockError(f"{what} must be a finite number, not “{text.strip()}”.", row)
    return value


def span(text: str, what: str, row: int = 0) -> tuple[float, float]:
    """Read a range such as ``-3:3``."""
    low, colon, high = text.partition(":")
    if not colon:
        raise BlockError(f"{what} needs a range such as -3:3, not “{text.strip()}”.", row)
    start, end = number(low, f"The start of {what}", row), number(high, f"The end of {what}", row)
    if not start < end:
        raise BlockError(f"{what} must go from a smaller to a larger number, such as -3:3.", row)
    return start, end
