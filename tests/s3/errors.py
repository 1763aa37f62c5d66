"""Errors in the service's own words: code, status, sentence, and what else it tells."""

from collections.abc import Mapping

_STATUSES = {
    "AccessDenied": 403,
    "AuthorizationHeaderMalformed": 400,
    "BadDigest": 400,
    "BucketAlreadyOwnedByYou": 409,
    "BucketNotEmpty": 409,
    "EntityTooLarge": 400,
    "EntityTooSmall": 400,
    "ExpiredToken": 400,
    "IncompleteBody": 400,
    "InternalError": 500,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "InvalidBucketName": 400,
    "InvalidDigest": 400,
    "InvalidPart": 400,
    "InvalidPartOrder": 400,
    "InvalidRange": 416,
    "InvalidRequest": 400,
    "InvalidToken": 400,
    "KeyTooLongError": 400,
    "MalformedXML": 400,
    "MethodNotAllowed": 405,
    "MissingContentLength": 411,
    "NoSuchBucket": 404,
    "NoSuchKey": 404,
    "NoSuchLifecycleConfiguration": 404,
    "NoSuchUpload": 404,
    "NoSuchVersion": 404,
    "NotImplemented": 501,
    "PermanentRedirect": 301,
    "PreconditionFailed": 412,
    "RequestTimeTooSkewed": 403,
    "RequestTimeout": 400,
    "SignatureDoesNotMatch": 403,
    "SlowDown": 503,
    "XAmzContentSHA256Mismatch": 400,
}

_MESSAGES = {
    "AccessDenied": "Access Denied",
    "BucketAlreadyOwnedByYou": "You made a bucket of this name before.",
    "BucketNotEmpty": "There are objects in the bucket.",
    "EntityTooSmall": "A part other than the last is smaller than parts may be.",
    "ExpiredToken": "The provided token has expired.",
    "IncompleteBody": "The body is not as long as was said.",
    "InternalError": "Something went wrong here; please try again.",
    "InvalidAccessKeyId": "The access key id is not known here.",
    "InvalidBucketName": "Buckets cannot have this name.",
    "InvalidDigest": "The Content-MD5 is not the base64 of an MD5.",
    "InvalidPart": "A part was never sent, or its entity tag is another one.",
    "InvalidPartOrder": "Parts must be listed in ascending order.",
    "InvalidRange": "The requested range is not satisfiable",
    "InvalidToken": "The session token does not belong to the key.",
    "KeyTooLongError": "Your key is too long",
    "MalformedXML": "The document is not well-formed or not what is expected here.",
    "MethodNotAllowed": "This cannot be done to this resource.",
    "MissingContentLength": "The length of the body must be said.",
    "NoSuchBucket": "The specified bucket does not exist",
    "NoSuchKey": "The specified key does not exist.",
    "NoSuchLifecycleConfiguration": "The bucket has no lifecycle rules.",
    "NoSuchUpload": "The upload never was, or has been completed or aborted.",
    "NoSuchVersion": "The specified version does not exist.",
    "NotImplemented": "Something in the request is not implemented here.",
    "PermanentRedirect": "The bucket is at another endpoint; please ask there.",
    "PreconditionFailed": "A condition of the request does not hold.",
    "RequestTimeTooSkewed": "The clocks of the two sides differ too much.",
    "RequestTimeout": "Nothing was sent or read for too long.",
    "SignatureDoesNotMatch": "The signature is not the one that was computed here.",
    "SlowDown": "Please reduce your request rate.",
    "XAmzContentSHA256Mismatch": "The SHA-256 of the body is not the one that was signed.",
}


class S3Error(Exception):
    """A request that is refused, and how the refusal reads."""

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        status: int = 0,
        details: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code
        self.message = message or _MESSAGES.get(code, code)
        self.status = status or _STATUSES.get(code, 400)
        self.details = dict(details or {})
        self.headers = dict(headers or {})
        super().__init__(f"{self.status} {code}: {self.message}")


class Dropped(Exception):
    """The connection is over: the client left, or a fault cut it."""
