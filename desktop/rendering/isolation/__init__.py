"""The one seam that all code of scenes runs through.

Scenes are Python that a model or a stranger may have written. Whatever keeps the rest of the
computer from harm is an ``Isolation``: it wraps the command that starts the render process, builds
its environment from nothing, and says what each job's own process takes away from itself before it
reads the scene.

- ``limits``     how much one job may use
- ``seam``       the protocol, and no protection at all
- ``readable``   what a render process must be able to read, and nothing else
- ``linux``      tier B: Landlock and seccomp; tier A: the same inside an empty root
- ``macos``, ``windows``, ``windows_launch``  written against documents and not verified yet
- ``choice``     which of them works here, tried and not guessed
"""

from desktop.rendering.isolation.choice import AutomaticIsolation
from desktop.rendering.isolation.limits import MIB, Limits, lengthened, limits_for
from desktop.rendering.isolation.seam import Isolation, ProcessLimits

__all__ = [
    "MIB",
    "AutomaticIsolation",
    "Isolation",
    "Limits",
    "ProcessLimits",
    "lengthened",
    "limits_for",
]
