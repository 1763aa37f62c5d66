"""What both our server and moto do as the service does: neither is taken for right alone."""

import hashlib

import pytest

from tests.s3.conftest import Service
from tests.s3.steps import Refusal, begin, checksum, complete, send

PART = b"p" * (5 << 20)
"""moto knows one least size only, that of the service."""


def test_an_object_comes_back_as_it_was_put(service: Service) -> None:
    put = service.client.put_object(
        Bucket="films",
        Key="a b/ü+1.mp4",
        Body=b"moving",
        ContentType="video/mp4",
        ContentEncoding="gzip",
        Metadata={"nonce": "n-1"},
    )
    got = service.client.get_object(Bucket="films", Key="a b/ü+1.mp4")
    assert got["Body"].read() == b"moving"
    assert put["ETag"] == got["ETag"] == f'"{hashlib.md5(b"moving").hexdigest()}"'
    assert got["ContentType"] == "video/mp4"
    assert got["ContentEncoding"] == "gzip"
    assert got["Metadata"] == {"nonce": "n-1"}


def test_an_empty_object_is_an_object(service: Service) -> None:
    service.client.put_object(Bucket="films", Key="empty", Body=b"")
    assert service.client.head_object(Bucket="films", Key="empty")["ContentLength"] == 0
    assert service.client.get_object(Bucket="films", Key="empty")["Body"].read() == b""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("bytes=2-4", b"vin"), ("bytes=4-", b"ng"), ("bytes=-2", b"ng"), ("bytes=3-99", b"ing")],
)
def test_a_range_is_exactly_what_was_asked(service: Service, asked: str, expected: bytes) -> None:
    service.client.put_object(Bucket="films", Key="film", Body=b"moving")
    got = service.client.get_object(Bucket="films", Key="film", Range=asked)
    assert got["Body"].read() == expected
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert got["ContentRange"].endswith("/6")


def test_a_range_behind_the_end_is_refused(service: Service) -> None:
    service.client.put_object(Bucket="films", Key="film", Body=b"moving")
    with Refusal() as refusal:
        service.client.get_object(Bucket="films", Key="film", Range="bytes=6-9")
    assert (refusal.code, refusal.status) == ("InvalidRange", 416)


def test_a_changed_object_is_not_given_to_who_wants_the_old_one(service: Service) -> None:
    service.client.put_object(Bucket="films", Key="film", Body=b"moving")
    with Refusal() as refusal:
        service.client.get_object(Bucket="films", Key="film", IfMatch='"other"')
    assert refusal.status == 412


def test_what_is_not_there_is_said_by_name(service: Service) -> None:
    with Refusal() as object_gone:
        service.client.get_object(Bucket="films", Key="none")
    with Refusal() as bucket_gone:
        service.client.put_object(Bucket="nowhere", Key="film", Body=b"")
    with Refusal() as looked:
        service.client.head_object(Bucket="films", Key="none")
    with Refusal() as upload_gone:
        service.client.list_parts(Bucket="films", Key="none", UploadId="none")
    assert (object_gone.code, object_gone.status) == ("NoSuchKey", 404)
    assert (bucket_gone.code, bucket_gone.status) == ("NoSuchBucket", 404)
    assert looked.status == 404
    assert (upload_gone.code, upload_gone.status) == ("NoSuchUpload", 404)


def test_parts_become_one_object_in_their_order(service: Service) -> None:
    upload = begin(service.client, Metadata={"nonce": "n-2"}, ContentType="video/mp4")
    last = send(service.client, upload, 2, b"end")
    first = send(service.client, upload, 1, PART)
    done = complete(service.client, upload, [first, last])
    looked = service.client.head_object(Bucket="films", Key="film")
    assert looked["ContentLength"] == len(PART) + 3
    assert done["ETag"].endswith('-2"')
    assert looked["ETag"] == done["ETag"]
    assert looked["Metadata"] == {"nonce": "n-2"}
    ends = service.client.get_object(Bucket="films", Key="film", Range="bytes=5242878-")
    assert ends["Body"].read() == b"ppend"


def test_a_part_sent_again_takes_the_place_of_the_first(service: Service) -> None:
    upload = begin(service.client)
    send(service.client, upload, 1, b"old")
    fresh = send(service.client, upload, 1, b"new!")
    parts = service.client.list_parts(**upload)["Parts"]
    assert [(part["PartNumber"], part["Size"]) for part in parts] == [(1, 4)]
    complete(service.client, upload, [fresh])
    assert service.client.get_object(Bucket="films", Key="film")["Body"].read() == b"new!"


def test_parts_are_listed_page_by_page(service: Service) -> None:
    upload = begin(service.client)
    for number in (1, 3, 7):
        send(service.client, upload, number, b"x" * number)
    first = service.client.list_parts(**upload, MaxParts=2)
    rest = service.client.list_parts(
        **upload, MaxParts=2, PartNumberMarker=first["NextPartNumberMarker"]
    )
    assert [part["PartNumber"] for part in first["Parts"]] == [1, 3]
    assert (first["IsTruncated"], rest["IsTruncated"]) == (True, False)
    assert [(part["PartNumber"], part["Size"]) for part in rest["Parts"]] == [(7, 7)]


def test_parts_that_are_too_small_are_refused_at_the_end(service: Service) -> None:
    upload = begin(service.client)
    parts = [send(service.client, upload, number, b"small") for number in (1, 2)]
    with Refusal() as refusal:
        complete(service.client, upload, parts)
    assert (refusal.code, refusal.status) == ("EntityTooSmall", 400)


