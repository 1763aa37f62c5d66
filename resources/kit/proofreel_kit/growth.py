"""How bars grow: along one direction only, so that they never look thin on the way."""

import numpy as np
from manim import Animation, LaggedStart, Mobject, UpdateFromAlphaFunc, smooth

LEAST = 0.002


def grow(mobject: Mobject, edge: np.ndarray) -> Animation:
    """Return an animation that lets a mobject grow away from its ``edge``."""
    whole = mobject.copy()
    across = int(np.argmax(np.abs(edge)))

    def stretch(shown: Mobject, alpha: float) -> None:
        shown.become(whole)
        if alpha < 1:
            shown.stretch(max(alpha, LEAST), across, about_edge=edge)

    return UpdateFromAlphaFunc(mobject, stretch, rate_func=smooth)


def grow_all(mobjects: list[Mobject], edge: np.ndarray, seconds: float) -> Animation:
    """Return an animation that lets bars grow one shortly after the other."""
    return LaggedStart(*(grow(one, edge) for one in mobjects), lag_ratio=0.2, run_time=seconds)
