"""Reading and writing at a place of a file that several threads share.

One descriptor serves all parts of a file, so no thread may move its position. Windows has no call
for that: there, one lock makes seeking and reading a single step.
"""

import os
import sys
import threading

if sys.platform == "win32":
    _seeking = threading.Lock()

    def read_at(fd: int, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from a place of the file; return how many bytes there were."""
        with _seeking:
            os.lseek(fd, offset, os.SEEK_SET)
            data = os.read(fd, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def write_at(fd: int, data: memoryview, offset: int) -> int:
        """Write at a place of the file; return how many bytes were taken."""
        with _seeking:
            os.lseek(fd, offset, os.SEEK_SET)
            return os.write(fd, data)

else:

    def read_at(fd: int, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from a place of the file; return how many bytes there were."""
        return os.preadv(fd, (buffer,), offset)

    def write_at(fd: int, data: memoryview, offset: int) -> int:
        """Write at a place of the file; return how many bytes were taken."""
        return os.pwrite(fd, data, offset)


def write_all(fd: int, data: memoryview, offset: int) -> None:
    """Write everything, however small the pieces are that the system takes."""
    while data:
        taken = write_at(fd, data, offset)
        data, offset = data[taken:], offset + taken
