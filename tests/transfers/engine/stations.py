"""A real engine process, a real client and a real bucket, for tests of what they do together."""

import asyncio
import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import psutil

from desktop.cloud.credentials import AccessKeys
from desktop.config.keychain import Secret
from desktop.domain.events import Event, TransferChanged
from desktop.domain.transfers import (
    Destination,
    DownloadRequest,
    Limits,
    Transfer,
    TransferState,
    UploadRequest,
)
from desktop.transfers.client import EngineClient
from desktop.transfers.engine.place import Place, is_taken
from tests.s3.process import S3Process

ROOT = Path(__file__).parents[3]
MIB = 2**20
PATIENCE = 40.0
UNLIMITED = Limits()


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def engine_command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "desktop.transfers.engine", *arguments]


class Station:
    """A library's engine, as a child of this process until it is started by a client."""

    def __init__(self, folder: Path, *, idle: float = 60.0) -> None:
        self.place = Place(folder)
        self.idle = idle
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            engine_command("--idle", str(self.idle), "--", str(self.place.folder)),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        if self._child is not None:
            self._child.wait(10)

    @property
    def pid(self) -> int:
        """The process that is the engine now; 0: there is none."""
        record = self.place.read()
        return record.pid if record is not None and self.alive else 0

    @property
    def alive(self) -> bool:
        return self.place.folder.exists() and is_taken(self.place)

    def kill(self) -> None:
        """End it as a crash would."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """Ask it to end, and see that it does."""
        self._signal(signal.SIGTERM)
        if not self.gone(5.0):
            self._signal(signal.SIGKILL)
        assert self.gone(5.0)

    def gone(self, seconds: float) -> bool:
        """Wait until no engine is alive."""
        until = time.monotonic() + seconds
        while self.alive and time.monotonic() < until:
            time.sleep(0.01)
        return not self.alive

    def other_than(self, pid: int, seconds: float = 20.0) -> bool:
        """Wait until the engine is gone, or another one."""
        until = time.monotonic() + seconds
        while self.pid == pid and time.monotonic() < until:
            time.sleep(0.05)
        return self.pid != pid

    def _signal(self, number: signal.Signals) -> None:
        if pid := self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        elif self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self.pid)


@dataclass
class World:
    """A client of an engine, and a bucket of its own."""

    client: EngineClient
    station: Station
    s3: S3Process
    bucket: str
    folder: Path
    events: list[Event] = field(default_factory=list)
    destination: Destination = field(default_factory=lambda: Destination("", "", ""))

    async def begin(self, limits: Limits = UNLIMITED, **changes: Any) -> None:
        """Tell the engine of the bucket."""
        usual = Destination(
            self.bucket,
            "Local",
            self.bucket,
            region="us-east-1",
            endpoint_url=self.s3.endpoint,
            path_style=True,
            certificates=self.s3.ca_file,
        )
        self.destination = replace(usual, **changes)
        await self.use(limits=limits)

    async def use(self, keys: AccessKeys | None = None, limits: Limits = UNLIMITED) -> None:
        keys = keys or AccessKeys(self.s3.keys.key_id, Secret(self.s3.keys.secret))
        await self.client.use([self.destination], {self.destination.id: keys}, limits)

    def file(self, name: str = "film.mp4", size: int = 20 * MIB) -> Path:
        """Write a file that no two tests share."""
        path = self.folder / name
        path.write_bytes(os.urandom(size))
        return path

    async def upload(self, path: Path, key: str = "film.mp4", **values: Any) -> str:
        request = UploadRequest(str(path), self.destination.id, key, **values)
        (transfer_id,) = await self.client.upload([request])
        return transfer_id

    async def download(self, path: Path, key: str = "film.mp4", **values: Any) -> str:
        request = DownloadRequest(self.destination.id, key, str(path), **values)
        (transfer_id,) = await self.client.download([request])
        return transfer_id

    async def until(
        self, transfer_id: str, fits: Callable[[Transfer], bool], seconds: float = PATIENCE
    ) -> Transfer:
        """Return the row once it is as wanted."""
        row = await self.client.get(transfer_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not fits(row):
                    await asyncio.sleep(0.01)
                    row = await self.client.get(transfer_id)
        assert fits(row), (row, self.station.place.log.read_text()[-2000:])
        return row

    async def over(self, transfer_id: str, seconds: float = PATIENCE) -> Transfer:
        return await self.until(transfer_id, lambda row: row.state.over, seconds)

    async def done(self, transfer_id: str, seconds: float = PATIENCE) -> Transfer:
        row = await self.over(transfer_id, seconds)
        assert row.state is TransferState.DONE, row
        return row

    async def moving(self, transfer_id: str, share: float = 0.0) -> Transfer:
        """Wait until bytes are on their way, and a share of all of them has been confirmed."""
        return await self.until(
            transfer_id,
            lambda row: (
                row.state.over
                or (row.confirmed >= max(1, share * row.size) if share else row.in_flight > 0)
            ),
        )

    def object(self, key: str = "film.mp4") -> Mapping[str, Any]:
        return self.s3.object(self.bucket, key)

    def names(self) -> list[str]:
        """Return what lies in the folder of the test."""
        return sorted(path.name for path in self.folder.iterdir())

    def keys(self) -> list[str]:
        return list(self.s3.state()["buckets"][self.bucket]["objects"])

    def has(self, key: str) -> bool:
        return key in self.keys()

    async def nothing_left(self, seconds: float = 10.0) -> None:
        """Wait until the service holds nothing unfinished."""
        until = time.monotonic() + seconds
        while held := self.s3.uploads(self.bucket):
            assert time.monotonic() < until, held
            await asyncio.sleep(0.05)

    def states(self, transfer_id: str) -> list[TransferState]:
        """Return the states it was told to be in, in order."""
        return [
            event.transfer.state
            for event in self.events
            if isinstance(event, TransferChanged) and event.transfer.id == transfer_id
        ]
