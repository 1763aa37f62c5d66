"""What a job's process gives up before it reads the code of a scene."""

import os
import sys
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import resource


def confine(rules: dict[str, Any], folder: Path) -> None:
    """Apply ``rules`` (see ``isolation``) to this process and move it into its job folder.

    Output goes to ``log.txt``; its size is bounded by the watchdog, and by the file size limit.
    """
    log = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.chdir(folder / "source")
    os.environ.update(HOME=str(folder), TMPDIR=str(folder), XDG_CACHE_HOME=str(folder / ".cache"))
    _limit(rules)


def _limit(rules: dict[str, Any]) -> None:
    cpu = int(rules["cpu_seconds"])
    bounds = {
        resource.RLIMIT_AS: (int(rules["address_space"]),) * 2,
        # the soft limit ends the process by SIGXCPU, the hard one a moment later by SIGKILL
        resource.RLIMIT_CPU: (cpu, cpu + 5),
        resource.RLIMIT_FSIZE: (int(rules["folder_bytes"]),) * 2,
        resource.RLIMIT_NOFILE: (int(rules["open_files"]),) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, wanted in bounds.items():
        _soft, highest = resource.getrlimit(kind)
        unlimited = highest == resource.RLIM_INFINITY
        soft, hard = wanted if unlimited else (min(bound, highest) for bound in wanted)
        resource.setrlimit(kind, (soft, hard))
