import faulthandler
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.config.log import CRASH_TRACE, watch_for_crashes
from desktop.services.crashes import LONGEST_REPORT, CrashService


@pytest.fixture(autouse=True)
def faulthandler_as_before() -> Iterator[None]:
    yield
    faulthandler.enable(sys.__stderr__ or sys.stderr)


def test_the_trace_of_a_crash_is_offered_once(tmp_path: Path) -> None:
    (tmp_path / CRASH_TRACE).write_text("Fatal Python error: Segmentation fault\n")
    trace = watch_for_crashes(tmp_path)
    assert trace is not None
    trace.close()
    crashes = CrashService(tmp_path)
    report = crashes.previous()
    assert report is not None
    assert "Segmentation fault" in report.text
    crashes.dismiss()
    assert crashes.previous() is None


def test_a_clean_end_leaves_nothing_to_report(tmp_path: Path) -> None:
    trace = watch_for_crashes(tmp_path)
    assert trace is not None
    trace.close()
    again = watch_for_crashes(tmp_path)
    assert again is not None
    again.close()
    assert CrashService(tmp_path).previous() is None


def test_an_endless_trace_is_cut(tmp_path: Path) -> None:
    (tmp_path / "crash.last").write_text("x" * (LONGEST_REPORT * 3))
    report = CrashService(tmp_path).previous()
    assert report is not None
    assert len(report.text) == LONGEST_REPORT
