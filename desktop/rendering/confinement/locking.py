"""Locking a process in, layer by layer, as the rules of its job say."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.rendering.confinement import landlock, privileges, seatbelt, seccomp

if sys.platform != "win32":
    import resource

DEVICES_READ = ("/dev/zero", "/dev/random", "/dev/urandom")
DEVICES_WRITTEN = ("/dev/null",)


def lock(rules: Mapping[str, Any], folder: Path) -> None:
    """Confine this process to ``folder``, for ever.

    ``rules`` are those of ``isolation.Isolation.confinement``. Raises OSError when a layer that is
    asked for cannot be had: whoever calls must not go on then.
    """
    if sys.platform != "win32":  # there the Job object holds them
        limit(rules)
    if rules.get("seatbelt"):
        seatbelt.apply(rules, folder)
    if not rules.get("landlock"):
        return
    privileges.give_up()
    readable = (*rules["readable"], *DEVICES_READ)
    programs = tuple(rules["programs"])
    landlock.restrict(
        readable,
        (os.fspath(folder), *DEVICES_WRITTEN),
        programs=programs,
        newest=int(rules["landlock"]),
    )
    seccomp.install(programs=bool(programs))


def _threads() -> int:
    """Return how many threads honest jobs have, all together: the system counts them as processes.

    As many jobs as there are processors run at once, and each encoder has a thread or two for each
    processor. What goes beyond the processes allowed, the watchdog sees.
    """
    processors = os.cpu_count() or 1
    return processors * (2 * processors + 16)


def limit(rules: Mapping[str, Any]) -> None:
    """Set the limits of the system for this process: time, memory, files."""
    cpu = int(rules["cpu_seconds"])
    bounds = {
        # the soft limit ends the process by SIGXCPU, the hard one a moment later by SIGKILL
        resource.RLIMIT_CPU: (cpu, cpu + 5),
        resource.RLIMIT_FSIZE: (int(rules["folder_bytes"]),) * 2,
        resource.RLIMIT_NOFILE: (int(rules["open_files"]),) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    if sys.platform != "darwin":  # which has no such limit
        bounds[resource.RLIMIT_AS] = (int(rules["address_space"]),) * 2
    if rules.get("programs"):  # others may start no process at all
        bounds[resource.RLIMIT_NPROC] = (int(rules["processes"]) + _threads(),) * 2
    for kind, wanted in bounds.items():
        _soft, highest = resource.getrlimit(kind)
        unlimited = highest == resource.RLIM_INFINITY
        soft, hard = wanted if unlimited else (min(bound, highest) for bound in wanted)
        resource.setrlimit(kind, (soft, hard))
