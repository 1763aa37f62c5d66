"""Every class of error in the design has its recovery; administrators hear what is theirs."""

import asyncio
import errno
import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    NoCredentialsError,
    ReadTimeoutError,
)

from desktop.cloud.errors import CloudFault
from desktop.domain.errors import Unavailable
from desktop.domain.events import AdministratorNotice, EventBus, TransferChanged
from desktop.domain.faults import Fault, FaultKind, RecoveryAction
from desktop.domain.transfers import (
    Direction,
    Transfer,
    TransferState,
    UploadStatus,
    UploadTask,
)
from desktop.services.recovery import ONCE_IN, ErrorRecoveryService, fault_of
from desktop.transfers import retry
from tests.services.conftest import Heard

A = RecoveryAction

TASK = UploadTask(
    "01", "/film.mp4", "films", "film.mp4", 10, 0, None, (), UploadStatus.IN_PROGRESS, None, 0, 0.0
)


def answer(
    code: str, status: int, operation: str = "UploadPart", headers: Mapping[str, str] | None = None
) -> ClientError:
    meta: Any = {"HTTPStatusCode": status, "HTTPHeaders": dict(headers or {})}
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": meta}, operation)


def endpoint(kind: type[BotoCoreError]) -> Exception:
    return kind(endpoint_url="http://s3.example.org", error="gone")


UPLOADS: list[tuple[str, Exception, RecoveryAction]] = [
    ("the connection is cut", ConnectionResetError(errno.ECONNRESET, "reset"), A.WAIT_FOR_NETWORK),
    ("nothing answers", endpoint(EndpointConnectionError), A.WAIT_FOR_NETWORK),
    ("the name is unknown", socket.gaierror(-2, "Name or service not known"), A.WAIT_FOR_NETWORK),
    ("connecting takes too long", endpoint(ConnectTimeoutError), A.RETRY_SMALLER),
    ("an answer takes too long", endpoint(ReadTimeoutError), A.RETRY_SMALLER),
    ("too many requests", answer("TooManyRequests", 429), A.RETRY_SLOWER),
    ("slow down", answer("SlowDown", 503), A.RETRY_SLOWER),
    ("the service is ill", answer("ServiceUnavailable", 503), A.RETRY),
    ("an error inside the service", answer("InternalError", 500), A.RETRY),
    ("access is denied", answer("AccessDenied", 403), A.STOP),
    ("the keys are wrong", answer("InvalidAccessKeyId", 403), A.STOP),
    ("there are no keys", NoCredentialsError(), A.STOP),
    ("the keys have expired", answer("ExpiredToken", 400), A.REFRESH_CREDENTIALS),
    ("the clock is wrong", answer("RequestTimeTooSkewed", 403), A.CORRECT_CLOCK),
    ("another region", answer("PermanentRedirect", 301), A.FOLLOW_REGION),
    ("there is no bucket", answer("NoSuchBucket", 404), A.OFFER_TO_CREATE),
    ("the upload is gone", answer("NoSuchUpload", 404), A.START_AGAIN),
    ("an object is there", answer("PreconditionFailed", 412), A.ASK),
    ("another request won", answer("ConditionalRequestConflict", 409), A.VERIFY),
    ("bytes arrived damaged", answer("BadDigest", 400), A.RETRY),
    ("it makes no sense", answer("InvalidArgument", 400), A.STOP),
    ("the service cannot", answer("NotImplemented", 501), A.STOP),
    ("the disk is full", OSError(errno.ENOSPC, "No space left"), A.FREE_SPACE),
    ("the file may not be read", PermissionError(errno.EACCES, "denied", "/film.mp4"), A.ASK),
    ("the file is gone", FileNotFoundError(errno.ENOENT, "no file", "/film.mp4"), A.ASK),
    ("the disk is ill", OSError(errno.EIO, "I/O error", "/film.mp4"), A.ASK),
]


