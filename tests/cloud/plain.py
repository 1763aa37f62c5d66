"""Services that know just enough HTTP to see what is on the wire, and how to ask them."""

import contextlib
import socket
import threading
import time

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind
from desktop.domain.faults import Fault
from desktop.domain.transfers import Destination


class Plain:
    """A service that answers every request with 200, and notes heads and connections."""

    def __init__(self, *, continues: bool = True, pause: float = 0.0, window: int = 8192) -> None:
        self.heads: list[bytes] = []
        self.connections = 0
        self.received = 0
        self._continues, self._pause, self._window = continues, pause, window
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._clients: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "Plain":
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for sock in [self._socket, *self._clients]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join()

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        try:
            while True:
                client, _ = self._socket.accept()
                self.connections += 1
                self._clients.append(client)
                self._start(self._serve, client)
        except OSError:
            return

    def _serve(self, client: socket.socket) -> None:
        if self._pause:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._window)
        try:
            while self._answer(client):
                pass
        except OSError:
            return

    def _answer(self, client: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            block = client.recv(1)
            if not block:
                return False
            head += block
        self.heads.append(head)
        if self._continues and b"100-continue" in head:
            client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
        left = int(lines.get(b"content-length", b"0"))
        while left:
            count = len(client.recv(min(left, 20_000)))
            left -= count
            self.received += count
            time.sleep(self._pause)
        client.sendall(b'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 0\r\n\r\n')
        return True


class Tunnel:
    """A proxy that knows CONNECT, for one connection."""

    def __init__(self) -> None:
        self.asked = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._serve)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> "Tunnel":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        client, _ = self._listening.accept()
        while b"\r\n\r\n" not in self.asked:
            self.asked += client.recv(1)
        host, _, port = self.asked.split()[1].decode().partition(":")
        service = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        back = threading.Thread(target=self._pour, args=(service, client))
        back.start()
        self._pour(client, service)
        back.join()
        client.close()
        service.close()

    def _pour(self, source: socket.socket, drain: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(65536):
                drain.sendall(block)
            drain.shutdown(socket.SHUT_WR)


def store_at(
    address: str, keys: AccessKeys, certificates: str = "", scheme: str = "http"
) -> ObjectStore:
    destination = Destination(
        "d",
        "Films",
        "films",
        "us-east-1",
        f"{scheme}://{address}",
        path_style=True,
        certificates=certificates,
    )
    return ObjectStore(destination, keys, kind=ChecksumKind.CRC32)


def refused(store: ObjectStore) -> Fault:
    with pytest.raises(CloudFault) as raised:
        store.head("film.mp4")
    store.close()
    return raised.value.fault
