"""Uploads one at a time: nothing that was sent is thrown away, and what is said was confirmed."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import InvalidInput, NotFound, Refused, Unavailable
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import (
    Destination,
    Direction,
    Encryption,
    Limits,
    Remnant,
    Transfer,
    TransferState,
    UploadRequest,
    UploadStatus,
    UploadTask,
)
from desktop.transfers.multipart import MultipartUploadHandler, failure, task_of
from tests.services.fake_engine import FakeEngine
from tests.services.real_engine import RealEngines

PLACE = Destination("01PLACE", "Studio", "films", prefix="team/")

State = TransferState


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    made = FakeEngine({"films": {}})
    await made.start()
    await made.use([PLACE], {}, Limits())
    yield made
    await made.close()


@pytest.fixture
def handler(engine: FakeEngine) -> MultipartUploadHandler:
    return MultipartUploadHandler(engine, PLACE)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"picture" * 1000)
    return path


def request_of(engine: FakeEngine) -> UploadRequest:
    (row,) = engine._rows.values()
    assert isinstance(row.request, UploadRequest)
    return row.request


async def started(engine: FakeEngine) -> Transfer:
    while True:
        page = await engine.page()
        if page.transfers:
            return page.transfers[0]
        await asyncio.sleep(0.001)


async def test_an_upload_ends_with_the_address_of_the_object(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    assert await handler.upload_large_file(str(film), "a.mp4") == "s3://films/team/a.mp4"
    assert engine.buckets["films"]["team/a.mp4"] == film.read_bytes()


async def test_progress_is_told_without_going_back_and_ends_complete(
    handler: MultipartUploadHandler, film: Path
) -> None:
    """The seed counted bytes that were sent twice, so that bars went beyond their end."""
    told: list[UploadTask] = []
    await handler.upload_large_file(str(film), "a.mp4", callback=told.append)
    sent = [task.bytes_uploaded for task in told]
    assert sent == sorted(sent)
    assert max(sent) == told[-1].file_size == 7000
    assert told[-1].status is UploadStatus.COMPLETED
    assert [task.status for task in told].count(UploadStatus.COMPLETED) == 1


async def test_what_was_not_said_is_left_to_the_bucket(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    """The seed sent ``ServerSideEncryption=None``, which boto3 refuses."""
    nothing: dict[str, Any] = {"ServerSideEncryption": None, "SSEKMSKeyId": None, "Metadata": None}
    await handler.upload_large_file(str(film), "a.mp4", nothing)
    assert request_of(engine) == UploadRequest(str(film), PLACE.id, "a.mp4", replace=True)


async def test_what_was_said_reaches_the_engine(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    said = {
        "Metadata": {"video_id": "v1", "version": 3},
        "ContentType": "text/x-python",
        "ContentEncoding": "gzip",
        "IfNoneMatch": "*",
    }
    await handler.upload_large_file(str(film), "a.py", said)
    assert request_of(engine) == UploadRequest(
        str(film),
        PLACE.id,
        "a.py",
        compress=True,
        content_type="text/x-python",
        metadata=(("video_id", "v1"), ("version", "3")),
    )


@pytest.mark.parametrize(
    "said",
    [
        {"ServerSideEncryption": "aws:kms"},
        {"SSEKMSKeyId": "other"},
        {"ACL": "public-read"},
        {"ContentEncoding": "br"},
        {"Metadata": "text"},
        {"StorageClass": "GLACIER"},
    ],
)
async def test_what_cannot_be_promised_is_refused_before_anything_is_sent(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path, said: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput, match=next(iter(said))):
        await handler.upload_large_file(str(film), "a.mp4", said)
    assert (await engine.page()).total == 0


async def test_the_encryption_of_the_destination_may_be_named(
    engine: FakeEngine, film: Path
) -> None:
    place = replace(PLACE, encryption=Encryption.KMS, kms_key_id="key")
    handler = MultipartUploadHandler(engine, place)
    said = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key"}
    await handler.upload_large_file(str(film), "a.mp4", said)


async def test_a_failure_says_why_and_keeps_what_was_sent(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    """The seed aborted on any failure, which made its resuming impossible."""
    engine.faults = [Fault(FaultKind.SERVER, "The service is ill.", "Try again later.")]
    with pytest.raises(Unavailable, match=r"film\.mp4.*The service is ill.*Try again later"):
        await handler.upload_large_file(str(film), "a.mp4")
    (row,) = (await engine.page()).transfers
    assert row.state is State.FAILED
    assert await handler.resume_upload(row.upload_id, str(film), "a.mp4") == "s3://films/team/a.mp4"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.DENIED, Refused),
        (FaultKind.EXISTS, Refused),
        (FaultKind.NO_BUCKET, NotFound),
        (FaultKind.SOURCE_GONE, NotFound),
        (FaultKind.NETWORK, Unavailable),
        (FaultKind.UNKNOWN, Unavailable),
    ],
)
def test_each_failure_is_an_error_of_its_class(kind: FaultKind, error: type[Exception]) -> None:
    row = Transfer(
        "01", Direction.UPLOAD, "/a", "d", "films", "a", 1, State.FAILED, 0.0,
        fault=Fault(kind, "It failed."), reason="It failed.",
    )  # fmt: skip
    assert type(failure(row)) is error


async def test_who_stops_waiting_does_not_stop_the_upload(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    engine.hold()
    work = asyncio.get_running_loop().create_task(handler.upload_large_file(str(film), "a.mp4"))
    row = await started(engine)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    engine.release()
    assert await handler.resume_upload(row.upload_id, str(film), "a.mp4")
    assert (await engine.page()).total == 1
    assert len(engine._receivers) == 0


async def test_a_paused_upload_goes_on(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    await engine.pause()
    (one,) = await engine.upload([UploadRequest(str(film), PLACE.id, "a.mp4")])
    row = await engine.get(one)
    await handler.resume_upload(row.upload_id, str(film), "a.mp4")
    assert (await engine.get(one)).state is State.DONE


async def test_an_upload_nobody_here_began_is_not_guessed_at(
    handler: MultipartUploadHandler, film: Path
) -> None:
    """The seed resumed with parts of its own size over parts of another: a mixed object."""
    with pytest.raises(NotFound, match="cut into parts"):
        await handler.resume_upload("someone-elses", str(film), "a.mp4")


async def test_an_upload_is_not_gone_on_with_by_another_file(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path, tmp_path: Path
) -> None:
    await engine.pause()
    (one,) = await engine.upload([UploadRequest(str(film), PLACE.id, "a.mp4")])
    row = await engine.get(one)
    other = tmp_path / "other.mp4"
    other.write_bytes(b"other")
    with pytest.raises(InvalidInput, match="another file"):
        await handler.resume_upload(row.upload_id, str(other), "a.mp4")
    assert (await engine.get(one)).state is State.PAUSED


async def test_aborting_ends_what_is_under_way_and_what_nobody_here_knows(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    await engine.pause()
    (one,) = await engine.upload([UploadRequest(str(film), PLACE.id, "a.mp4")])
    assert await handler.abort_upload((await engine.get(one)).upload_id, "a.mp4")
    assert (await engine.get(one)).state is State.CANCELLED
    engine.left = [Remnant(PLACE.id, "films", "team/b.mp4", "u9", 0.0, 1, 1, ours=False)]
    assert not await handler.abort_upload("u9", "other.mp4")
    assert await handler.abort_upload("u9", "b.mp4")
    assert not await handler.abort_upload("u9", "b.mp4")


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 10, 0.0), (5, 10, 50.0), (10, 10, 100.0), (0, 0, 0.0)]
)
def test_progress_is_in_percent(
    handler: MultipartUploadHandler, done: int, total: int, percent: float
) -> None:
    assert handler.calculate_progress(done, total) == percent


def test_progress_stays_between_nothing_and_all(handler: MultipartUploadHandler) -> None:
    assert handler.calculate_progress(11, 10) == 100.0
    assert handler.calculate_progress(-1, 10) == 0.0


async def test_a_file_is_compared_with_what_the_service_confirmed(
    handler: MultipartUploadHandler, film: Path
) -> None:
    await handler.upload_large_file(str(film), "a.mp4")
    assert await handler.verify_upload_integrity(str(film), "a.mp4")
    film.write_bytes(b"Picture" * 1000)
    assert not await handler.verify_upload_integrity(str(film), "a.mp4")
    film.write_bytes(b"picture")
    assert not await handler.verify_upload_integrity(str(film), "a.mp4")
    film.unlink()
    with pytest.raises(NotFound):
        await handler.verify_upload_integrity(str(film), "a.mp4")


async def test_a_file_that_was_compressed_is_compared_with_what_was_sent(
    handler: MultipartUploadHandler, film: Path
) -> None:
    await handler.upload_large_file(str(film), "a.py", {"ContentEncoding": "gzip"})
    assert await handler.verify_upload_integrity(str(film), "a.py")
    film.write_bytes(b"Picture" * 1000)
    assert not await handler.verify_upload_integrity(str(film), "a.py")
    film.unlink()
    with pytest.raises(NotFound):
        await handler.verify_upload_integrity(str(film), "a.py")


async def test_what_was_replaced_or_removed_at_the_service_is_no_longer_verified(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path
) -> None:
    await handler.upload_large_file(str(film), "a.mp4")
    (key,) = engine.buckets["films"]
    engine.buckets["films"][key] = b"somebody else's"
    assert not await handler.verify_upload_integrity(str(film), "a.mp4")
    del engine.buckets["films"][key]
    assert not await handler.verify_upload_integrity(str(film), "a.mp4")


async def test_the_last_upload_under_a_key_is_the_one_that_counts(
    handler: MultipartUploadHandler, film: Path
) -> None:
    await handler.upload_large_file(str(film), "a.mp4")
    film.write_bytes(b"other" * 1400)
    await handler.upload_large_file(str(film), "a.mp4")
    assert await handler.verify_upload_integrity(str(film), "a.mp4")


async def test_what_was_never_uploaded_cannot_be_verified(
    handler: MultipartUploadHandler, film: Path
) -> None:
    with pytest.raises(NotFound):
        await handler.verify_upload_integrity(str(film), "a.mp4")


@pytest.mark.parametrize("checksum", ["", "md5:d41d8c", "crc64nvme"])
async def test_an_etag_is_never_taken_for_a_checksum_of_the_file(
    handler: MultipartUploadHandler, engine: FakeEngine, film: Path, checksum: str
) -> None:
    """The seed compared the ETag with the MD5 of the file, which is wrong under KMS."""
    await handler.upload_large_file(str(film), "a.mp4")
    (row,) = engine._rows.values()
    row.transfer = replace(row.transfer, checksum=checksum)
    with pytest.raises(Unavailable, match="no checksum of the whole"):
        await handler.verify_upload_integrity(str(film), "a.mp4")


def test_a_task_tells_no_more_than_the_row_knows() -> None:
    row = Transfer(
        "01", Direction.UPLOAD, "/a", "d", "films", "a", 100, State.ACTIVE, 1.0,
        confirmed=50, parts=4, parts_done=2, attempts=3, upload_id="u", started_at=2.0,
        finished_at=None, reason="slow",
    )  # fmt: skip
    assert task_of(row, (1, 3)) == UploadTask(
        "01", "/a", "films", "a", 100, 50, "u", (1, 3), UploadStatus.IN_PROGRESS, None, 3, 1.0, 2.0
    )
    over = task_of(replace(row, state=State.FAILED, finished_at=5.0), ())
    assert (over.error_message, over.completed_at) == ("slow", None)


# On the real engine


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEngines]:
    with RealEngines(tmp_path_factory.mktemp("transfers")) as made:
        yield made


async def test_the_real_engine_sends_in_parts_and_vouches_for_the_whole(
    engines: RealEngines, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(20 << 20))
    async with engines.opened() as (engine, place, keys):
        await engine.use([place], {place.id: keys}, Limits())
        handler = MultipartUploadHandler(engine, place)
        told: list[UploadTask] = []
        address = await handler.upload_large_file(str(film), "a.mp4", callback=told.append)
        assert address == f"s3://{place.bucket}/team/a.mp4"
        assert engines.stored(place.bucket, "team/a.mp4") == film.read_bytes()
        assert await handler.verify_upload_integrity(str(film), "a.mp4")
        sent = [task.bytes_uploaded for task in told]
        assert sent == sorted(sent)
        parts = told[-1].parts_uploaded
        assert parts == tuple(range(1, len(parts) + 1))
        assert len(parts) > 1
        with film.open("r+b") as file:
            file.seek(10 << 20)
            file.write(b"changed")
        assert not await handler.verify_upload_integrity(str(film), "a.mp4")


async def test_what_the_real_engine_compressed_is_vouched_for(
    engines: RealEngines, tmp_path: Path
) -> None:
    code = tmp_path / "scene.py"
    code.write_text("self.wait(1)\n" * 1000)
    async with engines.opened() as (engine, place, keys):
        await engine.use([place], {place.id: keys}, Limits())
        handler = MultipartUploadHandler(engine, place)
        await handler.upload_large_file(str(code), "a.py", {"ContentEncoding": "gzip"})
        assert await handler.verify_upload_integrity(str(code), "a.py")
        code.write_text("self.wait(2)\n" * 1000)
        assert not await handler.verify_upload_integrity(str(code), "a.py")
