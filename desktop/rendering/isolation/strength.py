"""Which isolation protects more than which: the one place that says so."""

from collections.abc import Iterable

from desktop.rendering.isolation.choice import OVERRIDDEN
from desktop.rendering.isolation.elsewhere import Seatbelt
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox
from desktop.rendering.isolation.seam import ProcessLimits

STRONGEST_FIRST = (
    FullSandbox().name,
    PartialSandbox().name,
    Seatbelt().name,
    ProcessLimits().name,
    OVERRIDDEN,
)
"""Names as takes and versions record them; the macOS sandbox is below those that were attacked."""


def weakest(names: Iterable[str]) -> str:
    """Return the name of the isolation that protects least; one not known here is the weakest."""
    known = {name: place for place, name in enumerate(STRONGEST_FIRST)}
    return max(names, key=lambda name: known.get(name, len(known)), default="")
