"""What is asked of buckets: making, listing, where they are, and their rules."""

import re
import time
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from tests.s3.answers import Answer, Node, encoded, http_date, xml
from tests.s3.call import Call
from tests.s3.errors import S3Error
from tests.s3.request import number
from tests.s3.store import Bucket, StoredObject, Upload

_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_OWNER: dict[str, Node] = {"ID": "local", "DisplayName": "local"}


def iso(seconds: float) -> str:
    """Return a time as XML has it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


def parsed(body: bytes) -> ET.Element:
    """Return a document without its namespaces; raises S3Error."""
    try:
        root = ET.fromstring(body)  # of our own tests' clients
    except ET.ParseError:
        raise S3Error("MalformedXML") from None
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    return root


def list_buckets(call: Call) -> Answer:
    found = [
        {"Name": b.name, "CreationDate": iso(b.created)}
        for b in sorted(call.store.buckets.values(), key=lambda each: each.name)
    ]
    return xml("ListAllMyBucketsResult", {"Owner": _OWNER, "Buckets": {"Bucket": found}})


def create_bucket(call: Call) -> Answer:
    name = call.request.bucket
    if not _NAME.fullmatch(name):
        raise S3Error("InvalidBucketName", details={"BucketName": name})
    body = call.body()
    region = (parsed(body).findtext("LocationConstraint") or "") if body else ""
    with call.store.lock:
        if name in call.store.buckets:
            raise S3Error("BucketAlreadyOwnedByYou", details={"BucketName": name})
        call.store.create_bucket(name, region or call.settings.region, call.now)
    return Answer(200, {"location": f"/{name}"})


def delete_bucket(call: Call) -> Answer:
    call.store.delete_bucket(call.request.bucket)
    return Answer(204)


def head_bucket(call: Call) -> Answer:
    region = call.store.bucket(call.request.bucket).region
    return Answer(200, {"x-amz-bucket-region": region, "content-type": "application/xml"})


def get_location(call: Call) -> Answer:
    region = call.store.bucket(call.request.bucket).region
    answer = xml("LocationConstraint", {})
    if region != "us-east-1":
        answer.body = answer.body.replace(b"></", f">{region}</".encode())
    return answer


def get_versioning(call: Call) -> Answer:
    status = call.store.bucket(call.request.bucket).versioning
    return xml("VersioningConfiguration", {"Status": status or None})


def put_versioning(call: Call) -> Answer:
    bucket = call.store.bucket(call.request.bucket)
    status = parsed(call.body()).findtext("Status")
    if status not in {"Enabled", "Suspended"}:
        raise S3Error("MalformedXML")
    bucket.versioning = status
    call.store.save_bucket(bucket)
    return Answer()


def get_lifecycle(call: Call) -> Answer:
    text = call.store.bucket(call.request.bucket).lifecycle
    if not text:
        raise S3Error("NoSuchLifecycleConfiguration")
    return Answer(200, {"content-type": "application/xml"}, text.encode())


def put_lifecycle(call: Call) -> Answer:
    bucket = call.store.bucket(call.request.bucket)
    headers = call.request.head.headers
    if not any(n == "content-md5" or n.startswith("x-amz-checksum-") for n in headers):
        raise S3Error("InvalidRequest", "Missing required header for this request: Content-MD5")
    body = call.body()
    rules = parsed(body).findall("Rule")
    if not rules or any(r.findtext("Status") not in {"Enabled", "Disabled"} for r in rules):
        raise S3Error("MalformedXML")
    bucket.lifecycle = body.decode()
    call.store.save_bucket(bucket)
    return Answer()


def delete_lifecycle(call: Call) -> Answer:
    bucket = call.store.bucket(call.request.bucket)
    bucket.lifecycle = ""
    call.store.save_bucket(bucket)
    return Answer(204)


def abort_headers(bucket: Bucket, upload: Upload) -> dict[str, str]:
    """Return when the bucket's rules remove an unfinished upload, and which of them."""
    dates = sorted(_abort_dates(bucket, upload))
    if not dates:
        return {}
    at, rule = dates[0]
    return {"x-amz-abort-date": http_date(at), "x-amz-abort-rule-id": rule}


def _abort_dates(bucket: Bucket, upload: Upload) -> Iterator[tuple[float, str]]:
    for rule in parsed(bucket.lifecycle.encode()).findall("Rule") if bucket.lifecycle else ():
        days = rule.findtext("AbortIncompleteMultipartUpload/DaysAfterInitiation")
        prefix = rule.findtext("Filter/Prefix") or rule.findtext("Prefix") or ""
        if days and rule.findtext("Status") == "Enabled" and upload.key.startswith(prefix):
            day = 86_400  # counted from the next midnight, as the service does
            at = (int(upload.initiated) // day + 1 + int(days)) * day
            yield float(at), rule.findtext("ID") or ""


def list_objects(call: Call) -> Answer:
    query = call.request.query
    if query.get("list-type") != "2":
        raise S3Error("NotImplemented")
    bucket = call.store.bucket(call.request.bucket)
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    encoding, most = query.get("encoding-type", ""), number(call.request, "max-keys", 1000, 1000)
    after = query.get("continuation-token") or query.get("start-after", "")
    with call.store.lock:
        newest = {key: versions[-1] for key, versions in bucket.objects.items()}
    rows, last, more = page(
        sorted(k for k, v in newest.items() if k.startswith(prefix) and not v.deleted),
        after,
        most,
        prefix,
        delimiter,
    )
    keys = [newest[row] for row in rows if not row.endswith(delimiter or "\0") or row in newest]
    groups = [row for row in rows if row not in newest]
    return xml(
        "ListBucketResult",
        {
            "Name": bucket.name,
            "Prefix": encoded(prefix, encoding),
            "Delimiter": delimiter or None,
            "EncodingType": encoding or None,
            "KeyCount": len(rows),
            "MaxKeys": most,
            "IsTruncated": more,
            "ContinuationToken": query.get("continuation-token"),
            "NextContinuationToken": last if more else None,
            "StartAfter": query.get("start-after"),
            "Contents": [_entry(each, encoding) for each in keys if each.key not in groups],
            "CommonPrefixes": [{"Prefix": encoded(each, encoding)} for each in groups],
        },
    )


def _entry(stored: StoredObject, encoding: str) -> dict[str, Node]:
    return {
        "Key": encoded(stored.key, encoding),
        "LastModified": iso(stored.modified),
        "ETag": f'"{stored.etag}"',
        "ChecksumAlgorithm": [kind.upper() for kind in stored.checksums],
        "ChecksumType": stored.checksum_type or None,
        "Size": stored.size,
        "StorageClass": "STANDARD",
    }


def page(
    keys: list[str], after: str, most: int, prefix: str, delimiter: str
) -> tuple[list[str], str, bool]:
    """Return keys and common prefixes behind ``after``, the last one, and whether more follow."""
    rows: list[str] = []
    for key in keys:
        end = key.find(delimiter, len(prefix)) if delimiter else -1
        row = key if end < 0 else key[: end + len(delimiter)]
        if row <= after or (rows and rows[-1] == row):
            continue
        if len(rows) == most:
            return rows, rows[-1] if rows else after, True
        rows.append(row)
    return rows, rows[-1] if rows else after, False