class Topic:
    """Takes notices, or refuses them."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []
        self.refusal: Exception | None = None

    async def publish(self, subject: str, text: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.notices.append((subject, text))


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def heard(bus: EventBus) -> Heard:
    return Heard(bus, AdministratorNotice)


@pytest.mark.parametrize(
    ("error", "action"), [case[1:] for case in UPLOADS], ids=[case[0] for case in UPLOADS]
)
async def test_each_error_of_an_upload_has_its_recovery(
    bus: EventBus, error: Exception, action: RecoveryAction
) -> None:
    assert await ErrorRecoveryService(bus).handle_upload_error(error, TASK) is action


@pytest.mark.parametrize("kind", FaultKind)
async def test_every_kind_of_fault_has_a_recovery_of_every_sort_of_work(
    bus: EventBus, kind: FaultKind
) -> None:
    service, fault = ErrorRecoveryService(bus), Fault(kind, "It failed.")
    uploads = await service.handle_upload_error(fault, TASK)
    assert uploads is await service.handle_metadata_error(fault, "UpdateItem")
    assert uploads is await service.handle_download_error(fault, "film.mp4")
    assert uploads is retry.decide(fault, 0, 0.0).action


@pytest.mark.parametrize(
    ("code", "status", "action"),
    [
        ("ResourceNotFoundException", 400, A.OFFER_TO_CREATE),
        ("ConditionalCheckFailedException", 400, A.VERIFY),
        ("TransactionCanceledException", 400, A.VERIFY),
        ("ProvisionedThroughputExceededException", 400, A.RETRY_SLOWER),
        ("ThrottlingException", 400, A.RETRY_SLOWER),
        ("InternalServerError", 500, A.RETRY),
        ("AccessDeniedException", 400, A.STOP),
        ("ExpiredTokenException", 400, A.REFRESH_CREDENTIALS),
        ("ValidationException", 400, A.STOP),
    ],
)
async def test_each_error_of_metadata_has_its_recovery(
    bus: EventBus, code: str, status: int, action: RecoveryAction
) -> None:
    error = answer(code, status, "UpdateItem")
    assert await ErrorRecoveryService(bus).handle_metadata_error(error, "UpdateItem") is action


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (answer("NoSuchKey", 404, "GetObject"), A.STOP),
        (answer("SlowDown", 503, "GetObject"), A.RETRY_SLOWER),
        (FlexibleChecksumError(error_msg="differs"), A.RETRY),
        (OSError(errno.ENOSPC, "No space left"), A.FREE_SPACE),
        (PermissionError(errno.EACCES, "denied", "/films"), A.ASK),
        (OSError(errno.EROFS, "Read-only file system", "/films"), A.ASK),
    ],
)
async def test_each_error_of_a_download_has_its_recovery(
    bus: EventBus, error: Exception, action: RecoveryAction
) -> None:
    assert await ErrorRecoveryService(bus).handle_download_error(error, "film.mp4") is action


async def test_a_full_disk_is_cleaned_before_the_next_try(bus: EventBus) -> None:
    cleaned: list[bool] = []

    async def clean() -> None:
        cleaned.append(True)

    service = ErrorRecoveryService(bus, free_space=clean)
    await service.handle_download_error(OSError(errno.ENOSPC, "full"), "film.mp4")
    await service.handle_upload_error(answer("SlowDown", 503), TASK)
    assert cleaned == [True]


async def test_an_error_that_carries_its_fault_is_taken_at_its_word(bus: EventBus) -> None:
    fault = Fault(FaultKind.THROTTLED, "Slower.", code="SlowDown", retry_after=5.0)
    assert fault_of(CloudFault(fault)) is fault
    service = ErrorRecoveryService(bus, chance=lambda: 0.0)
    assert service.calculate_backoff_delay(0, CloudFault(fault)) == 5.0


# Trying again


async def test_what_passes_is_tried_again_but_not_for_ever(bus: EventBus) -> None:
    service = ErrorRecoveryService(bus)
    ill = answer("InternalError", 500)
    assert all(service.should_retry(ill, tries) for tries in range(retry.ATTEMPTS))
    assert not service.should_retry(ill, retry.ATTEMPTS)


def test_being_offline_is_never_given_up_for(bus: EventBus) -> None:
    cut = ConnectionResetError(errno.ECONNRESET, "reset")
    assert ErrorRecoveryService(bus).should_retry(cut, 10_000)


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAccessKeyId", "NoSuchBucket"])
def test_what_only_a_person_can_mend_is_not_tried_again(bus: EventBus, code: str) -> None:
    assert not ErrorRecoveryService(bus).should_retry(answer(code, 403), 0)


def test_waits_double_and_are_jittered_over_the_whole_of_them(bus: EventBus) -> None:
    longest = ErrorRecoveryService(bus, chance=lambda: 1.0)
    waits = [longest.calculate_backoff_delay(tries) for tries in range(12)]
    assert waits[:4] == [0.1, 0.2, 0.4, 0.8]
    assert max(waits) == waits[-1] == retry.LONGEST
    shortest = ErrorRecoveryService(bus, chance=lambda: 0.0)
    assert shortest.calculate_backoff_delay(5) == 0.0
    usual = ErrorRecoveryService(bus)
    assert len({usual.calculate_backoff_delay(5) for _ in range(20)}) > 10


def test_a_throttled_request_waits_longer_than_one_that_failed(bus: EventBus) -> None:
    service = ErrorRecoveryService(bus, chance=lambda: 1.0)
    assert service.calculate_backoff_delay(0, answer("SlowDown", 503)) == 1.0
    assert service.calculate_backoff_delay(0, answer("InternalError", 500)) == 0.1


def test_a_service_that_says_how_long_is_waited_for(bus: EventBus) -> None:
    service = ErrorRecoveryService(bus, chance=lambda: 0.0)
    asked = answer("SlowDown", 503, headers={"retry-after": "7"})
    assert service.calculate_backoff_delay(0, asked) == 7.0


# Telling administrators


async def test_denied_access_is_told_with_where_it_was(bus: EventBus, heard: Heard) -> None:
    topic = Topic()
    service = ErrorRecoveryService(bus, topic=topic)
    await service.handle_upload_error(answer("AccessDenied", 403), TASK)
    (notice,) = heard.events
    assert isinstance(notice, AdministratorNotice)
    assert notice.code == "AccessDenied"
    assert dict(notice.context) == {"bucket": "films", "object": "film.mp4"}
    assert "films" in topic.notices[0][1]


async def test_what_is_not_denied_is_no_matter_of_administrators(
    bus: EventBus, heard: Heard
) -> None:
    service = ErrorRecoveryService(bus)
    for _name, error, _action in UPLOADS:
        if "denied" not in _name:
            await service.handle_upload_error(error, TASK)
    assert heard.events == []


async def test_parts_that_are_denied_by_the_dozen_are_told_once(
    bus: EventBus, heard: Heard
) -> None:
    now = [0.0]
    service = ErrorRecoveryService(bus, clock=lambda: now[0])
    for number in range(50):
        part = replace(TASK, s3_key=f"{number}.mp4")
        await service.handle_upload_error(answer("AccessDenied", 403), part)
    assert len(heard.events) == 1
    await service.handle_upload_error(
        answer("AccessDenied", 403), replace(TASK, s3_bucket="others")
    )
    assert len(heard.events) == 2, "another bucket is another trouble"
    now[0] = ONCE_IN + 1
    await service.handle_upload_error(answer("AccessDenied", 403), TASK)
    assert len(heard.events) == 3


async def test_a_topic_that_fails_changes_nothing(bus: EventBus, heard: Heard) -> None:
    topic = Topic()
    topic.refusal = Unavailable("No topic")
    service = ErrorRecoveryService(bus, topic=topic)
    assert await service.handle_upload_error(answer("AccessDenied", 403), TASK) is A.STOP
    assert len(heard.events) == 1


def row(state: TransferState, fault: Fault | None) -> Transfer:
    return Transfer("01", Direction.UPLOAD, "/a", "d", "films", "a.mp4", 1, state, 0.0, fault=fault)


async def test_uploads_that_the_engine_gave_up_are_told_too(bus: EventBus, heard: Heard) -> None:
    topic = Topic()
    service = ErrorRecoveryService(bus, topic=topic)
    denied = Fault(FaultKind.DENIED, "Not allowed.", "Ask for the right.", "AccessDenied")
    bus.publish(TransferChanged(row(TransferState.FAILED, denied)))
    bus.publish(TransferChanged(row(TransferState.ACTIVE, denied)))
    bus.publish(
        TransferChanged(row(TransferState.FAILED, Fault(FaultKind.NO_BUCKET, "No bucket.")))
    )
    bus.publish(TransferChanged(row(TransferState.FAILED, None)))
    await asyncio.sleep(0.01)
    assert [event.text for event in heard.events] == ["Not allowed. Ask for the right."]  # type: ignore[attr-defined]
    assert len(topic.notices) == 1
    await service.close()
    bus.publish(TransferChanged(row(TransferState.FAILED, replace(denied, code="Other"))))
    assert len(heard.events) == 1
