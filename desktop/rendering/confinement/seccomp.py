"""Calls of the kernel: no sockets, no processes, no programs, no signals to others (seccomp).

The filter is classic BPF as of ``linux/filter.h``, put together here: a list of numbers that are
refused, and a few calls whose arguments decide. Threads stay possible: encoders need them.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable, Sequence

from desktop.rendering.confinement import syscalls
from desktop.rendering.confinement.syscalls import Numbers

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of the numbers, and what the kernel calls the architecture (AUDIT_ARCH)."""

LOAD, AND, RETURN = 0x20, 0x54, 0x06
EQUAL, AT_LEAST, ANY_BIT = 0x15, 0x35, 0x45

ALLOW, KILL_PROCESS, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000

NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
"""Offsets in ``struct seccomp_data``; an argument has 8 bytes, the lower half first."""

X32 = 0x40000000

CLONE_THREAD, CLONE_NEW = 0x00010000, 0x7E020080
TERMINAL_INPUT = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX type for whoever sits at the terminal."""

PROCESS_CONTROLS = (1, 8, 28, 35, 36, 0x59616D61)
"""prctl: parent's death, capabilities kept, secure bits, memory map, subreaper, tracer."""

SIGNAL_OWNERS = (8, 10, 15, 1024, 1026)
"""fcntl: whom the kernel sends signals when something happens to a file, and leases, which keep
others waiting who want to open one."""

READ_ONLY_TRUNCATE = (0x203, 0x200)
"""Mask and value of open's flags that empty a file without writing, unseen by old Landlocks."""

Line = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, constant."""


def supported() -> bool:
    """Tell whether a filter can be made for this machine."""
    return platform.machine() in MACHINES


def install(*, programs: bool = False) -> None:
    """Filter this process's calls from now on, for ever; raises OSError when that is impossible.

    ``programs`` allows other programs and processes, for LaTeX inside a tier with namespaces.
    """
    column, _ = MACHINES[platform.machine()]
    lines = program(platform.machine(), os.getpid(), programs=programs)
    code = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(code)
    head = struct.pack("HxxxxxxP", len(lines), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    number = ctypes.c_long(syscalls.SECCOMP[column] or 0)
    _set_filter, every_thread = ctypes.c_long(1), ctypes.c_long(1)
    if libc.syscall(number, _set_filter, every_thread, ctypes.c_char_p(head)) != 0:
        failed = ctypes.get_errno()
        raise OSError(failed, f"No filter could be installed: {os.strerror(failed)}")


def program(machine: str, pid: int, *, programs: bool = False) -> list[Line]:
    """Return the filter for a process ``pid`` on ``machine``."""
    column, architecture = MACHINES[machine]
    own = (0, pid)
    lines: list[Line] = [
        (LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL_PROCESS),
        (AT_LEAST, 0, 1, syscalls.LAST_KNOWN + 1), (RETURN, 0, 0, REFUSE | errno.ENOSYS),
    ]  # fmt: skip
    tables = syscalls.FORBIDDEN if programs else (*syscalls.FORBIDDEN, syscalls.PROGRAMS)
    for table in tables:
        lines += _refused(table, column, errno.EPERM)
    lines += _refused(syscalls.UNKNOWN, column, errno.ENOSYS)
    if not programs:
        lines += _refused(syscalls.LINKS, column, errno.EINVAL)
    lines += _refused(syscalls.UNSUPPORTED, column, errno.EOPNOTSUPP)
    for number, check in (
        (syscalls.CLONE, _clone(programs=programs)),
        (syscalls.KILL, _only(0, own)),
        (syscalls.TGKILL, _only(0, own)),
        (syscalls.IOCTL, _none_of(1, TERMINAL_INPUT)),
        (syscalls.PRCTL, _none_of(0, PROCESS_CONTROLS)),
        (syscalls.FCNTL, _none_of(1, SIGNAL_OWNERS)),
        (syscalls.OPEN, _no_empty(1)),
        (syscalls.OPENAT, _no_empty(2)),
        (syscalls.PRLIMIT, [*_only(0, own), *_zero(2)]),
    ):
        lines += _when(number, column, check)
    return [*lines, (RETURN, 0, 0, ALLOW)]


_NO: Line = (RETURN, 0, 0, REFUSE | errno.EPERM)


def _refused(table: dict[str, Numbers], column: int, error: int) -> Iterable[Line]:
    for numbers in table.values():
        number = numbers[column]
        if number is not None:
            yield (EQUAL, 0, 1, number)
            yield (RETURN, 0, 0, REFUSE | error)


def _when(numbers: Numbers, column: int, check: Sequence[Line]) -> list[Line]:
    """Apply ``check``, which refuses or falls through, to one call."""
    number = numbers[column]
    if number is None:
        return []
    body = [*check, (LOAD, 0, 0, NUMBER)]
    return [(EQUAL, 0, len(body), number), *body]


def _argument(index: int, *, upper: bool = False) -> Line:
    return (LOAD, 0, 0, FIRST_ARGUMENT + 8 * index + (4 if upper else 0))


def _only(index: int, allowed: Sequence[int]) -> list[Line]:
    """Refuse unless the argument is one of ``allowed``."""
    tests = [(EQUAL, len(allowed) - place, 0, value) for place, value in enumerate(allowed)]
    return [_argument(index), *tests, _NO]


def _none_of(index: int, refused: Sequence[int]) -> list[Line]:
    """Refuse when the argument is one of ``refused``."""
    lines = [_argument(index)]
    for value in refused:
        lines += [(EQUAL, 0, 1, value), _NO]
    return lines


def _zero(index: int) -> list[Line]:
    """Refuse unless all 64 bits of the argument are 0."""
    return [
        _argument(index), (EQUAL, 1, 0, 0), _NO,
        _argument(index, upper=True), (EQUAL, 1, 0, 0), _NO,
    ]  # fmt: skip


def _no_empty(index: int) -> list[Line]:
    mask, value = READ_ONLY_TRUNCATE
    return [_argument(index), (AND, 0, 0, mask), (EQUAL, 0, 1, value), _NO]


def _clone(*, programs: bool) -> list[Line]:
    """Allow threads; with ``programs`` processes as well, but never new namespaces."""
    if programs:
        return [_argument(0), (ANY_BIT, 0, 1, CLONE_NEW), _NO]
    return [_argument(0), (ANY_BIT, 1, 0, CLONE_THREAD), _NO]
