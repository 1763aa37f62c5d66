"""What is done when AWS or the disk says no: one answer for uploads, downloads and metadata.

The rules are those of ``transfers.retry``, by which the engine goes as well. Whoever runs the
account hears of denied access: as an event for this computer, and by a topic where one is set up.
"""

import asyncio
import errno
import logging
import random
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Protocol

from desktop.domain.events import AdministratorNotice, EventBus, TransferChanged
from desktop.domain.faults import Fault, FaultKind, RecoveryAction
from desktop.domain.transfers import Destination, TransferState, UploadTask
from desktop.transfers import retry

log = logging.getLogger(__name__)

ONCE_IN = 15 * 60.0
"""Seconds in which the same trouble is told to administrators once: parts fail by the dozen."""

GOES_ON = (
    retry.WAITS
    | retry.MENDS
    | {
        RecoveryAction.WAIT_FOR_NETWORK,
        RecoveryAction.SWITCH_ENDPOINT,
        RecoveryAction.START_AGAIN,
    }
)
"""Actions after which the same is tried again without a person."""


class AdministratorTopic(Protocol):
    """Carries a notice to whoever runs the account, wherever they are."""

    async def publish(self, subject: str, text: str) -> None:
        """Send a notice; raises StudioError when it cannot be sent."""


