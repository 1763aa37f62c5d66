"""Our engine as services drive it, and the bill of its whole process.

The engine leaves whoever starts it, so its processor time and memory are read from the system while
it lives; its start is counted, as that of the peers is.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop.cloud.credentials import AccessKeys
from desktop.config.keychain import Secret
from desktop.domain.events import Event, TransferChanged, TransferEngineChanged
from desktop.domain.transfers import Destination, Limits, Transfer, TransferState, UploadRequest
from desktop.services.transfers import TransferEngine
from desktop.transfers.client import EngineClient
from desktop.transfers.engine.place import Place
from tests.benchmarks.inputs.senders import BUCKET, Bill, peak
from tests.s3.process import S3Process

DESTINATION = "bench"
IDLE = 1.0
"""Seconds an engine stays here that has nothing to do."""
SECONDS = 600.0
"""How long an upload may take before the benchmark gives up."""


@dataclass(frozen=True, slots=True)
class Driven:
    """An engine with its client, its folder and the server it sends to."""

    engine: TransferEngine
    folder: Path
    s3: S3Process

    @property
    def pid(self) -> int:
        """The engine's process."""
        record = Place(self.folder).read()
        if record is None:
            raise RuntimeError("There is no engine")
        return record.pid

    def kill(self) -> None:
        """End the engine as a power cut would."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(pid).wait(10)

    def part(self) -> None:
        """Let the engine end as it does when nobody needs it; end it when it does not."""
        pid = self.pid
        try:
            psutil.Process(pid).wait(IDLE + 5.0)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            self.kill()

    async def use(self, limits: Limits | None = None) -> None:
        """Tell it where things go, and how fast."""
        where = Destination(
            DESTINATION,
            "Benchmark",
            BUCKET,
            region="us-east-1",
            endpoint_url=self.s3.endpoint,
            path_style=True,
            certificates=self.s3.ca_file,
        )
        keys = AccessKeys(self.s3.keys.key_id, Secret(self.s3.keys.secret))
        await self.engine.use((where,), {DESTINATION: keys}, limits or Limits())

    async def send(self, files: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Queue files by path and key, replacing what is there."""
        return await self.engine.upload(
            [UploadRequest(path, DESTINATION, key, replace=True) for path, key in files]
        )

    async def until(self, transfer_id: str, *states: TransferState) -> Transfer:
        """Return the row once it is in one of these states; raises RuntimeError if it fails.

        It waits for news as a window does; asking again and again would be on the engine's bill.
        """
        news = asyncio.Event()
        forget = self.engine.subscribe(lambda event: _wake(event, transfer_id, news))
        try:
            async with asyncio.timeout(SECONDS):
                while True:
                    row = await self.engine.get(transfer_id)
                    if row.state in states:
                        return row
                    if row.state.over:
                        raise RuntimeError(f"{row.state}: {row.reason}")
                    await news.wait()
                    news.clear()
        finally:
            forget()

    def cpu(self) -> float:
        """Return the processor seconds of the engine since its start."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)


def _wake(event: Event, transfer_id: str, news: asyncio.Event) -> None:
    """The state of a row has changed, or the engine that would tell was lost."""
    match event:
        case TransferChanged(transfer) if transfer.id == transfer_id:
            news.set()
        case TransferEngineChanged():
            news.set()


def machine() -> dict[str, object]:
    """Return what else keeps the machine busy; needs no services, whose import is felt."""
    load = [round(value, 2) for value in os.getloadavg()]
    return {"cores": os.cpu_count(), "load": load, "busy percent": psutil.cpu_percent(1.0)}


@asynccontextmanager
async def driven(
    folder: Path, s3: S3Process, limits: Limits | None = None
) -> AsyncIterator[Driven]:
    """Start an engine in a folder; it is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = EngineClient(folder, idle=IDLE)
    ours = Driven(engine, folder, s3)
    await engine.start()
    try:
        await ours.use(limits)
        yield ours
    finally:
        await engine.close()
        with contextlib.suppress(RuntimeError, ProcessLookupError):
            await asyncio.to_thread(ours.part)


async def measured(folder: Path, s3: S3Process, path: str, key: str) -> Bill:
    """Send one file from the start of an engine to the verified object."""
    started = time.perf_counter()
    async with driven(folder, s3) as ours:
        asked, before = time.perf_counter(), ours.cpu()
        (transfer_id,) = await ours.send([(path, key)])
        await ours.until(transfer_id, TransferState.DONE)
        now, cpu = time.perf_counter(), ours.cpu()
        return Bill(now - started, cpu, peak(ours.pid), now - asked, cpu - before)
