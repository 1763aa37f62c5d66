"""Requests that are ended from another thread, whatever they are blocked in."""

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme

from desktop.cloud import line as lines
from desktop.cloud import wire
from desktop.cloud.body import PartBody
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault, Cut
from desktop.cloud.line import Line
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind, Upload
from desktop.cloud.whole import Span
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Destination
from tests.cloud.silent import Moment, Silent

PROMISE = 0.25
"""Seconds from the cut to the end of the call."""

UPLOAD = Upload("film.mp4", "u", ChecksumKind.CRC32)
SIZE = 24 << 20
"""More than the kernel's buffers of both sides take."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    with path.open("wb") as file:
        file.truncate(SIZE)
    fd = os.open(path, os.O_RDWR)
    yield fd
    os.close(fd)


@pytest.fixture
def store_at(
    keys: AccessKeys, authority: trustme.CA, tmp_path: Path
) -> Iterator[Callable[[str], ObjectStore]]:
    stores: list[ObjectStore] = []
    trusted = tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(trusted)

    def make(url: str) -> ObjectStore:
        destination = Destination(
            "d", "Films", "films", "eu-central-1", url, path_style=True, certificates=str(trusted)
        )
        stores.append(ObjectStore(destination, keys, kind=ChecksumKind.CRC32))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


def ask(store: ObjectStore, moment: Moment, fd: int, line: Line) -> Any:
    """Make the request that gets stuck at a moment."""
    if moment is Moment.RECEIVING:
        return store.get_range(Span("film.mp4", 0, 1 << 20), fd, line)
    size = 1 << 16 if moment is Moment.ANSWERING else SIZE
    return store.send_part(UPLOAD, 1, PartBody(fd, 0, size, line), "AAAAAA==")


@pytest.mark.parametrize(
    ("moment", "secure"),
    [
        (moment, secure)
        for moment in Moment
        for secure in (False, True)
        if secure or moment is not Moment.HANDSHAKE
    ],
)
def test_a_call_ends_soon_after_its_line_is_cut_whatever_it_is_blocked_in(
    store_at: Callable[[str], ObjectStore],
    tls: ssl.SSLContext,
    film: int,
    moment: Moment,
    secure: bool,
) -> None:
    line = Line()
    with Silent(moment, tls if secure else None).running() as service, ThreadPoolExecutor() as pool:
        call = pool.submit(ask, store_at(service.url), moment, film, line)
        assert service.reached.wait(5)
        time.sleep(0.15)
        assert not call.done()
        began = time.monotonic()
        line.cut()
        with pytest.raises(Cut):
            call.result(5)
        assert time.monotonic() - began < PROMISE


def test_a_call_ends_while_a_name_is_looked_up(
    store_at: Callable[[str], ObjectStore], film: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, asked = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def slow(host: str, *args: Any, **options: Any) -> Any:
        if host == "slow.localhost" and not options.get("flags"):
            asked.set()
            found.wait(5)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    line = Line()
    with ThreadPoolExecutor() as pool:
        store = store_at("http://slow.localhost:9")
        call = pool.submit(ask, store, Moment.SENDING, film, line)
        assert asked.wait(5)
        began = time.monotonic()
        line.cut()
        with pytest.raises(Cut):
            call.result(5)
        assert time.monotonic() - began < PROMISE
    found.set()


def test_an_address_that_does_not_answer_costs_a_share_of_the_time_for_connecting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many networks promise IPv6 and do not keep it."""
    with (
        Silent(Moment.CONNECTING).running() as dead,
        socket.create_server(("127.0.0.1", 0)) as alive,
    ):
        assert dead.reached.wait(5)
        ports = [int(dead.url.rpartition(":")[2]), alive.getsockname()[1]]
        stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = [(*stream, ("127.0.0.1", port)) for port in ports]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)
        began = time.monotonic()
        line = Line()
        with line.carrying(), line.connect(("films.test", 80), 1.0, ()) as sock:
            assert sock.getpeername()[1] == ports[1]
            assert sock.gettimeout() == 1.0
        assert 0.4 < time.monotonic() - began < 0.9


def test_a_line_that_is_cut_before_the_call_asks_nothing(
    store_at: Callable[[str], ObjectStore], film: int
) -> None:
    line = Line()
    line.cut()
    with pytest.raises(Cut):
        ask(store_at("http://127.0.0.1:9"), Moment.SENDING, film, line)


def test_cutting_one_call_leaves_the_others_alone(
    store_at: Callable[[str], ObjectStore], film: int
) -> None:
    first, second = Line(), Line()
    with (
        Silent(Moment.SENDING).running() as left,
        Silent(Moment.SENDING).running() as right,
        ThreadPoolExecutor() as pool,
    ):
        calls = [
            pool.submit(ask, store_at(service.url), Moment.SENDING, film, line)
            for service, line in ((left, first), (right, second))
        ]
        assert left.reached.wait(5)
        assert right.reached.wait(5)
        first.cut()
        with pytest.raises(Cut):
            calls[0].result(5)
        time.sleep(0.1)
        assert not calls[1].done()
        second.cut()
        with pytest.raises(Cut):
            calls[1].result(5)


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("moment", [Moment.SENDING, Moment.ANSWERING, Moment.RECEIVING])
def test_a_line_on_which_nothing_moves_is_given_up_after_its_patience(
    store_at: Callable[[str], ObjectStore],
    tls: ssl.SSLContext,
    film: int,
    moment: Moment,
    secure: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire, "LOOK", 0.1)
    line = Line(patience=0.4)
    with Silent(moment, tls if secure else None).running() as service:
        began = time.monotonic()
        with pytest.raises(CloudFault) as raised:
            ask(store_at(service.url), moment, film, line)
        took = time.monotonic() - began
    assert raised.value.fault.kind is FaultKind.TIMEOUT
    assert 0.35 < took < 2


def test_a_closed_descriptor_that_somebody_else_got_is_not_touched() -> None:
    """The line keeps its own descriptor, so a number that is used again is no danger."""
    left, right = socket.socketpair()
    line = Line()
    with line.carrying():
        line.hold(left)
        number = left.fileno()
        left.close()
        stranger, peer = socket.socketpair()
        if stranger.fileno() != number:
            stranger, peer = peer, stranger
        line.cut()
        stranger.sendall(b"still here")
        assert peer.recv(10) == b"still here"
    for sock in (right, stranger, peer):
        sock.close()


def test_lines_let_go_of_their_sockets_after_each_call() -> None:
    left, right = socket.socketpair()
    line = Line()
    with line.carrying():
        line.hold(left)
        assert lines.current() is line
    left.close()
    assert right.recv(1) == b""
    assert lines.current() is not line
    right.close()
