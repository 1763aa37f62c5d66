"""macOS and Windows: written against their documents, tried on neither; the window says so.

macOS: a Seatbelt profile for ``sandbox-exec`` (deprecated, enforced up to macOS 26). Windows: no
process may be started until an AppContainer with a Job object has been seen to hold.
"""

import os
import sys
from pathlib import Path

from typing_extensions import override

from desktop.rendering.isolation.readable import readable
from desktop.rendering.isolation.seam import ProcessLimits

SANDBOX_EXEC = "/usr/bin/sandbox-exec"

FRAMEWORKS = ("/System", "/usr/lib", "/usr/share", "/Library/Fonts", "/private/var/db/dyld")


class Seatbelt(ProcessLimits):
    """macOS: everything is denied but reading what is needed and writing to the scratch folder."""

    note = "Written against Apple's documents, not verified yet."

    def __init__(self) -> None:
        super().__init__("macOS sandbox (not verified)")

    @override
    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return the command under a profile."""
        return [SANDBOX_EXEC, "-p", profile(scratch.parent), *argv]


def profile(work: Path) -> str:
    """Return the Seatbelt profile; the last rule that matches decides, paths are resolved ones."""
    reads = "\n".join(
        f'  (subpath "{_quoted(os.path.realpath(path))}")' for path in (*FRAMEWORKS, *readable())
    )
    place = _quoted(os.path.realpath(work))
    return f"""(version 1)
(deny default)
(import "bsd.sb")
(allow file-read*
{reads}
  (subpath "{place}"))
(allow file-write* (subpath "{place}"))
(allow process-fork)
(deny process-exec*)
(allow process-exec* (subpath "{_quoted(os.path.realpath(sys.prefix))}"))
(deny network*)
(deny mach-lookup (global-name "com.apple.SecurityServer"))
(deny mach-lookup (global-name "com.apple.securityd"))
(deny appleevent-send)
(deny file-read* (subpath "{_quoted(os.fspath(Path.home() / "Library/Keychains"))}"))
"""


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
