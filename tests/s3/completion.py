"""Completing a multipart upload: order, sizes, ETags, checksums and conditions, as at the service.

A completion that is repeated with the same parts within ``repeat_seconds`` succeeds again, as at
AWS, whose own clients rely on it; after that, or with ``Faults.forget_completions`` as at other
services, there is no such upload any more. Both must be survived by who lost the first answer.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree import ElementTree as ET

from tests.s3 import digests
from tests.s3.answers import Answer, Node, error_document, xml
from tests.s3.buckets import parsed
from tests.s3.call import Call
from tests.s3.errors import S3Error
from tests.s3.faults import Effect
from tests.s3.kept import check_customer_key, encryption_headers
from tests.s3.multipart import MOST_PARTS, upload_of
from tests.s3.objects import check_write
from tests.s3.store import Bucket, Completion, Piece, StoredObject, Upload


@dataclass(slots=True)
class Named:
    """A part as a completion names it."""

    number: int
    etag: str
    checksums: dict[str, str] = field(default_factory=dict)


def complete(call: Call) -> Answer:
    named = _named(call.body(of_body=False))
    if rule := call.plan.first(Effect.ERROR_200, Effect.ERROR_200_DONE):
        if rule.effect is Effect.ERROR_200_DONE:
            _complete(call, named)
        problem = S3Error(rule.code or "InternalError")
        document = error_document(problem, call.request.head.raw_path, "0")
        return Answer(200, {"content-type": "application/xml"}, document)
    return _complete(call, named)


def _named(body: bytes) -> list[Named]:
    root = parsed(body)
    parts = root.findall("Part")
    if root.tag != "CompleteMultipartUpload" or not parts or len(parts) > MOST_PARTS:
        raise S3Error("MalformedXML")
    return [_named_part(each) for each in parts]


def _named_part(part: ET.Element) -> Named:
    text, etag = part.findtext("PartNumber") or "", part.findtext("ETag")
    if not text.isdecimal() or not etag:
        raise S3Error("MalformedXML")
    given = {kind: part.findtext(digests.element(kind)) for kind in digests.KINDS}
    return Named(int(text), etag.strip('"'), {k: v for k, v in given.items() if v})


def _complete(call: Call, named: list[Named]) -> Answer:
    with call.store.lock:
        bucket = call.store.bucket(call.request.bucket)
        if again := _repeated(call, bucket, named):
            return again
        upload = upload_of(call)
        check_customer_key(call, upload.kept)
        pieces = _checked_parts(call, upload, named)
        stored = _assembled(call, upload, pieces)
        check_write(call)
        call.store.put(stored)
        bucket.completed[upload.id] = Completion(
            upload.key, [(n.number, n.etag) for n in named], call.now, stored.version
        )
        call.store.remove_upload(upload, keep=pieces)
    call.receipt.stored = True
    return _completed(stored)


def _repeated(call: Call, bucket: Bucket, named: list[Named]) -> Answer | None:
    before = bucket.completed.get(call.request.query["uploadId"])
    if before is None or call.faults.forget_completions:
        return None
    fresh = call.now - before.at <= call.settings.repeat_seconds
    same = before.key == call.request.key and before.parts == [(n.number, n.etag) for n in named]
    versions = bucket.objects.get(before.key, [])
    ours = [v for v in versions if v.upload_id == call.request.query["uploadId"]]
    return _completed(ours[-1]) if fresh and same and ours else None


def _checked_parts(call: Call, upload: Upload, named: list[Named]) -> list[Piece]:
    numbers = [each.number for each in named]
    if any(after <= before for before, after in pairwise(numbers)):
        raise S3Error("InvalidPartOrder", details={"UploadId": upload.id})
    pieces = [_checked_part(upload, each) for each in named]
    for each, piece in zip(named[:-1], pieces, strict=False):
        if piece.size < call.settings.minimum_part:
            details = {
                "ProposedSize": str(piece.size),
                "MinSizeAllowed": str(call.settings.minimum_part),
                "PartNumber": str(each.number),
                "ETag": each.etag,
            }
            raise S3Error("EntityTooSmall", details=details)
    expected = call.request.header("x-amz-mp-object-size")
    if expected and expected != str(sum(piece.size for piece in pieces)):
        raise S3Error(
            "InvalidRequest",
            "The parts together are not as long as x-amz-mp-object-size says.",
        )
    return pieces


def _checked_part(upload: Upload, named: Named) -> Piece:
    piece = upload.parts.get(named.number)
    details = {"UploadId": upload.id, "PartNumber": str(named.number), "ETag": named.etag}
    if piece is None or piece.md5 != named.etag:
        raise S3Error("InvalidPart", details=details)
    if upload.checksum_type == digests.COMPOSITE and upload.algorithm not in named.checksums:
        raise S3Error(
            "InvalidRequest",
            f"The upload was created using a {upload.algorithm} checksum. It is missing for part "
            f"{named.number} in the request.",
        )
    for kind, value in named.checksums.items():
        if upload.algorithm and piece.checksums.get(kind) != value:
            raise S3Error("InvalidPart", details=details)
    return piece


def _assembled(call: Call, upload: Upload, pieces: list[Piece]) -> StoredObject:
    checksums, checksum_type = _whole(upload, pieces)
    _check_whole(call, upload, checksums)
    return StoredObject(
        upload.bucket,
        upload.key,
        digests.etag_of_parts(piece.md5 for piece in pieces),
        pieces,
        upload.kept,
        call.now,
        checksums=checksums,
        checksum_type=checksum_type,
        multipart=True,
        upload_id=upload.id,
    )


def _whole(upload: Upload, pieces: list[Piece]) -> tuple[dict[str, str], str]:
    kind = upload.algorithm
    if upload.checksum_type == digests.COMPOSITE:
        value = digests.composite(kind, (piece.checksums[kind] for piece in pieces))
        return {kind: value}, digests.COMPOSITE
    sizes = [piece.size for piece in pieces]
    if kind and all(kind in piece.checksums for piece in pieces):
        values = [piece.checksums[kind] for piece in pieces]
    elif not kind and all(piece.crc64nvme for piece in pieces):
        kind, values = "crc64nvme", [piece.crc64nvme for piece in pieces]
    else:
        return {}, ""
    return {kind: digests.combined(kind, zip(values, sizes, strict=True))}, digests.FULL


def _check_whole(call: Call, upload: Upload, checksums: dict[str, str]) -> None:
    told_type = call.request.header("x-amz-checksum-type").upper()
    if told_type and told_type != upload.checksum_type:
        raise S3Error("BadDigest", "The checksum type does not match that of the upload.")
    for kind in digests.KINDS:
        told = call.request.header(f"x-amz-checksum-{kind}")
        if not told:
            continue
        if kind not in checksums:
            raise S3Error(
                "InvalidRequest",
                f"The upload was created using the {upload.algorithm or 'null'} checksum.",
            )
        if told not in {checksums[kind], checksums[kind].partition("-")[0]}:
            raise S3Error(
                "BadDigest", f"The {kind} you specified did not match the calculated checksum."
            )


def _completed(stored: StoredObject) -> Answer:
    content: dict[str, Node] = {
        "Location": f"/{stored.bucket}/{stored.key}",
        "Bucket": stored.bucket,
        "Key": stored.key,
        "ETag": f'"{stored.etag}"',
        **{digests.element(kind): value for kind, value in stored.checksums.items()},
        "ChecksumType": stored.checksum_type or None,
    }
    headers = encryption_headers(stored.kept)
    if stored.version != "null":
        headers["x-amz-version-id"] = stored.version
    return xml("CompleteMultipartUploadResult", content, **headers)
