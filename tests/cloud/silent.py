"""A service that follows the protocol up to a moment and then falls silent, as real ones do."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from enum import StrEnum


class Moment(StrEnum):
    """How far the service goes before it falls silent."""

    CONNECTING = "connecting"
    HANDSHAKE = "handshake"
    CONTINUE = "continue"
    """It has read the head of a request and does not say whether to go on."""
    SENDING = "sending"
    """It says to go on, and reads nothing more."""
    ANSWERING = "answering"
    """It has read everything."""
    RECEIVING = "receiving"
    """It has sent half of its answer."""


GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
HALF = (
    b"HTTP/1.1 206 Partial Content\r\nContent-Length: {0}\r\nContent-Range: bytes 0-{1}/{0}\r\n\r\n"
)


class Silent:
    """Listens on loopback and goes as far as it was told."""

    def __init__(self, moment: Moment, tls: ssl.SSLContext | None = None) -> None:
        self.reached = threading.Event()
        self._moment = moment
        self._tls = tls
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=0)
        self._kept: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, name="silent service")

    @property
    def url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"

    @contextlib.contextmanager
    def running(self) -> Iterator["Silent"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            for kept in [self._socket, *self._kept]:
                with contextlib.suppress(OSError):
                    kept.shutdown(socket.SHUT_RDWR)
                kept.close()
            self._thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            if self._moment is Moment.CONNECTING:
                self._fill()
            else:
                self._follow(self._socket.accept()[0])
        self._ended.wait()

    def _fill(self) -> None:
        """Occupy the queue of connections, so that the next one is never answered."""
        for _ in range(8):
            occupant = socket.socket()
            occupant.setblocking(False)
            occupant.connect_ex(self._socket.getsockname())
            self._kept.append(occupant)
        self.reached.set()

    def _follow(self, client: socket.socket) -> None:
        self._kept.append(client)
        if self._moment is Moment.HANDSHAKE:
            self.reached.set()
            return
        if self._tls:
            client = self._tls.wrap_socket(client, server_side=True)
            self._kept[-1] = client
        head = self._head(client)
        if self._moment is not Moment.CONTINUE:
            self._go_on(client, head)
        self.reached.set()

    def _head(self, client: socket.socket) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(65536)
        return head

    def _go_on(self, client: socket.socket, head: bytes) -> None:
        if self._moment is Moment.RECEIVING:
            size = 1 << 20
            text = HALF.decode().format(size, size - 1).encode()
            client.sendall(text + bytes(size // 2))
            return
        client.sendall(GO_ON)
        if self._moment is Moment.ANSWERING:
            lines = head.lower().split(b"\r\n")
            length = next(line for line in lines if line.startswith(b"content-length:"))
            left = int(length.split(b":")[1])
            while left:
                left -= len(client.recv(min(left, 65536)))
