"""What is kept with an object besides its bytes, and how it says it is encrypted.

Nothing is encrypted here; but keys, their MD5s and what depends on them behave as if it were.
"""

from tests.s3 import digests
from tests.s3.call import Call
from tests.s3.errors import S3Error
from tests.s3.store import Kept


def kept_of(call: Call) -> Kept:
    """Return what is to be kept with an object; raises S3Error for what cannot be."""
    headers = call.request.head.headers
    kept = {name: value for name, value in headers.items() if _is_kept(name) and value}
    encoding = ",".join(
        part.strip()
        for part in kept.pop("content-encoding", "").split(",")
        if part.strip() not in {"", "aws-chunked"}
    )
    if encoding:
        kept["content-encoding"] = encoding
    size = sum(len(n) - 11 + len(v) for n, v in kept.items() if n.startswith("x-amz-meta-"))
    if size > 2048:
        raise S3Error(
            "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size"
        )
    kept.setdefault("content-type", "binary/octet-stream")
    return Kept(kept, _encryption(headers), customer_key(call))


_KEPT = ("content-type", "content-encoding", "content-language", "content-disposition")


def _is_kept(name: str) -> bool:
    return name.startswith("x-amz-meta-") or name in {*_KEPT, "cache-control", "expires"}


_SSE = "x-amz-server-side-encryption"


def _encryption(headers: dict[str, str]) -> dict[str, str]:
    if f"{_SSE}-customer-algorithm" in headers:
        return {}
    kind = headers.get(_SSE, "AES256")
    if kind not in {"AES256", "aws:kms", "aws:kms:dsse"}:
        raise S3Error("InvalidArgument", "The encryption method specified is not supported")
    found = {_SSE: kind}
    if kind.startswith("aws:kms"):
        default = "arn:aws:kms:us-east-1:000000000000:key/default"
        found[f"{_SSE}-aws-kms-key-id"] = headers.get(f"{_SSE}-aws-kms-key-id", default)
        if f"{_SSE}-bucket-key-enabled" in headers:
            found[f"{_SSE}-bucket-key-enabled"] = headers[f"{_SSE}-bucket-key-enabled"]
    return found


def customer_key(call: Call) -> str:
    """Return the MD5 of the key a client brings along (SSE-C), checked; empty without one."""
    headers = call.request.head.headers
    names = ("algorithm", "key", "key-md5")
    algorithm, key, md5 = (headers.get(f"{_SSE}-customer-{name}", "") for name in names)
    if not (algorithm or key or md5):
        return ""
    if not call.settings.tls:
        raise S3Error(
            "InvalidRequest",
            "Keys of customers are taken over TLS only.",
        )
    raw = digests.decoded(key, 32)
    if algorithm != "AES256" or raw is None:
        raise S3Error("InvalidArgument", "The secret key was invalid for the specified algorithm.")
    running = digests.start("md5")
    running.update(memoryview(raw))
    if digests.text(running.digest()) != md5:
        raise S3Error(
            "InvalidArgument",
            "The MD5 of the key is not the one that was sent along.",
        )
    return md5


def check_customer_key(call: Call, kept: Kept) -> None:
    """Raise S3Error unless a request brings the key that something was encrypted with."""
    md5 = customer_key(call)
    if kept.customer_key_md5 and not md5:
        raise S3Error(
            "InvalidRequest",
            "The object was encrypted with a key that was not sent along.",
        )
    if kept.customer_key_md5 != md5:
        raise S3Error("AccessDenied" if kept.customer_key_md5 else "InvalidRequest")


def encryption_headers(kept: Kept) -> dict[str, str]:
    """Return how something is encrypted, as answers say it."""
    if kept.customer_key_md5:
        return {
            f"{_SSE}-customer-algorithm": "AES256",
            f"{_SSE}-customer-key-md5": kept.customer_key_md5,
        }
    return dict(kept.encryption)


def etag_of(call: Call, kept: Kept, md5: str) -> str:
    """Return the ETag of bytes: under KMS and with customers' keys it is no MD5."""
    hidden = kept.customer_key_md5 or kept.encryption.get(_SSE, "").startswith("aws:kms")
    if not hidden:
        return md5
    running = digests.start("md5")
    running.update(memoryview(f"sealed {md5}".encode()))
    return running.digest().hex()
