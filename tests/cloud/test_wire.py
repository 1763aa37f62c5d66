"""Connections: kept, shared, trusted, through proxies, and patient with thin lines."""

import gc
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme

from desktop.cloud import wire
from desktop.cloud.body import PartBody
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.cloud.line import Line
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind, Description, Upload
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Destination
from tests.cloud.conftest import Film, destination_of, keys_of
from tests.cloud.plain import Plain, refused, store_at
from tests.s3.server import Effect, S3Server

UPLOAD = Upload("film.mp4", "u", ChecksumKind.CRC32)
CRC = "AAAAAA=="


@pytest.fixture
def secure_store(secure: S3Server) -> Iterator[ObjectStore]:
    made = ObjectStore(destination_of(secure), keys_of(secure), kind=ChecksumKind.CRC64NVME)
    yield made
    made.close()
    secure.faults.clear()


def test_one_connection_serves_one_call_after_the_other(keys: AccessKeys, film: Film) -> None:
    with Plain() as service:
        store = store_at(service.address, keys)
        for number in range(1, 6):
            store.send_part(UPLOAD, number, film.body(), CRC)
        store.close()
        assert (service.connections, len(service.heads)) == (1, 5)


def test_as_many_connections_stay_open_as_there_are_calls_at_once(
    keys: AccessKeys, film: Film
) -> None:
    with Plain() as service:
        store = store_at(service.address, keys)
        for _ in range(2):
            with ThreadPoolExecutor(12) as pool:
                list(pool.map(lambda n: store.send_part(UPLOAD, n, film.body(), CRC), range(1, 13)))
        store.close()
        assert 1 < service.connections <= 12


def test_an_endpoint_that_never_says_to_go_on_is_waited_for_once(
    keys: AccessKeys, film: Film
) -> None:
    with Plain(continues=False) as service:
        store = store_at(service.address, keys)
        began = time.monotonic()
        store.send_part(UPLOAD, 1, film.body(), CRC)
        first = time.monotonic() - began
        for number in (2, 3):
            store.send_part(UPLOAD, number, film.body(), CRC)
        rest = time.monotonic() - began - first
        store.close()
        assert first > 0.9
        assert rest < 0.5
        assert [b"100-continue" in head for head in service.heads] == [True, False, False]


def test_bodies_have_a_length_and_no_framing_of_aws(keys: AccessKeys, film: Film) -> None:
    with Plain() as service:
        store = store_at(service.address, keys)
        store.send_part(UPLOAD, 1, film.body(), CRC)
        store.close()
        head = service.heads[0].lower()
        assert b"content-length: 1000003\r\n" in head
        assert b"x-amz-checksum-crc32: aaaaaa==" in head
        assert b"chunked" not in head
        assert b"trailer" not in head


