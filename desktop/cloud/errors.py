"""Any error of AWS's library, of the network and of the disk, as one ``Fault``.

Adapters translate once: what rises above this package is ``CloudFault`` with a value of the
domain in it, or ``Cut`` for what was ended on purpose.
"""

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError
from typing_extensions import override
from urllib3.exceptions import NameResolutionError
from urllib3.util.ssl_match_hostname import CertificateError

from desktop.cloud.codes import FULL, KINDS
from desktop.cloud.sentences import Place, sentences
from desktop.domain.faults import Fault, FaultKind

SKEW = 300.0
"""Seconds that a signature's time may differ from the service's before it is refused."""

Headers = Mapping[str, str]


class Cut(Exception):
    """The request was ended on purpose; nothing went wrong."""


class CloudFault(Exception):
    """A request failed; ``fault`` says how, in words and values of the domain."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault

    @override
    def __reduce__(self) -> tuple[type["CloudFault"], tuple[Fault]]:
        return CloudFault, (self.fault,)


class SourceShort(CloudFault):
    """The file ended before the part that was being read: it became shorter."""

    def __init__(self) -> None:
        super().__init__(
            Fault(
                FaultKind.SOURCE_CHANGED,
                "The file became shorter while it was being sent.",
                "Send it again when nothing writes to it any more.",
            )
        )


def fault_of(error: BaseException, place: Place) -> Fault:
    """Return what an error of a request means."""
    for cause in _causes(error):
        if isinstance(cause, CloudFault):
            return cause.fault
    if isinstance(error, boto.ClientError):
        return _of_answer(error.response, place)
    local = _of_setup(error, place)
    return local or _of_connection(error, place)


def fault_of_file(error: OSError, *, writing: bool = False) -> Fault:
    """Return what an error of reading the file, or of writing it, means."""
    name = f"“{error.filename}”" if error.filename else "The file"
    code = errno.errorcode.get(error.errno or 0, "")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Fault(FaultKind.DISK_FULL, "The disk is full.", "Free some space.", code)
    if writing:
        remedy = "Choose a folder you may write to."
        return Fault(FaultKind.READ_ONLY, f"{name} cannot be written.", remedy, code)
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        remedy = "Put it back, or remove the transfer."
        return Fault(FaultKind.SOURCE_GONE, f"{name} is not there any more.", remedy, code)
    remedy = "Check that you may read it and that its disk is well."
    return Fault(FaultKind.SOURCE_UNREADABLE, f"{name} cannot be read.", remedy, code)


def make(kind: FaultKind, place: Place, code: str = "", **more: Any) -> Fault:  # noqa: ANN401
    """Return a fault of a kind in its usual words; ``more`` are other fields of it."""
    message, remedy = sentences(kind, place)
    return replace(Fault(kind, message, remedy, code), **more)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk through what botocore, urllib3 and Python wrapped around the first error."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = getattr(cause, "kwargs", {}).get("error"), getattr(cause, "reason", None)
        waiting += [item for item in (*inner, *cause.args) if isinstance(item, BaseException)]
        waiting += [cause.__cause__, cause.__context__]


def _of_answer(response: Mapping[str, Any], place: Place) -> Fault:
    """Translate an answer that says no."""
    error = response.get("Error", {})
    meta = response.get("ResponseMetadata", {})
    status = int(meta.get("HTTPStatusCode", 0))
    headers: Headers = meta.get("HTTPHeaders", {})
    code = str(error.get("Code") or status)
    kind = _refine(_kind(code, status), code, place, error)
    if kind in {FaultKind.DENIED, FaultKind.CLOCK} and not error.get("ServerTime"):
        kind = _by_clock(kind, code, headers)
    fault = make(kind, place, code, retry_after=_retry_after(headers))
    if kind is FaultKind.REGION:
        return replace(fault, region=_region(error, headers))
    if kind is FaultKind.CLOCK:
        return replace(fault, clock_offset=_clock_offset(error, headers))
    return _reworded(fault, error, place)


def _kind(code: str, status: int) -> FaultKind:
    known = KINDS.get(code) or KINDS.get(str(status) if status >= 500 else "")
    if known:
        return known
    return FaultKind.SERVER if status >= 500 else FaultKind.INVALID


def _refine(kind: FaultKind, code: str, place: Place, error: Mapping[str, Any]) -> FaultKind:
    """Look at what was asked where one name means several things."""
    if code in {"404", "NoSuchKey"} and place.operation in {"HeadBucket", "ListMultipartUploads"}:
        return FaultKind.NO_BUCKET
    if code == "404" and place.operation in _OF_UPLOADS:
        return FaultKind.NO_UPLOAD
    if kind is FaultKind.EXISTS and place.operation == "GetObject":
        return FaultKind.CONFLICT
    if code == "AuthorizationHeaderMalformed" and not error.get("Region"):
        return FaultKind.CREDENTIALS
    if code in {"AccessDenied", "InvalidRequest"} and "expired" in _text(error):
        return FaultKind.EXPIRED
    return kind


_OF_UPLOADS = {"UploadPart", "ListParts", "CompleteMultipartUpload", "AbortMultipartUpload"}


def _text(error: Mapping[str, Any]) -> str:
    return str(error.get("Message") or "").lower()


def _by_clock(kind: FaultKind, code: str, headers: Headers) -> FaultKind:
    """Recognise a wrong clock behind an answer to HEAD, which has no words."""
    if kind is FaultKind.DENIED and code == "403" and abs(_clock_offset({}, headers)) > SKEW:
        return FaultKind.CLOCK
    return kind


def _clock_offset(error: Mapping[str, Any], headers: Headers) -> float:
    """Return seconds from this computer's time to the service's; 0 when it does not tell."""
    try:
        if error.get("ServerTime"):
            server = datetime.fromisoformat(str(error["ServerTime"]))
        else:
            server = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return 0.0
    if server.tzinfo is None:
        server = server.replace(tzinfo=UTC)
    return (server - datetime.now(UTC)).total_seconds()


def _retry_after(headers: Headers) -> float | None:
    """Return the seconds that the service asks us to wait, in either of the two headers."""
    for name, unit in (("x-amz-retry-after", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if value.isdecimal():
            return int(value) * unit
        if value:
            return _until(value)
    return None


def _until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def _region(error: Mapping[str, Any], headers: Headers) -> str:
    return str(headers.get("x-amz-bucket-region") or error.get("Region") or "")


def _reworded(fault: Fault, error: Mapping[str, Any], place: Place) -> Fault:
    """Say more precisely what a few names mean."""
    if fault.code in FULL:
        return replace(
            fault,
            message=f"There is no room left for “{place.destination.name}” at {place.host}.",
            remedy="Delete what is not needed there, or ask for more space.",
        )
    if fault.code == "InvalidObjectState":
        return replace(
            fault,
            message=f"“{place.key}” is in an archive.",
            remedy="Have it restored at the service first; that can take hours.",
        )
    if fault.kind is FaultKind.INVALID and error.get("Message"):
        return replace(fault, message=f"{place.host} refuses: {error['Message']}")
    return fault


def _of_setup(error: BaseException, place: Place) -> Fault | None:
    """Translate what fails before anything is sent: profiles, sign-ins, settings."""
    name, login = place.destination.name, place.login
    for types, kind, message, remedy in (
        (_NO_PROFILE, FaultKind.CREDENTIALS, _no_profile(place), "Choose another one."),
        (_NO_KEYS, FaultKind.CREDENTIALS, f"There are no keys for “{name}”.", login),
        (
            (boto.LoginError,),
            FaultKind.EXPIRED,
            f"The sign-in of “{name}” has expired.",
            _aws_login(place),
        ),
        (_STALE, FaultKind.EXPIRED, f"The sign-in of “{name}” has expired.", login),
        (_NO_CONFIG, FaultKind.CREDENTIALS, f"AWS's settings cannot be read: {error}.", ""),
        (_BAD_NAME, FaultKind.INVALID, _bad_name(place), "Choose other names."),
        (_BAD_REQUEST, FaultKind.INVALID, f"The settings of “{name}” are wrong: {error}.", ""),
        (_NOT_S3, FaultKind.INVALID, f"The answer of {place.host} is not S3's.", _PORTAL),
    ):
        if isinstance(error, types):
            return Fault(kind, " ".join(message.split()), remedy, type(error).__name__)
    return None


_PORTAL = "Check the address, and whether a sign-in page of the network stands in between."

_NO_PROFILE = (boto.ProfileNotFound,)
_NO_KEYS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.MissingDependencyException,
    boto.UnknownCredentialError,
)
_STALE = (
    boto.SSOError,
    boto.TokenRetrievalError,
    boto.NoAuthTokenError,
    boto.RefreshWithMFAUnsupportedError,
)
_NO_CONFIG = (boto.ConfigParseError, boto.ConfigNotFound, boto.InvalidConfigError)
_BAD_NAME = (boto.ParamValidationError, boto.InvalidDNSNameError)
_BAD_REQUEST = (
    boto.ValidationError,
    boto.NoRegionError,
    boto.EndpointProviderError,
    boto.InvalidEndpointConfigurationError,
    boto.UnsupportedS3ConfigurationError,
    boto.InvalidProxiesConfigError,
    ValueError,
)
_NOT_S3 = (ResponseParserError,)


def _aws_login(place: Place) -> str:
    return f"Sign in again with “aws login --profile {place.destination.profile}”."


def _no_profile(place: Place) -> str:
    return f"There is no AWS profile “{place.destination.profile}” on this computer."


def _bad_name(place: Place) -> str:
    """Say what botocore would not send; its own report quotes every value, secrets too."""
    bucket = f"“{place.destination.bucket}” cannot be the name of a bucket"
    return f"{bucket}, or “{place.key}” that of an object." if place.key else f"{bucket}."


def _of_connection(error: BaseException, place: Place) -> Fault:
    """Translate what failed on the way, by the most telling of the errors within."""
    causes = list(_causes(error))
    code = type(causes[0]).__name__
    for types, kind in _ON_THE_WAY:
        if any(isinstance(cause, types) for cause in causes):
            return _secured(make(kind, place, code), causes, place)
    return make(FaultKind.UNKNOWN, place, code)


_ON_THE_WAY: tuple[tuple[tuple[type[BaseException], ...], FaultKind], ...] = (
    ((ssl.SSLCertVerificationError, CertificateError), FaultKind.CERTIFICATE),
    ((boto.FlexibleChecksumError, boto.ChecksumError), FaultKind.DIGEST),
    ((boto.ProxyConnectionError,), FaultKind.NETWORK),
    ((socket.gaierror, NameResolutionError), FaultKind.NAME),
    ((boto.ReadTimeoutError, boto.ConnectTimeoutError, TimeoutError), FaultKind.TIMEOUT),
    (
        (boto.ConnectionError, boto.HTTPClientError, boto.IncompleteReadError, OSError),
        FaultKind.NETWORK,
    ),
)


def _secured(fault: Fault, causes: list[BaseException], place: Place) -> Fault:
    """Tell an address that is not https, a missing file of certificates, and a proxy apart."""
    reasons = [str(cause) for cause in causes]
    if any("WRONG_VERSION_NUMBER" in reason or "HTTP_REQUEST" in reason for reason in reasons):
        remedy = "Check the address: perhaps it begins with http, not https."
        return Fault(FaultKind.INVALID, f"{place.host} does not speak HTTPS.", remedy, fault.code)
    if isinstance(causes[0], boto.ProxyConnectionError):
        remedy = "Check the proxy in the system's settings."
        return replace(fault, message="The proxy cannot be reached.", remedy=remedy)
    return fault
