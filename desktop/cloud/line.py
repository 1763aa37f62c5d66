"""The line of one request: whoever holds it can cut it, whatever its thread is blocked in.

A paused upload must fall silent within a quarter of a second, while its thread may be looking up a
name, connecting, shaking hands, sending or waiting. The line holds a second descriptor of the
socket, so that it never touches one that has been closed and given to somebody else meanwhile.
"""

import contextlib
import queue
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from desktop.cloud.errors import Cut

STALL = 13.0
"""Seconds without one byte after which a connection counts as dead; seen within two more."""

UNSENT = 128 * 1024
"""Bytes the kernel may keep that it has not sent yet: more would only hide how slow a line is."""

MOST_ADDRESSES = 4
"""Of one name that are tried within the time for connecting."""

_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

Option = tuple[int, int, int | bytes]

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]
"""One answer of ``getaddrinfo``."""


class Line:
    """One request's way to the service, which other threads may cut."""

    def __init__(self, patience: float = STALL) -> None:
        self.patience = patience
        self.moved_at = time.monotonic()
        """When a byte last went out or came in."""
        self.refused = False
        """Whether the service answered before the body: then none of it is sent."""
        self.waited_in_vain = False
        """Whether the service let us wait for ``100 Continue``."""
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    @property
    def is_cut(self) -> bool:
        """Whether somebody has cut it."""
        return self._ended.is_set()

    def cut(self) -> None:
        """End whatever its thread is blocked in, now and from now on; from any thread."""
        self._ended.set()
        with self._lock:
            _sever(self._socket)

    def check(self) -> None:
        """Raise Cut when it was cut."""
        if self._ended.is_set():
            raise Cut

    def wait(self, seconds: float) -> None:
        """Sleep; raises Cut as soon as it is cut."""
        if self._ended.wait(seconds):
            raise Cut

    def moved(self) -> None:
        """Note that a byte went out or came in."""
        self.moved_at = time.monotonic()

    @contextlib.contextmanager
    def carrying(self) -> Iterator[None]:
        """Make it the line of every request that this thread makes inside."""
        before = getattr(_thread, "line", None)
        _thread.line = self
        try:
            self.check()
            self.moved()
            yield
        finally:
            _thread.line = before
            self._hold(None)

    def hold(self, sock: socket.socket) -> None:
        """Take a socket that is to be cut with the line; one that is held already is let go.

        Only its number counts: what urllib3 makes of TLS within TLS knows no family.
        """
        self._hold(socket.fromfd(sock.fileno(), socket.AF_INET, socket.SOCK_STREAM))

    def _hold(self, sock: socket.socket | None) -> None:
        with self._lock:
            before, self._socket = self._socket, sock
            if self._ended.is_set():
                _sever(sock)
        if before is not None:
            before.close()

    def connect(
        self, address: tuple[str, int], timeout: float | None, options: Iterable[Option]
    ) -> socket.socket:
        """Return a connected socket; raises Cut, or OSError for the last address that failed."""
        until = time.monotonic() + (timeout or STALL)
        failure: OSError = OSError("The name has no addresses")
        places = _mixed(self._resolve(*address, timeout))
        for left, (family, kind, protocol, _name, place) in zip(
            range(len(places), 0, -1), places, strict=True
        ):
            sock = socket.socket(family, kind, protocol)
            try:
                _prepare(sock, max(0.1, until - time.monotonic()) / left, options)
                self.hold(sock)
                sock.connect(place)
            except OSError as error:
                sock.close()
                self.check()
                failure = error
            else:
                sock.settimeout(timeout)
                return sock
        raise failure

    def _resolve(self, host: str, port: int, timeout: float | None) -> list[Address]:
        """Look a name up in a thread of its own: the system's resolver cannot be interrupted."""
        host = host.strip("[]")
        with contextlib.suppress(socket.gaierror):
            return _addresses(host, port, socket.AI_NUMERICHOST)
        answers: queue.SimpleQueue[list[Address] | OSError] = queue.SimpleQueue()
        threading.Thread(
            target=_look_up, args=(host, port, answers), name=f"look up {host}", daemon=True
        ).start()
        until = time.monotonic() + (timeout or STALL)
        while time.monotonic() < until:
            self.check()
            with contextlib.suppress(queue.Empty):
                answer = answers.get(timeout=0.1)
                if isinstance(answer, OSError):
                    raise answer
                return answer
        raise socket.gaierror(socket.EAI_AGAIN, "The name was not found in time")


_thread = threading.local()


def current() -> Line:
    """Return the line of the request this thread is making."""
    line: Line | None = getattr(_thread, "line", None)
    return line or Line()


def _addresses(host: str, port: int, flags: int = 0) -> list[Address]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags))


def _mixed(addresses: list[Address]) -> list[Address]:
    """Choose a few addresses, of every family early: one that is broken costs a share of time."""
    families: dict[int, list[Address]] = {}
    for address in addresses:
        families.setdefault(address[0], []).append(address)
    rounds = zip_longest(*families.values())
    return [address for each in rounds for address in each if address][:MOST_ADDRESSES]


def _look_up(host: str, port: int, answers: "queue.SimpleQueue[list[Address] | OSError]") -> None:
    try:
        answers.put(_addresses(host, port))
    except UnicodeError:
        answers.put(socket.gaierror(socket.EAI_NONAME, f"“{host}” cannot be a name"))
    except OSError as error:
        answers.put(error)


def _prepare(sock: socket.socket, timeout: float, options: Iterable[Option]) -> None:
    for option in options:
        sock.setsockopt(*option)
    with contextlib.suppress(AttributeError, OSError):  # Linux and macOS have it
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
    sock.settimeout(timeout)


def _sever(sock: socket.socket | None) -> None:
    """End a connection at once: what was not sent is dropped, and the service hears of it."""
    if sock is None:
        return
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
