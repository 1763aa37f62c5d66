"""From a request to its answer: who may ask, in which region, and who answers."""

from collections.abc import Callable, Mapping
from typing import Protocol

from tests.s3 import buckets, completion, multipart, objects
from tests.s3.account import Account
from tests.s3.answers import Answer
from tests.s3.call import Call, Settings
from tests.s3.errors import S3Error
from tests.s3.faults import Effect, Faults, Pace
from tests.s3.request import Head, Request
from tests.s3.signature import Chain, Credential, Signed, scope_of, verify
from tests.s3.store import Store

HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "ListBuckets": buckets.list_buckets,
    "CreateBucket": buckets.create_bucket,
    "DeleteBucket": buckets.delete_bucket,
    "HeadBucket": buckets.head_bucket,
    "GetBucketLocation": buckets.get_location,
    "GetBucketVersioning": buckets.get_versioning,
    "PutBucketVersioning": buckets.put_versioning,
    "GetBucketLifecycleConfiguration": buckets.get_lifecycle,
    "PutBucketLifecycleConfiguration": buckets.put_lifecycle,
    "DeleteBucketLifecycle": buckets.delete_lifecycle,
    "ListObjectsV2": buckets.list_objects,
    "ListMultipartUploads": multipart.list_uploads,
    "PutObject": objects.put_object,
    "GetObject": objects.get_object,
    "HeadObject": objects.head_object,
    "DeleteObject": objects.delete_object,
    "DeleteObjects": objects.delete_objects,
    "CreateMultipartUpload": multipart.create,
    "UploadPart": multipart.send_part,
    "ListParts": multipart.list_parts,
    "CompleteMultipartUpload": completion.complete,
    "AbortMultipartUpload": multipart.abort,
}
_ANYWHERE = {"ListBuckets", "CreateBucket", "GetBucketLocation"}
"""What is answered whatever region it is signed for."""


class Host(Protocol):
    """The server, as a connection sees it."""

    settings: Settings
    store: Store
    faults: Faults
    account: Account
    credentials: dict[str, Credential]
    all_in: Pace
    all_out: Pace

    def sleep(self, seconds: float) -> bool:
        """Wait; return whether the server closes meanwhile."""

    def control(self, head: Head, body: bytes) -> Answer:
        """Answer what is no request for S3."""


def answered(host: Host, call: Call) -> Answer:
    """Return what a request is answered; raises S3Error for a refusal."""
    if refusal := call.plan.first(Effect.ERROR, Effect.ERROR_LATE):
        if refusal.effect is Effect.ERROR_LATE:
            call.body_to_nowhere()
        headers = {"retry-after": refusal.retry_after} if refusal.retry_after else {}
        raise S3Error(refusal.code or "SlowDown", status=refusal.status, headers=headers)
    request = call.request
    if not request.operation:
        raise S3Error("NotImplemented")
    call.chain = _authenticated(host, call)
    if host.faults.denies(request.operation):
        raise S3Error("AccessDenied")
    _check_region(host, request)
    return HANDLERS[request.operation](call)


def _authenticated(host: Host, call: Call) -> Chain | None:
    if not host.settings.signed:
        return None
    head = call.request.head
    signed = Signed(head.method, head.raw_path, head.raw_query, head.headers)
    return verify(signed, host.credentials, call.now)


def _check_region(host: Host, request: Request) -> None:
    bucket = host.store.buckets.get(request.bucket)
    authorization = request.header("authorization")
    if bucket is None or not authorization or request.operation in _ANYWHERE:
        return
    if scope_of(authorization).region == bucket.region:
        return
    headers = {"x-amz-bucket-region": bucket.region}
    if host.faults.region_answer == "PermanentRedirect":
        endpoint = f"{bucket.name}.s3.{bucket.region}.amazonaws.com"
        details = {"Endpoint": endpoint, "Bucket": bucket.name}
        raise S3Error("PermanentRedirect", details=details, headers=headers)
    raise S3Error(
        "AuthorizationHeaderMalformed",
        f"The region is wrong; expecting '{bucket.region}'",
        details={"Region": bucket.region},
        headers=headers,
    )
