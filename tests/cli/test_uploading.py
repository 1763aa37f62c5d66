"""``proofreel upload`` sends what it is given, says what it left out, and loses nothing."""

import asyncio
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from desktop.cli.transfer_watch import TransferWatch
from desktop.config.destinations import KeptDestination
from desktop.config.paths import Paths
from desktop.domain.events import EventBus, TransferChanged, TransferEngineChanged
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import (
    Destination,
    Direction,
    Transfer,
    TransferState,
    UploadRequest,
)
from tests.cli.transferring import Line


@pytest.fixture
def line(paths: Paths, tmp_path: Path) -> Line:
    return Line(paths, tmp_path / "files")


def test_a_file_is_uploaded_and_said(line: Line) -> None:
    result = line.run("upload", line.file("film.mp4", b"x" * 2000))
    assert result.exit_code == 0, result.output
    assert line.stored == {"team/film.mp4": b"x" * 2000}
    assert "1 file, 2.0 kB, to Studio" in result.stderr
    assert "done       team/film.mp4  2.0 kB" in result.stderr
    assert result.stdout == ""


def test_folders_keep_their_names_below_a_prefix(line: Line) -> None:
    line.file("lectures/1/a.mp4")
    line.file("lectures/.hidden")
    result = line.run("upload", str(line.folder / "lectures"), "--prefix", "/2026/")
    assert result.exit_code == 0, result.output
    assert set(line.stored) == {"team/2026/lectures/1/a.mp4"}
    assert "1 hidden file or folder left out" in result.stderr


def test_a_single_file_may_be_called_something_else(line: Line) -> None:
    path = line.file("film.mp4")
    assert line.run("upload", path, "--key", "final.mp4", "--prefix", "x").exit_code == 0
    assert set(line.stored) == {"team/x/final.mp4"}


def test_one_name_for_several_files_is_refused(line: Line) -> None:
    result = line.run("upload", line.file("a.mp4"), line.file("b.mp4"), "--key", "c.mp4")
    assert result.exit_code == 1
    assert "--key names one file" in result.stderr
    assert line.stored == {}


def test_what_is_there_is_only_replaced_when_asked_for(line: Line) -> None:
    line.run("upload", line.file("a.txt", b"old"))
    result = line.run("upload", line.file("a.txt", b"new"))
    assert result.exit_code == 1
    assert "failed     team/a.txt  It is there already." in result.stderr
    assert line.run("upload", line.file("a.txt", b"new"), "--replace").exit_code == 0
    assert line.stored["team/a.txt"] == b"new"


def test_text_may_be_compressed_on_its_way(line: Line) -> None:
    assert line.run("upload", line.file("scene.py", b"a" * 1000), "--compress").exit_code == 0
    assert line.stored["team/scene.py"].startswith(b"\x1f\x8b")


def test_what_is_asked_for_and_not_there_is_said_and_fails_though_the_rest_is_sent(
    line: Line,
) -> None:
    result = line.run("upload", line.file("a.mp4"), str(line.folder / "gone.mp4"))
    assert result.exit_code == 1
    assert "gone.mp4  It is not there." in result.stderr
    assert set(line.stored) == {"team/a.mp4"}


def test_what_cannot_be_read_in_a_folder_fails_though_the_rest_is_sent(line: Line) -> None:
    folder = Path(line.file("lectures/a.mp4")).parent
    (folder / "empty").mkdir()
    assert line.run("upload", str(folder)).exit_code == 0, "an empty folder is no loss"
    (folder / "broken.mp4").symlink_to(folder / "nowhere.mp4")
    result = line.run("upload", str(folder), "--replace")
    assert result.exit_code == 1
    assert "broken.mp4  The file its link leads to is gone." in result.stderr
    assert "done" in result.stderr


def test_nothing_to_upload_is_an_error(line: Line) -> None:
    result = line.run("upload", str(line.folder / "gone.mp4"))
    assert result.exit_code == 1
    assert "There is nothing to upload" in result.stderr


def test_other_programs_read_the_result(line: Line) -> None:
    result = line.run("upload", line.file("a.mp4"), line.file("b.mp4"), "--json")
    rows = json.loads(result.stdout)
    assert [(row["key"], row["state"], row["status"]) for row in rows] == [
        ("team/a.mp4", "done", "completed"),
        ("team/b.mp4", "done", "completed"),
    ]
    assert rows[0]["address"] == "s3://films/team/a.mp4"
    assert rows[0]["checksum"].startswith("crc64nvme:")
    assert rows[0]["size"] == rows[0]["confirmed"] == 12


def test_nobody_has_to_wait(line: Line) -> None:
    line.engine.hold()
    result = line.run("upload", line.file("a.mp4"), "--no-wait")
    assert result.exit_code == 0
    assert "go on in the background" in result.stderr
    assert len(result.stdout.strip()) == 6
    (row,) = line.engine._rows.values()
    assert row.transfer.id.lower().endswith(result.stdout.strip())


