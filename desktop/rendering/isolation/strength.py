"""Which isolation protects more than which: the one place that says so."""

from collections.abc import Iterable

from desktop.rendering.isolation.choice import OVERRIDDEN
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox
from desktop.rendering.isolation.macos import Seatbelt
from desktop.rendering.isolation.seam import ProcessLimits
from desktop.rendering.isolation.windows import AppContainer

STRONGEST_FIRST = (
    FullSandbox().name,
    PartialSandbox().name,
    Seatbelt().name,
    AppContainer().name,
    ProcessLimits().name,
    OVERRIDDEN,
)
"""Names as takes and versions record them; what was never attacked is below what was."""


def weakest(names: Iterable[str]) -> str:
    """Return the name of the isolation that protects least; one not known here is the weakest."""
    known = {name: place for place, name in enumerate(STRONGEST_FIRST)}
    return max(names, key=lambda name: known.get(name, len(known)), default="")
