"""What was allowed is listed and taken back on the command line."""

import json
from pathlib import Path

import pytest

from desktop.config.paths import Paths
from tests.cli.conftest import SCENES, Run


@pytest.fixture
def allowed(proofreel: Run, tmp_path: Path, paths: Paths) -> str:
    """Allow the code of ``shapes.py`` as a person does; return its id."""
    (tmp_path / "shapes.py").write_text(SCENES.replace("self.play", "raise ValueError"), "utf-8")
    proofreel("make", "shapes.py", "-q", "draft", "--yes")  # it ends at once by its own fault
    (row,) = json.loads(proofreel("allowed", "list", "--json").stdout)
    assert (row["title"], row["file"]) == ("Shapes", "")
    assert row["from"] == str(tmp_path / "shapes.py")
    return str(row["id"])


def test_nothing_is_allowed_at_first(proofreel: Run, paths: Paths) -> None:
    assert proofreel("allowed", "list").stdout == "Nobody has allowed code from elsewhere.\n"
    assert json.loads(proofreel("allowed", "list", "--json").stdout) == []


@pytest.mark.manim
def test_code_that_is_withdrawn_is_asked_about_again(proofreel: Run, allowed: str) -> None:
    listed = proofreel("allowed", "list")
    assert allowed[:12] in listed.stdout
    assert "Shapes" in listed.stdout
    refused = proofreel("allowed", "withdraw", allowed[:12])
    assert refused.exit_code == 1
    assert "--yes" in refused.stderr
    done = proofreel("allowed", "withdraw", allowed[:12], "--yes")
    assert (done.exit_code, done.stdout) == (0, "Shapes is asked about again before it runs\n")
    assert json.loads(proofreel("allowed", "list", "--json").stdout) == []
    again = proofreel("make", "shapes.py", "-q", "draft")
    assert again.exit_code == 1
    assert "needs your consent" in again.stderr


@pytest.mark.parametrize("word", ["0123", ""])
def test_an_id_that_names_nothing_changes_nothing(proofreel: Run, paths: Paths, word: str) -> None:
    result = proofreel("allowed", "withdraw", word, "--yes")
    assert result.exit_code == 1
    assert "proofreel allowed list" in result.stderr
