"""What is refused as the service refuses it; where moto takes it, the deviations say so."""

import base64
import hashlib
from typing import Any

import pytest
from botocore.config import Config

from tests.s3.call import Settings
from tests.s3.conftest import SMALL_PART, Service
from tests.s3.server import S3Server
from tests.s3.steps import Refusal, begin, checksum, complete, send

DATA = b"moving pictures" * 10
OTHER = b"moving pictureS" * 10


@pytest.mark.parametrize("kind", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_a_part_with_a_wrong_checksum_is_refused(service: Service, kind: str) -> None:
    upload = begin(service.client, ChecksumAlgorithm=kind)
    with Refusal() as refusal:
        send(service.client, upload, 1, DATA, **{f"Checksum{kind}": checksum(kind.lower(), OTHER)})
    assert (refusal.code, refusal.status) == ("BadDigest", 400)
    assert "Parts" not in service.client.list_parts(**upload)


def test_an_object_with_a_wrong_md5_is_refused(service: Service) -> None:
    wrong = base64.b64encode(hashlib.md5(OTHER).digest()).decode()
    with Refusal() as refusal:
        service.client.put_object(Bucket="films", Key="film", Body=DATA, ContentMD5=wrong)
    assert (refusal.code, refusal.status) == ("BadDigest", 400)
    assert service.client.list_objects_v2(Bucket="films")["KeyCount"] == 0


def test_an_md5_that_is_none_is_refused(service: Service) -> None:
    with Refusal() as refusal:
        service.client.put_object(Bucket="films", Key="film", Body=DATA, ContentMD5="nonsense")
    assert refusal.code == "InvalidDigest"


def test_the_checksum_of_the_whole_is_verified_at_the_end(service: Service) -> None:
    upload = begin(service.client, ChecksumAlgorithm="CRC64NVME", ChecksumType="FULL_OBJECT")
    part = send(service.client, upload, 1, DATA, ChecksumCRC64NVME=checksum("crc64nvme", DATA))
    with Refusal() as refusal:
        complete(
            service.client,
            upload,
            [part],
            ChecksumCRC64NVME=checksum("crc64nvme", OTHER),
            ChecksumType="FULL_OBJECT",
        )
    assert refusal.code == "BadDigest"


def test_the_size_of_the_whole_is_verified_at_the_end(service: Service) -> None:
    upload = begin(service.client)
    part = send(service.client, upload, 1, DATA)
    with Refusal() as refusal:
        complete(service.client, upload, [part], MpuObjectSize=len(DATA) + 1)
    assert refusal.code == "InvalidRequest"


def test_parts_out_of_order_are_refused(service: Service) -> None:
    upload = begin(service.client)
    parts = [send(service.client, upload, number, DATA) for number in (1, 2)]
    with Refusal() as refusal:
        complete(service.client, upload, reversed(parts))
    assert (refusal.code, refusal.status) == ("InvalidPartOrder", 400)


def test_a_composite_checksum_needs_those_of_all_parts(service: Service) -> None:
    upload = begin(service.client, ChecksumAlgorithm="SHA256")
    part = send(service.client, upload, 1, DATA, ChecksumAlgorithm="SHA256")
    part.pop("ChecksumSHA256", None)
    with Refusal() as refusal:
        complete(service.client, upload, [part])
    assert refusal.code == "InvalidRequest"


def test_a_part_with_another_kind_of_checksum_is_refused(service: Service) -> None:
    upload = begin(service.client, ChecksumAlgorithm="CRC64NVME")
    with Refusal() as refusal:
        send(service.client, upload, 1, DATA, ChecksumCRC32=checksum("crc32", DATA))
    assert refusal.code == "InvalidRequest"
    assert "expected checksum Type: crc64nvme" in refusal.error["Message"]


def test_a_checksum_of_the_whole_cannot_be_of_any_kind(service: Service) -> None:
    with Refusal() as refusal:
        begin(service.client, ChecksumAlgorithm="SHA256", ChecksumType="FULL_OBJECT")
    assert refusal.code == "InvalidRequest"


@pytest.mark.parametrize("number", [0, 10_001])
def test_part_numbers_have_bounds(service: Service, number: int) -> None:
    upload = begin(service.client)
    with Refusal() as refusal:
        send(service.client, upload, number, DATA)
    assert (refusal.code, refusal.status) == ("InvalidArgument", 400)


def test_an_upload_belongs_to_its_key(service: Service) -> None:
    upload = begin(service.client)
    with Refusal() as refusal:
        send(service.client, {**upload, "Key": "another"}, 1, DATA)
    assert refusal.code == "NoSuchUpload"


@pytest.mark.parametrize("kind", ["CRC32", "CRC32C", "CRC64NVME"])
def test_the_checksum_of_the_whole_is_made_of_those_of_parts(client: Any, kind: str) -> None:
    upload = begin(client, ChecksumAlgorithm=kind, ChecksumType="FULL_OBJECT")
    parts = [send(client, upload, n, DATA, ChecksumAlgorithm=kind) for n in (1, 2)]
    whole = {f"Checksum{kind}": checksum(kind.lower(), DATA * 2)}
    done = complete(client, upload, parts, **whole)
    looked = client.head_object(Bucket="films", Key="film", ChecksumMode="ENABLED")
    assert done["ChecksumType"] == looked["ChecksumType"] == "FULL_OBJECT"
    assert {name: looked[name] for name in whole} == whole
    assert {name: done[name] for name in whole} == whole


def test_a_composite_checksum_says_of_how_many_parts(client: Any) -> None:
    upload = begin(client, ChecksumAlgorithm="CRC32")
    parts = [send(client, upload, n, DATA, ChecksumAlgorithm="CRC32") for n in (1, 2)]
    done = complete(client, upload, parts)
    both = base64.b64decode(checksum("crc32", DATA)) * 2
    assert done["ChecksumCRC32"] == f"{checksum('crc32', both)}-2"
    assert done["ChecksumType"] == "COMPOSITE"


def test_the_etag_of_parts_is_the_md5_of_their_md5s(client: Any) -> None:
    upload = begin(client)
    done = complete(client, upload, [send(client, upload, n, DATA) for n in (1, 2)])
    assert done["ETag"] == f'"{hashlib.md5(hashlib.md5(DATA).digest() * 2).hexdigest()}-2"'


def test_without_a_checksum_the_service_adds_one(client: Any, s3: S3Server) -> None:
    upload = begin(client)
    complete(client, upload, [send(client, upload, n, DATA) for n in (1, 2)])
    looked = client.head_object(Bucket="films", Key="film", ChecksumMode="ENABLED")
    assert looked["ChecksumCRC64NVME"] == checksum("crc64nvme", DATA * 2)
    assert s3.object("films", "film").crc64nvme == looked["ChecksumCRC64NVME"]
    assert s3.object("films", "film").md5 == hashlib.md5(DATA * 2).hexdigest()


def test_parts_may_leave_a_whole_object_checksum_to_the_service(s3: S3Server) -> None:
    client = s3.client(config=Config(request_checksum_calculation="when_required"))
    upload = begin(client, ChecksumAlgorithm="CRC32C", ChecksumType="FULL_OBJECT")
    part = send(client, upload, 1, DATA)
    assert part["ChecksumCRC32C"] == checksum("crc32c", DATA)
    composite = begin(client, ChecksumAlgorithm="SHA256")
    with Refusal() as refusal:
        send(client, composite, 1, DATA)
    assert "actual checksum Type: null" in refusal.error["Message"]


def test_a_completion_can_be_asked_for_again(client: Any, s3: S3Server) -> None:
    upload = begin(client)
    part = send(client, upload, 1, DATA)
    first = complete(client, upload, [part])
    again = complete(client, upload, [part])
    assert again["ETag"] == first["ETag"]
    s3.faults.forget_completions = True
    with Refusal() as refusal:
        complete(client, upload, [part])
    assert refusal.code == "NoSuchUpload"


def test_a_completion_is_forgotten_in_time(client: Any, s3: S3Server) -> None:
    upload = begin(client)
    part = send(client, upload, 1, DATA)
    complete(client, upload, [part])
    s3.settings.repeat_seconds = -1.0
    with Refusal() as refusal:
        complete(client, upload, [part])
    assert refusal.code == "NoSuchUpload"


def test_sizes_are_those_of_the_service_unless_said_otherwise() -> None:
    assert Settings().minimum_part == 5 << 20
    assert len(DATA) > SMALL_PART


def test_the_date_of_a_rule_is_told_with_an_upload(client: Any) -> None:
    rule = {
        "ID": "stale",
        "Status": "Enabled",
        "Filter": {"Prefix": "film"},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    client.put_bucket_lifecycle_configuration(
        Bucket="films", LifecycleConfiguration={"Rules": [rule]}
    )
    created = client.create_multipart_upload(Bucket="films", Key="film")
    listed = client.list_parts(Bucket="films", Key="film", UploadId=created["UploadId"])
    other = client.create_multipart_upload(Bucket="films", Key="other")
    assert created["AbortRuleId"] == "stale"
    assert listed["AbortDate"] == created["AbortDate"]
    assert created["AbortDate"].timestamp() % 86_400 == 0
    assert "AbortDate" not in other


def test_a_customers_key_is_needed_for_every_part_and_every_look() -> None:
    key = b"k" * 32
    with S3Server(tls=True) as s3:
        s3.create_bucket("films")
        client = s3.client()
        own: dict[str, Any] = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}
        wrong = {**own, "SSECustomerKey": b"w" * 32}
        upload = begin(client, **own)
        with Refusal() as missing:
            send(client, upload, 1, DATA)
        part = send(client, upload, 1, DATA, **own)
        complete(client, upload, [part], **own)
        with Refusal() as keyless:
            client.get_object(Bucket="films", Key="film")
        with Refusal() as foreign:
            client.get_object(Bucket="films", Key="film", **wrong)
        got = client.get_object(Bucket="films", Key="film", **own)
        assert got["Body"].read() == DATA
        assert "ServerSideEncryption" not in got
        assert part["ETag"] != f'"{hashlib.md5(DATA).hexdigest()}"'
    assert (missing.status, keyless.status, foreign.status) == (400, 400, 403)


def test_a_customers_key_is_never_taken_in_the_clear(client: Any) -> None:
    with Refusal() as refusal:
        begin(client, SSECustomerAlgorithm="AES256", SSECustomerKey=b"k" * 32)
    assert refusal.code == "InvalidRequest"


def test_under_kms_an_etag_is_no_md5(client: Any) -> None:
    client.put_object(Bucket="films", Key="film", Body=DATA, ServerSideEncryption="aws:kms")
    looked = client.head_object(Bucket="films", Key="film")
    assert looked["ETag"] != f'"{hashlib.md5(DATA).hexdigest()}"'


def test_names_of_buckets_and_lengths_of_keys_have_rules(client: Any) -> None:
    with Refusal() as long:
        client.put_object(Bucket="films", Key="k" * 1025, Body=b"")
    with Refusal() as large:
        client.put_object(Bucket="films", Key="film", Body=b"", Metadata={"m": "x" * 2048})
    with Refusal() as twice:
        client.create_bucket(Bucket="films")
    assert long.code == "KeyTooLongError"
    assert large.code == "MetadataTooLarge"
    assert twice.code == "BucketAlreadyOwnedByYou"


def test_uploads_are_listed_page_by_page(client: Any) -> None:
    uploads = {begin(client, key)["UploadId"] for key in ("a", "a", "b", "c")}
    pages = client.get_paginator("list_multipart_uploads").paginate(
        Bucket="films", PaginationConfig={"PageSize": 1}
    )
    found = [upload["UploadId"] for page in pages for upload in page["Uploads"]]
    assert len(found) == 4
    assert set(found) == uploads


def test_another_part_of_an_object_can_be_asked_for(client: Any) -> None:
    upload = begin(client)
    complete(client, upload, [send(client, upload, n, DATA + b"%d" % n) for n in (1, 2)])
    got = client.get_object(Bucket="films", Key="film", PartNumber=2)
    assert got["Body"].read() == DATA + b"2"
    assert got["PartsCount"] == 2


def test_what_is_not_implemented_says_so(client: Any) -> None:
    with Refusal() as refusal:
        client.get_bucket_policy(Bucket="films")
    assert (refusal.code, refusal.status) == ("NotImplemented", 501)