def test_a_thin_line_on_which_bytes_trickle_is_not_taken_for_dead(
    keys: AccessKeys, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes four times the patience, and never stands still for as long as that."""
    monkeypatch.setattr(wire, "LOOK", 0.05)
    with Plain(pause=0.01) as service:
        store = store_at(service.address, keys)
        began = time.monotonic()
        store.send_part(UPLOAD, 1, PartBody(film.fd, 0, 250_000, Line(patience=0.3)), CRC)
        assert time.monotonic() - began > 1.2
        store.close()


def test_what_was_given_to_a_slow_line_is_not_far_ahead_of_what_arrived(
    keys: AccessKeys, film: Film
) -> None:
    """Else progress would be a lie, and a pause would go on sending for seconds."""
    ahead: list[int] = []
    given = 0
    with Plain(pause=0.002, window=65536) as service:

        def count(moved: int) -> None:
            nonlocal given
            given += moved
            ahead.append(given - service.received)

        store = store_at(service.address, keys)
        store.send_part(UPLOAD, 1, film.body(moved=count), CRC)
        store.close()
    assert max(ahead) < 600_000 < len(film.content)


def test_an_endpoint_with_certificates_of_its_own_is_trusted_by_their_file(
    secure_store: ObjectStore, film: Film
) -> None:
    secure_store.put_whole("film.mp4", film.body(), Description(), replace=True)
    assert secure_store.head("film.mp4").size == len(film.content)


def test_an_unknown_certificate_is_not_trusted(secure: S3Server) -> None:
    store = ObjectStore(destination_of(secure, certificates=""), keys_of(secure))
    fault = refused(store)
    assert fault.kind is FaultKind.CERTIFICATE
    assert "“Films”" in fault.remedy


def test_a_certificate_for_another_name_is_not_trusted(keys: AccessKeys, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.test").configure_cert(context)
    trusted = tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(trusted)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=(listening, context))
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        destination = Destination(
            "d", "Films", "films", "us-east-1", url, path_style=True, certificates=str(trusted)
        )
        assert refused(ObjectStore(destination, keys)).kind is FaultKind.CERTIFICATE
        thread.join()


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    client, _ = listening.accept()
    try:
        context.wrap_socket(client, server_side=True).close()
    except OSError:
        client.close()


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_certificates_that_is_none_is_named(
    keys: AccessKeys, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "trusted.pem"
    if content:
        path.write_text(content)
    fault = refused(store_at("127.0.0.1:9", keys, str(path), scheme="https"))
    assert fault.kind is FaultKind.CERTIFICATE
    assert "trusted.pem" in fault.message


def test_an_address_that_does_not_speak_tls_is_told_as_such(keys: AccessKeys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_complain, args=(listening,))
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        destination = Destination("d", "Films", "films", "us-east-1", url, path_style=True)
        fault = refused(ObjectStore(destination, keys))
        thread.join()
    assert fault.kind is FaultKind.INVALID
    assert "does not speak HTTPS" in fault.message


def _complain(listening: socket.socket) -> None:
    client, _ = listening.accept()
    with client:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_connection_that_ends_before_the_handshake_is_closed_at_once(
    keys: AccessKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own TLS sockets forget to; a warning of an open socket would fail this."""
    connect = Line.connect

    def late(line: Line, *arguments: Any) -> socket.socket:
        connected = connect(line, *arguments)
        connecting.set()
        thread.join()
        return connected

    monkeypatch.setattr(Line, "connect", late)
    connecting = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_reset, args=(listening, connecting))
        thread.start()
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        assert refused(store_at(address, keys, scheme="https")).kind is FaultKind.NETWORK
    gc.collect()


def _reset(listening: socket.socket, connected: threading.Event) -> None:
    client, _ = listening.accept()
    connected.wait(5)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def test_nobody_listening_is_no_connection(keys: AccessKeys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"127.0.0.1:{gone.getsockname()[1]}"
    assert refused(store_at(address, keys)).kind is FaultKind.NETWORK


def test_a_name_that_nobody_knows_is_told_as_such(
    keys: AccessKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused(store_at("films.test", keys)).kind is FaultKind.NAME


def test_a_connection_that_the_service_closed_meanwhile_is_made_anew(
    secure_store: ObjectStore, secure: S3Server, film: Film
) -> None:
    secure_store.put_whole("film.mp4", film.body(), Description(), replace=True)
    secure.stop()
    secure.start()
    assert secure_store.head("film.mp4").size == len(film.content)


@pytest.mark.parametrize(
    ("effect", "kind"),
    [
        (Effect.DROP, FaultKind.NETWORK),
        (Effect.DROP_BODY, FaultKind.NETWORK),
        (Effect.DROP_ANSWER, FaultKind.NETWORK),
        (Effect.ERROR_LATE, FaultKind.THROTTLED),
    ],
)
def test_what_happens_on_the_way_is_told_over_tls_too(
    secure_store: ObjectStore, secure: S3Server, film: Film, effect: Effect, kind: FaultKind
) -> None:
    upload = secure_store.create("film.mp4", Description(), ChecksumKind.CRC64NVME)
    secure.faults.once(effect, operation="UploadPart", after=300_000)
    with pytest.raises(CloudFault) as raised:
        secure_store.send_part(upload, 1, film.body())
    assert raised.value.fault.kind is kind
    assert secure_store.send_part(upload, 1, film.body()).size == len(film.content)


def test_many_threads_share_a_store(
    secure_store: ObjectStore, secure: S3Server, film: Film
) -> None:
    upload = secure_store.create("film.mp4", Description(), ChecksumKind.CRC64NVME)
    film.part_size = 40_000
    with ThreadPoolExecutor(16) as pool:
        parts = list(
            pool.map(
                lambda piece: secure_store.send_part(
                    upload, piece[0], PartBody(film.fd, piece[1], piece[2])
                ),
                film.pieces(),
            )
        )
    size = len(film.content)
    secure_store.complete(upload, parts, checksum=film.checksum(), size=size, replace=True)
    assert secure.object("films", "film.mp4").data == film.content
