"""The local S3 and moto, as they are asked by the same tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.s3.clients import client_for
from tests.s3.server import KEYS, S3Server

SMALL_PART = 64
"""Least part of servers in these tests: what is tested is the rule, not the number."""

DEVIATIONS = {
    "test_an_aborted_upload_is_gone_with_its_parts": "falls over a part of an aborted upload",
    "test_a_checksum_of_an_object_is_given_back": "computes checksums, keeps none that was sent",
    "test_parts_are_listed_page_by_page": "says of a page of parts that it is the last",
    "test_a_part_with_a_wrong_checksum_is_refused": "accepts wrong checksums of parts",
    "test_an_object_with_a_wrong_md5_is_refused": "accepts a wrong Content-MD5",
    "test_an_md5_that_is_none_is_refused": "accepts any Content-MD5",
    "test_the_checksum_of_the_whole_is_verified_at_the_end": "verifies no whole-object checksum",
    "test_the_size_of_the_whole_is_verified_at_the_end": "does not know MpuObjectSize",
    "test_parts_out_of_order_are_refused": "looks at sizes before the order",
    "test_a_composite_checksum_needs_those_of_all_parts": "completes without them",
    "test_a_part_with_another_kind_of_checksum_is_refused": "takes any kind",
    "test_a_checksum_of_the_whole_cannot_be_of_any_kind": "takes any type with any kind",
    "test_part_numbers_have_bounds[moto-0]": "looks for a part's upload before its number",
    "test_an_upload_belongs_to_its_key": "finds uploads whatever the key",
}
"""What moto does otherwise than the service; a test that passes all the same fails."""


@dataclass(frozen=True)
class Service:
    """A server, a client of it, and whether it is ours."""

    client: Any
    ours: bool


@pytest.fixture
def s3() -> Iterator[S3Server]:
    with S3Server(minimum_part=SMALL_PART) as server:
        server.create_bucket("films")
        yield server


@pytest.fixture
def client(s3: S3Server) -> Any:
    return s3.client()


@pytest.fixture(scope="session")
def moto_endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def moto(moto_endpoint: str) -> Any:
    """A client of moto, whose buckets are gone afterwards."""
    client = client_for(moto_endpoint, KEYS)
    client.create_bucket(Bucket="films")
    yield client
    for upload in client.list_multipart_uploads(Bucket="films").get("Uploads", []):
        client.abort_multipart_upload(
            Bucket="films", Key=upload["Key"], UploadId=upload["UploadId"]
        )
    for entry in client.list_objects_v2(Bucket="films").get("Contents", []):
        client.delete_object(Bucket="films", Key=entry["Key"])
    client.delete_bucket(Bucket="films")


@pytest.fixture(params=["ours", "moto"])
def service(request: pytest.FixtureRequest) -> Service:
    """Both servers, one after the other."""
    name = "client" if request.param == "ours" else "moto"
    node = request.node.name
    wrong = DEVIATIONS.get(node) or DEVIATIONS.get(request.function.__name__)
    if wrong and request.param == "moto":
        request.applymarker(pytest.mark.xfail(reason=f"moto {wrong}", strict=True))
    return Service(request.getfixturevalue(name), request.param == "ours")
