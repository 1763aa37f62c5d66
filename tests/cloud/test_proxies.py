"""Requests that go by way of the proxies an environment names."""

import socket

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind, Description, Upload
from desktop.domain.faults import FaultKind
from tests.cloud.conftest import Film, destination_of, keys_of
from tests.cloud.plain import Plain, Tunnel, refused, store_at
from tests.s3.server import S3Server

UPLOAD = Upload("film.mp4", "u", ChecksumKind.CRC32)
CRC = "AAAAAA=="


@pytest.fixture(autouse=True)
def no_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_requests_go_through_the_proxy_of_the_environment(
    keys: AccessKeys, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Plain() as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
        store = store_at("films.test", keys)
        store.send_part(UPLOAD, 1, film.body(), CRC)
        store.close()
        assert proxy.heads[0].startswith(b"PUT http://films.test/films/film.mp4?")


def test_tls_goes_through_a_tunnel_of_the_proxy(
    secure: S3Server, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Tunnel() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        store = ObjectStore(destination_of(secure), keys_of(secure), kind=ChecksumKind.CRC64NVME)
        store.put_whole("tunnel.mp4", film.body(), Description(), replace=True)
        assert secure.object("films", "tunnel.mp4").data == film.content
        assert proxy.asked.startswith(b"CONNECT 127.0.0.1:")
        store.close()


def test_a_proxy_that_is_not_there_is_named(
    keys: AccessKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"127.0.0.1:{gone.getsockname()[1]}"
    monkeypatch.setenv("http_proxy", f"http://{address}")
    fault = refused(store_at("films.test", keys))
    assert fault.kind is FaultKind.NETWORK
    assert "proxy" in fault.message
