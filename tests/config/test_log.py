"""The log never keeps the program from starting, and hard crashes leave a trace for the next.

No secret is in it, whoever logs and whatever handler writes.
"""

import ast
import faulthandler
import io
import linecache
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.config.keychain import Secret
from desktop.config.log import (
    CRASH_TRACE,
    LAST_CRASH,
    attach,
    start_logging,
    watch_for_crashes,
)
from desktop.config.redaction import REDACTED

CANARY = "canary of " + Path(__file__).stem


@pytest.fixture(autouse=True)
def other_handlers() -> Iterator[None]:
    """Give the root logger back as it was, files closed.

    Manim, which other tests load, has put a handler there that takes seconds for a long line.
    """
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers = [one for one in before if type(one).__module__ == "_pytest.logging"]
    yield
    for handler in set(root.handlers) - set(before):
        handler.close()
    root.handlers = before
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


def fail() -> None:
    error = ValueError(f"inner {CANARY}")
    error.add_note(f"noted {CANARY}")
    raise RuntimeError(f"outer {CANARY}") from error


def with_traceback(log: logging.Logger) -> None:
    try:
        fail()
    except RuntimeError:
        log.exception("It failed with %s", CANARY)


def with_stack(log: logging.Logger) -> None:
    source = f"log.info('said', stack_info=True)  # {CANARY}"
    linecache.cache["<typed>"] = (len(source), None, [source], "<typed>")
    exec(compile(source, "<typed>", "exec"), {"log": log})


def with_group(log: logging.Logger) -> None:
    log.error("Several", exc_info=ExceptionGroup("all", [ValueError(CANARY), KeyError(CANARY)]))


WAYS: list[Callable[[logging.Logger], None]] = [
    lambda log: log.info(CANARY),
    lambda log: log.info("Key %s and %r", CANARY, [CANARY]),
    lambda log: log.info({"key": CANARY}),
    lambda log: log.info("Key %(key)s", {"key": CANARY}),
    with_traceback,
    with_stack,
    with_group,
]


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_reaches_the_log_or_the_terminal(
    way: Callable[[logging.Logger], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = Secret(CANARY)
    start_logging(tmp_path, verbose=True)
    way(logging.getLogger("desktop.some.part"))
    written_down, shown = written(tmp_path), capsys.readouterr().err
    assert secret.reveal() == CANARY
    assert "desktop.some.part" in written_down
    assert shown
    assert CANARY not in written_down
    assert CANARY not in shown


def test_a_trace_tells_everything_but_the_secret(tmp_path: Path) -> None:
    Secret(CANARY)
    start_logging(tmp_path)
    with_traceback(logging.getLogger("desktop.part"))
    log = written(tmp_path)
    assert f"It failed with {REDACTED}" in log
    assert f"ValueError: inner {REDACTED}\nnoted {REDACTED}" in log
    assert f"RuntimeError: outer {REDACTED}" in log
    assert "line" in log
    assert "in fail" in log


def test_what_a_library_has_formatted_before_is_cleaned_too(tmp_path: Path) -> None:
    Secret(CANARY)
    log = logging.getLogger("some.library")
    theirs = logging.StreamHandler(io.StringIO())  # formats the trace and leaves it in the record
    log.addHandler(theirs)
    start_logging(tmp_path)
    with_traceback(log)
    log.removeHandler(theirs)
    assert CANARY not in written(tmp_path)


@pytest.mark.parametrize("text", ["Too %s many %s", "%d"])
def test_arguments_that_do_not_fit_are_not_printed_as_they_are(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Secret(CANARY)
    stream = io.StringIO()
    late = logging.StreamHandler(stream)
    attach(late, log := logging.getLogger("desktop.late"))
    late.handle(log.makeRecord(log.name, logging.INFO, __file__, 1, text, (CANARY,), None))
    log.removeHandler(late)
    assert text in stream.getvalue()
    assert CANARY not in stream.getvalue() + capsys.readouterr().err


def test_a_handler_added_later_is_cleaned_as_well() -> None:
    Secret(CANARY)
    stream = io.StringIO()
    late = logging.StreamHandler(stream)
    attach(late, logging.getLogger("desktop.late"))
    logging.getLogger("desktop.late.part").warning("Key %s", CANARY)
    logging.getLogger("desktop.late").removeHandler(late)
    assert stream.getvalue() == f"Key {REDACTED}\n"


def test_only_the_log_module_adds_handlers(repository: Path) -> None:
    """Handlers that are added elsewhere would have no filter; one that writes nothing may."""
    found = []
    for path in (repository / "desktop").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        found += [
            f"{path.name}:{call.lineno}"
            for call in calls
            if isinstance(call.func, ast.Attribute)
            and call.func.attr in {"addHandler", "basicConfig", "dictConfig", "fileConfig"}
            and "NullHandler" not in ast.unparse(call)
        ]
    assert [place.partition(":")[0] for place in found] == ["log.py"]
