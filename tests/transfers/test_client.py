"""A client finds the engine or starts it, and gets over its loss without asking twice for harm."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from desktop.domain.errors import NotFound, Unavailable
from desktop.domain.events import Event, TransferEngineChanged
from desktop.domain.transfers import Destination, Limits, UploadRequest
from desktop.transfers import client as clients
from desktop.transfers import wire
from desktop.transfers.client import EngineClient
from desktop.transfers.engine.place import Place, Record, take
from desktop.transfers.engine.starting import launch
from tests.transfers.engine.stations import Station

NOWHERE = Destination("d", "Nowhere", "films", endpoint_url="http://127.0.0.1:9", path_style=True)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    """Not running: clients start it."""
    made = Station(tmp_path / "transfers", idle=1.0)
    yield made
    await asyncio.to_thread(made.end)


@pytest.fixture
async def client(station: Station) -> AsyncIterator[EngineClient]:
    made = EngineClient(station.place.folder, idle=1.0)
    yield made
    await made.close()


def test_a_client_loads_nothing_of_aws(clean_environment: dict[str, str], tmp_path: Path) -> None:
    code = "import desktop.transfers.client, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "desktop.transfers.wire" in done.stdout
    assert not {"boto3", "botocore", "awscrt", "sqlite3"} & set(done.stdout.split())


async def test_the_first_client_starts_an_engine_of_its_own_session(
    client: EngineClient, station: Station
) -> None:
    await client.start()
    assert station.pid
    assert os.getsid(station.pid) == station.pid
    assert (await client.page()).total == 0


async def test_clients_that_start_together_find_one_engine(station: Station) -> None:
    several = [EngineClient(station.place.folder, idle=1.0) for _ in range(4)]
    await asyncio.gather(*(client.start() for client in several))
    assert len({client._session._writer.get_extra_info("peername") for client in several}) == 1  # type: ignore[union-attr]
    await asyncio.gather(*(client.close() for client in several))


async def test_an_engine_that_is_lost_is_started_again_and_told_everything(
    client: EngineClient, station: Station, tmp_path: Path
) -> None:
    heard: list[Event] = []
    client.subscribe(heard.append)
    await client.pause()
    await client.use([NOWHERE], {}, Limits(rate=5))
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    (transfer_id,) = await client.upload([UploadRequest(str(path), "d", "film.mp4")])
    os.kill(before := station.pid, signal.SIGKILL)
    row = await client.get(transfer_id)
    assert row.key == "film.mp4"
    assert station.pid != before
    page = await client.page()
    while not page.totals.rate_limit:
        await asyncio.sleep(0.05)
        page = await client.page()
    assert page.totals.rate_limit == 5
    changes = [event for event in heard if isinstance(event, TransferEngineChanged)]
    assert [change.running for change in changes] == [False, True]
    assert changes[0].message


async def test_questions_under_way_survive_the_loss(client: EngineClient, station: Station) -> None:
    await client.start()
    os.kill(station.pid, signal.SIGKILL)
    pages = await asyncio.gather(*(client.page() for _ in range(5)))
    assert [page.total for page in pages] == [0] * 5


async def test_a_line_that_broke_unnoticed_is_not_asked_over_and_over(
    client: EngineClient,
) -> None:
    await client.start()
    session = client._session
    assert session is not None
    session._reader.set_exception(ConnectionResetError())
    assert (await client.page()).total == 0
    assert client._session is not session


async def test_a_question_asked_twice_adds_nothing_twice(
    client: EngineClient, tmp_path: Path
) -> None:
    await client.pause()
    await client.use([NOWHERE], {}, Limits())
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    call = wire.Upload(("01ABC",), (UploadRequest(str(path), "d", "film.mp4"),))
    await client._ask(call)
    await client._ask(call)
    assert (await client.page()).total == 1


async def test_an_engine_that_hangs_is_ended_and_started_again(
    client: EngineClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SILENCE", 0.6)
    monkeypatch.setattr(wire, "BEAT", 0.2)
    monkeypatch.setattr("desktop.transfers.session.GREETING_SECONDS", 0.5)
    await client.start()
    monkeypatch.setattr(clients, "REACH_SECONDS", 0.5)
    os.kill(before := station.pid, signal.SIGSTOP)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(_asked_for_ever(client), 20.0)
    assert await asyncio.to_thread(station.other_than, before)
    monkeypatch.undo()
    for _try in range(100):
        with contextlib.suppress(Unavailable):
            assert (await client.page()).total == 0
            break
        await asyncio.sleep(0.1)
    assert station.pid != before


async def _asked_for_ever(client: EngineClient) -> None:
    while True:
        await client._ask(wire.Page(), 3.0)


async def test_errors_of_the_engine_are_raised_here(client: EngineClient) -> None:
    with pytest.raises(NotFound):
        await client.get("no such transfer")
    with pytest.raises(NotFound):
        await client.check("no such destination")


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    client = EngineClient(tmp_path / "file")
    with pytest.raises(Unavailable) as refused:
        await client.page()
    assert refused.value.remedy
    await client.close()


async def test_a_start_that_is_given_up_leaves_no_process(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await launch(Place(tmp_path), 1.0)
    assert set(psutil.Process().children()) <= before


async def test_a_stale_record_is_nobody(client: EngineClient, station: Station) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    take(station.place).close()
    station.place.write(Record(1, port, "old"))
    assert (await client.page()).total == 0
    server.close()


async def test_an_older_engine_makes_room(
    client: EngineClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.start()
    before = station.pid
    monkeypatch.setattr(wire, "VERSION", wire.VERSION + 1)
    newer = EngineClient(station.place.folder, idle=1.0)
    monkeypatch.setattr(clients, "REACH_SECONDS", 1.0)
    with pytest.raises(Unavailable):  # engines started here are of the version on the disk
        await newer.start()
    await newer.close()
    monkeypatch.undo()
    assert before != station.pid


async def test_a_client_older_than_the_engine_is_told_to_start_again(
    client: EngineClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.start()
    monkeypatch.setattr(wire, "VERSION", 0)
    older = EngineClient(station.place.folder)
    with pytest.raises(Unavailable, match="elsewhere"):
        await older.start()
    await older.close()


async def test_closing_takes_no_time_and_leaves_the_engine_to_itself(
    client: EngineClient, station: Station
) -> None:
    await client.start()
    began = time.monotonic()
    await client.close()
    assert time.monotonic() - began < 0.3
    assert station.alive
    assert await asyncio.to_thread(station.gone, 6.0)


def test_a_record_is_whole_and_for_this_user_only(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.read() is None
    for port in range(50):
        place.write(Record(os.getpid(), port, "token"))
        assert place.record_file.stat().st_mode & 0o777 == 0o600
        assert place.read() == Record(os.getpid(), port, "token")
    assert "token" not in repr(place.read())
    place.withdraw(1)
    assert place.read() is not None
    place.withdraw(os.getpid())
    assert place.read() is None
    garbage: Any = b'{"pid": 1'
    place.record_file.write_bytes(garbage)
    assert place.read() is None
