"""The isolations that attacks are made against, by name."""

import os
from pathlib import Path

from typing_extensions import override

from desktop.rendering.isolation import Isolation, Limits, ProcessLimits
from desktop.rendering.isolation.linux import NEWEST, FullSandbox, PartialSandbox
from tests.isolation.burdens import MIB

USUAL = Limits(memory=1 << 30, wall_seconds=60, cpu_seconds=120)

GENEROUS = Limits(
    memory=8 << 30,
    wall_seconds=60,
    cpu_seconds=120,
    folder_bytes=1 << 30,
    log_bytes=256 * MIB,
    open_files=4096,
)
"""Limits that no attack of the suite reaches."""

FULL, LATEX, PARTIAL, UNPROTECTED = "full", "latex", "partial", "unprotected"
"""Names of tier A, of the same for scenes with LaTeX, of tier B, and of the positive control."""


class ForLatex(FullSandbox):
    """Tier A as scenes have it that use LaTeX: they may start processes and other programs."""

    latex = True

    @override
    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return the rules for LaTeX, whatever a scene names."""
        return super().confinement(limits, latex=True)


class Unprotected(ProcessLimits):
    """What it was like before: scenes run as the editor does. The suite's positive control."""

    def __init__(self) -> None:
        super().__init__(UNPROTECTED)

    @override
    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the editor's own environment."""
        return {**os.environ, **super().environment(scratch)}


def isolation(tier: str, landlock: int) -> Isolation:
    """Return the isolation called ``tier``, with Landlock as old as ABI ``landlock`` has it."""
    tiers = {
        FULL: lambda: FullSandbox(landlock or NEWEST),
        LATEX: lambda: ForLatex(landlock or NEWEST),
        PARTIAL: lambda: PartialSandbox(landlock or NEWEST),
        UNPROTECTED: Unprotected,
    }
    return tiers[tier]()
