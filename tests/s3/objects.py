"""What is asked of objects: putting, getting by ranges and conditions, looking, deleting."""

import os
import re
from collections.abc import Iterator

from tests.s3 import digests
from tests.s3.answers import Answer, Node, http_date, xml
from tests.s3.buckets import parsed
from tests.s3.call import Call, found
from tests.s3.errors import S3Error
from tests.s3.faults import Effect
from tests.s3.kept import check_customer_key, encryption_headers, etag_of, kept_of
from tests.s3.store import BLOCK, Kept, Piece, StoredObject

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_OVERRIDES = (
    "content-type",
    "content-encoding",
    "content-disposition",
    "content-language",
    "cache-control",
    "expires",
)


def check_key(key: str) -> None:
    """Raise S3Error for a key that is too long."""
    if len(key.encode()) > 1024:
        raise S3Error("KeyTooLongError")


def check_write(call: Call) -> None:
    """Raise S3Error unless the conditions of a write hold."""
    request = call.request
    none, match = request.header("if-none-match"), request.header("if-match")
    if (none or match) and "conditions" in call.faults.refused:
        raise S3Error(call.faults.refusal)
    there = call.store.current(request.bucket, request.key)
    if none and none != "*":
        raise S3Error("NotImplemented")
    if none and there:
        raise S3Error("PreconditionFailed", details={"Condition": "If-None-Match"})
    if match and there is None:
        raise S3Error("NoSuchKey", details={"Key": request.key})
    if match and there and match.strip('"') != there.etag:
        raise S3Error("PreconditionFailed", details={"Condition": "If-Match"})


def put_object(call: Call) -> Answer:
    request = call.request
    call.store.bucket(request.bucket)
    check_key(request.key)
    kept = kept_of(call)
    check_write(call)
    with call.piece() as piece, call.store.lock:
        check_write(call)
        stored = StoredObject(
            request.bucket,
            request.key,
            etag_of(call, kept, piece.md5),
            [piece],
            kept,
            call.now,
            checksums=piece.checksums or _own(piece),
            checksum_type=digests.FULL,
        )
        call.store.put(stored)
    return Answer(200, written_headers(stored))


def _own(piece: Piece) -> dict[str, str]:
    """The service adds a checksum to what comes without."""
    return {"crc64nvme": piece.crc64nvme} if piece.crc64nvme else {}


def written_headers(stored: StoredObject) -> dict[str, str]:
    """Return what is said of an object that was just written."""
    headers = {"etag": f'"{stored.etag}"', **encryption_headers(stored.kept)}
    headers |= checksum_headers(stored)
    if stored.version != "null":
        headers["x-amz-version-id"] = stored.version
    return headers


def checksum_headers(stored: StoredObject) -> dict[str, str]:
    """Return the checksums of an object and their type."""
    if not stored.checksums:
        return {}
    found = {f"x-amz-checksum-{kind}": value for kind, value in stored.checksums.items()}
    return {**found, "x-amz-checksum-type": stored.checksum_type}


def get_object(call: Call) -> Answer:
    stored, answer = _look(call)
    start, count = _part(call, stored, answer) or _range(call, stored, answer)
    if call.store.null and count:
        raise S3Error("NotImplemented", "This server throws bytes away")
    answer.length = count
    answer.blocks = _blocks(call, stored, start, count)
    return answer


def head_object(call: Call) -> Answer:
    stored, answer = _look(call)
    _start, answer.length = _part(call, stored, answer) or _range(call, stored, answer)
    return answer


def _look(call: Call) -> tuple[StoredObject, Answer]:
    stored = found(call)
    if stored.deleted:
        raise S3Error("MethodNotAllowed", headers={"x-amz-delete-marker": "true"})
    check_customer_key(call, stored.kept)
    _check_read(call, stored)
    request = call.request
    headers = {
        "last-modified": http_date(stored.modified),
        "etag": f'"{stored.etag}"',
        "accept-ranges": "bytes",
        **stored.kept.headers,
        **encryption_headers(stored.kept),
    }
    for name in _OVERRIDES:
        if value := request.query.get(f"response-{name}"):
            headers[name] = value
    whole = "range" not in request.head.headers and request.part is None
    if whole and request.header("x-amz-checksum-mode").upper() == "ENABLED":
        headers |= checksum_headers(stored)
    if stored.version != "null":
        headers["x-amz-version-id"] = stored.version
    return stored, Answer(200, headers)


