"""botocore's connections, made to follow a ``Line`` and to know a slow line from a dead one.

urllib3's timeouts count from the last call, not from the last byte that moved: on a thin uplink a
block that trickles out looks dead, and a dead peer with room in the kernel's buffer looks alive.
Ours look at what the kernel still holds. Bodies go out in larger blocks than urllib3's.
"""

import contextlib
import socket
import ssl
import struct
import sys
import time
from typing import TYPE_CHECKING, Any, TypeAlias

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPSConnection,
    AWSPreparedRequest,
    AWSRequest,
)
from botocore.httpsession import URLLib3Session, create_urllib3_context, get_cert_path
from typing_extensions import override
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util import wait_for_read

from desktop.cloud import line as lines

BLOCK = 256 * 1024
"""Most bytes that are given to the socket at a time; bodies give less on slow lines."""

LOOK = 1.0
"""Seconds between looks at whether anything still moves."""

if TYPE_CHECKING:  # the stubs lack what the classes below follow
    _Base: TypeAlias = Any
    _Session: TypeAlias = Any
else:
    _Base, _Session = object, URLLib3Session


class _Cuttable(_Base):  # type: ignore[misc]
    """What both kinds of connection do differently from botocore's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.blocksize = BLOCK
        self._queued = -1
        self._heard = False

    @override
    def _new_conn(self) -> socket.socket:
        line = lines.current()
        try:
            return line.connect(
                (self._dns_host, self.port), self.timeout, self.socket_options or ()
            )
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"No connection to {self.host} in time") from error
        except OSError as error:
            raise NewConnectionError(self, f"No connection to {self.host}: {error}") from error

    @override
    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(LOOK)

    @override
    def request(self, *args: Any, **kwargs: Any) -> None:
        line = lines.current()
        line.refused = False
        if self.sock is not None:
            self.timeout = LOOK
            line.hold(self.sock)
        super().request(*args, **kwargs)

    @override
    def _send_output(self, *args: Any, **kwargs: Any) -> None:
        self._heard = not self._expect_header_set
        super()._send_output(*args, **kwargs)
        if not self._heard:
            lines.current().waited_in_vain = True

    @override
    def _handle_expect_response(self, message_body: Any) -> None:
        self._heard = True
        line = lines.current()
        self.sock.settimeout(line.patience)
        super()._handle_expect_response(message_body)
        self.sock.settimeout(LOOK)
        line.refused = self._response_received

    @override
    def send(self, data: Any) -> None:
        plain = isinstance(data, bytes | memoryview)
        if self.sock is None or self._response_received or not plain:
            super().send(data)
            return
        line, rest, since = lines.current(), memoryview(data), time.monotonic()
        while rest:
            try:
                rest = rest[self.sock.send(rest) :]
            except TimeoutError:
                self._doubt(line, since)
            else:
                line.moved()

    @override
    def getresponse(self) -> Any:
        line, since = lines.current(), time.monotonic()
        while self.sock is not None and not self._answered():
            self._doubt(line, since)
        self.timeout = line.patience
        return super().getresponse()

    def _answered(self) -> bool:
        decrypted = getattr(self.sock, "pending", int)()
        return bool(self._response_received or decrypted or wait_for_read(self.sock, LOOK))

    def _doubt(self, line: lines.Line, since: float) -> None:
        """Raise TimeoutError when nothing has moved for longer than the line's patience."""
        line.check()
        queued = _unacknowledged(self.sock)
        if queued != self._queued:
            self._queued = queued
            line.moved()
        elif time.monotonic() - max(since, line.moved_at) > line.patience:
            raise TimeoutError("No byte moved any more")


def _unacknowledged(sock: socket.socket) -> int:
    """Return how many bytes the kernel holds that the peer has not confirmed; -1: it won't say."""
    with contextlib.suppress(OSError):
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415  # not on every system
            import termios  # noqa: PLC0415

            answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4))
            return int(struct.unpack("i", answer)[0])
        if sys.platform == "darwin":
            return sock.getsockopt(socket.SOL_SOCKET, 0x1024)  # SO_NWRITE
    return -1


class _Connection(_Cuttable, AWSHTTPConnection):  # type: ignore[misc]
    """Over plain TCP."""


class _SecureConnection(_Cuttable, AWSHTTPSConnection):  # type: ignore[misc]
    """Over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Closing(ssl.SSLSocket):
    """Closes what Python leaves open when a connection ends between connecting and handshake."""

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            self.close()


class Wire(_Session):  # type: ignore[misc]
    """botocore's sender with connections of our kind; shared by all threads of a destination."""

    def __init__(self, *, verify: Any, **options: Any) -> None:  # noqa: ANN401
        """Raises OSError when the file of certificates cannot be read."""
        self._context: ssl.SSLContext = create_urllib3_context()
        self._context.sslsocket_class = _Closing
        if verify:
            self._context.load_verify_locations(get_cert_path(verify))
        super().__init__(verify=verify, **options)
        self._pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        self._manager.pool_classes_by_scheme = self._pool_classes_by_scheme
        self._continues = True

    @override
    def _get_ssl_context(self) -> ssl.SSLContext:
        return self._context

    @override
    def _setup_ssl_cert(self, conn: Any, url: str, verify: str | bool) -> None:
        """Trust what the context trusts: reading the certificates again costs 10 ms each time."""
        secure = url.lower().startswith("https") and verify
        conn.cert_reqs = "CERT_REQUIRED" if secure else "CERT_NONE"
        conn.ca_certs = None

    @override
    def send(self, request: AWSRequest | AWSPreparedRequest) -> Any:
        """Send; an endpoint that once kept us waiting for ``100 Continue`` is not asked again."""
        line = lines.current()
        if not self._continues and "Expect" in request.headers:
            del request.headers["Expect"]
        response = super().send(request)
        if line.waited_in_vain:
            self._continues = False
        return response
