"""``proofreel transfers`` does to the list what the window does."""

import json
from pathlib import Path

import pytest

from desktop.config.paths import Paths
from desktop.config.settings import load_settings
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Remnant, TransferState
from tests.cli.transferring import STUDIO, Line


@pytest.fixture
def line(paths: Paths, tmp_path: Path) -> Line:
    return Line(paths, tmp_path / "files")


@pytest.fixture
def waiting(line: Line) -> Line:
    """Return one with two uploads that wait."""
    line.run("transfers", "pause")
    line.run("upload", line.file("a.mp4"), line.file("b.mp4"), "--no-wait")
    return line


def states(line: Line) -> dict[str, str]:
    rows = json.loads(line.run("transfers", "list", "--json").stdout)
    return {Path(row["path"]).name: row["state"] for row in rows}


def test_an_empty_list_says_so(line: Line) -> None:
    result = line.run("transfers")
    assert result.exit_code == 0
    assert result.stdout == "There are no transfers.\n"


def test_other_programs_need_not_name_the_list(line: Line) -> None:
    line.run("upload", line.file("a.mp4"))
    (row,) = json.loads(line.run("transfers", "--json").stdout)
    assert (row["key"], row["state"]) == ("team/a.mp4", "done")


def test_the_list_shows_state_name_and_reason(line: Line) -> None:
    line.engine.faults = [Fault(FaultKind.SERVER, "The service is ill.", "Try again.")]
    line.run("upload", line.file("a.mp4"))
    line.run("upload", line.file("b.mp4"))
    text = line.run("transfers").stdout
    assert "team/a.mp4" in text
    assert "failed" in text
    assert "The service is ill. Try again." in " ".join(text.split())
    assert text.index("team/b.mp4") < text.index("team/a.mp4"), "what ended last comes first"


def test_the_list_can_be_narrowed(waiting: Line) -> None:
    text = waiting.run("transfers", "list", "B.MP4").stdout
    assert "team/b.mp4" in text
    assert "team/a.mp4" not in text


def test_of_a_long_past_only_the_end_is_shown_unless_all_is_asked_for(line: Line) -> None:
    paths = [line.file(f"{number}.txt") for number in range(35)]
    line.run("upload", *paths)
    assert len(json.loads(line.run("transfers", "list", "--json").stdout)) == 30
    result = line.run("transfers")
    assert "5 more that ended earlier" in result.stderr
    assert len(json.loads(line.run("transfers", "list", "--json", "--all").stdout)) == 35


def test_transfers_are_paused_and_go_on_one_by_one(waiting: Line) -> None:
    waiting.run("transfers", "resume")
    waiting.run("transfers", "watch")
    waiting.engine.hold()
    waiting.run("upload", waiting.file("c.mp4"), waiting.file("d.mp4"), "--no-wait")
    assert waiting.run("transfers", "pause", "c.mp4").exit_code == 0
    waiting.engine.release()
    waiting.run("transfers", "resume", "d.mp4")
    assert states(waiting)["c.mp4"] == "paused"
    waiting.run("transfers", "resume", "c.mp4")
    assert waiting.run("transfers", "watch").exit_code == 0
    assert set(states(waiting).values()) == {"done"}


def test_everything_is_paused_and_goes_on(waiting: Line) -> None:
    assert "All transfers are paused" in waiting.run("transfers").stderr
    assert waiting.run("transfers", "resume").exit_code == 0
    assert waiting.run("transfers", "watch").exit_code == 0
    assert set(states(waiting).values()) == {"done"}
    assert waiting.run("transfers", "watch").stdout == "Nothing is under way.\n"


def test_pausing_softly_is_passed_on(line: Line) -> None:
    line.run("transfers", "pause")
    line.run("transfers", "pause", "--softly")
    assert line.engine.pauses == [True, False]


def test_cancelling_needs_a_name_or_all(waiting: Line) -> None:
    result = waiting.run("transfers", "cancel")
    assert result.exit_code == 1
    assert "add --all" in result.stderr
    assert waiting.run("transfers", "cancel", "a.mp4").exit_code == 0
    assert states(waiting) == {"a.mp4": "cancelled", "b.mp4": "paused"}
    assert waiting.run("transfers", "cancel", "--all").exit_code == 0
    assert set(states(waiting).values()) == {"cancelled"}


def test_what_failed_is_tried_again(line: Line) -> None:
    line.engine.faults = [Fault(FaultKind.SERVER, "The service is ill.")]
    line.run("upload", line.file("a.mp4"))
    assert states(line) == {"a.mp4": "failed"}
    assert line.run("transfers", "retry").exit_code == 0
    line.run("transfers", "watch")
    assert states(line) == {"a.mp4": "done"}


