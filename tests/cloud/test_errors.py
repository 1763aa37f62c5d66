"""What services, networks and disks say, as a person reads it and as rules understand it."""

import errno
import http.client
import pickle
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError
from urllib3.exceptions import NameResolutionError, NewConnectionError, ProtocolError

from desktop.cloud.calls import Calls
from desktop.cloud.codes import KINDS
from desktop.cloud.errors import CloudFault, SourceShort, fault_of, fault_of_file
from desktop.cloud.sentences import Place, sentences
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Destination
from tests.cloud.conftest import Answers

KEY = "team/film.mp4"

XML = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{code}</Code><Message>{message}</Message>{more}<RequestId>1</RequestId></Error>"""


def asked(calls: Calls, operation: str = "GetObject") -> Fault:
    """Ask, and return what the refusal means."""
    of_bucket = operation in {"HeadBucket", "ListMultipartUploads"}
    parameters: dict[str, Any] = {} if of_bucket else {"Key": KEY}
    if operation in {"UploadPart", "ListParts", "CompleteMultipartUpload", "AbortMultipartUpload"}:
        parameters["UploadId"] = "u"
    if operation == "UploadPart":
        parameters["PartNumber"] = 1
    with pytest.raises(CloudFault) as raised:
        calls(operation, **parameters)
    return raised.value.fault


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (503, "SlowDown", FaultKind.THROTTLED),
        (503, "SlowDownWrite", FaultKind.THROTTLED),
        (429, "TooManyRequests", FaultKind.THROTTLED),
        (503, "RequestLimitExceeded", FaultKind.THROTTLED),
        (500, "InternalError", FaultKind.SERVER),
        (503, "ServiceUnavailable", FaultKind.SERVER),
        (503, "XMinioServerNotInitialized", FaultKind.SERVER),
        (500, "SomethingNew", FaultKind.SERVER),
        (400, "RequestTimeout", FaultKind.TIMEOUT),
        (400, "IncompleteBody", FaultKind.NETWORK),
        (403, "AccessDenied", FaultKind.DENIED),
        (403, "AllAccessDisabled", FaultKind.DENIED),
        (400, "KMS.DisabledException", FaultKind.DENIED),
        (507, "XMinioStorageFull", FaultKind.DENIED),
        (403, "QuotaExceeded", FaultKind.DENIED),
        (403, "InvalidAccessKeyId", FaultKind.CREDENTIALS),
        (403, "SignatureDoesNotMatch", FaultKind.CREDENTIALS),
        (400, "InvalidToken", FaultKind.CREDENTIALS),
        (400, "AuthorizationHeaderMalformed", FaultKind.CREDENTIALS),
        (400, "ExpiredToken", FaultKind.EXPIRED),
        (403, "RequestTimeTooSkewed", FaultKind.CLOCK),
        (404, "NoSuchBucket", FaultKind.NO_BUCKET),
        (404, "NoSuchKey", FaultKind.NO_OBJECT),
        (404, "NoSuchVersion", FaultKind.NO_OBJECT),
        (404, "NoSuchUpload", FaultKind.NO_UPLOAD),
        (409, "OperationAborted", FaultKind.CONFLICT),
        (409, "ConditionalRequestConflict", FaultKind.CONFLICT),
        (400, "BadDigest", FaultKind.DIGEST),
        (400, "XAmzContentChecksumMismatch", FaultKind.DIGEST),
        (400, "InvalidPart", FaultKind.DIGEST),
        (501, "NotImplemented", FaultKind.UNSUPPORTED),
        (405, "MethodNotAllowed", FaultKind.UNSUPPORTED),
        (400, "EntityTooSmall", FaultKind.INVALID),
        (400, "InvalidPartOrder", FaultKind.INVALID),
        (400, "InvalidArgument", FaultKind.INVALID),
    ],
)
def test_every_name_of_an_error_has_its_meaning(
    calls: Calls, answers: Answers, status: int, code: str, kind: FaultKind
) -> None:
    answers.then(status, XML.format(code=code, message="Details.", more=""))
    fault = asked(calls)
    assert (fault.kind, fault.code) == (kind, code)
    assert fault.message.endswith(".")


@pytest.mark.parametrize(
    ("operation", "status", "kind"),
    [
        ("HeadObject", 403, FaultKind.DENIED),
        ("HeadObject", 404, FaultKind.NO_OBJECT),
        ("HeadBucket", 404, FaultKind.NO_BUCKET),
        ("HeadBucket", 403, FaultKind.DENIED),
        ("ListParts", 404, FaultKind.NO_UPLOAD),
        ("UploadPart", 404, FaultKind.NO_UPLOAD),
        ("ListMultipartUploads", 404, FaultKind.NO_BUCKET),
        ("HeadObject", 401, FaultKind.CREDENTIALS),
        ("HeadObject", 429, FaultKind.THROTTLED),
        ("HeadObject", 500, FaultKind.SERVER),
        ("HeadObject", 504, FaultKind.SERVER),
        ("HeadObject", 507, FaultKind.DENIED),
        ("HeadObject", 400, FaultKind.INVALID),
        ("HeadObject", 405, FaultKind.UNSUPPORTED),
        ("HeadObject", 408, FaultKind.TIMEOUT),
        ("PutObject", 412, FaultKind.EXISTS),
        ("CompleteMultipartUpload", 412, FaultKind.EXISTS),
        ("CompleteMultipartUpload", 409, FaultKind.CONFLICT),
        ("GetObject", 412, FaultKind.CONFLICT),
    ],
)
def test_an_answer_without_words_is_understood_by_its_number_and_the_question(
    calls: Calls, answers: Answers, operation: str, status: int, kind: FaultKind
) -> None:
    answers.then(status)
    assert asked(calls, operation).kind is kind


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_page_of_a_proxy_is_a_sick_server(calls: Calls, answers: Answers, status: int) -> None:
    answers.then(status, "<html><body><h1>Bad gateway<hr></body></html>")
    assert asked(calls).kind is FaultKind.SERVER


def test_a_sign_in_page_of_a_network_is_no_empty_list(calls: Calls, answers: Answers) -> None:
    answers.then(200, "<html><head><title>Sign in<br></head></html>")
    assert asked(calls, "ListMultipartUploads").kind is FaultKind.SERVER


def test_an_error_within_a_success_is_an_error(calls: Calls, answers: Answers) -> None:
    answers.then(200, XML.format(code="InternalError", message="We are sorry.", more=""))
    assert asked(calls, "CompleteMultipartUpload").kind is FaultKind.SERVER


def test_the_region_of_the_bucket_comes_along_with_a_redirect(
    calls: Calls, answers: Answers
) -> None:
    answers.then(301, x_amz_bucket_region="ap-south-1")
    fault = asked(calls, "HeadBucket")
    assert (fault.kind, fault.region) == (FaultKind.REGION, "ap-south-1")


def test_a_wrong_region_is_asked_once_more_in_the_right_one(calls: Calls, answers: Answers) -> None:
    more = "<Region>eu-west-3</Region>"
    answers.then(400, XML.format(code="AuthorizationHeaderMalformed", message="", more=more))
    fault = asked(calls)
    assert (fault.kind, fault.region) == (FaultKind.REGION, "eu-west-3")
    scopes = [request.headers["Authorization"] for request in answers.requests]
    assert [b"/eu-west-3/" in scope for scope in scopes] == [False, True]


@pytest.mark.parametrize("minutes", [-17, 42])
def test_a_wrong_clock_is_measured_by_the_services_time(
    calls: Calls, answers: Answers, minutes: int
) -> None:
    now = datetime.now(UTC) + timedelta(minutes=minutes)
    more = f"<ServerTime>{now:%Y-%m-%dT%H:%M:%SZ}</ServerTime>"
    answers.then(403, XML.format(code="RequestTimeTooSkewed", message="", more=more))
    assert asked(calls).clock_offset == pytest.approx(minutes * 60, abs=3)


def test_a_wrong_clock_behind_a_wordless_403_is_seen_by_the_date(
    calls: Calls, answers: Answers
) -> None:
    answers.then(403, date=format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True))
    fault = asked(calls, "HeadObject")
    assert fault.kind is FaultKind.CLOCK
    assert fault.clock_offset == pytest.approx(7200, abs=3)


def test_a_wordless_403_at_the_right_time_is_a_missing_right(
    calls: Calls, answers: Answers
) -> None:
    answers.then(403, date=format_datetime(datetime.now(UTC), usegmt=True))
    assert asked(calls, "HeadObject").kind is FaultKind.DENIED


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"x_amz_retry_after": "1500", "retry_after": "9"}, 1.5),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_a_wait_that_is_asked_for_is_passed_on(
    calls: Calls, answers: Answers, headers: dict[str, str], seconds: float | None
) -> None:
    answers.then(503, XML.format(code="SlowDown", message="", more=""), **headers)
    assert asked(calls).retry_after == seconds


def test_a_wait_until_a_date_is_a_wait_of_seconds(calls: Calls, answers: Answers) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    answers.then(503, retry_after=date)
    assert asked(calls).retry_after == pytest.approx(90, abs=3)


@pytest.mark.parametrize(
    ("code", "words"),
    [("QuotaExceeded", "no room left"), ("InvalidObjectState", "archive")],
)
def test_what_can_be_said_more_precisely_is(
    calls: Calls, answers: Answers, code: str, words: str
) -> None:
    answers.then(403, XML.format(code=code, message="", more=""))
    assert words in asked(calls).message


def test_the_services_own_words_are_told_where_the_request_is_wrong(
    calls: Calls, answers: Answers
) -> None:
    answers.then(400, XML.format(code="InvalidArgument", message="No such part size.", more=""))
    assert asked(calls).message == "localhost:9 refuses: No such part size."


def wrapped(error: Exception) -> boto.HTTPClientError:
    """Wrap an error as urllib3 and botocore do on the way up."""
    return boto.ConnectionClosedError(
        error=ProtocolError("Connection aborted.", error), endpoint_url="http://localhost:9"
    )


URL = "https://localhost:9"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (wrapped(ConnectionResetError(errno.ECONNRESET, "reset")), FaultKind.NETWORK),
        (wrapped(BrokenPipeError()), FaultKind.NETWORK),
        (wrapped(http.client.RemoteDisconnected("gone")), FaultKind.NETWORK),
        (wrapped(TimeoutError("no byte moved")), FaultKind.TIMEOUT),
        (boto.ReadTimeoutError(endpoint_url=URL), FaultKind.TIMEOUT),
        (boto.ConnectTimeoutError(endpoint_url=URL), FaultKind.TIMEOUT),
        (
            boto.EndpointConnectionError(
                endpoint_url=URL,
                error=NewConnectionError(None, "refused"),  # type: ignore[arg-type]
            ),
            FaultKind.NETWORK,
        ),
        (
            boto.EndpointConnectionError(
                endpoint_url=URL,
                error=NameResolutionError("h", None, socket.gaierror()),  # type: ignore[arg-type]
            ),
            FaultKind.NAME,
        ),
        (boto.ResponseStreamingError(error=ProtocolError("cut")), FaultKind.NETWORK),
        (boto.IncompleteReadError(actual_bytes=1, expected_bytes=2), FaultKind.NETWORK),
        (boto.ProxyConnectionError(proxy_url="http://localhost:1"), FaultKind.NETWORK),
        (
            boto.SSLError(endpoint_url=URL, error=ssl.SSLCertVerificationError("self-signed")),
            FaultKind.CERTIFICATE,
        ),
        (boto.SSLError(endpoint_url=URL, error=ssl.SSLEOFError("EOF")), FaultKind.NETWORK),
        (
            boto.SSLError(endpoint_url=URL, error=ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]")),
            FaultKind.INVALID,
        ),
        (OSError(errno.ENETUNREACH, "unreachable"), FaultKind.NETWORK),
        (boto.FlexibleChecksumError(error_msg="differs"), FaultKind.DIGEST),
        (boto.ProfileNotFound(profile="work"), FaultKind.CREDENTIALS),
        (boto.NoCredentialsError(), FaultKind.CREDENTIALS),
        (boto.PartialCredentialsError(provider="p", cred_var="v"), FaultKind.CREDENTIALS),
        (boto.CredentialRetrievalError(provider="p", error_msg="m"), FaultKind.CREDENTIALS),
        (boto.ConfigParseError(path="p"), FaultKind.CREDENTIALS),
        (boto.UnauthorizedSSOTokenError(), FaultKind.EXPIRED),
        (boto.SSOTokenLoadError(error_msg="m"), FaultKind.EXPIRED),
        (boto.TokenRetrievalError(provider="sso", error_msg="m"), FaultKind.EXPIRED),
        (boto.LoginRefreshRequired(), FaultKind.EXPIRED),
        (boto.ParamValidationError(report="Invalid bucket name"), FaultKind.INVALID),
        (boto.NoRegionError(), FaultKind.INVALID),
        (ValueError("Invalid endpoint: films"), FaultKind.INVALID),
        (ResponseParserError("not XML"), FaultKind.INVALID),
        (RuntimeError("a bug"), FaultKind.UNKNOWN),
        (boto.HTTPClientError(error=SourceShort()), FaultKind.SOURCE_CHANGED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_what_fails_on_the_way_has_its_meaning(
    destination: Destination, error: Exception, kind: FaultKind
) -> None:
    fault = fault_of(error, Place(destination, "UploadPart", KEY))
    assert fault.kind is kind
    assert fault.message.endswith(".")


@pytest.mark.parametrize(
    ("number", "writing", "kind"),
    [
        (errno.ENOENT, False, FaultKind.SOURCE_GONE),
        (errno.EACCES, False, FaultKind.SOURCE_UNREADABLE),
        (errno.EIO, False, FaultKind.SOURCE_UNREADABLE),
        (errno.ENOSPC, True, FaultKind.DISK_FULL),
        (errno.EDQUOT, True, FaultKind.DISK_FULL),
        (errno.EROFS, True, FaultKind.READ_ONLY),
        (errno.EACCES, True, FaultKind.READ_ONLY),
    ],
)
def test_what_a_disk_says_is_told_by_what_was_done(
    number: int, writing: bool, kind: FaultKind
) -> None:
    fault = fault_of_file(OSError(number, "", "/films/a.mp4"), writing=writing)
    assert (fault.kind, fault.code) == (kind, errno.errorcode[number])


@pytest.mark.parametrize("kind", sorted(set(KINDS.values()) | {FaultKind.CERTIFICATE}))
def test_every_kind_that_comes_from_afar_has_words_without_gaps(
    destination: Destination, kind: FaultKind
) -> None:
    message, remedy = sentences(kind, Place(destination, "GetObject", KEY))
    assert message.endswith(".")
    assert not {"{", "}"} & set(message + remedy)


def test_a_profile_is_renewed_by_signing_in_and_keys_by_entering_them() -> None:
    by_profile = Place(Destination("d", "Films", "films", profile="work"))
    by_keys = Place(Destination("d", "Films", "films"))
    assert "--profile work" in sentences(FaultKind.EXPIRED, by_profile)[1]
    assert "new keys" in sentences(FaultKind.EXPIRED, by_keys)[1]


def test_a_fault_travels_between_processes() -> None:
    fault = Fault(FaultKind.SERVER, "The service is ill.", code="InternalError")
    assert pickle.loads(pickle.dumps(CloudFault(fault))).fault == fault
