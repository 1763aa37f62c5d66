"""Whatever the service does, the object is right in the end, or the row says what to do."""

import asyncio
from typing import Any

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.config.keychain import Secret
from desktop.domain.errors import NotFound
from desktop.domain.events import TransferBatchEnded
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Limits, Transfer, TransferState, UploadRequest
from tests.transfers.engine.stations import MIB, World, md5


async def failed(world: World, transfer_id: str, kind: FaultKind) -> None:
    row = await world.over(transfer_id)
    assert row.fault is not None, row
    assert row.fault.kind is kind, row
    assert row.reason
    assert row.remedy


@pytest.mark.parametrize("size", [1000, 20 * MIB])
async def test_a_bucket_that_is_missing_is_named(world: World, size: int) -> None:
    await world.begin(bucket="nowhere")
    await failed(world, await world.upload(world.file(size=size)), FaultKind.NO_BUCKET)


async def test_an_account_that_may_not_write_is_told_so_and_nothing_is_tried_twice(
    world: World,
) -> None:
    world.s3.change(faults={"denied": ["CreateMultipartUpload"]})
    await failed(world, await world.upload(world.file()), FaultKind.DENIED)
    assert world.s3.account()["operations"]["CreateMultipartUpload"] == 1


@pytest.mark.parametrize("answer", ["PermanentRedirect", "AuthorizationHeaderMalformed"])
async def test_a_bucket_in_another_region_is_followed_there(world: World, answer: str) -> None:
    world.s3.change(bucket={"name": f"{world.bucket}-far", "region": "eu-west-1"})
    world.s3.change(faults={"region_answer": answer})
    path = world.file()
    await world.begin(bucket=f"{world.bucket}-far")
    await world.done(await world.upload(path))
    assert world.s3.object(f"{world.bucket}-far", "film.mp4")["md5"] == md5(path)


async def test_an_upload_that_ended_at_the_service_is_begun_anew(world: World) -> None:
    path = world.file()
    # The second part stands still: however late this test looks, the upload is not complete.
    world.s3.change(rule={"effect": "stall body", "operation": "UploadPart", "skip": 1, "times": 1})
    await world.use(limits=Limits(connections=1))
    transfer_id = await world.upload(path)
    row = await world.moving(transfer_id, share=0.1)
    await world.client.pause([transfer_id])
    world.s3.client().abort_multipart_upload(
        Bucket=world.bucket, Key="film.mp4", UploadId=row.upload_id
    )
    await world.client.resume([transfer_id])
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)
    await world.nothing_left()


