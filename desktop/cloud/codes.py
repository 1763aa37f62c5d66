"""What services that speak S3 call their errors, and what each of them means.

Names are those of AWS and of services modelled on it. A number stands for an answer without a
body: those to HEAD, and those of proxies.
"""

from desktop.domain.faults import FaultKind

_NAMES = {
    FaultKind.THROTTLED: """
        SlowDown SlowDownRead SlowDownWrite Throttling ThrottlingException ThrottledException
        RequestThrottled RequestThrottledException TooManyRequests TooManyRequestsException
        RequestLimitExceeded BandwidthLimitExceeded PriorRequestNotComplete
        KMS.ThrottlingException 429
    """,
    FaultKind.SERVER: """
        InternalError InternalFailure InternalServerError ServiceUnavailable ServerBusy
        BadGateway GatewayTimeout XMinioServerNotInitialized XMinioBackendDown
        KMS.InternalException 500 502 503 504
    """,
    FaultKind.TIMEOUT: "RequestTimeout RequestTimeoutException 408",
    FaultKind.NETWORK: "IncompleteBody 499",
    FaultKind.DENIED: """
        AccessDenied AccessDeniedException AllAccessDisabled AccountProblem NotSignedUp
        UnauthorizedAccess UnauthorizedOperation Forbidden InvalidPayer UserSuspended
        KMS.DisabledException KMS.InvalidStateException KMS.NotFoundException
        KMS.InvalidKeyUsageException
        QuotaExceeded XMinioStorageFull XMinioAdminBucketQuotaExceeded InsufficientStorage
        InsufficientCapacity 403 507
    """,
    FaultKind.CREDENTIALS: """
        InvalidAccessKeyId SignatureDoesNotMatch InvalidSecurity InvalidClientTokenId InvalidToken
        UnrecognizedClientException AuthFailure MissingSecurityHeader MissingSecurityElement
        MissingAuthenticationToken IncompleteSignature Unauthorized 401
    """,
    FaultKind.EXPIRED: "ExpiredToken ExpiredTokenException TokenRefreshRequired",
    FaultKind.CLOCK: "RequestTimeTooSkewed RequestExpired RequestInTheFuture",
    FaultKind.REGION: """
        PermanentRedirect TemporaryRedirect Redirect AuthorizationHeaderMalformed
        IllegalLocationConstraintException InvalidRegion 301 302 307 308
    """,
    FaultKind.NO_BUCKET: "NoSuchBucket",
    FaultKind.NO_OBJECT: "NoSuchKey NoSuchVersion 404 410",
    FaultKind.NO_UPLOAD: "NoSuchUpload",
    FaultKind.EXISTS: "PreconditionFailed 412",
    FaultKind.CONFLICT: "ConditionalRequestConflict OperationAborted 409",
    FaultKind.DIGEST: """
        BadDigest XAmzContentChecksumMismatch XAmzContentSHA256Mismatch InvalidPart
    """,
    FaultKind.UNSUPPORTED: "NotImplemented XNotImplemented MethodNotAllowed 405 501",
}

KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
"""What is not here is INVALID below 500 and SERVER from there on."""

FULL = frozenset(
    {
        "QuotaExceeded",
        "XMinioStorageFull",
        "XMinioAdminBucketQuotaExceeded",
        "InsufficientStorage",
        "InsufficientCapacity",
        "507",
    }
)
"""Names that say the service has no room left for this account."""
