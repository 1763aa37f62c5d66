"""Destinations and answers for tests of the cloud adapter."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from desktop.cloud.calls import Calls
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.wire import Wire
from desktop.config.keychain import Secret
from desktop.domain.transfers import Destination


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
