"""The window is started as people start it: in a process of its own, with a real library."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from desktop.config.paths import below

BEGIN = """
import sys
from pathlib import Path
from desktop.app import open_services
from desktop.config.paths import below
from desktop.ui import launch

paths = below(Path(sys.argv[1]))
"""


def started(home: Path, script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + textwrap.dedent(script), str(home)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        pytest.fail(f"The window did not close.\n{out}\n{err}")
    return process.returncode, out, err


def test_a_visit_sees_an_open_window_and_its_result_is_the_exit_code(tmp_path: Path) -> None:
    process = started(
        tmp_path,
        """
        async def visit(window, services):
            print(window.isVisible(), window.windowTitle())
            await services.library.create_project("Made by a visit")
            return 7

        sys.exit(launch.run(lambda: open_services(paths), visit))
        """,
    )
    code, out, err = ended(process)
    assert (code, out) == (7, "True Welcome - Proofreel\n"), err
    with sqlite3.connect(below(tmp_path).database) as database:
        assert database.execute("SELECT title FROM projects").fetchall() == [("Made by a visit",)]
    database.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_as_its_button_does(
    tmp_path: Path, number: signal.Signals
) -> None:
    process = started(
        tmp_path,
        """
        from PySide6.QtCore import QTimer
        QTimer.singleShot(0, lambda: print("up", flush=True))
        sys.exit(launch.run(lambda: open_services(paths)))
        """,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    time.sleep(2)
    process.send_signal(number)
    code, _out, err = ended(process)
    assert code == 0, err
    assert (below(tmp_path).config / "window.ini").exists(), "what was open is remembered"


def test_a_library_of_a_newer_program_is_explained_and_left_alone(tmp_path: Path) -> None:
    paths = below(tmp_path)
    paths.data.mkdir(parents=True)
    with sqlite3.connect(paths.database) as database:
        database.execute("PRAGMA user_version = 9999")
        database.execute("CREATE TABLE future (x)")
    database.close()
    before = paths.database.read_bytes()
    process = started(
        tmp_path,
        """
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication, QDialog

        def close():
            for widget in QApplication.topLevelWidgets():
                if isinstance(widget, QDialog) and widget.isVisible():
                    print(widget.windowTitle())
                    widget.accept()

        app = QApplication([])
        timer = QTimer(interval=200)
        timer.timeout.connect(close)
        timer.start()
        sys.exit(launch.run(lambda: open_services(paths)))
        """,
    )
    code, out, err = ended(process)
    assert code == 1, err
    assert "newer" in out
    assert paths.database.read_bytes() == before


def test_an_exception_nobody_caught_is_shown_and_does_not_end_the_program(tmp_path: Path) -> None:
    process = started(
        tmp_path,
        """
        import asyncio
        from PySide6.QtCore import QTimer
        from desktop.ui.bug_dialog import BugDialog

        async def visit(window, services):
            QTimer.singleShot(0, lambda: 1 / 0)
            await asyncio.sleep(0.5)
            dialogs = window.findChildren(BugDialog)
            print([("ZeroDivisionError" in one.details.toPlainText()) for one in dialogs])
            return 0

        sys.exit(launch.run(lambda: open_services(paths), visit))
        """,
    )
    code, out, err = ended(process)
    assert (code, out) == (0, "[True]\n"), err
