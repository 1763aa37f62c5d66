"""Multipart uploads: as strict about parts, numbers, kinds of checksums and keys."""

import uuid
from collections.abc import Sequence

from tests.s3 import digests
from tests.s3.answers import Answer, Node, encoded, xml
from tests.s3.buckets import abort_headers, iso
from tests.s3.call import Call
from tests.s3.errors import S3Error
from tests.s3.faults import Effect
from tests.s3.kept import check_customer_key, encryption_headers, etag_of, kept_of
from tests.s3.objects import check_key
from tests.s3.request import number
from tests.s3.store import Piece, Upload

MOST_PARTS = 10_000
_OWNER: dict[str, Node] = {"ID": "local", "DisplayName": "local"}


def upload_of(call: Call) -> Upload:
    """Return the upload a request is about; raises S3Error."""
    upload_id = call.request.query["uploadId"]
    upload = call.store.bucket(call.request.bucket).uploads.get(upload_id)
    if upload is None or upload.key != call.request.key:
        raise S3Error("NoSuchUpload", details={"UploadId": upload_id})
    return upload


def create(call: Call) -> Answer:
    request, bucket = call.request, call.store.bucket(call.request.bucket)
    check_key(request.key)
    call.body()
    algorithm, checksum_type = _checksums(call)
    upload = Upload(
        uuid.uuid4().hex,
        bucket.name,
        request.key,
        call.now,
        kept_of(call),
        algorithm,
        checksum_type,
    )
    call.store.save_upload(upload)
    headers = {**encryption_headers(upload.kept), **abort_headers(bucket, upload)}
    if algorithm:
        headers |= {
            "x-amz-checksum-algorithm": algorithm.upper(),
            "x-amz-checksum-type": checksum_type,
        }
    content = {"Bucket": bucket.name, "Key": request.key, "UploadId": upload.id}
    return xml("InitiateMultipartUploadResult", content, **headers)


def _checksums(call: Call) -> tuple[str, str]:
    algorithm = call.request.header("x-amz-checksum-algorithm").lower()
    wanted = call.request.header("x-amz-checksum-type").upper()
    if algorithm in call.faults.refused or (
        wanted == digests.FULL and "full" in call.faults.refused
    ):
        raise S3Error(call.faults.refusal)
    if not algorithm:
        if wanted:
            raise S3Error(
                "InvalidRequest",
                "x-amz-checksum-type needs x-amz-checksum-algorithm beside it.",
            )
        return "", ""
    if algorithm not in digests.KINDS:
        raise S3Error(
            "InvalidRequest",
            "Checksum algorithm provided is unsupported.",
        )
    chosen = wanted or digests.default_type(algorithm)
    if not digests.allows(algorithm, chosen):
        raise S3Error(
            "InvalidRequest",
            f"The {chosen} checksum type cannot be used with the {algorithm} checksum algorithm.",
        )
    return algorithm, chosen


def send_part(call: Call) -> Answer:
    upload, part = upload_of(call), call.request.part
    if part is None or not 1 <= part <= MOST_PARTS:
        raise S3Error(
            "InvalidArgument",
            "Part number must be an integer between 1 and 10000, inclusive",
            details={"ArgumentName": "partNumber"},
        )
    check_customer_key(call, upload.kept)
    own = upload.algorithm if upload.checksum_type == digests.FULL else ""
    with call.piece(own) as piece:
        _check_kind(upload, piece)
        piece.md5 = etag_of(call, upload.kept, piece.md5)
        call.store.save_part(upload, part, piece)
    headers = {"etag": f'"{piece.md5}"', **encryption_headers(upload.kept)}
    headers |= {f"x-amz-checksum-{kind}": value for kind, value in piece.checksums.items()}
    return Answer(200, headers)


def _check_kind(upload: Upload, piece: Piece) -> None:
    """Parts carry the upload's kind of checksum; for whole-object ones the service adds it."""
    expected, got = upload.algorithm, next(iter(piece.checksums), "")
    if expected and got != expected:
        raise S3Error(
            "InvalidRequest",
            f"Checksum Type mismatch occurred, expected checksum Type: {expected}, "
            f"actual checksum Type: {got or 'null'}",
        )


