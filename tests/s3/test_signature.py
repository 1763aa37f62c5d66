"""Who may ask, and how each refusal is told apart."""

import hashlib
import hmac
import http.client
import time
from typing import Any

import pytest
from awscrt import auth  # type: ignore[import-untyped]
from awscrt.http import HttpHeaders, HttpRequest  # type: ignore[import-untyped]
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from tests.s3.clients import client_for
from tests.s3.faults import Effect
from tests.s3.server import Credential, S3Server
from tests.s3.steps import Refusal, begin, checksum, send

DATA = b"moving pictures" * 5000


def test_keys_that_nobody_gave_out_are_refused(s3: S3Server) -> None:
    client = client_for(s3.endpoint, Credential("other-key", "test-secret"))
    with Refusal() as refusal:
        client.list_buckets()
    assert (refusal.code, refusal.status) == ("InvalidAccessKeyId", 403)


def test_a_wrong_secret_gives_a_wrong_signature(s3: S3Server) -> None:
    client = client_for(s3.endpoint, Credential(s3.keys.key_id, "another"))
    with Refusal() as refusal:
        client.put_object(Bucket="films", Key="film", Body=b"")
    assert (refusal.code, refusal.status) == ("SignatureDoesNotMatch", 403)


def test_temporary_keys_end(s3: S3Server) -> None:
    keys = Credential("short-key", "test-secret", token="test-token", expires_at=time.time() + 60)
    s3.credentials[keys.key_id] = keys
    client = client_for(s3.endpoint, keys)
    client.head_bucket(Bucket="films")
    s3.expire(keys.key_id)
    with Refusal() as ended:
        client.list_parts(Bucket="films", Key="film", UploadId="x")
    with Refusal() as tokenless:
        client_for(s3.endpoint, Credential("short-key", "test-secret")).list_buckets()
    assert (ended.code, ended.status) == ("ExpiredToken", 400)
    assert tokenless.code == "InvalidToken"


def test_a_clock_that_is_wrong_is_told_the_right_time(s3: S3Server, client: Any) -> None:
    s3.faults.clock_offset = 3600.0
    with Refusal() as refusal:
        client.put_object(Bucket="films", Key="film", Body=b"")
    assert (refusal.code, refusal.status) == ("RequestTimeTooSkewed", 403)
    assert refusal.error["ServerTime"]
    s3.faults.clock_offset = 600.0
    client.put_object(Bucket="films", Key="film", Body=b"")


