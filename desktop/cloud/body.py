"""A part of a file as the body of a request: read at its place, counted, paced, and cuttable.

The checksum of a part stands in a header, before its bytes, so a part is read twice: once for the
checksum, once to send it. The second reading comes from the page cache and costs 0.1 s per GiB;
keeping parts in memory instead would cost 8 to 64 MiB for each of 32 connections, and a checksum
behind the body needs a framing that many services do not understand.
"""

import os
import time
from collections.abc import Callable
from typing import Protocol

from desktop.cloud.errors import CloudFault, SourceShort, fault_of_file
from desktop.cloud.line import Line
from desktop.cloud.positional import read_at

SMALL = 32 * 1024
"""Bytes given away at a time on a slow line; more, the faster it takes them."""

BRISK = 0.05
"""Seconds within which a block is to be gone: that keeps progress smooth and calls few."""

PAUSE = 0.1
"""Longest sleep between two questions to a gate: a limit that was lifted is noticed at once."""


class Gate(Protocol):
    """Says how many bytes may go now; asked by many threads."""

    def grant(self, wanted: int) -> tuple[int, float]:
        """Return how many of the wanted bytes may go, and when to ask again if it is none."""


def ignore(_count: int) -> None:
    """Take no interest in how many bytes went."""


def pass_through(gate: Gate | None, wanted: int, line: Line) -> int:
    """Wait until some of the wanted bytes may go; return how many. Raises Cut."""
    line.check()
    if gate is None:
        return wanted
    while True:
        granted, seconds = gate.grant(wanted)
        if granted:
            line.moved()
            return min(granted, wanted)
        line.wait(min(seconds, PAUSE))


class PartBody:
    """What botocore takes for a file: so many bytes of one, from an offset."""

    def __init__(
        self,
        fd: int,
        offset: int,
        size: int,
        line: Line | None = None,
        *,
        gate: Gate | None = None,
        moved: Callable[[int], None] = ignore,
    ) -> None:
        """Read from ``fd``; tell ``moved`` what was given away, below zero when it is rewound."""
        self.fd = fd
        self.offset = offset
        self.size = size
        self.line = line or Line()
        self._gate = gate
        self._moved = moved
        self._at = 0
        self._given = 0
        self._buffer = bytearray()
        self._block = SMALL
        self._read_at = 0.0

    def __len__(self) -> int:
        """Return the size: botocore's way to learn the length of the request."""
        return self.size

    def tell(self) -> int:
        """Return how much has been read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place; botocore rewinds when it asks again elsewhere."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(0, min(self.size, start + offset))
        self._count(min(0, self._at - self._given))
        return self._at

    def read(self, amount: int = -1) -> memoryview:
        """Return the next bytes, as many as may go now; they are valid until the next call."""
        left = self.size - self._at
        if not left or self.line.refused:
            return memoryview(b"")
        block = self._fill(left if amount < 0 else self._permitted(min(amount, left)))
        self._at += len(block)
        self._count(max(0, self._at - self._given))
        return block

    def _permitted(self, most: int) -> int:
        """Return how many bytes to give now: what goes in a moment, and what the gate lets go."""
        now = time.monotonic()
        quick = now - self._read_at < BRISK
        self._block = min(self._block * 2, most) if quick else max(self._block // 2, SMALL)
        granted = pass_through(self._gate, min(self._block, most), self.line)
        self._read_at = time.monotonic()
        return granted

    def _fill(self, size: int) -> memoryview:
        """Read exactly so many bytes at the present place."""
        if len(self._buffer) < size:
            self._buffer = bytearray(size)
        block = memoryview(self._buffer)[:size]
        done = 0
        while done < size:
            try:
                count = read_at(self.fd, block[done:], self.offset + self._at + done)
            except OSError as error:
                raise CloudFault(fault_of_file(error)) from error
            if not count:
                raise SourceShort
            done += count
        return block

    def _count(self, change: int) -> None:
        if change:
            self._given += change
            self._moved(change)
