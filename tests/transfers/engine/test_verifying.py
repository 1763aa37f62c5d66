"""What a service says of an object is compared with what was confirmed when it was sent."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind
from desktop.config.keychain import Secret
from desktop.domain.transfers import Destination, Direction, Transfer, TransferState
from desktop.transfers.engine.verifying import verify
from tests.s3.clients import client_for
from tests.s3.server import S3Server


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with S3Server() as made:
        made.create_bucket("films")
        yield made


@pytest.fixture
def store(s3: S3Server) -> Iterator[ObjectStore]:
    place = Destination("d", "D", "films", "us-east-1", s3.endpoint, path_style=True)
    keys = AccessKeys(s3.keys.key_id, Secret(s3.keys.secret))
    made = ObjectStore(place, keys, kind=ChecksumKind.CRC64NVME)
    yield made
    made.close()


@pytest.fixture
def row(s3: S3Server, store: ObjectStore) -> Transfer:
    put(s3, b"picture")
    there = store.head("a.mp4")
    return Transfer(
        "1", Direction.UPLOAD, "/a", "d", "films", "a.mp4", 7, TransferState.DONE, 1.0,
        etag=there.etag, checksum=f"crc64nvme:{there.checksum}",
    )  # fmt: skip


def put(s3: S3Server, data: bytes) -> None:
    client = client_for(s3.endpoint, s3.keys)
    client.put_object(Bucket="films", Key="a.mp4", Body=data, ChecksumAlgorithm="CRC64NVME")
    client.close()


def test_what_is_as_it_was_sent_is_intact(store: ObjectStore, row: Transfer) -> None:
    found = verify(store, row)
    assert (found.intact, found.checksum, found.reason) == (True, row.checksum, "")


def test_another_object_under_the_name_is_noticed(
    s3: S3Server, store: ObjectStore, row: Transfer
) -> None:
    put(s3, b"Picture")
    assert verify(store, row).reason == "What lies there has another checksum than what was sent."
    known_by_etag = verify(store, replace(row, checksum=""))
    assert known_by_etag.reason == "It was replaced by another object since it was sent."


def test_an_object_that_was_removed_is_noticed(store: ObjectStore, row: Transfer) -> None:
    store.delete("a.mp4")
    found = verify(store, row)
    assert not found.intact
    assert found.missing
    assert found.reason == "There is no “a.mp4” in the bucket “films”."


def test_a_service_that_cannot_be_asked_says_nothing_of_the_object(
    s3: S3Server, row: Transfer
) -> None:
    place = Destination("d", "D", "films", "us-east-1", s3.endpoint, path_style=True)
    stranger = ObjectStore(place, AccessKeys("other", Secret("test-secret")))
    with pytest.raises(CloudFault):
        verify(stranger, row)
    stranger.close()