def test_a_completion_with_another_etag_is_refused_and_the_upload_lives(service: Service) -> None:
    upload = begin(service.client)
    part = send(service.client, upload, 1, b"film")
    with Refusal() as refusal:
        complete(service.client, upload, [{**part, "ETag": f'"{"0" * 32}"'}])
    assert (refusal.code, refusal.status) == ("InvalidPart", 400)
    complete(service.client, upload, [part])


def test_an_aborted_upload_is_gone_with_its_parts(service: Service) -> None:
    upload = begin(service.client)
    send(service.client, upload, 1, b"film")
    service.client.abort_multipart_upload(**upload)
    with Refusal() as refusal:
        send(service.client, upload, 2, b"film")
    assert refusal.code == "NoSuchUpload"
    assert "Uploads" not in service.client.list_multipart_uploads(Bucket="films")


def test_unfinished_uploads_are_found_by_the_beginning_of_their_key(service: Service) -> None:
    begin(service.client, "a/1")
    begin(service.client, "b/1")
    found = service.client.list_multipart_uploads(Bucket="films", Prefix="b/")["Uploads"]
    assert [upload["Key"] for upload in found] == ["b/1"]


def test_an_object_that_is_there_is_not_replaced_by_who_does_not_want_to(service: Service) -> None:
    service.client.put_object(Bucket="films", Key="film", Body=b"old")
    with Refusal() as put:
        service.client.put_object(Bucket="films", Key="film", Body=b"new", IfNoneMatch="*")
    upload = begin(service.client)
    part = send(service.client, upload, 1, b"new")
    with Refusal() as completed:
        complete(service.client, upload, [part], IfNoneMatch="*")
    assert (put.code, completed.code) == ("PreconditionFailed", "PreconditionFailed")
    assert service.client.get_object(Bucket="films", Key="film")["Body"].read() == b"old"


@pytest.mark.parametrize("kind", ["CRC32", "CRC64NVME", "SHA256"])
def test_a_checksum_of_an_object_is_given_back(service: Service, kind: str) -> None:
    value = checksum(kind.lower(), b"moving")
    service.client.put_object(
        Bucket="films", Key="film", Body=b"moving", **{f"Checksum{kind}": value}
    )
    looked = service.client.head_object(Bucket="films", Key="film", ChecksumMode="ENABLED")
    assert looked[f"Checksum{kind}"] == value


def test_keys_are_listed_by_folder_and_page(service: Service) -> None:
    for key in ("a/1", "a/2", "b", "c"):
        service.client.put_object(Bucket="films", Key=key, Body=b"x")
    folded = service.client.list_objects_v2(Bucket="films", Delimiter="/")
    assert [each["Prefix"] for each in folded["CommonPrefixes"]] == ["a/"]
    assert [each["Key"] for each in folded["Contents"]] == ["b", "c"]
    pages = service.client.get_paginator("list_objects_v2").paginate(
        Bucket="films", PaginationConfig={"PageSize": 3}
    )
    assert [e["Key"] for page in pages for e in page["Contents"]] == ["a/1", "a/2", "b", "c"]


def test_encryption_that_was_asked_for_is_told(service: Service) -> None:
    upload = begin(service.client, ServerSideEncryption="aws:kms", SSEKMSKeyId="our-key")
    complete(service.client, upload, [send(service.client, upload, 1, b"film")])
    looked = service.client.head_object(Bucket="films", Key="film")
    assert (looked["ServerSideEncryption"], looked["SSEKMSKeyId"]) == ("aws:kms", "our-key")


def test_rules_of_a_bucket_are_kept(service: Service) -> None:
    with Refusal() as refusal:
        service.client.get_bucket_lifecycle_configuration(Bucket="films")
    rule = {
        "ID": "stale",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    service.client.put_bucket_lifecycle_configuration(
        Bucket="films", LifecycleConfiguration={"Rules": [rule]}
    )
    kept = service.client.get_bucket_lifecycle_configuration(Bucket="films")["Rules"]
    assert refusal.code == "NoSuchLifecycleConfiguration"
    assert kept[0]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def test_older_versions_stay_where_versions_are_kept(service: Service) -> None:
    service.client.create_bucket(Bucket="archive")
    service.client.put_bucket_versioning(
        Bucket="archive", VersioningConfiguration={"Status": "Enabled"}
    )
    old = service.client.put_object(Bucket="archive", Key="film", Body=b"old")["VersionId"]
    new = service.client.put_object(Bucket="archive", Key="film", Body=b"new")["VersionId"]
    got = service.client.get_object(Bucket="archive", Key="film", VersionId=old)
    assert got["Body"].read() == b"old"
    marker = service.client.delete_object(Bucket="archive", Key="film")["VersionId"]
    with Refusal() as refusal:
        service.client.get_object(Bucket="archive", Key="film")
    assert refusal.code == "NoSuchKey"
    for version in (old, new, marker):
        service.client.delete_object(Bucket="archive", Key="film", VersionId=version)
    service.client.delete_bucket(Bucket="archive")


def test_only_an_empty_bucket_can_be_removed(service: Service) -> None:
    service.client.put_object(Bucket="films", Key="film", Body=b"x")
    with Refusal() as refusal:
        service.client.delete_bucket(Bucket="films")
    assert (refusal.code, refusal.status) == ("BucketNotEmpty", 409)