def test_nothing_is_done_for_who_does_not_sign(s3: S3Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", s3.port)
    line.request("GET", "/films/film")
    assert line.getresponse().status == 403
    line.close()


def test_a_server_can_do_without_signatures() -> None:
    with S3Server(signed=False) as s3:
        s3.create_bucket("films")
        line = http.client.HTTPConnection("127.0.0.1", s3.port)
        line.request("PUT", "/films/film", body=b"moving")
        assert line.getresponse().read() == b""
        assert s3.object("films", "film").data == b"moving"
        line.close()


def test_what_the_account_may_not_do_is_denied(s3: S3Server, client: Any) -> None:
    s3.faults.denied = ("PutObject", "Create*")
    with Refusal() as put:
        client.put_object(Bucket="films", Key="film", Body=b"x" * (2 << 20))
    with Refusal() as create:
        begin(client)
    client.list_objects_v2(Bucket="films")
    assert (put.code, put.status, create.code) == ("AccessDenied", 403, "AccessDenied")


@pytest.mark.parametrize("answer", ["PermanentRedirect", "AuthorizationHeaderMalformed"])
def test_a_bucket_elsewhere_says_where(s3: S3Server, answer: str) -> None:
    s3.create_bucket("far", region="eu-central-1")
    s3.faults.region_answer = answer
    told = _signed_head(s3, "far", "us-east-1")
    assert told.status == (301 if answer == "PermanentRedirect" else 400)
    assert told.getheader("x-amz-bucket-region") == "eu-central-1"
    right = client_for(s3.endpoint, s3.keys, region="eu-central-1")
    right.put_object(Bucket="far", Key="film", Body=b"here")
    assert s3.client().get_bucket_location(Bucket="far")["LocationConstraint"] == "eu-central-1"


def _signed_head(s3: S3Server, bucket: str, region: str) -> http.client.HTTPResponse:
    request = AWSRequest("HEAD", f"{s3.endpoint}/{bucket}")
    S3SigV4Auth(Credentials(s3.keys.key_id, s3.keys.secret), "s3", region).add_auth(request)
    line = http.client.HTTPConnection("127.0.0.1", s3.port)
    line.request("HEAD", f"/{bucket}", headers=dict(request.headers.items()))
    answer = line.getresponse()
    line.close()
    return answer


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("payload_signed", [False, True])
def test_a_payload_may_be_signed_or_not(tls: bool, payload_signed: bool) -> None:
    with S3Server(tls=tls) as s3:
        s3.create_bucket("films")
        config = Config(
            s3={"payload_signing_enabled": payload_signed},
            request_checksum_calculation="when_required",
        )
        client = s3.client(config=config)
        client.put_object(Bucket="films", Key="film", Body=DATA)
        assert s3.object("films", "film").data == DATA


def test_trailing_checksums_are_verified() -> None:
    with S3Server(tls=True) as s3:
        s3.create_bucket("films")
        client = s3.client()
        upload = begin(client, ChecksumAlgorithm="CRC32")
        part = send(client, upload, 1, DATA, ChecksumAlgorithm="CRC32")
        assert part["ChecksumCRC32"] == checksum("crc32", DATA)
        s3.faults.once(Effect.DAMAGE_RECEIVED, operation="UploadPart")
        with Refusal() as refusal:
            send(client, upload, 2, DATA, ChecksumAlgorithm="CRC32")
        assert refusal.code == "BadDigest"
        assert s3.account.parts("film") == {1: len(DATA), 2: len(DATA)}


@pytest.fixture
def signer() -> auth.AwsCredentialsProvider:
    return auth.AwsCredentialsProvider.new_static("test-key", "test-secret")


CHUNKED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"


def _signed_chunks(s3: S3Server, signer: Any, *, tampered: bool) -> http.client.HTTPResponse:
    """Sign with Amazon's C library, so that our reading of the algorithm is not its own proof."""
    headers = HttpHeaders(
        [
            ("Host", f"127.0.0.1:{s3.port}"),
            ("Content-Encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", str(len(DATA))),
        ]
    )
    request = HttpRequest("PUT", "/films/film", headers)
    values: dict[str, Any] = {
        "algorithm": auth.AwsSigningAlgorithm.V4,
        "credentials_provider": signer,
        "region": "us-east-1",
        "service": "s3",
        "use_double_uri_encode": False,
    }
    whole = auth.AwsSigningConfig(
        **values,
        signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        signed_body_value=CHUNKED,
        signed_body_header_type=auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256,
    )
    signed = auth.aws_sign_request(request, whole).result(5)
    named = dict(signed.headers)
    key, scope = _chunk_key(named)
    body, before = b"", named["Authorization"].rpartition("=")[2]
    for chunk in (DATA[:65536], DATA[65536:], b""):
        before = _chunk_signature(key, scope, named["X-Amz-Date"], before, chunk)
        body += b"%x;chunk-signature=%s\r\n" % (len(chunk), before.encode()) + chunk + b"\r\n"
    if tampered:
        body = body.replace(b"moving", b"mooing", 1)
    line = http.client.HTTPConnection("127.0.0.1", s3.port)
    line.request("PUT", "/films/film", body=body, headers=named)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


def _chunk_key(headers: dict[str, str]) -> tuple[bytes, str]:
    date = headers["X-Amz-Date"][:8]
    key = b"AWS4test-secret"
    for step in (date, "us-east-1", "s3", "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return key, f"{date}/us-east-1/s3/aws4_request"


def _chunk_signature(key: bytes, scope: str, date: str, before: str, chunk: bytes) -> str:
    lines = [
        "AWS4-HMAC-SHA256-PAYLOAD",
        date,
        scope,
        before,
        hashlib.sha256(b"").hexdigest(),
        hashlib.sha256(chunk).hexdigest(),
    ]
    return hmac.digest(key, "\n".join(lines).encode(), "sha256").hex()


def test_chunks_that_are_signed_one_by_one_are_checked_one_by_one(
    s3: S3Server, signer: Any
) -> None:
    assert _signed_chunks(s3, signer, tampered=False).status == 200
    assert s3.object("films", "film").data == DATA
    assert _signed_chunks(s3, signer, tampered=True).status == 403
    assert s3.object("films", "film").data == DATA