FAULTS: list[dict[str, Any]] = [
    {"effect": "drop answer", "operation": "CompleteMultipartUpload"},
    {"effect": "error 200", "operation": "CompleteMultipartUpload"},
    {"effect": "error 200 done", "operation": "CompleteMultipartUpload"},
    {"effect": "error", "operation": "CompleteMultipartUpload", "code": "InternalError"},
    {"effect": "drop answer", "operation": "CreateMultipartUpload"},
    {"effect": "error", "operation": "UploadPart", "code": "SlowDown"},
    {"effect": "drop body", "operation": "UploadPart", "after": 3 * MIB},
    {"effect": "drop answer", "operation": "UploadPart"},
    {"effect": "damage received", "operation": "UploadPart"},
    {"effect": "error", "operation": "UploadPart", "code": "RequestTimeTooSkewed"},
    {"effect": "error", "operation": "HeadObject", "code": "InternalError"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f['operation']}: {f['effect']}")
async def test_an_upload_survives_what_goes_wrong_once(world: World, fault: dict[str, Any]) -> None:
    world.s3.change(rule={"times": 1, **fault})
    path = world.file()
    await world.done(await world.upload(path))
    assert world.object()["md5"] == md5(path)
    assert world.s3.account()["resent"] == {}
    await world.nothing_left()


@pytest.mark.parametrize("effect", ["drop answer", "damage received", "error late", "drop body"])
async def test_a_small_upload_survives_what_goes_wrong_once(world: World, effect: str) -> None:
    world.s3.change(rule={"times": 1, "operation": "PutObject", "effect": effect})
    path = world.file(size=100_000)
    await world.done(await world.upload(path))
    assert world.object()["md5"] == md5(path)


async def test_with_a_twelfth_of_all_requests_failing_little_is_sent_again(world: World) -> None:
    for rule in (
        {"effect": "error", "code": "SlowDown", "chance": 0.05},
        {"effect": "drop body", "after": MIB, "operation": "UploadPart", "chance": 0.03},
    ):
        world.s3.change(rule=rule)
    path = world.file(size=64 * MIB)
    await world.done(await world.upload(path))
    assert world.object()["md5"] == md5(path)
    assert world.s3.account()["received"] < 1.15 * path.stat().st_size


@pytest.mark.parametrize("refused", ["crc64nvme", "crc64nvme crc32 full"])
async def test_an_endpoint_that_knows_fewer_checksums_gets_what_it_knows(
    world: World, refused: str
) -> None:
    world.s3.change(faults={"refused": refused.split()})
    large, small = world.file("large"), world.file("small", 1000)
    for path in (large, small):
        await world.done(await world.upload(path, path.name))
        assert world.object(path.name)["md5"] == md5(path)


async def test_new_keys_take_up_what_had_to_stop_for_want_of_them(world: World) -> None:
    world.s3.change(
        rule={"effect": "error", "operation": "UploadPart", "code": "ExpiredToken", "times": 9}
    )
    path = world.file()
    transfer_id = await world.upload(path)
    await failed(world, transfer_id, FaultKind.EXPIRED)
    key = {"key_id": "second-key", "secret": "second-secret"}
    world.s3.change(credential=key)
    world.s3.change(clear_faults=True)
    await world.use(AccessKeys(key["key_id"], Secret(key["secret"])))
    await world.done(transfer_id)
    assert world.object()["md5"] == md5(path)
    assert world.s3.account()["resent"] == {}


async def test_code_is_sent_compressed_and_comes_back_plain(world: World) -> None:
    path = world.folder / "scene.py"
    path.write_text("self.play(Create(Circle()))\n" * 1000)
    await world.done(await world.upload(path, "scene.py", compress=True))
    found = world.object("scene.py")
    assert found["headers"]["content-encoding"] == "gzip"
    assert found["headers"]["content-type"].startswith("text/x-python")
    assert found["size"] < 1000
    back = world.folder / "back.py"
    await world.done(await world.download(back, "scene.py"))
    assert back.read_bytes() == path.read_bytes()
    assert not list((world.station.place.temporary).glob("*"))


async def test_what_cannot_be_aborted_at_once_is_aborted_later(world: World) -> None:
    world.s3.change(faults={"rate": 16 * MIB})
    world.s3.rule("error", operation="AbortMultipartUpload", code="InternalError", times=2)
    transfer_id = await world.upload(world.file())
    await world.moving(transfer_id, share=0.1)
    await world.client.cancel([transfer_id])
    row = await world.over(transfer_id)
    assert row.state is TransferState.CANCELLED
    await world.nothing_left(20.0)


async def test_unfinished_uploads_are_listed_and_one_call_removes_them(world: World) -> None:
    client = world.s3.client()
    made = client.create_multipart_upload(Bucket=world.bucket, Key="strange.mp4")
    client.upload_part(
        Bucket=world.bucket, Key="strange.mp4", UploadId=made["UploadId"], PartNumber=1,
        Body=b"x" * 1000,
    )  # fmt: skip
    world.s3.change(faults={"rate": 8 * MIB})
    transfer_id = await world.upload(world.file())
    await world.moving(transfer_id)
    found = {one.key: one for one in await world.client.remnants(world.destination.id)}
    assert found["strange.mp4"].held == 1000
    assert not found["strange.mp4"].ours
    assert found["film.mp4"].ours
    for remnant in found.values():
        await world.client.abort(remnant)
    assert (await world.over(transfer_id)).state is TransferState.CANCELLED
    assert await world.client.remnants(world.destination.id) == ()


async def test_what_was_added_together_is_announced_together(world: World) -> None:
    paths = [world.file(f"{number}.mp4", 1000 + number) for number in range(12)]
    ids = await world.client.upload(
        [
            UploadRequest(str(path), world.destination.id, path.name, batch=world.bucket)
            for path in paths
        ]
    )
    for transfer_id in ids:
        await world.done(transfer_id)
    assert [row.id for row in (await world.client.page(text=world.bucket)).transfers] or ids
    ended = [event for event in world.events if isinstance(event, TransferBatchEnded)]
    assert ended[-1] == TransferBatchEnded(
        world.bucket, len(paths), 0, sum(path.stat().st_size for path in paths)
    )
    assert sorted(world.keys()) == sorted(path.name for path in paths)


async def test_a_check_tells_what_an_endpoint_verifies(world: World) -> None:
    found = await world.client.check(world.destination.id)
    assert found.ok
    assert found.checksums == "crc64nvme"
    with pytest.raises(NotFound):
        await world.client.check("no such destination")


async def test_rates_are_kept_and_changed_under_way(world: World) -> None:
    await world.use(limits=Limits(rate=4 * MIB))
    path = world.file(size=24 * MIB)
    transfer_id = await world.upload(path)
    await world.moving(transfer_id)
    before = await world.client.get(transfer_id)
    await asyncio.sleep(1.0)
    row = await world.client.get(transfer_id)
    assert 3 * MIB < sent(row) - sent(before) < 5.5 * MIB
    assert (await world.client.page()).totals.rate_limit == 4 * MIB
    await world.use(limits=Limits())
    await world.done(transfer_id, 4.0)


def sent(row: Transfer) -> int:
    return row.confirmed + row.in_flight
