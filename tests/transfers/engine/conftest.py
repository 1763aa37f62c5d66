"""One engine and one local S3 for most tests; each has a bucket and a destination of its own."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desktop.transfers.client import EngineClient
from tests.s3.process import S3Process
from tests.transfers.engine.stations import Station, World

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def s3_process() -> Iterator[S3Process]:
    with S3Process() as s3:
        yield s3


@pytest.fixture
def s3(s3_process: S3Process) -> S3Process:
    """Behaves well at first, and has forgotten what was asked before."""
    s3_process.change(clear_faults=True, clear_account=True)
    return s3_process


@pytest.fixture(scope="session")
def shared_station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with Station(tmp_path_factory.mktemp("engine")) as station:
        yield station


@pytest.fixture
async def world(shared_station: Station, s3: S3Process, tmp_path: Path) -> AsyncIterator[World]:
    """A client of the engine that all tests share."""
    client = EngineClient(shared_station.place.folder)
    made = await _made(client, shared_station, s3, tmp_path)
    yield made
    page = await client.page()
    await client.cancel([row.id for row in page.transfers if not row.state.over])
    await client.close()


@pytest.fixture
async def own_world(s3: S3Process, tmp_path: Path) -> AsyncIterator[World]:
    """A client with an engine of its own, started by it and detached."""
    station = Station(tmp_path / "transfers", idle=2.0)
    client = EngineClient(station.place.folder, idle=2.0)
    try:
        yield await _made(client, station, s3, tmp_path)
    finally:
        await client.close()
        station.end()


async def _made(client: EngineClient, station: Station, s3: S3Process, folder: Path) -> World:
    bucket = f"films-{next(_numbers)}"
    s3.change(bucket={"name": bucket})
    made = World(client, station, s3, bucket, folder)
    client.subscribe(made.events.append)
    await made.begin()
    return made
