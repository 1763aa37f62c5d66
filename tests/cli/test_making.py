"""Making a video file of a storyboard or Manim file."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from desktop.cli.making import themed, workshop
from desktop.cli.reporting import shifted
from desktop.config.paths import Paths
from desktop.config.settings import load_settings
from desktop.domain.errors import Problem
from desktop.domain.storyboard import Theme
from tests.cli.conftest import SCENES, Run


def test_a_theme_replaces_the_one_the_storyboard_names() -> None:
    text, added = themed("---\ntitle: A\ntheme: dark\n---\n## One\n", Theme.LIGHT)
    assert text == "---\ntitle: A\ntheme: light\n---\n## One\n"
    assert added == 0


@pytest.mark.parametrize("text", ["---\ntitle: A\n---\n## One\n", "## One\n", "---\n---\n## One\n"])
def test_a_theme_that_was_not_named_is_added_and_lines_are_counted(text: str) -> None:
    changed, added = themed(text, Theme.LIGHT)
    assert "theme: light\n" in changed
    before, after = text.splitlines().index("## One"), changed.splitlines().index("## One")
    assert after - before == added


def test_problems_name_lines_of_the_file() -> None:
    found = shifted([Problem("a", 5), Problem("b"), Problem("c", 1)], 3)
    assert [problem.line for problem in found] == [2, None, 1]


def test_jobs_limit_this_run_and_not_the_settings(paths: Paths) -> None:
    with workshop(paths, jobs=1, keep=False) as own:
        assert load_settings(own.settings).rendering.workers == 1
        assert own.renders == paths.renders
        assert own.data != paths.data
    assert load_settings(paths.settings).rendering.workers == 0
    assert not own.data.exists()


def test_a_file_that_is_not_there_is_named(proofreel: Run) -> None:
    result = proofreel("make", "absent.md")
    assert result.exit_code == 1
    assert "absent.md" in result.stderr


def test_a_manim_file_takes_no_theme(proofreel: Run, scene_file: Path) -> None:
    result = proofreel("make", str(scene_file), "--theme", "light")
    assert result.exit_code == 1
    assert "--theme" in result.stderr


def test_an_error_of_the_text_is_shown_with_file_and_line(proofreel: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(SCENES.replace("class Second(Scene):", "class Second(Scene)"), "utf-8")
    result = proofreel("make", "broken.py")
    assert result.exit_code == 1
    assert "broken.py:9" in result.stderr
    assert not (tmp_path / "broken.mp4").exists()


@pytest.mark.manim
def test_a_manim_file_becomes_a_video_and_leaves_the_library_alone(
    proofreel: Run, scene_file: Path, tmp_path: Path
) -> None:
    result = proofreel("make", str(scene_file), "-q", "draft", "-o", "out/shapes.mp4", "--yes")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "shapes.mp4").stat().st_size > 1000
    assert "854x480" in result.stderr
    assert json.loads(proofreel("list", "--json").stdout) == []
    again = proofreel("make", str(scene_file), "-q", "draft", "-o", "out/shapes.gif", "--keep")
    assert "2 of them rendered before" in again.stderr
    assert len(json.loads(proofreel("list", "--json").stdout)) == 1


@pytest.mark.manim
def test_a_scene_that_fails_is_named_with_its_line(proofreel: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(SCENES.replace("Circle()", "Circle(bogus)"), "utf-8")
    result = proofreel("make", "bad.py", "-q", "draft", "--yes")
    assert result.exit_code == 1
    assert "bad.py:11" in result.stderr
    assert not (tmp_path / "bad.mp4").exists()


@pytest.mark.manim
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_render_that_is_interrupted_ends_cleanly(
    number: signal.Signals, clean_environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "long.py").write_text(SCENES.replace("run_time=0.2", "run_time=120"), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "desktop", "make", "long.py", "-q", "draft", "-y"],
        cwd=tmp_path,
        env={**clean_environment, "TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert "2 scenes" in process.stderr.readline()
    time.sleep(1)
    os.kill(process.pid, number)
    _output, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.startswith("Cancelled")
    assert not (tmp_path / "long.mp4").exists()
    assert not list(tmp_path.glob("proofreel-make-*"))


@pytest.mark.manim
def test_going_without_a_sandbox_is_recorded(
    proofreel: Run, scene_file: Path, paths: Paths, tmp_path: Path
) -> None:
    out = str(tmp_path / "out.mp4")
    options = ("-q", "draft", "--keep", "--unprotected", "--yes")
    result = proofreel("make", str(scene_file), "-o", out, *options)
    assert result.exit_code == 0, result.stderr
    with closing(sqlite3.connect(paths.database)) as database:
        [(isolation,)] = database.execute("SELECT isolation FROM versions").fetchall()
    assert isolation == "No sandbox, allowed by you"
