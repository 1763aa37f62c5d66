"""Where things are, how long they may be, and what they may be called."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP_LEVEL = {"pyproject.toml", "desktop", "resources", "tests", "packaging", "README.md"}
SHORT_LIVED = {"__pycache__", "build", "dist", "media"}

LONGEST_MODULE = 400
VAGUE = re.compile("Manager|Helper|Handler|Util")
AGREED = {"MultipartUploadHandler"}  # names that others rely on

TEXTS = {".py", ".md", ".toml", ".txt", ".sh", ".svg", ".desktop", ".xml", ".json", ".yml", ""}
INDEXES = ["py" + "pi.org", "python" + "hosted.org", "index" + "-url", "find" + "-links"]
PERSONAL = re.compile(r"(?<![\w.])/(?:home|Users)/[a-z]\w*/|(?<![\w.])/" + "root/")


def own_files(repository: Path) -> list[Path]:
    """Return every file that is part of the product."""
    tops = [repository / name for name in sorted(TOP_LEVEL)]
    files = [top for top in tops if top.is_file()]
    for top in (*tops, repository / ".ci"):
        files.extend(path for path in top.rglob("*") if path.is_file())
    return [path for path in files if not SHORT_LIVED.intersection(path.parts)]


def modules(repository: Path, *folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in (repository / folder).rglob("*.py"):
            if not SHORT_LIVED.intersection(path.parts):
                yield path


def test_the_top_level_holds_only_what_belongs_there(repository: Path) -> None:
    entries = {path.name for path in repository.iterdir() if not path.name.startswith(".")}
    assert entries - SHORT_LIVED == TOP_LEVEL


def test_no_file_names_a_package_index_or_somebodys_folders(repository: Path) -> None:
    here = str(repository)
    found: list[str] = []
    for path in own_files(repository):
        if path.suffix not in TEXTS or path == Path(__file__):
            continue
        text = path.read_text("utf-8", errors="replace")
        words = [word for word in INDEXES if word in text and f"--no-emit-{word}" not in text]
        if "tests" not in path.relative_to(repository).parts:
            words.extend(PERSONAL.findall(text))
        if len(Path(here).parts) > 2 and here in text:
            words.append(here)
        found.extend(f"{path.relative_to(repository)}: {word}" for word in words)
    assert not found


def test_no_module_is_longer_than_can_be_read_at_once(repository: Path) -> None:
    long = {
        str(path.relative_to(repository)): lines
        for path in modules(repository, "desktop", "resources/kit", "tests")
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE
    }
    assert not long


def test_every_module_says_why_it_exists(repository: Path) -> None:
    silent = [
        str(path.relative_to(repository))
        for path in modules(repository, "desktop", "resources/kit")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


def test_no_name_is_so_vague_that_anything_may_go_into_it(repository: Path) -> None:
    vague = []
    for path in modules(repository, "desktop", "resources/kit", "tests"):
        if VAGUE.search(path.stem.title()):
            vague.append(str(path.relative_to(repository)))
        vague.extend(
            f"{path.relative_to(repository)}: {node.name}"
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ClassDef)
            and VAGUE.search(node.name)
            and node.name not in AGREED
        )
    assert not vague


def test_every_test_folder_mirrors_a_package(repository: Path) -> None:
    special = {
        "benchmarks",
        "campaigns",
        "isolation",
        "journeys",
        "kit",
        "packaging",
        "resources",
        "s3",
    }
    packages = {path.name for path in (repository / "desktop").iterdir() if path.is_dir()}
    folders = {
        path.name
        for path in (repository / "tests").iterdir()
        if path.is_dir() and path.name not in SHORT_LIVED
    }
    assert folders <= packages | special


@pytest.mark.parametrize("script", ["run", "test", "bench", "requirements"])
def test_a_command_can_be_started_and_is_sound_shell(repository: Path, script: str) -> None:
    path = repository / "packaging" / script
    assert path.stat().st_mode & 0o111
    assert "set -euo pipefail" in path.read_text("utf-8")
    subprocess.run(["bash", "-n", path], check=True)
