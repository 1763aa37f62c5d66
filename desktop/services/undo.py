"""How destructive acts are taken back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Undo:
    """The way back from one act."""

    label: str
    """What was done, as the notice says it: "Moved 3 videos to the trash"."""
    revert: Callable[[], Awaitable[None]]
    """Takes the act back; may raise StudioError when that is no longer possible."""
