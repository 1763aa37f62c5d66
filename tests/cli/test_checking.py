"""A file is checked without running any of it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SCENES, Run

STORYBOARD = """# Growth

## The idea
- One
- Two
"""

BAD = STORYBOARD.replace("idea", "idea {layout=diagonal}")


def test_a_file_without_faults_says_so_and_ends_with_0(proofreel: Run, tmp_path: Path) -> None:
    (tmp_path / "talk.md").write_text(STORYBOARD, "utf-8")
    result = proofreel("check", "talk.md")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "talk.md: 1 scene, nothing to mend\n"


def test_errors_name_file_line_and_remedy_and_end_with_1(proofreel: Run, tmp_path: Path) -> None:
    (tmp_path / "talk.md").write_text(BAD, "utf-8")
    result = proofreel("check", "talk.md")
    assert result.exit_code == 1
    assert "talk.md:3: error: " in result.stdout
    assert "Use full, split, stack" in result.stdout
    assert result.stderr == "talk.md: 1 scene, 1 error\n"


def test_broken_python_names_its_line(proofreel: Run, tmp_path: Path) -> None:
    (tmp_path / "shapes.py").write_text(SCENES.replace("Second(Scene):", "Second("), "utf-8")
    result = proofreel("check", "shapes.py")
    assert result.exit_code == 1
    assert "shapes.py:9: error: " in result.stdout


def test_what_screening_says_is_a_warning_with_a_remedy_and_nothing_is_run(
    proofreel: Run, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    deed = f"import subprocess\nopen({str(mark)!r}, 'w')\n"
    (tmp_path / "shapes.py").write_text(deed + SCENES, "utf-8")
    result = proofreel("check", "shapes.py")
    assert result.exit_code == 0
    said = next(line for line in result.stdout.splitlines() if "subprocess" in line)
    assert said.startswith(
        "  shapes.py:1: warning: This line starts or stops programs (subprocess)."
    )
    assert len(said) > len(
        "  shapes.py:1: warning: This line starts or stops programs (subprocess)."
    )
    assert "2 scenes, 2 warnings" in result.stderr
    assert not mark.exists()
    assert proofreel("check", "shapes.py", "--strict").exit_code == 1


def test_code_beside_the_file_is_screened_under_its_own_name(
    proofreel: Run, tmp_path: Path
) -> None:
    (tmp_path / "tools.py").write_text("\nimport socket\nSHAPE = None\n", "utf-8")
    (tmp_path / "shapes.py").write_text(
        f"import tools\n{SCENES.replace('Square()', 'tools.SHAPE')}", "utf-8"
    )
    result = proofreel("check", "shapes.py")
    assert result.exit_code == 0
    assert "  tools.py:2: warning: " in result.stdout


def test_other_programs_get_all_of_it(proofreel: Run, tmp_path: Path) -> None:
    (tmp_path / "talk.md").write_text(BAD, "utf-8")
    (tmp_path / "good.md").write_text(STORYBOARD, "utf-8")
    result = proofreel("check", "talk.md", "--json")
    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)
    assert (row["file"], row["line"], row["severity"]) == ("talk.md", 3, "error")
    assert row["message"]
    assert set(row) == {"file", "line", "column", "severity", "message", "remedy"}
    assert json.loads(proofreel("check", "good.md", "--json").stdout) == []


@pytest.mark.parametrize("name", ["absent.md", "film.mp4"])
def test_what_cannot_be_checked_is_named(proofreel: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "film.mp4").write_bytes(b"")
    result = proofreel("check", name)
    assert result.exit_code == 1
    assert name in result.stderr


@pytest.mark.parametrize("name", ["talk.md", "shapes.py"])
def test_a_text_without_a_scene_cannot_be_rendered(
    proofreel: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("", "utf-8")
    result = proofreel("check", name)
    assert result.exit_code == 1
    assert f"{name}: error: It has no scene." in result.stdout


def test_checking_leaves_no_library_behind(proofreel: Run, tmp_path: Path, own_home: None) -> None:
    (tmp_path / "talk.md").write_text(STORYBOARD, "utf-8")
    before = {path.name for path in tmp_path.rglob("*.db")}
    proofreel("check", "talk.md")
    assert {path.name for path in tmp_path.rglob("*.db")} == before
