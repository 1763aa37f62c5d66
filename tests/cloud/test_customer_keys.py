"""Objects encrypted with a key of the customer's own, signed for by whoever signs."""

import base64
from collections.abc import Callable, Iterator

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind
from desktop.config.keychain import Secret
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Encryption
from tests.cloud.conftest import MP4, Film, destination_of
from tests.s3.server import S3Server

OWN = base64.b64encode(b"a key of the customer, 32 bytes!").decode()
OTHER = base64.b64encode(b"another key of 32 bytes, for sure").decode()[:43] + "="


def only(own: str) -> AccessKeys:
    """Return what is known of keys where a profile signs."""
    return AccessKeys("", Secret(""), customer_key=Secret(own))


@pytest.fixture
def by_profile(secure: S3Server, profile_file: Callable[[str], None]) -> Iterator[ObjectStore]:
    profile_file(
        f"[profile work]\naws_access_key_id = {secure.keys.key_id}\n"
        f"aws_secret_access_key = {secure.keys.secret}\n"
    )
    place = destination_of(secure, profile="work", encryption=Encryption.CUSTOMER)
    made = ObjectStore(place, only(OWN), kind=ChecksumKind.CRC64NVME)
    yield made
    made.close()


def test_a_profile_signs_and_the_customers_key_encrypts(
    by_profile: ObjectStore, film: Film
) -> None:
    upload = by_profile.create("own.mp4", MP4, ChecksumKind.CRC64NVME)
    parts = film.send(by_profile, upload)
    size = len(film.content)
    by_profile.complete(upload, parts, checksum=film.checksum(), size=size, replace=False)
    assert by_profile.head("own.mp4").size == size


def test_without_the_key_the_object_is_not_to_be_had(by_profile: ObjectStore, film: Film) -> None:
    by_profile.put_whole("small.mp4", film.body(), MP4, replace=True)
    by_profile.use_keys(only(OTHER))
    with pytest.raises(CloudFault):
        by_profile.head("small.mp4")
    by_profile.use_keys(None)
    with pytest.raises(CloudFault) as caught:
        by_profile.head("small.mp4")
    assert caught.value.fault.kind is FaultKind.CREDENTIALS
    by_profile.use_keys(only(OWN))
    assert by_profile.head("small.mp4").size == len(film.content)


def test_the_whole_check_of_a_destination_works_with_a_profile(by_profile: ObjectStore) -> None:
    assert by_profile.check().ok
