"""Places to try an engine out: one in memory, and the real one with a local S3."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from desktop.cloud.credentials import AccessKeys
from desktop.domain.events import Event
from desktop.domain.transfers import Destination, Limits, Transfer, UploadRequest
from desktop.services.transfers import TransferEngine
from tests.services.fake_engine import FakeEngine
from tests.services.real_engine import RealEngines

PATIENCE = 20.0

NO_LIMITS = Limits()


@dataclass
class Arena:
    """An engine with one bucket to send to, and the means to look into it."""

    engine: TransferEngine
    destination: Destination
    folder: Path
    stored: Callable[[str], bytes | None]
    """What lies under a complete key."""
    keys: Mapping[str, AccessKeys]
    events: list[Event]

    async def use(self, limits: Limits = NO_LIMITS) -> None:
        """Tell of the bucket, and of one that does not exist."""
        gone = replace(self.destination, id="01gone", name="Gone", bucket="no-such-bucket")
        places = [self.destination, gone]
        keys = {one.id: key for one in places for key in self.keys.values()}
        await self.engine.use(places, keys, limits)

    def file(self, name: str, data: bytes = b"some content") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def request(self, path: Path, **more: object) -> UploadRequest:
        usual = UploadRequest(str(path), self.destination.id, path.name)
        return replace(usual, **more)  # type: ignore[arg-type]

    def heard(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if type(event) is kind]

    async def hears(self, *wanted: Event) -> None:
        """Wait until exactly these events of their kind were told."""
        kinds = {type(event) for event in wanted}
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [event for event in self.events if type(event) in kinds]
                if len(found) >= len(wanted):
                    break
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # what is told too often is told soon
        assert [event for event in self.events if type(event) in kinds] == list(wanted)

    async def ended(self, transfer_id: str) -> Transfer:
        """Wait until a transfer is over and return it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                row = await self.engine.get(transfer_id)
                if row.state.over:
                    return row
                await asyncio.sleep(0.01)

    async def send(self, path: Path, **more: object) -> Transfer:
        (transfer_id,) = await self.engine.upload([self.request(path, **more)])
        return await self.ended(transfer_id)


@asynccontextmanager
async def in_memory(folder: Path) -> AsyncIterator[Arena]:
    place = Destination("01place", "Studio", "films", prefix="team/")
    buckets: dict[str, dict[str, bytes]] = {"films": {}}
    engine = FakeEngine(buckets)
    await engine.start()
    yield Arena(engine, place, folder, buckets["films"].get, {}, [])
    await engine.close()


@asynccontextmanager
async def real(engines: RealEngines, folder: Path) -> AsyncIterator[Arena]:
    async with engines.opened() as (engine, place, keys):
        yield Arena(engine, place, folder, partial(engines.stored, place.bucket), {"all": keys}, [])
