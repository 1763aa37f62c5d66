"""What a job's process gives up before it reads the code of a scene."""

import errno
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.rendering.confinement.locking import lock


def _without_links(realpath: Callable[..., str]) -> Callable[..., str]:
    """Return ``realpath`` for a process that may not ask where links lead: they stay."""

    @functools.wraps(realpath)
    def resolved(path: str | os.PathLike[str], *, strict: bool = False) -> str:
        try:
            return realpath(path, strict=strict)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return os.path.abspath(path)  # noqa: PTH100  it stands in for a function of strings

    return resolved


def confine(rules: dict[str, Any], folder: Path, output: int) -> None:
    """Apply ``rules`` (see ``isolation``) to this process and move it into its job folder.

    Whatever it prints goes to ``output``, the pipe that ``output.Output`` reads.
    """
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(folder / "source")
    vars(os.path)["realpath"] = _without_links(os.path.realpath)
    os.environ.update(HOME=str(folder), TMPDIR=str(folder), XDG_CACHE_HOME=str(folder / ".cache"))
    lock(rules, folder)
