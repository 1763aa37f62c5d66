"""The real engine and a local S3, for tests that would otherwise start a process each."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from desktop.cloud.credentials import AccessKeys
from desktop.config.keychain import Secret
from desktop.domain.transfers import Destination
from desktop.transfers.client import EngineClient
from desktop.transfers.engine.place import Place, is_taken
from tests.s3.server import S3Server


class RealEngines:
    """One engine and one service, used by one test after another."""

    def __init__(self, folder: Path) -> None:
        self.s3 = S3Server()
        self.place = Place(folder)
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        self.s3.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        end_engine(self.place)
        self.s3.close()

    @property
    def keys(self) -> AccessKeys:
        return AccessKeys(self.s3.keys.key_id, Secret(self.s3.keys.secret))

    def destination(self) -> Destination:
        """Return a new, empty bucket."""
        bucket = f"films-{next(self._numbers)}"
        self.s3.create_bucket(bucket)
        return Destination(
            f"01{bucket}",
            "Studio",
            bucket,
            "us-east-1",
            self.s3.endpoint,
            path_style=True,
            prefix="team/",
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[EngineClient, Destination, AccessKeys]]:
        """Give a test an engine with an empty list, a bucket of its own, and the keys."""
        engine = EngineClient(self.place.folder)
        await engine.start()
        while (page := await engine.page(limit=1000)).total:
            rows = page.transfers
            await engine.cancel([row.id for row in rows if not row.state.over])
            await engine.forget([row.id for row in rows if row.state.over])
        await engine.resume()
        yield engine, self.destination(), self.keys
        await engine.close()

    def stored(self, bucket: str, key: str) -> bytes | None:
        """Return what lies under a complete key."""
        return self.s3.object(bucket, key).data if key in self.s3.keys_of(bucket) else None


def end_engine(place: Place) -> None:
    """End the engine of a folder, which would stay for a while."""
    record = place.read()
    if record is not None and is_taken(place):
        process = psutil.Process(record.pid)
        process.terminate()
        process.wait(10)
