"""A small, strict S3 on loopback that verifies, counts, and fails on demand.

In a test::

    with S3Server() as s3:                      # tls=True, null=True, signed=False, …
        s3.create_bucket("films")               # region="eu-west-1" for redirects
        client = s3.client()                    # boto3 with the right keys and certificates
        s3.faults.once(Effect.DROP_ANSWER, operation="CompleteMultipartUpload")
        s3.faults.add(Effect.ERROR, operation="UploadPart", code="SlowDown", chance=0.05)
        s3.faults.rate = 20 << 20               # bytes per second; also latency, clock_offset, …
        ...
        assert s3.object("films", "a.mp4").md5 == expected      # of the bytes on the disk
        assert s3.account.resent("a.mp4") == 0                  # acknowledged, then sent again
        assert not s3.uploads("films")                          # nothing left behind

``s3.endpoint`` is its URL, ``s3.ca_file`` its certificates, ``s3.keys`` the key id and secret.
As a process of its own: ``tests.s3.process.S3Process``, or ``python -m tests.s3 --help``.
Everything it keeps lies in ``folder``; a server started again on it goes on where it was.
"""

import contextlib
import socket
import ssl
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.s3 import digests
from tests.s3.account import Account
from tests.s3.answers import Answer
from tests.s3.call import Settings
from tests.s3.certificates import issued
from tests.s3.connection import Connection, handshaken
from tests.s3.control import controlled
from tests.s3.errors import S3Error
from tests.s3.faults import Effect, Faults, Pace, Rule
from tests.s3.request import Head
from tests.s3.signature import KEYS, Credential
from tests.s3.store import Store, StoredObject, Upload

__all__ = ["Credential", "Effect", "Faults", "Found", "Rule", "S3Server"]

THROTTLED_BUFFER = 64 * 1024
"""Receive buffer of a slowed line: the kernel takes little that the line has not brought."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object as it lies on the server's disk."""

    stored: StoredObject
    store: Store

    @property
    def size(self) -> int:
        return self.stored.size

    @property
    def etag(self) -> str:
        return self.stored.etag

    @property
    def headers(self) -> dict[str, str]:
        """What was kept with it: content type, metadata and the like."""
        return self.stored.kept.headers

    @property
    def checksums(self) -> dict[str, str]:
        """What the service says of it, by kind."""
        return self.stored.checksums

    @property
    def data(self) -> bytes:
        return b"".join(self.store.blocks(self.stored))

    @property
    def md5(self) -> str:
        """Computed now, from the bytes on the disk; hexadecimal."""
        return self.store.digest(self.stored, "md5").hex()

    @property
    def crc64nvme(self) -> str:
        """Computed now; of a server that throws bytes away: as computed when they came."""
        if self.store.null:
            parts = [(piece.crc64nvme, piece.size) for piece in self.stored.pieces]
            return digests.combined("crc64nvme", parts)
        return digests.text(self.store.digest(self.stored, "crc64nvme"))


class S3Server:
    """The server; usable in a ``with`` statement, or by ``start`` and ``close``."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int = 0,
        tls: bool = False,
        null: bool = False,
        seed: int = 1,
        credentials: tuple[Credential, ...] = (KEYS,),
        **settings: Any,
    ) -> None:
        """Prepare; ``settings`` are the fields of Settings, such as ``signed=False``."""
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="local-s3-")
        self.folder = folder or Path(self._temporary.name if self._temporary else "")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settings = Settings(tls=tls, **settings)
        self.store = Store(self.folder, null=null)
        self.faults = Faults(seed=seed)
        self.account = Account()
        self.credentials = {each.key_id: each for each in credentials}
        self.all_in, self.all_out = Pace(), Pace()
        self.port = port
        self.ca_file = ""
        self._context: ssl.SSLContext | None = None
        if tls:
            self.ca_file, self._context = issued(self.folder)
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._lines: dict[threading.Thread, socket.socket] = {}
        self._listening: socket.socket | None = None
        self._accepting: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> Self:
        """Listen on loopback; the port is known afterwards."""
        self._closing.clear()
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=256)
        self.port = self._listening.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="s3", daemon=True)
        self._accepting.start()
        return self

    def stop(self) -> None:
        """Cut all lines and stop listening; ``start`` goes on with the same port and objects."""
        self._closing.set()
        if self._listening:
            with contextlib.suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
        if self._accepting:
            self._accepting.join()
        with self._lock:
            lines = dict(self._lines)
        for thread, sock in lines.items():
            with contextlib.suppress(OSError):
                # Below TLS: its own shutdown is not for a thread that does not read.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            thread.join()

    def close(self) -> None:
        """Stop, and remove the folder unless it was given."""
        self.stop()
        if self._temporary:
            self._temporary.cleanup()

    def _accept(self) -> None:
        assert self._listening
        while not self._closing.is_set():
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,), name="s3-line", daemon=True)
            with self._lock:
                self._lines[thread] = sock
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.faults.rate or self.faults.connection_rate:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, THROTTLED_BUFFER)
            line = handshaken(sock, self._context)
            with self._lock:
                self._lines[threading.current_thread()] = line
            Connection(self, line).serve()
        except OSError:
            sock.close()
        finally:
            with self._lock:
                self._lines.pop(threading.current_thread(), None)

    # what connections need

    def sleep(self, seconds: float) -> bool:
        """Wait; return whether the server closes meanwhile."""
        return self._closing.wait(seconds) if seconds > 0 else self._closing.is_set()

    def control(self, head: Head, body: bytes) -> Answer:
        """Answer the control URL."""
        return controlled(self, head, body)

    # what tests need

    @property
    def endpoint(self) -> str:
        """The URL for clients."""
        return f"{'https' if self.settings.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def keys(self) -> Credential:
        """The first keys the server knows."""
        return next(iter(self.credentials.values()))

    def expire(self, key_id: str = "") -> None:
        """Let keys be expired from now on: ``ExpiredToken``."""
        chosen = self.credentials[key_id or self.keys.key_id]
        self.credentials[chosen.key_id] = chosen.expired()

    def create_bucket(self, name: str, region: str = "") -> None:
        """Make a bucket, without a request."""
        self.store.create_bucket(name, region or self.settings.region, self.faults.now)

    def object(self, bucket: str, key: str) -> Found:
        """Return an object; raises KeyError."""
        stored = self.store.current(bucket, key)
        if stored is None:
            raise KeyError(f"There is no {key} in {bucket}")
        return Found(stored, self.store)

    def keys_of(self, bucket: str) -> list[str]:
        """Return the keys of all objects, sorted."""
        objects = self.store.bucket(bucket).objects
        return sorted(key for key, versions in objects.items() if not versions[-1].deleted)

    def uploads(self, bucket: str) -> list[Upload]:
        """Return the uploads that are neither completed nor aborted."""
        try:
            return list(self.store.bucket(bucket).uploads.values())
        except S3Error:
            return []

    def client(self, **values: Any) -> Any:
        """Return a boto3 client for this server; ``config`` and other arguments as boto3's."""
        from tests.s3.clients import client_for

        return client_for(
            self.endpoint, self.keys, self.ca_file, region=self.settings.region, **values
        )
