"""What HTTP allows and clients do: waiting for leave, proxies' URLs, hosts that name buckets."""

import http.client
import socket
import time
from collections.abc import Iterator

import pytest
from botocore.config import Config

from tests.s3.clients import client_for
from tests.s3.server import S3Server


@pytest.fixture
def plain() -> Iterator[S3Server]:
    with S3Server(signed=False) as s3:
        s3.create_bucket("films")
        yield s3


def _ask(s3: S3Server, *lines: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", s3.port), timeout=5)
    line.sendall("\r\n".join([*lines, "", ""]).encode())
    return line


def test_who_waits_for_leave_gets_it(plain: S3Server) -> None:
    with _ask(
        plain, "PUT /films/film HTTP/1.1", "host: x", "content-length: 6", "expect: 100-continue"
    ) as line:
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"moving")
        assert line.recv(1000).startswith(b"HTTP/1.1 200 ")
    assert plain.object("films", "film").data == b"moving"


def test_who_waits_for_leave_is_refused_without_sending(plain: S3Server) -> None:
    with _ask(
        plain, "PUT /none/film HTTP/1.1", "host: x", "content-length: 6", "expect: 100-continue"
    ) as line:
        assert line.recv(1000).startswith(b"HTTP/1.1 404 ")
        assert line.recv(1000) == b""
    assert plain.account.received() == 0


def test_who_does_not_wait_still_reads_the_refusal(plain: S3Server) -> None:
    body = b"x" * (4 << 20)
    line = http.client.HTTPConnection("127.0.0.1", plain.port)
    line.request("PUT", "/none/film", body=body)
    answer = line.getresponse()
    assert (answer.status, b"NoSuchBucket" in answer.read()) == (404, True)
    line.close()
    until = time.monotonic() + 5
    while plain.account.received() < len(body) and time.monotonic() < until:
        time.sleep(0.01)
    assert plain.account.received() == len(body)


def test_a_connection_goes_on_after_a_small_refusal(plain: S3Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", plain.port)
    for path, status in (("/none/film", 404), ("/films/film", 200), ("/none/film", 404)):
        line.request("PUT", path, body=b"moving")
        answer = line.getresponse()
        answer.read()
        assert answer.status == status
    line.close()


def test_a_body_of_unknown_length_is_refused(plain: S3Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", plain.port)
    line.request("PUT", "/films/film", body=iter([b"mov", b"ing"]), encode_chunked=True)
    assert line.getresponse().status == 501
    line.close()


def test_a_body_that_ends_early_is_not_kept(plain: S3Server) -> None:
    with _ask(plain, "PUT /films/film HTTP/1.1", "host: x", "content-length: 6") as line:
        line.sendall(b"mov")
        line.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionResetError):
            line.recv(100)
    assert plain.keys_of("films") == []
    assert plain.account.received("film") == 3


def test_nonsense_ends_the_line_and_nothing_else(plain: S3Server) -> None:
    with _ask(plain, "who are you") as line, pytest.raises(ConnectionResetError):
        line.recv(100)
    with _ask(plain, "HEAD /films HTTP/1.1", "host: x") as line:
        assert line.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_host_can_name_the_bucket(s3: S3Server) -> None:
    """Through a proxy, since no name but localhost's resolves here; it is asked by whole URLs."""
    by_proxy = Config(s3={"addressing_style": "virtual"}, proxies={"http": s3.endpoint})
    client = client_for("http://s3.test", s3.keys, config=by_proxy)
    client.put_object(Bucket="films", Key="a/film", Body=b"moving")
    assert client.head_object(Bucket="films", Key="a/film")["ContentLength"] == 6
    assert s3.object("films", "a/film").data == b"moving"


def test_it_listens_to_this_machine_only(plain: S3Server) -> None:
    assert plain.endpoint == f"http://127.0.0.1:{plain.port}"
    with socket.socket() as elsewhere:
        elsewhere.bind(("127.0.0.2", plain.port))  # free: the server has its one address only


def test_a_request_without_a_body_needs_no_length(plain: S3Server) -> None:
    with _ask(plain, "POST /films/film?uploads HTTP/1.1", "host: x") as line:
        assert line.recv(2000).startswith(b"HTTP/1.1 200 ")
    assert len(plain.uploads("films")) == 1


def test_a_connection_outlives_a_body_that_was_wrong(plain: S3Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", plain.port)
    for md5, status in (("AAAAAAAAAAAAAAAAAAAAAA==", 400), ("", 200)):
        line.request("PUT", "/films/film", body=b"moving", headers={"content-md5": md5})
        answer = line.getresponse()
        answer.read()
        assert (answer.status, answer.getheader("connection")) == (status, "keep-alive")
    line.close()


def test_a_closing_server_does_not_wait_for_slow_lines(plain: S3Server) -> None:
    plain.faults.rate = 100.0
    with _ask(plain, "PUT /films/film HTTP/1.1", "host: x", "content-length: 60000") as line:
        line.sendall(b"x" * 60_000)
        started = time.monotonic()
        plain.stop()
        assert time.monotonic() - started < 10.0
