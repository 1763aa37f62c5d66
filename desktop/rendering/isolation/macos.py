"""macOS: Seatbelt, written against what is published of it; not tried yet, as the window says."""

import os
from pathlib import Path

from typing_extensions import override

from desktop.rendering.isolation.limits import Limits
from desktop.rendering.isolation.readable import readable
from desktop.rendering.isolation.seam import ProcessLimits


class Seatbelt(ProcessLimits):
    """Every job may read what it needs, write to its folder, and call nobody.

    The render process itself is free, as it runs no code of scenes: whoever is in a sandbox can not
    go into a second one, and each job needs its own.
    """

    note = "Written against Apple's documents, not verified yet."

    def __init__(self) -> None:
        super().__init__("macOS sandbox (not verified)")

    @override
    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return rlimits, and what the profile of the job is made of."""
        return {
            **super().confinement(limits),
            "seatbelt": True,
            "programs": (),
            "readable": tuple(sorted({os.path.realpath(path) for path in readable()})),
            "home": os.path.realpath(Path.home()),
        }
