"""The engine from inside, where time can be made to jump and patience to be short."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.line import Line
from desktop.config.keychain import Secret
from desktop.domain.transfers import Destination, Limits, Transfer, UploadRequest
from desktop.transfers import wire
from desktop.transfers.engine import errands
from desktop.transfers.engine.books import Books
from desktop.transfers.engine.desk import Desk
from desktop.transfers.engine.floor import Floor, Means
from desktop.transfers.engine.lines import Lines
from desktop.transfers.engine.news import News
from desktop.transfers.engine.partials import Partials
from desktop.transfers.engine.pulse import Pulse
from desktop.transfers.engine.reach import Reach
from desktop.transfers.engine.sources import Sources
from desktop.transfers.engine.stores import Stores
from desktop.transfers.engine.sweeping import Sweeper
from desktop.transfers.engine.trials import Trials
from desktop.transfers.rate import Limiter
from tests.s3.process import S3Process
from tests.transfers.engine.stations import MIB, md5


class _Over(Exception):
    """The test is."""


@dataclass
class Inside:
    desk: Desk
    floor: Floor
    pulse: Pulse
    books: Books

    async def row(self) -> Transfer:
        page = await self.desk.answer(wire.Page())
        assert isinstance(page, wire.TransferPage)
        return page.transfers[0]

    async def until_over(self, seconds: float = 20.0) -> Transfer:
        until = time.monotonic() + seconds
        while not (row := await self.row()).state.over:
            assert time.monotonic() < until, row
            await asyncio.sleep(0.02)
        return row

    async def until_moving(self) -> None:
        await until(lambda: any(track.in_flight for track in self.floor.tracks.values()))


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[Inside]:
    """All of the engine but the process."""
    books = await Books.open(tmp_path / "transfers.db")
    limiter = Limiter(time.monotonic, datetime.now, Limits())
    sources, stores = Sources(tmp_path / "compressed"), Stores(Trials(books.ledger))
    work = errands.Errands(errands.Tools(books.ledger, stores, sources, Partials(), limiter))
    with contextlib.suppress(BaseExceptionGroup):
        async with asyncio.TaskGroup() as group:
            floor = Floor(Means(books, work, Lines(), News(), Reach(group), group))
            pulse, sweeper = Pulse(floor), Sweeper(books, work)
            group.create_task(pulse.run())
            yield Inside(Desk(books, floor, pulse, sweeper), floor, pulse, books)
            floor.close()
            raise _Over
    work.close()
    await books.close()


async def until(fits: Callable[[], bool]) -> None:
    for _look in range(1000):
        if fits():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It never came")


async def send(inside: Inside, s3: S3Process, path: Path) -> None:
    where = Destination(
        "d", "Local", "inside", "us-east-1", endpoint_url=s3.endpoint, path_style=True
    )
    keys = {"d": AccessKeys(s3.keys.key_id, Secret(s3.keys.secret))}
    s3.change(bucket={"name": "inside"})
    await inside.desk.answer(wire.Use((where,), keys, Limits()))
    await inside.desk.answer(
        wire.Upload(("1",), (UploadRequest(str(path), "d", path.name, replace=True),))
    )


def film(tmp_path: Path, size: int = 24 * MIB) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(range(256)) * (size // 256))
    return path


async def test_what_served_a_line_is_kept_once_nothing_goes_there_any_more(
    inside: Inside, s3: S3Process, tmp_path: Path
) -> None:
    await send(inside, s3, film(tmp_path))
    await inside.until_moving()
    connections = inside.floor.means.lines.of("d")
    connections.complained(time.monotonic())
    await inside.until_over()
    await until(lambda: inside.books.ledger.endpoint("d").connections == connections.found)
    assert connections.found == 5


async def test_after_a_sleep_every_connection_is_opened_anew(
    inside: Inside, s3: S3Process, tmp_path: Path
) -> None:
    path = film(tmp_path)
    s3.change(faults={"rate": 16 * MIB})
    await send(inside, s3, path)
    await inside.until_moving()
    before = {attempt for track in inside.floor.tracks.values() for attempt in track.attempts}
    inside.pulse._clocks = (time.time() - 3600, time.monotonic())
    await until(lambda: all(attempt.line.is_cut for attempt in before))
    s3.change(faults={"rate": 0})
    await inside.until_over()
    assert s3.object("inside", "film.mp4")["md5"] == md5(path)
    said = await inside.books.ask(inside.books.ledger.history, "1")
    assert any("asleep" in moment.text for moment in said)


async def test_a_connection_on_which_nothing_moves_is_cut_and_its_part_sent_again(
    inside: Inside, s3: S3Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "Line", lambda _patience=0.0: Line(1.0))
    path = film(tmp_path)
    s3.rule("stall body", operation="UploadPart", part=2, times=1, after=MIB)
    began = time.monotonic()
    await send(inside, s3, path)
    row = await inside.until_over()
    assert 1.0 < time.monotonic() - began < 15.0
    assert row.parts_done == row.parts
    assert s3.object("inside", "film.mp4")["md5"] == md5(path)


async def test_one_transfer_that_breaks_does_not_stop_the_others(
    inside: Inside, s3: S3Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a bug")

    path = film(tmp_path, MIB)
    with monkeypatch.context() as patch:
        patch.setitem(errands.sending.QUESTIONS, errands.commands.LookAtSource, broken)  # type: ignore[arg-type]
        await send(inside, s3, path)
        await asyncio.sleep(0.3)
    row = await inside.until_over()
    assert s3.object("inside", "film.mp4")["md5"] == md5(path)
    assert row.attempts == 0
