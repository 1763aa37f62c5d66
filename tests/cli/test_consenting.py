"""On the command line, too, code from elsewhere runs only when a person wants it."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.config.paths import Paths
from tests.cli.conftest import SCENES, Run

EVIL = SCENES.replace("class First", "import subprocess\n\n\nclass First")
ONE = EVIL.partition("class Second")[0]
"""Drawn in half the time."""

TITLE = "Code that has not run here before needs your consent"


def answered(folder: Path, environment: dict[str, str], answer: str) -> tuple[int, str]:
    """Make ``shapes.py`` on a terminal where somebody types ``answer``; return what is shown."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-P", "-m", "desktop", "make", "shapes.py", "-q", "draft"]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
        if shown.rstrip().endswith(b"[y/N]") and answer:
            os.write(ours, answer.encode())
            answer = ""
    os.close(ours)
    return process.wait(30), shown.decode()


def test_without_a_terminal_code_needs_the_option_and_all_facts_are_printed(
    proofreel: Run, tmp_path: Path, paths: Paths
) -> None:
    (tmp_path / "shapes.py").write_text(EVIL, "utf-8")
    result = proofreel("make", "shapes.py", "-q", "draft")
    assert result.exit_code == 1
    assert TITLE in result.stderr
    assert "--yes" in result.stderr
    assert "shapes.py (8 lines, scenes: First, Second)" in result.stderr
    assert "shapes.py:4: This line starts or stops programs (subprocess)." in result.stderr
    assert "imports manim, subprocess" in result.stderr
    assert "runs in: " in result.stderr
    assert not (tmp_path / "shapes.mp4").exists()
    assert not paths.allowed_code.exists()


def test_a_text_with_an_error_is_refused_for_the_error_and_not_asked_about(
    proofreel: Run, tmp_path: Path
) -> None:
    (tmp_path / "bad.py").write_text(SCENES.replace("class Second(Scene):", "class Second("))
    result = proofreel("make", "bad.py")
    assert result.exit_code == 1
    assert "bad.py:9" in result.stderr
    assert TITLE not in result.stderr


def test_an_imported_file_that_is_rendered_needs_consent_as_well(
    proofreel: Run, tmp_path: Path, paths: Paths
) -> None:
    (tmp_path / "shapes.py").write_text(SCENES, "utf-8")
    (tmp_path / "other.py").write_text(SCENES.replace("Square", "Triangle"), "utf-8")
    result = proofreel("import", "shapes.py", "other.py", "--render")
    assert result.exit_code == 1
    assert result.stderr.count(TITLE) == 1
    assert "2 videos bring code that has not run here before" in result.stderr
    assert len(result.stdout.split()) == 2
    again = proofreel("render", result.stdout.split()[0])
    assert again.exit_code == 1
    assert TITLE in again.stderr


@pytest.mark.manim
def test_what_is_allowed_on_the_terminal_is_allowed_for_every_command(
    clean_environment: dict[str, str], proofreel: Run, tmp_path: Path, paths: Paths
) -> None:
    (tmp_path / "shapes.py").write_text(ONE, "utf-8")
    ended, shown = answered(tmp_path, clean_environment, "y\n")
    assert ended == 0, shown
    assert "Run this code? [y/N]" in shown
    assert "starts or stops programs (subprocess)" in shown
    assert (tmp_path / "shapes.mp4").exists()
    again = proofreel("make", "shapes.py", "-q", "draft")
    assert again.exit_code == 0, again.output
    brought = proofreel("import", "shapes.py", "--render")
    assert brought.exit_code == 0, brought.output
    assert "Made" in brought.stderr


def test_what_is_not_allowed_on_the_terminal_is_not_run(
    clean_environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "shapes.py").write_text(ONE, "utf-8")
    ended, shown = answered(tmp_path, clean_environment, "\n")
    assert ended == 1, shown
    assert "Run this code? [y/N]" in shown
    assert "Nothing was run" in shown
    assert not (tmp_path / "shapes.mp4").exists()
