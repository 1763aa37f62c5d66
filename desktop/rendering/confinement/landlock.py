"""Files: what the process may read, and the one folder it may write to (Landlock, Linux 5.13).

Rights and layouts are those of ``linux/landlock.h``; see docs.kernel.org/userspace-api/landlock.
Rights that the running kernel does not know are left out: what they would have forbidden,
``seccomp`` forbids as well.
"""

import ctypes
import os
import struct
from collections.abc import Sequence
from contextlib import suppress

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""Numbers of the calls, the same on every architecture."""

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (
    1 << bit for bit in range(6, 13)
)
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

FIRST_RIGHTS = (1 << 13) - 1
NEWER_RIGHTS = ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV))
"""Rights and the version of Landlock they came with."""

NETWORK_VERSION, SCOPE_VERSION = 4, 6
BIND_AND_CONNECT = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

READ = READ_FILE | READ_DIR
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
"""Rights that a rule for a single file may give."""

WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE

_QUERY_VERSION = 1
_PATH_BENEATH = 1


def version() -> int:
    """Return the version of Landlock this kernel has; 0 when it has none or it is switched off."""
    return max(0, _call(CREATE_RULESET, None, 0, _QUERY_VERSION))


def restrict(
    readable: Sequence[str],
    writable: Sequence[str],
    *,
    programs: Sequence[str] = (),
    newest: int = 99,
) -> None:
    """Forbid this process every file but those below the paths given.

    Paths that do not exist are passed over. ``programs`` may be executed as well as read.
    ``newest`` pretends that the kernel knows no later version. Raises OSError when it cannot be
    done; the process is then as free as before.
    """
    known = min(version(), newest)
    if known < 1:
        raise OSError("Landlock is not available")
    handled = FIRST_RIGHTS | sum(right for since, right in NEWER_RIGHTS if known >= since)
    ruleset = _ruleset(known, handled)
    try:
        for rights, paths in ((READ, readable), (READ | EXECUTE, programs), (WRITE, writable)):
            for path in paths:
                with suppress(FileNotFoundError, NotADirectoryError):
                    _allow(ruleset, path, rights & handled)
        _checked(_call(RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _ruleset(known: int, handled: int) -> int:
    network = BIND_AND_CONNECT if known >= NETWORK_VERSION else 0
    scoped = ABSTRACT_SOCKETS_AND_SIGNALS if known >= SCOPE_VERSION else 0
    attributes = struct.pack("QQQ", handled, network, scoped)
    size = 24 if scoped else 16 if network else 8
    return _checked(_call(CREATE_RULESET, attributes, size, 0))


def _allow(ruleset: int, path: str, rights: int) -> None:
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):  # noqa: PTH112  works where pathlib may not be loaded any more
            rights &= OF_FILES
        rule = struct.pack("=Qi", rights, beneath)
        _checked(_call(ADD_RULE, ruleset, _PATH_BENEATH, rule, 0))
    finally:
        os.close(beneath)


def _call(number: int, *arguments: bytes | int | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    given = [
        ctypes.c_char_p(one) if isinstance(one, bytes | None) else ctypes.c_long(one)
        for one in arguments
    ]
    return int(libc.syscall(ctypes.c_long(number), *given))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