def _check_read(call: Call, stored: StoredObject) -> None:
    match = call.request.header("if-match").strip('"')
    if match and match not in {"*", stored.etag}:
        raise S3Error("PreconditionFailed", details={"Condition": "If-Match"})
    none = call.request.header("if-none-match").strip('"')
    if none and none in {"*", stored.etag}:
        raise S3Error("NotModified", status=304, headers={"etag": f'"{stored.etag}"'})


def _part(call: Call, stored: StoredObject, answer: Answer) -> tuple[int, int] | None:
    number = call.request.part
    if number is None:
        return None
    if not 1 <= number <= len(stored.pieces):
        raise S3Error(
            "InvalidPartNumber", "The requested partnumber is not satisfiable", status=416
        )
    start = sum(piece.size for piece in stored.pieces[: number - 1])
    size = stored.pieces[number - 1].size
    answer.status = 206
    answer.headers["content-range"] = f"bytes {start}-{start + size - 1}/{stored.size}"
    if stored.multipart:
        answer.headers["x-amz-mp-parts-count"] = str(len(stored.pieces))
    return start, size


def _range(call: Call, stored: StoredObject, answer: Answer) -> tuple[int, int]:
    asked = _RANGE.fullmatch(call.request.header("range").strip())
    if asked is None or asked.group(0) == "bytes=-":
        return 0, stored.size
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last or stored.size), stored.size - 1)
    else:
        start, end = max(0, stored.size - int(last)), stored.size - 1
    if start >= stored.size or (first and last and int(last) < int(first)):
        raise S3Error(
            "InvalidRange",
            details={"RangeRequested": asked.group(0), "ActualObjectSize": str(stored.size)},
            headers={"content-range": f"bytes */{stored.size}"},
        )
    answer.status = 206
    answer.headers["content-range"] = f"bytes {start}-{end}/{stored.size}"
    return start, end - start + 1


def _blocks(call: Call, stored: StoredObject, start: int, count: int) -> Iterator[bytes]:
    damage = call.plan.first(Effect.DAMAGE_SENT) is not None
    for piece in stored.pieces:
        if start >= piece.size:
            start -= piece.size
            continue
        if not count:
            return
        fd = call.store.open_file(piece)
        try:
            at, end = start, min(piece.size, start + count)
            while at < end:
                block = os.pread(fd, min(BLOCK // 4, end - at), at)
                at += len(block)
                if damage:
                    block, damage = bytes([block[0] ^ 0x01]) + block[1:], False
                yield block
        finally:
            os.close(fd)
        count -= end - start
        start = 0


def delete_object(call: Call) -> Answer:
    return Answer(204, _deleted(call, call.request.key, call.request.query.get("versionId")))


def _deleted(call: Call, key: str, version: str | None) -> dict[str, str]:
    store, bucket = call.store, call.store.bucket(call.request.bucket)
    with store.lock:
        versions = bucket.objects.get(key, [])
        if version is None and bucket.versioning == "Enabled":
            marker = StoredObject(bucket.name, key, "", [], Kept(), call.now, deleted=True)
            store.put(marker)
            return {"x-amz-delete-marker": "true", "x-amz-version-id": marker.version}
        for each in [e for e in versions if e.version == (version or "null")]:
            store.remove(each)
    return {"x-amz-version-id": version} if version else {}


def delete_objects(call: Call) -> Answer:
    root = parsed(call.body())
    done: list[dict[str, Node]] = []
    for each in root.findall("Object"):
        key = each.findtext("Key") or ""
        _deleted(call, key, each.findtext("VersionId"))
        done.append({"Key": key})
    return xml("DeleteResult", {"Deleted": done if root.findtext("Quiet") != "true" else []})
