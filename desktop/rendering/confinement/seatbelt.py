"""macOS: what a job may do, as a profile that its process puts on itself (Seatbelt).

Written against what Apple and others have published, and not run on macOS yet. ``sandbox_init`` of
sandbox(7) takes the profile after the fork and before the scene is read, so each job has its own:
none sees the folder of another. Of the rules that match, the last decides; paths are resolved ones.
"""

import ctypes
import os
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

LIBRARY = "/usr/lib/libsandbox.1.dylib"

SYSTEM = ("/System", "/usr/lib", "/usr/share", "/Library/Fonts", "/private/var/db/dyld")
"""Frameworks, fonts and the cache of libraries."""

PRIVATE = (
    "/Users",
    "/Volumes",
    "/private/etc",
    "/private/tmp",
    "/private/var",
    "/Library/Keychains",
)
"""What ``bsd.sb`` may let be read and concerns no scene; what it needs of that is allowed after."""

SERVICES = ("com.apple.fonts", "com.apple.FontObjectsServer", "com.apple.system.logger")
"""The only ones that are spoken to: text is set with them."""


def profile(readable: Iterable[str], home: str, folder: str) -> str:
    """Return the profile of a job that writes to ``folder``; paths are as the kernel names them.

    Forking and starting programs are denied after ``bsd.sb``, which allows the one.
    """
    places = (*SYSTEM, *readable)
    keychains = posixpath.join(home, "Library/Keychains")
    above = {parent for path in (*places, folder) for parent in _above(path)}
    rules = (
        "(version 1)",
        "(deny default)",
        '(import "bsd.sb")',
        _rule("deny file-read*", "subpath", (home, *PRIVATE)),
        "(deny file-write*)",
        _rule("allow file-read-metadata", "literal", sorted(above)),
        _rule("allow file-read*", "subpath", places),
        _rule("allow file-read* file-write*", "subpath", (folder,)),
        _rule("allow file-read* file-write-data", "literal", ("/dev/null", "/dev/zero")),
        _rule("deny file-read* file-write*", "subpath", (keychains, "/Library/Keychains")),
        "(deny process-fork)",
        "(deny process-exec*)",
        "(deny network*)",
        "(deny mach-lookup)",
        _rule("allow mach-lookup", "global-name", SERVICES),
        "(deny mach-register)",
        "(deny appleevent-send)",
        "(deny signal)",
        "(allow signal (target self))",
        "(deny ipc-posix-shm*)",
    )
    return "\n".join(rules) + "\n"


def apply(rules: Mapping[str, Any], folder: Path) -> None:
    """Put the profile of ``rules`` on this process, for ever; raises OSError when it fails."""
    text = profile(rules["readable"], rules["home"], os.path.realpath(folder))
    library = ctypes.CDLL(LIBRARY)
    said = ctypes.c_char_p()
    if library.sandbox_init(text.encode(), ctypes.c_uint64(0), ctypes.byref(said)) != 0:
        raise OSError(f"No sandbox: {(said.value or b'').decode(errors='replace')}")


def _rule(words: str, kind: str, values: Iterable[str]) -> str:
    return f"({words}" + "".join(f'\n  ({kind} "{_quoted(value)}")' for value in values) + ")"


def _above(path: str) -> list[str]:
    """Return the folders above a path: whoever opens it asks what they are."""
    found = []
    while (parent := posixpath.dirname(path)) != path:
        found.append(parent)
        path = parent
    return found


def _quoted(text: str) -> str:
    """Return a text as it stands between the quotes of a profile."""
    if not text.isprintable():
        raise OSError(f"No profile can name {text!r}")
    return text.replace("\\", "\\\\").replace('"', '\\"')
