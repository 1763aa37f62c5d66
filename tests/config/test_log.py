"""The log never keeps the program from starting, and hard crashes leave a trace for the next."""

import faulthandler
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.config.log import CRASH_TRACE, LAST_CRASH, start_logging, watch_for_crashes


@pytest.fixture(autouse=True)
def other_handlers() -> Iterator[None]:
    """Give the root logger back as it was, files closed."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture
def no_faults() -> Iterator[None]:
    """Switch pytest's own trace of hard crashes on again."""
    yield
    faulthandler.disable()
    faulthandler.enable(sys.__stderr__ or sys.stderr)


def written(folder: Path) -> str:
    for handler in logging.getLogger().handlers:
        handler.flush()
    return (folder / "proofreel.log").read_text("utf-8")


def test_what_happens_is_written_with_its_place(tmp_path: Path) -> None:
    start_logging(tmp_path / "logs")
    logging.getLogger("desktop.part").info("Made “ä”")
    logging.getLogger("desktop.part").debug("Detail")
    log = written(tmp_path / "logs")
    assert "INFO    desktop.part: Made “ä”" in log
    assert "Detail" not in log


def test_details_are_written_on_request(tmp_path: Path) -> None:
    start_logging(tmp_path, verbose=True)
    logging.getLogger("desktop.part").debug("Detail")
    assert "DEBUG   desktop.part: Detail" in written(tmp_path)


def test_only_warnings_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging(tmp_path)
    logging.getLogger("desktop.part").info("Quiet")
    logging.getLogger("desktop.part").warning("Loud")
    shown = capsys.readouterr().err
    assert "WARNING: Loud" in shown
    assert "Quiet" not in shown


def test_the_log_does_not_grow_without_end(tmp_path: Path) -> None:
    start_logging(tmp_path)
    for _ in range(80):
        logging.getLogger("desktop.part").info("x" * 100_000)
    files = list(tmp_path.iterdir())
    assert 2 <= len(files) <= 5
    assert sum(path.stat().st_size for path in files) < 6 << 20


def test_a_folder_that_cannot_be_made_leaves_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    start_logging(tmp_path / "file" / "logs")
    assert "No log file" in capsys.readouterr().err


@pytest.mark.usefixtures("no_faults")
def test_the_trace_of_the_last_run_is_kept_for_the_person(tmp_path: Path) -> None:
    (tmp_path / CRASH_TRACE).write_text("Fatal Python error\n", "utf-8")
    trace = watch_for_crashes(tmp_path)
    assert trace is not None
    with trace:
        assert (tmp_path / LAST_CRASH).read_text("utf-8") == "Fatal Python error\n"
        assert (tmp_path / CRASH_TRACE).read_text("utf-8") == ""
        faulthandler.dump_traceback(trace)
    assert "test_log.py" in (tmp_path / CRASH_TRACE).read_text("utf-8")


@pytest.mark.usefixtures("no_faults")
def test_a_run_that_ended_well_leaves_nothing_to_show(tmp_path: Path) -> None:
    for _ in range(2):
        trace = watch_for_crashes(tmp_path)
        assert trace is not None
        trace.close()
    assert not (tmp_path / LAST_CRASH).exists()


@pytest.mark.usefixtures("no_faults")
def test_without_a_place_for_it_crashes_are_still_shown(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert watch_for_crashes(tmp_path / "file" / "logs") is None
    assert faulthandler.is_enabled()