def test_what_is_over_is_forgotten_and_what_goes_on_is_not(waiting: Line) -> None:
    waiting.run("transfers", "cancel", "a.mp4")
    refused = waiting.run("transfers", "forget", "b.mp4")
    assert refused.exit_code == 1
    assert waiting.run("transfers", "forget").exit_code == 0
    assert set(states(waiting)) == {"b.mp4"}


def test_a_transfer_is_named_by_the_end_of_its_id(waiting: Line) -> None:
    identity = next(iter(waiting.engine._rows))
    assert waiting.run("transfers", "cancel", identity[-6:].lower()).exit_code == 0
    assert waiting.engine._rows[identity].transfer.state is TransferState.CANCELLED
    assert waiting.run("transfers", "cancel", identity[-3:]).exit_code == 1


def test_a_name_that_may_mean_several_is_not_guessed(waiting: Line) -> None:
    waiting.run("upload", waiting.file("x/a.mp4"), "--prefix", "x", "--no-wait")
    result = waiting.run("transfers", "cancel", "a.mp4")
    assert result.exit_code == 1
    assert "may mean 2" in result.stderr
    assert waiting.run("transfers", "cancel", "team/x/a.mp4").exit_code == 0


def test_a_transfer_that_is_not_there_is_said(line: Line) -> None:
    result = line.run("transfers", "history", "nothing.mp4")
    assert result.exit_code == 1
    assert "There is no transfer “nothing.mp4”" in result.stderr


def test_the_history_is_told_for_people_and_programs(line: Line) -> None:
    line.run("upload", line.file("a.mp4"))
    assert "Added" in line.run("transfers", "history", "a.mp4").stdout
    moments = json.loads(line.run("transfers", "history", "a.mp4", "--json").stdout)
    assert moments[0]["kind"] == "added"


def test_limits_are_kept_for_the_window_too(line: Line, paths: Paths) -> None:
    hours = "Mon-Fri 09:00-17:00 2M"
    result = line.run("transfers", "limit", "5M", "--hours", hours, "--connections", "4")
    assert result.exit_code == 0, result.output
    assert "All together  5.0 MB/s" in result.stdout
    assert "At Mon,Tue,Wed,Thu,Fri 09:00-17:00 2M" in result.stdout
    kept = load_settings(paths.settings).transfers
    assert (kept.rate_limit_mb, kept.connections) == (5.0, 4)
    shown = line.run("transfers", "limit").stdout
    assert "All together  5.0 MB/s" in shown
    ended = line.run("transfers", "limit", "off", "--hours", "").stdout
    assert "All together  no limit" in ended
    assert "At " not in ended


def test_single_transfers_are_limited(waiting: Line) -> None:
    assert waiting.run("transfers", "limit", "1M", "a.mp4").exit_code == 0
    rates = [row.transfer.rate_limit for row in waiting.engine._rows.values()]
    assert rates == [1_000_000, 0]


@pytest.mark.parametrize("arguments", [("fast",), ("5M", "--hours", "often")])
def test_limits_that_make_no_sense_are_refused(line: Line, arguments: tuple[str, ...]) -> None:
    assert line.run("transfers", "limit", *arguments).exit_code == 1


def test_what_lies_unfinished_at_the_service_is_listed_and_removed(line: Line) -> None:
    ours = Remnant(STUDIO.id, "films", "team/ours.mp4", "u1", 0.0, 8_000_000, 1, ours=True)
    other = Remnant(STUDIO.id, "films", "team/other.mp4", "u2", 0.0, 9_000_000, 2, ours=False)
    line.engine.left = [ours, other]
    text = line.run("transfers", "unfinished").stdout
    assert "team/other.mp4" in text
    assert "17.0 MB in all" in text
    assert len(json.loads(line.run("transfers", "unfinished", "--json").stdout)) == 2
    assert line.run("transfers", "unfinished", "--abort").exit_code == 0
    assert line.engine.left == [ours], "what this library goes on with is not taken from it"


def test_an_engine_that_cannot_start_is_one_error(line: Line) -> None:
    from desktop.domain.errors import Unavailable

    line.engine.refusal = Unavailable("Transfers cannot be started", "No room.", "Make some.")
    result = line.run("transfers")
    assert result.exit_code == 1
    assert result.stderr.count("Transfers cannot be started") == 1
    assert "→ Make some." in result.stderr
