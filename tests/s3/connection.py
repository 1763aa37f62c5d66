"""One connection: requests one after the other, with everything that can go wrong on a line."""

import contextlib
import select
import socket
import ssl
import struct
import uuid
from collections.abc import Iterator

from tests.s3.account import Receipt
from tests.s3.answers import Answer, error, http_date
from tests.s3.call import Call, Paces
from tests.s3.errors import Dropped, S3Error
from tests.s3.faults import Effect, Plan, Rule
from tests.s3.request import Head, Request, understood
from tests.s3.service import Host, answered
from tests.s3.wire import Buffered, Exactly, HttpChunks, Plug, Source

BUFFER = 256 * 1024
SMALL = 1 << 20
"""A refused body of so many bytes is read to its end, and the connection goes on."""
LINGER = 5.0
"""Seconds a client has to notice that its large body is refused."""
MOST_HEADERS = 100


class Connection:
    """A client's line, served by a thread of its own."""

    def __init__(self, host: Host, sock: socket.socket) -> None:
        self._host = host
        self._sock = sock
        self._wire = Buffered(Plug(sock))
        self._view = memoryview(bytearray(BUFFER))
        self._paces = Paces(host.all_in, host.all_out)
        self._expected = False

    def serve(self) -> None:
        """Answer requests until the client leaves or a fault cuts the line."""
        try:
            while self._one():
                pass
        except (Dropped, OSError, ValueError):
            self._cut()
        finally:
            with contextlib.suppress(OSError):
                self._sock.close()

    def _cut(self) -> None:
        """Close at once and rudely, so that the client notices in the middle of sending."""
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _head(self) -> Head | None:
        try:
            line = self._wire.line().decode("latin-1")
        except Dropped:
            return None
        method, _, rest = line.partition(" ")
        target, _, version = rest.rpartition(" ")
        if not version.startswith("HTTP/1."):
            raise Dropped("this is not HTTP")
        headers: dict[str, str] = {}
        for _ in range(MOST_HEADERS):
            line = self._wire.line().decode("latin-1")
            if not line:
                return Head(method, target, headers)
            name, _, value = line.partition(":")
            key, value = name.strip().lower(), value.strip()
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        raise Dropped("too many headers")

    def _one(self) -> bool:
        head = self._head()
        if head is None:
            return False
        self._expected = head.headers.get("expect", "").lower() == "100-continue"
        request = understood(head)
        if request.bucket == "-" and "authorization" not in head.headers:
            return self._controlled(head)
        part, upload_id = request.part, request.query.get("uploadId", "")
        names = (request.operation or "?", request.bucket, request.key)
        receipt = self._host.account.open(*names, part, upload_id)
        try:
            return self._served(self._call(request, receipt))
        finally:
            receipt.close()

    def _call(self, request: Request, receipt: Receipt) -> Call:
        host = self._host
        return Call(
            request,
            host.settings,
            host.store,
            host.faults,
            host.faults.plan(request.operation, request.key, request.part),
            receipt,
            self._wire,
            self._view,
            self._paces,
            self._go_on,
            self._stall,
            host.sleep,
        )

    def _controlled(self, head: Head) -> bool:
        self._go_on()
        body = self._wire.exactly(int(head.headers.get("content-length") or 0))
        answer = self._host.control(head, body)
        self._sock.sendall(self._top(answer, keep=True) + answer.body)
        return True

    def _served(self, call: Call) -> bool:
        self._before(call.plan)
        request_id = uuid.uuid4().hex[:16].upper()
        try:
            answer = answered(self._host, call)
        except S3Error as problem:
            call.receipt.code = problem.code
            answer = error(problem, call.request.head.raw_path, request_id)
        answer.headers.setdefault("x-amz-request-id", request_id)
        answer.headers.setdefault("x-amz-id-2", "local")
        keep = self._rest(call)
        self._after(call.plan)
        call.receipt.status = answer.status
        self._send(call, answer, keep=keep)
        call.receipt.acknowledged = answer.status < 300
        if not keep:
            self._linger(call)
        return keep

    def _before(self, plan: Plan) -> None:
        """What goes wrong before a request is looked at."""
        delay = plan.first(Effect.DELAY)
        self._host.sleep(self._host.faults.latency + (delay.seconds if delay else 0.0))
        if plan.first(Effect.DROP):
            raise Dropped("cut on demand")
        if stall := plan.first(Effect.STALL):
            self._stall(stall.seconds)

    def _after(self, plan: Plan) -> None:
        """What goes wrong between the deed and its answer."""
        if plan.first(Effect.DROP_ANSWER):
            raise Dropped("cut on demand")
        if stall := plan.first(Effect.STALL_ANSWER):
            self._stall(stall.seconds)

    def _go_on(self) -> None:
        if self._expected:
            self._expected = False
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _body_source(self, head: Head) -> Source:
        if head.headers.get("transfer-encoding", "").lower() == "chunked":
            return HttpChunks(self._wire)
        return Exactly(self._wire, int(head.headers.get("content-length") or 0))

    def _rest(self, call: Call) -> bool:
        """Read what is left of a small body; return whether the connection can go on."""
        head = call.request.head
        if head.headers.get("connection", "").lower() == "close":
            return False
        if call.intake:
            return call.intake.ended
        length = head.headers.get("content-length", "0")
        if self._expected or "transfer-encoding" in head.headers or int(length) > SMALL:
            return False
        source = self._body_source(head)
        while count := source.read_into(self._view):
            call.receipt.received += count
        return True

    def _linger(self, call: Call) -> None:
        """Read on for a while after a refusal: who sends without waiting must come to read it."""
        with contextlib.suppress(OSError, Dropped, ValueError):
            socket.socket.shutdown(self._sock, socket.SHUT_WR)
            self._sock.settimeout(LINGER)
            while count := self._wire.read_into(self._view):
                call.receipt.received += 0 if call.intake else count

    def _stall(self, seconds: float) -> None:
        """Be silent for so long, 0: until the client gives up; then go on, or end."""
        poll = select.poll()
        poll.register(self._sock, select.POLLRDHUP | select.POLLHUP)
        left = seconds or 3600.0
        while left > 0:
            if self._host.sleep(min(left, 0.1)) or poll.poll(0):
                raise Dropped("silent on demand")
            left -= 0.1
        if not seconds:
            raise Dropped("silent on demand")

    def _top(self, answer: Answer, *, keep: bool) -> bytes:
        length = answer.length if answer.blocks or answer.length else len(answer.body)
        now = http_date(self._host.faults.now)
        lines = [f"HTTP/1.1 {answer.status} Local", f"date: {now}", "server: local"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if answer.status not in {204, 304}:
            lines.append(f"content-length: {length}")
        lines.append(f"connection: {'keep-alive' if keep else 'close'}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _send(self, call: Call, answer: Answer, *, keep: bool) -> None:
        silent = call.request.head.method == "HEAD" or answer.status in {204, 304}
        self._sock.sendall(self._top(answer, keep=keep) + (b"" if silent else answer.body))
        if not silent and answer.blocks:
            self._send_blocks(call, answer.blocks)

    def _send_blocks(self, call: Call, blocks: Iterator[bytes]) -> None:
        cut = call.plan.first(Effect.DROP_BODY, Effect.STALL_BODY)
        for block in blocks:
            left = cut.after - call.receipt.sent if cut else len(block)
            if cut and left <= len(block):
                self._paced(call, block[:left])
                self._cut_short(cut)
                cut = None
                self._paced(call, block[left:])
            else:
                self._paced(call, block)

    def _cut_short(self, cut: Rule) -> None:
        if cut.effect is Effect.DROP_BODY:
            raise Dropped("cut on demand")
        self._stall(cut.seconds)

    def _paced(self, call: Call, block: bytes) -> None:
        faults = self._host.faults
        own = self._paces.own_out.wait(len(block), faults.connection_rate)
        self._host.sleep(max(own, self._paces.all_out.wait(len(block), faults.rate)))
        self._sock.sendall(block)
        call.receipt.sent += len(block)


def handshaken(sock: socket.socket, context: ssl.SSLContext | None) -> socket.socket:
    """Return the socket as it is spoken through; raises OSError."""
    if context is None:
        return sock
    sock.settimeout(10.0)
    wrapped = context.wrap_socket(sock, server_side=True)
    wrapped.settimeout(None)
    return wrapped