class ErrorRecoveryService:
    """Decides what is done about errors, and does what can be done from here."""

    def __init__(
        self,
        bus: EventBus,
        *,
        free_space: Callable[[], Awaitable[None]] | None = None,
        topic: AdministratorTopic | None = None,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``free_space`` removes temporary files; without a ``topic`` notices stay here."""
        self._bus = bus
        self._free_space = free_space
        self._topic = topic
        self._chance = chance
        self._clock = clock
        self._told: dict[tuple[str, ...], float] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._unsubscribe = bus.subscribe(TransferChanged, self._transfer_changed)

    async def close(self) -> None:
        """Listen no more; notices that are being sent have been given up."""
        self._unsubscribe()
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def handle_upload_error(
        self, error: Exception | Fault, task: UploadTask
    ) -> RecoveryAction:
        """Return what to do about an upload that failed; nothing of it is aborted by this."""
        fault = await _understood(error, task.s3_bucket, task.s3_key, "UploadPart")
        return await self._handle(
            fault, task.retry_count, {"bucket": task.s3_bucket, "object": task.s3_key}
        )

    async def handle_metadata_error(
        self, error: Exception | Fault, operation: str, retry_count: int = 0
    ) -> RecoveryAction:
        """Return what to do about a request for metadata, named as AWS names it, that failed."""
        fault = await _understood(error, "", "", operation)
        return await self._handle(fault, retry_count, {"operation": operation})

    async def handle_download_error(
        self, error: Exception | Fault, s3_key: str, retry_count: int = 0
    ) -> RecoveryAction:
        """Return what to do about a download that failed; damaged bytes are fetched again."""
        fault = await _understood(error, "", s3_key, "GetObject")
        return await self._handle(fault, retry_count, {"object": s3_key})

    async def _handle(
        self, fault: Fault, retry_count: int, context: Mapping[str, str]
    ) -> RecoveryAction:
        action = retry.decide(fault, retry_count, self._chance()).action
        if fault.kind is FaultKind.DENIED:
            await self.notify_administrators(fault, context)
        if action is RecoveryAction.FREE_SPACE and self._free_space is not None:
            await self._free_space()
        return action

    def should_retry(self, error: Exception | Fault, retry_count: int) -> bool:
        """Tell whether the same is worth another try after ``retry_count`` tries in vain."""
        fault = error if isinstance(error, Fault) else fault_of(error)
        return retry.decide(fault, retry_count, 0.0).action in GOES_ON

    def calculate_backoff_delay(
        self, retry_count: int, error: Exception | Fault | None = None
    ) -> float:
        """Return seconds to wait before the next try, with full jitter; what a service asks for.

        Without an ``error`` it is the wait after a passing trouble.
        """
        if error is None:
            return retry.delay(retry.TRANSIENT, retry_count, self._chance())
        fault = error if isinstance(error, Fault) else fault_of(error)
        return retry.decide(fault, retry_count, self._chance()).delay

    async def notify_administrators(
        self, error: Exception | Fault, context: Mapping[str, str]
    ) -> None:
        """Tell whoever runs the account, once in a while for the same trouble."""
        fault = await _understood(error, context.get("bucket", ""), context.get("object", ""), "")
        notice = self._notice(fault, context)
        if notice is not None:
            await self._send(notice)

    def _notice(self, fault: Fault, context: Mapping[str, str]) -> AdministratorNotice | None:
        """Publish a notice here and return it; None when it was told not long ago."""
        place = context.get("bucket") or context.get("operation") or context.get("object", "")
        key, now = (fault.kind.value, fault.code, place), self._clock()
        if now - self._told.get(key, -ONCE_IN) < ONCE_IN:
            return None
        self._told = {kept: at for kept, at in self._told.items() if now - at < ONCE_IN}
        self._told[key] = now
        text = " ".join(part for part in (fault.message, fault.remedy) if part)
        notice = AdministratorNotice(text, fault.code, tuple(sorted(context.items())))
        log.warning("For administrators: %s %s", text, dict(context))
        self._bus.publish(notice)
        return notice

    async def _send(self, notice: AdministratorNotice) -> None:
        if self._topic is None:
            return
        lines = [notice.text, *(f"{name}: {value}" for name, value in notice.context)]
        try:
            await self._topic.publish("Proofreel was denied access", "\n".join(lines))
        except Exception as error:  # noqa: BLE001 - a topic of any kind; the notice was shown here
            log.warning("The administrators could not be told: %s", error)

    def _transfer_changed(self, event: TransferChanged) -> None:
        """Tell of uploads and downloads that the engine had to give up."""
        row = event.transfer
        if row.state is not TransferState.FAILED or row.fault is None:
            return
        if row.fault.kind is FaultKind.DENIED:
            notice = self._notice(row.fault, {"bucket": row.bucket, "object": row.key})
            if notice is not None and self._topic is not None:
                self._send_soon(notice)

    def _send_soon(self, notice: AdministratorNotice) -> None:
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._send(notice), name="tell administrators")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


async def _understood(error: Exception | Fault, bucket: str, key: str, operation: str) -> Fault:
    if isinstance(error, Fault):
        return error
    return await asyncio.to_thread(fault_of, error, bucket, key, operation)


def fault_of(error: Exception, bucket: str = "", key: str = "", operation: str = "") -> Fault:
    """Return what an error means; what carries a fault already needs no AWS library for it."""
    carried = getattr(error, "fault", None)
    if isinstance(carried, Fault):
        return carried
    from desktop.cloud import errors, sentences  # noqa: PLC0415 - brings AWS's library along

    if isinstance(error, OSError) and error.errno in _OF_FILES and not _is_of_network(error):
        return errors.fault_of_file(error, writing=operation == "GetObject")
    place = sentences.Place(Destination(id="", name=bucket, bucket=bucket), operation, key)
    return _of_table(errors.fault_of(error, place))


def _is_of_network(error: OSError) -> bool:
    return isinstance(error, ConnectionError | TimeoutError | socket.gaierror)


_OF_FILES = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EIO,
}

_OF_TABLES = {
    "ResourceNotFoundException": (FaultKind.NO_BUCKET, "There is no table for metadata."),
    "ConditionalCheckFailedException": (FaultKind.CONFLICT, "Somebody else changed it first."),
    "TransactionCanceledException": (FaultKind.CONFLICT, "Somebody else changed it first."),
    "TransactionConflictException": (FaultKind.CONFLICT, "Somebody else changed it meanwhile."),
    "ProvisionedThroughputExceededException": (
        FaultKind.THROTTLED,
        "The table asks to be slower.",
    ),
}
"""What DynamoDB calls its errors, where the names are not those of S3."""


def _of_table(fault: Fault) -> Fault:
    kind, message = _OF_TABLES.get(fault.code, (fault.kind, fault.message))
    return replace(fault, kind=kind, message=message)