def test_a_limit_is_passed_on_and_nonsense_is_refused(line: Line) -> None:
    line.run("upload", line.file("a.mp4"), "--limit", "5M")
    (row,) = line.engine._rows.values()
    assert row.transfer.rate_limit == 5_000_000
    result = line.run("upload", line.file("b.mp4"), "--limit", "fast")
    assert result.exit_code == 1
    assert "“fast” is not a speed" in result.stderr


def test_with_several_destinations_one_has_to_be_named(line: Line) -> None:
    line.files.put(KeptDestination(Destination("01OTHER", "Archive", "films")))
    result = line.run("upload", line.file("a.mp4"))
    assert result.exit_code == 1
    assert "Archive, Studio" in result.stderr
    assert line.run("upload", line.file("a.mp4"), "--to", "arch").exit_code == 0
    assert set(line.stored) == {"a.mp4"}
    assert "There is no destination “x”" in line.run("upload", "a", "--to", "x").stderr


def test_without_a_destination_it_is_said_how_to_make_one(line: Line) -> None:
    line.files.remove("01STUDIO")
    result = line.run("upload", line.file("a.mp4"))
    assert result.exit_code == 1
    assert "proofreel destinations add" in result.stderr


def test_why_nothing_moves_is_said_when_all_is_paused(line: Line) -> None:
    line.run("transfers", "pause")
    result = line.run("upload", line.file("a.mp4"), "--no-wait")
    assert "All transfers are paused" in result.stderr


def interrupting(line: Line, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Send a signal a moment after files were queued."""
    upload = line.engine.upload

    async def then_interrupt(requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        ids = await upload(requests)
        asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), number)
        return ids

    monkeypatch.setattr(line.engine, "upload", then_interrupt)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other things there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_upload_is_paused_and_can_go_on(
    line: Line, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    line.engine.hold()
    interrupting(line, monkeypatch, number)
    result = line.run("upload", line.file("a.mp4"))
    assert result.exit_code == 130, result.output
    assert "Paused; what had arrived is kept." in result.stderr
    assert "Scenes" not in result.stderr
    (row,) = line.engine._rows.values()
    assert row.transfer.state is TransferState.PAUSED
    line.engine.release()
    line.run("transfers", "resume")
    line.run("transfers", "watch")
    assert line.stored == {"team/a.mp4": b"some content"}


# What is drawn


def transfer(state: TransferState = TransferState.ACTIVE, **values: object) -> Transfer:
    usual = Transfer(
        "01A", Direction.UPLOAD, "/[b]a.mp4", "d", "films", "[b]a.mp4", 1000, state, 0.0,
        confirmed=500, speed=100.0, seconds_left=5.0,
    )  # fmt: skip
    return replace(usual, **values)  # type: ignore[arg-type]


def console_of(width: int) -> Console:
    return Console(force_terminal=True, width=width, record=True, file=io.StringIO())


def drawn(*transfers: Transfer, width: int = 100) -> tuple[str, str]:
    """Return what was said, and the bars below it, after these changes."""
    console, bars = console_of(width), console_of(width)
    bus = EventBus()
    with TransferWatch(bus, console, [transfer(confirmed=0)]) as watch:
        for one in transfers:
            bus.publish(TransferChanged(one))
        bus.publish(TransferEngineChanged(running=False, message="It is started again."))
        bars.print(watch._progress.get_renderable())
    return console.export_text(), bars.export_text()


def test_a_bar_shows_speed_and_time_left_and_names_as_they_are() -> None:
    said, text = drawn(transfer())
    assert "[b]a.mp4" in text
    assert "50 %" in text
    assert "100 bytes/s, 0:05 left" in text
    assert "0 of 1 ended" in text
    assert "It is started again." in said


def test_a_bar_shows_what_is_on_its_way_and_never_more_than_there_is() -> None:
    _said, bars = drawn(transfer(confirmed=500, in_flight=250))
    assert "75 %" in bars
    _said, bars = drawn(transfer(confirmed=500, in_flight=600))
    assert "100 %" in bars


def test_a_bar_says_why_nothing_moves() -> None:
    _said, text = drawn(transfer(TransferState.WAITING_NETWORK, speed=0.0))
    assert "waiting for network" in text


def test_what_has_ended_is_a_line_and_no_bar() -> None:
    done = transfer(
        TransferState.DONE, started_at=1.0, finished_at=3.0, resumed_from=710, sent_again=50
    )
    said, bars = drawn(done, done)
    assert said.count("done ") == 1
    assert "1.0 kB, 500 bytes/s, resumed at 71 %, 50 bytes sent again" in said
    assert "1 of 1 ended" in bars
    assert "a.mp4" not in bars


def test_what_failed_says_why_and_what_to_do() -> None:
    fault = Fault(FaultKind.DENIED, "Not allowed.", "Ask for the right.")
    said, _bars = drawn(
        transfer(TransferState.FAILED, fault=fault, reason=fault.message, remedy=fault.remedy)
    )
    assert "failed     [b]a.mp4  Not allowed. Ask for the right." in said


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_it_fits_any_terminal(width: int) -> None:
    long = transfer(key="lectures/" + "very-long-name-" * 12 + ".mp4")
    _said, bars = drawn(long, width=width)
    assert len(bars.splitlines()) == 2
    assert all(len(row) <= width for row in bars.splitlines())
    assert "50 %" in bars
