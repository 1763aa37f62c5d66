"""AWS Signature Version 4 in the Authorization header, checked as strictly as the service does.

Written from the public description of the algorithm, not from a client's code, so that a client
and this server cannot be wrong in the same way.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from tests.s3.errors import S3Error

SCHEME = "AWS4-HMAC-SHA256"
UNSIGNED = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
STREAMING = ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
MOST_SKEW = 15 * 60
"""Seconds a client's clock may differ."""
_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Credential:
    """Keys the server knows."""

    key_id: str
    secret: str
    token: str = ""
    """Session token of temporary keys; empty: permanent ones."""
    expires_at: float | None = None
    """Seconds since 1970 after which the service says ``ExpiredToken``."""

    def expired(self) -> "Credential":
        """Return the same keys as they are after their end."""
        return replace(self, expires_at=0.0)


KEYS = Credential("test-key", "test-secret")
"""What servers know unless they are told otherwise."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers, as it came in."""

    method: str
    path: str
    """As on the wire, still encoded."""
    query: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """The parts of an Authorization header."""

    key_id: str
    date: str
    region: str
    service: str
    names: Sequence[str]
    signature: str

    @property
    def text(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def scope_of(authorization: str) -> Scope:
    """Take an Authorization header apart; raises S3Error for what is not one."""
    scheme, _, rest = authorization.partition(" ")
    fields = {
        name.strip(): value.strip()
        for name, _, value in (field.partition("=") for field in rest.split(","))
    }
    credential = fields.get("Credential", "").rsplit("/", 4)
    wrong = len(credential) != 5 or credential[4] != "aws4_request" or not fields.get("Signature")
    if scheme != SCHEME or wrong or not fields.get("SignedHeaders"):
        raise S3Error("AuthorizationHeaderMalformed", "The authorization header is malformed.")
    key_id, date, region, service, _ = credential
    names = fields["SignedHeaders"].split(";")
    return Scope(key_id, date, region, service, names, fields["Signature"])


def _mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def _key(secret: str, scope: Scope) -> bytes:
    key = f"AWS4{secret}".encode()
    for step in (scope.date, scope.region, scope.service, "aws4_request"):
        key = _mac(key, step)
    return key


def _canonical_query(query: str) -> str:
    pairs = []
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        pairs.append((quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _canonical(request: Signed, scope: Scope) -> str:
    headers = "".join(
        f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in scope.names
    )
    return "\n".join(
        (
            request.method,
            quote(unquote(request.path), safe="/-_.~"),
            _canonical_query(request.query),
            headers,
            ";".join(scope.names),
            request.headers.get("x-amz-content-sha256", _EMPTY),
        )
    )


class Chain:
    """Checks the signatures of chunks, each of which signs the one before."""

    def __init__(self, key: bytes, scope: Scope, date: str) -> None:
        self._key = key
        self._head = f"{date}\n{scope.text}"
        self._before = scope.signature

    def chunk(self, signature: str, digest: bytes) -> None:
        self._check("PAYLOAD", signature, f"{_EMPTY}\n{digest.hex()}")

    def trailer(self, signature: str, lines: bytes) -> None:
        self._check("TRAILER", signature, hashlib.sha256(lines).hexdigest())

    def _check(self, kind: str, signature: str, content: str) -> None:
        message = f"{SCHEME}-{kind}\n{self._head}\n{self._before}\n{content}"
        if not hmac.compare_digest(_mac(self._key, message).hex(), signature):
            raise S3Error("SignatureDoesNotMatch")
        self._before = signature


def verify(request: Signed, known: Mapping[str, Credential], now: float) -> Chain | None:
    """Raise S3Error unless the request is signed as it must be.

    Returns what checks the chunks of a body that is signed piece by piece.
    """
    if "authorization" not in request.headers:
        raise S3Error("AccessDenied")
    scope = scope_of(request.headers["authorization"])
    credential = known.get(scope.key_id)
    if credential is None:
        raise S3Error("InvalidAccessKeyId", details={"AWSAccessKeyId": scope.key_id})
    _check_token(credential, request.headers.get("x-amz-security-token", ""), now)
    date = request.headers.get("x-amz-date", "")
    _check_date(date, scope, now)
    _check_names(request, scope)
    key = _key(credential.secret, scope)
    hashed = hashlib.sha256(_canonical(request, scope).encode()).hexdigest()
    expected = _mac(key, f"{SCHEME}\n{date}\n{scope.text}\n{hashed}").hex()
    if not hmac.compare_digest(expected, scope.signature):
        raise S3Error("SignatureDoesNotMatch", details={"AWSAccessKeyId": scope.key_id})
    streaming = request.headers.get("x-amz-content-sha256") in STREAMING
    return Chain(key, scope, date) if streaming else None


def _check_token(credential: Credential, token: str, now: float) -> None:
    if token != credential.token:
        raise S3Error("InvalidToken")
    if credential.expires_at is not None and now >= credential.expires_at:
        raise S3Error("ExpiredToken")


def _check_date(date: str, scope: Scope, now: float) -> None:
    try:
        signed = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise S3Error(
            "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"
        ) from None
    if scope.date != date[:8] or scope.service != "s3":
        raise S3Error("AuthorizationHeaderMalformed", "The authorization header is malformed.")
    if abs(signed.timestamp() - now) > MOST_SKEW:
        raise S3Error(
            "RequestTimeTooSkewed",
            details={
                "RequestTime": date,
                "ServerTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
                "MaxAllowedSkewMilliseconds": str(MOST_SKEW * 1000),
            },
        )


def _check_names(request: Signed, scope: Scope) -> None:
    """The host and everything that begins with x-amz- must be signed, and the hash be there."""
    if "x-amz-content-sha256" not in request.headers:
        raise S3Error(
            "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"
        )
    unsigned = [
        name
        for name in request.headers
        if (name == "host" or name.startswith("x-amz-")) and name not in scope.names
    ]
    if unsigned:
        raise S3Error(
            "AccessDenied",
            "There were headers present in the request which were not signed",
            details={"HeadersNotSigned": ", ".join(unsigned)},
        )
