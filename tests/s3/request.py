"""One request as the handlers see it, and what its URL says is asked."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.s3.errors import S3Error

PATH_STYLE_HOSTS = ("localhost", "s3.test", "s3.localhost")
"""Names the server goes by; ``bucket.NAME`` names a bucket. Addresses are always path style."""

_SERVICE = {"GET": "ListBuckets"}
_BUCKET = {
    ("GET", "location"): "GetBucketLocation",
    ("GET", "lifecycle"): "GetBucketLifecycleConfiguration",
    ("PUT", "lifecycle"): "PutBucketLifecycleConfiguration",
    ("DELETE", "lifecycle"): "DeleteBucketLifecycle",
    ("GET", "versioning"): "GetBucketVersioning",
    ("PUT", "versioning"): "PutBucketVersioning",
    ("GET", "uploads"): "ListMultipartUploads",
    ("GET", "list-type"): "ListObjectsV2",
    ("POST", "delete"): "DeleteObjects",
    ("HEAD", ""): "HeadBucket",
    ("PUT", ""): "CreateBucket",
    ("DELETE", ""): "DeleteBucket",
}
_OBJECT = {
    ("POST", "uploads"): "CreateMultipartUpload",
    ("PUT", "uploadId"): "UploadPart",
    ("POST", "uploadId"): "CompleteMultipartUpload",
    ("GET", "uploadId"): "ListParts",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
    ("PUT", ""): "PutObject",
    ("GET", ""): "GetObject",
    ("HEAD", ""): "HeadObject",
    ("DELETE", ""): "DeleteObject",
}
_SUBRESOURCES = {name for _, name in (*_BUCKET, *_OBJECT)} - {""}
_UNKNOWN = {
    "acl",
    "tagging",
    "policy",
    "cors",
    "website",
    "torrent",
    "restore",
    "select",
    "attributes",
}
_ADDRESS = re.compile(r"[\d.]+|\[.*\]")


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of a request."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in small letters."""

    @property
    def raw_path(self) -> str:
        """The path as it is signed."""
        return self._split[0]

    @property
    def raw_query(self) -> str:
        return self._split[1]

    @property
    def _split(self) -> tuple[str, str]:
        target = self.target
        if not target.startswith("/"):  # a proxy is asked by whole URLs
            parts = urlsplit(target)
            return parts.path or "/", parts.query
        path, _, query = target.partition("?")
        return path, query


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked."""

    head: Head
    operation: str
    bucket: str
    key: str
    query: dict[str, str] = field(default_factory=dict)

    def header(self, name: str, default: str = "") -> str:
        """Return a header; names are in small letters."""
        return self.head.headers.get(name, default)

    @property
    def part(self) -> int | None:
        """The part number; None when there is none or it is no number."""
        text = self.query.get("partNumber", "")
        return int(text) if text.isdecimal() else None


def understood(head: Head) -> Request:
    """Return what a request asks; the operation is empty when there is no such thing."""
    bucket, key = _place(head)
    query = dict(parse_qsl(head.raw_query, keep_blank_values=True))
    named = next((name for name in query if name in _SUBRESOURCES), "")
    if not bucket:
        operation = _SERVICE.get(head.method, "")
    else:
        operation = (_OBJECT if key else _BUCKET).get((head.method, named), "")
    if _UNKNOWN & set(query) or "x-amz-copy-source" in head.headers:
        operation = ""
    return Request(head, operation, bucket, key, query)


def _place(head: Head) -> tuple[str, str]:
    host = head.headers.get("host", "").rsplit(":", 1)[0].lower()
    path = unquote(head.raw_path)[1:]
    if not _ADDRESS.fullmatch(host):
        for name in PATH_STYLE_HOSTS:
            if host.endswith(f".{name}") and host not in PATH_STYLE_HOSTS:
                return host.removesuffix(f".{name}"), path
    bucket, _, key = path.partition("/")
    return bucket, key


def number(request: Request, name: str, default: int, most: int) -> int:
    """Return a number from the query; raises S3Error for what is none."""
    text = request.query.get(name, str(default))
    if not text.isdecimal():
        raise S3Error("InvalidArgument", f"Provided {name} not an integer or within integer range")
    return min(int(text), most)
