"""What a process could do because of who it is: capabilities, and gaining more by a program."""

import ctypes
import struct

NO_NEW_PRIVILEGES, DROP_FROM_BOUND = 38, 24
"""Numbers of prctl(2)."""

CAPABILITIES = 41
CAPABILITY_VERSION = 0x20080522


def give_up() -> None:
    """Give up every capability, for ever; raises OSError when that is impossible."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(CAPABILITIES):
        libc.prctl(DROP_FROM_BOUND, capability, 0, 0, 0)  # refused to all but root, who needs it
    header, nothing = struct.pack("Ii", CAPABILITY_VERSION, 0), bytes(24)
    if libc.capset(header, nothing) != 0 or libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "Privileges could not be given up")
