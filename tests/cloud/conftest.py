"""Destinations and answers for tests of the cloud adapter."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from desktop.cloud import checksums
from desktop.cloud.body import PartBody
from desktop.cloud.calls import Calls
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.cloud.line import Line
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind, Description, Part, Upload
from desktop.cloud.wire import Wire
from desktop.config.keychain import Secret
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Destination
from tests.s3.clients import client_for
from tests.s3.server import S3Server
from tests.s3.signature import Credential

MP4 = Description("video/mp4", metadata=(("scene", "3"),), nonce="nonce-of-this-upload")


class _Raw(io.BytesIO):
    """An answer's bytes, as urllib3 hands them to botocore."""

    def stream(self, *_args: object, **_options: object) -> list[bytes]:
        return [self.read()]


@dataclass
class Answers:
    """Answers that are given in turn instead of asking a service; the last one stays."""

    waiting: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    requests: list[AWSPreparedRequest] = field(default_factory=list)

    def then(self, status: int, body: str = "", **headers: str) -> "Answers":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.waiting.append((status, body, named))
        return self

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        self.requests.append(request)
        status, body, headers = self.waiting[0]
        if len(self.waiting) > 1:
            self.waiting.pop(0)
        known = HTTPHeaders.from_dict({"content-length": str(len(body)), **headers})
        return AWSResponse(request.url, status, known, _Raw(body.encode()))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Give answers to requests instead of sending them."""
    canned = Answers()
    monkeypatch.setattr(Wire, "send", canned.send)
    return canned


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep AWS's settings of whoever runs the tests out of them."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def keys() -> AccessKeys:
    return AccessKeys("test-key", Secret("test-secret-of-nobody"))


@pytest.fixture
def destination() -> Destination:
    """Return a bucket of a service that is not there."""
    return Destination(
        "films", "Films", "films", "eu-central-1", "http://localhost:9", path_style=True
    )


@pytest.fixture
def calls(destination: Destination, keys: AccessKeys) -> Calls:
    return Calls(destination, keys, 4)


@pytest.fixture
def profile_file(tmp_path: Path) -> Callable[[str], None]:
    """Write AWS's settings file."""

    def write(text: str) -> None:
        (tmp_path / "aws-config").write_text(text)

    return write


def destination_of(s3: S3Server, **values: Any) -> Destination:
    """Return the bucket ``films`` of a local server."""
    usual: dict[str, Any] = {"path_style": True, "certificates": s3.ca_file, "bucket": "films"}
    usual |= {"region": "us-east-1", "endpoint_url": s3.endpoint}
    return Destination("films", "Films", **usual | values)


def keys_of(s3: S3Server) -> AccessKeys:
    return AccessKeys(s3.keys.key_id, Secret(s3.keys.secret))


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with S3Server(minimum_part=1) as s3:
        s3.create_bucket("films")
        yield s3


@pytest.fixture(scope="module")
def secure() -> Iterator[S3Server]:
    with S3Server(minimum_part=1, tls=True) as s3:
        s3.create_bucket("films")
        yield s3


@pytest.fixture
def s3(server: S3Server) -> Iterator[S3Server]:
    """Return a local S3 that behaves until it is told otherwise."""
    yield server
    server.faults.clear()
    server.account.clear()
    server.store.bucket("films").uploads.clear()


@pytest.fixture
def store(s3: S3Server) -> Iterator[ObjectStore]:
    made = ObjectStore(destination_of(s3), keys_of(s3), kind=ChecksumKind.CRC64NVME)
    yield made
    made.close()


@dataclass
class Film:
    """A file of random bytes, cut into parts."""

    fd: int
    content: bytes
    part_size: int = 300_000

    def pieces(self) -> list[tuple[int, int, int]]:
        """Return number, offset and size of each part."""
        starts = range(0, len(self.content), self.part_size)
        sizes = [min(self.part_size, len(self.content) - start) for start in starts]
        return [(n, *piece) for n, piece in enumerate(zip(starts, sizes, strict=True), 1)]

    def body(self, line: Line | None = None, **options: Any) -> PartBody:
        return PartBody(self.fd, 0, len(self.content), line, **options)

    def send(self, store: ObjectStore, upload: Upload) -> list[Part]:
        return [
            store.send_part(upload, number, PartBody(self.fd, offset, size))
            for number, offset, size in self.pieces()
        ]

    def checksum(self, kind: ChecksumKind = ChecksumKind.CRC64NVME) -> str:
        return checksums.of_bytes(self.content, kind) if kind.whole else ""


@pytest.fixture
def film(tmp_path: Path) -> Iterator[Film]:
    path = tmp_path / "film.mp4"
    content = os.urandom(1_000_003)
    path.write_bytes(content)
    fd = os.open(path, os.O_RDONLY)
    yield Film(fd, content)
    os.close(fd)


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    service = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    service.start()
    host, port = service.get_host_and_port()
    url = f"http://{host}:{port}"
    client = client_for(url, Credential("test-key", "test-secret"))
    client.create_bucket(Bucket="films")
    client.close()
    yield url
    service.stop()


@pytest.fixture(params=["local", "moto"])
def anywhere(request: pytest.FixtureRequest, keys: AccessKeys) -> Iterator[ObjectStore]:
    """Return the same bucket at two services that were written by different people."""
    if request.param == "local":
        yield request.getfixturevalue("store")
        return
    url = request.getfixturevalue("moto")
    made = ObjectStore(
        Destination("d", "Films", "films", "us-east-1", url, path_style=True),
        keys,
        kind=ChecksumKind.CRC64NVME,
    )
    yield made
    made.close()


def fault_kind(call: Any) -> FaultKind:
    with pytest.raises(CloudFault) as raised:
        call()
    return raised.value.fault.kind