def list_parts(call: Call) -> Answer:
    upload = upload_of(call)
    bucket = call.store.bucket(upload.bucket)
    most = number(call.request, "max-parts", 1000, 1000)
    marker = number(call.request, "part-number-marker", 0, MOST_PARTS)
    with call.store.lock:
        behind = sorted((n, piece) for n, piece in upload.parts.items() if n > marker)
    shown = behind[:most]
    content: dict[str, Node] = {
        "Bucket": bucket.name,
        "Key": encoded(upload.key, call.request.query.get("encoding-type", "")),
        "UploadId": upload.id,
        "Initiator": _OWNER,
        "Owner": _OWNER,
        "StorageClass": "STANDARD",
        "PartNumberMarker": marker,
        "NextPartNumberMarker": shown[-1][0] if shown else 0,
        "MaxParts": most,
        "IsTruncated": len(behind) > len(shown),
        "ChecksumAlgorithm": upload.algorithm.upper() or None,
        "ChecksumType": upload.checksum_type or None,
        "Part": [_part_entry(n, piece) for n, piece in shown],
    }
    return xml("ListPartsResult", content, **abort_headers(bucket, upload))


def _part_entry(number_: int, piece: Piece) -> dict[str, Node]:
    return {
        "PartNumber": number_,
        "LastModified": iso(piece.modified),
        "ETag": f'"{piece.md5}"',
        "Size": piece.size,
        **{digests.element(kind): value for kind, value in piece.checksums.items()},
    }


def list_uploads(call: Call) -> Answer:
    query, bucket = call.request.query, call.store.bucket(call.request.bucket)
    prefix, encoding = query.get("prefix", ""), query.get("encoding-type", "")
    most = number(call.request, "max-uploads", 1000, 1000)
    marker = (query.get("key-marker", ""), query.get("upload-id-marker", ""))
    with call.store.lock:
        found = sorted(
            (u for u in bucket.uploads.values() if u.key.startswith(prefix)),
            key=lambda each: (each.key, each.initiated, each.id),
        )
    behind = _behind(found, *marker)
    shown = behind[:most]
    more = len(behind) > len(shown)
    return xml(
        "ListMultipartUploadsResult",
        {
            "Bucket": bucket.name,
            "KeyMarker": encoded(marker[0], encoding),
            "UploadIdMarker": marker[1],
            "NextKeyMarker": encoded(shown[-1].key, encoding) if more else None,
            "NextUploadIdMarker": shown[-1].id if more else None,
            "Prefix": encoded(prefix, encoding),
            "EncodingType": encoding or None,
            "MaxUploads": most,
            "IsTruncated": more,
            "Upload": [_upload_entry(each, encoding) for each in shown],
        },
    )


def _behind(uploads: Sequence[Upload], key: str, upload_id: str) -> list[Upload]:
    """Without an id, everything after the key; with one, also what follows it under that key."""
    rest = [each for each in uploads if each.key > key]
    if not key or not upload_id:
        return rest
    same = [each for each in uploads if each.key == key]
    at = next((i for i, each in enumerate(same) if each.id == upload_id), len(same))
    return same[at + 1 :] + rest


def _upload_entry(upload: Upload, encoding: str) -> dict[str, Node]:
    return {
        "UploadId": upload.id,
        "Key": encoded(upload.key, encoding),
        "Initiated": iso(upload.initiated),
        "StorageClass": "STANDARD",
        "Owner": _OWNER,
        "Initiator": _OWNER,
        "ChecksumAlgorithm": upload.algorithm.upper() or None,
        "ChecksumType": upload.checksum_type or None,
    }


def abort(call: Call) -> Answer:
    with call.store.lock:
        upload = upload_of(call)
        if not call.plan.first(Effect.KEEP_UPLOAD):
            call.store.remove_upload(upload)
    return Answer(204)
