"""A tier on a computer that has LaTeX, for tests on those that have none."""

from desktop.rendering.isolation.linux import FullSandbox


class WithLatex(FullSandbox):
    """Tier A on a computer that has LaTeX."""

    latex = True
