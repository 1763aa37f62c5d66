"""What each command promises, on a real library."""

import json
from pathlib import Path

import pytest

import desktop
from tests.cli.conftest import Run, Windows


def test_without_a_command_the_window_opens(
    proofreel: Run, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    assert proofreel().exit_code == 0
    assert len(windows.opened) == 1


def test_without_a_display_a_sentence_says_so(
    proofreel: Run, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    result = proofreel()
    assert result.exit_code == 1
    assert "no display" in result.stderr
    assert not windows.opened


def test_a_tour_ends_with_the_code_of_the_tour(
    proofreel: Run, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    assert proofreel("tour", "pictures").exit_code == 3
    assert windows.toured == [Path("pictures")]


@pytest.mark.parametrize("arguments", [("version",), ("--version",)])
def test_the_version_is_printed(proofreel: Run, arguments: tuple[str, ...]) -> None:
    assert proofreel(*arguments).stdout.strip() == f"Proofreel {desktop.__version__}"


def test_an_unknown_option_is_a_usage_error(proofreel: Run) -> None:
    assert proofreel("list", "--nonsense").exit_code == 2


def test_an_output_of_another_kind_is_a_usage_error(proofreel: Run, scene_file: Path) -> None:
    result = proofreel("make", str(scene_file), "-o", "shapes.avi")
    assert result.exit_code == 2
    assert ".mp4" in result.stderr


def test_an_empty_library_says_how_to_fill_it(proofreel: Run) -> None:
    result = proofreel("list")
    assert result.exit_code == 0
    assert "proofreel import" in result.stdout


def test_what_was_imported_is_listed(proofreel: Run, scene_file: Path) -> None:
    imported = proofreel("import", str(scene_file), "--project", "Geometry")
    assert imported.exit_code == 0, imported.output
    rows = json.loads(proofreel("list", "--json").stdout)
    assert [(row["id"], row["project"], row["kind"]) for row in rows] == [
        (imported.stdout.strip(), "Geometry", "manim")
    ]


def test_a_second_import_goes_into_the_project_of_that_name(
    proofreel: Run, scene_file: Path
) -> None:
    for _ in range(2):
        proofreel("import", str(scene_file), "--project", "Geometry")
    rows = json.loads(proofreel("list", "--json").stdout)
    assert [row["project"] for row in rows] == ["Geometry", "Geometry"]


def test_a_dry_run_changes_nothing(proofreel: Run, scene_file: Path) -> None:
    result = proofreel("import", str(scene_file), "--dry-run")
    assert result.exit_code == 0
    assert "2 scenes" in result.stderr
    assert json.loads(proofreel("list", "--json").stdout) == []


def test_what_cannot_be_imported_is_an_error_with_a_remedy(proofreel: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.odt").write_bytes(b"no")
    result = proofreel("import", "letter.odt")
    assert result.exit_code == 1
    assert "→" in result.stderr


def test_a_video_that_is_not_there_is_an_error(proofreel: Run) -> None:
    result = proofreel("export", "Nothing", "-o", "nothing.mp4")
    assert result.exit_code == 1
    assert "proofreel list" in result.stderr


def test_an_ambiguous_title_asks_for_the_id(proofreel: Run, scene_file: Path) -> None:
    for _ in range(2):
        proofreel("import", str(scene_file))
    result = proofreel("render", "shapes")
    assert result.exit_code == 1
    assert "2 videos" in result.stderr


def test_a_folder_export_holds_what_plain_manim_needs(
    proofreel: Run, scene_file: Path, tmp_path: Path
) -> None:
    video = proofreel("import", str(scene_file)).stdout.strip()
    result = proofreel("export", video, "--format", "folder", "-o", "out")
    assert result.exit_code == 0, result.output
    assert {"manim.cfg", "video.py"} <= {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.manim
def test_the_doctor_finds_a_machine_that_can_render(proofreel: Run) -> None:
    result = proofreel("doctor")
    assert result.exit_code == 0, result.output
    assert "Render process: Starts in" in result.stdout
