"""``proofreel download`` fetches what it is asked for, whole or not at all."""

import json
from pathlib import Path

import pytest

from desktop.config.paths import Paths
from tests.cli.transferring import Line


@pytest.fixture
def line(paths: Paths, tmp_path: Path) -> Line:
    made = Line(paths, tmp_path / "files")
    made.stored["team/film.mp4"] = b"x" * 2000
    made.stored["team/notes/film.mp4"] = b"y"
    made.stored["team/code.py"] = b"pass"
    return made


def test_an_object_becomes_a_file(line: Line, tmp_path: Path) -> None:
    result = line.run("download", "film.mp4", "-o", str(tmp_path / "copy.mp4"))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "copy.mp4").read_bytes() == b"x" * 2000
    assert "1 object from Studio" in result.stderr


def test_several_go_into_a_folder_by_their_own_names(line: Line, tmp_path: Path) -> None:
    result = line.run("download", "team/film.mp4", "code.py", "-o", str(tmp_path), "--json")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "film.mp4").read_bytes() == b"x" * 2000
    assert (tmp_path / "code.py").read_bytes() == b"pass"
    assert [row["state"] for row in json.loads(result.stdout)] == ["done", "done"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["film.mp4", "code.py", "-o", "nowhere"], "is not a folder"),
        (["film.mp4", "notes/film.mp4", "-o", "."], "Two of these have the same name"),
        (["film.mp4", "--from", "Elsewhere"], "There is no destination “Elsewhere”"),
    ],
)
def test_what_cannot_be_meant_is_refused(line: Line, arguments: list[str], said: str) -> None:
    result = line.run("download", *arguments)
    assert result.exit_code == 1
    assert said in result.stderr


def test_an_object_that_is_not_there_fails_and_leaves_no_file(line: Line, tmp_path: Path) -> None:
    result = line.run("download", "missing.mp4", "-o", str(tmp_path / "copy.mp4"))
    assert result.exit_code == 1
    assert not (tmp_path / "copy.mp4").exists()


def test_a_file_that_is_there_is_kept_unless_it_may_be_replaced(line: Line, tmp_path: Path) -> None:
    target = tmp_path / "copy.mp4"
    target.write_bytes(b"mine")
    assert line.run("download", "film.mp4", "-o", str(target)).exit_code == 1
    assert target.read_bytes() == b"mine"
    assert line.run("download", "film.mp4", "-o", str(target), "--replace").exit_code == 0
    assert target.read_bytes() == b"x" * 2000
