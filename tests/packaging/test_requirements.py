"""The pins: complete, hashed, and what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import desktop

FILES = [
    "requirements.txt",
    "requirements-test.txt",
    "requirements-build.txt",
    "requirements-uv.txt",
]
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>[\w.+]+)(?: ; [^\\\n]+)? \\\n"
    r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+",
    re.MULTILINE,
)


@pytest.fixture
def project(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))


def pins(path: Path) -> dict[str, list[str]]:
    """Return the pinned versions by name; several where they depend on the Python."""
    found: dict[str, list[str]] = {}
    for entry in ENTRY.finditer(path.read_text("utf-8")):
        found.setdefault(entry["name"], []).append(entry["version"])
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_file_holds_hashed_pins_and_nothing_else(repository: Path, name: str) -> None:
    text = (repository / "packaging" / name).read_text("utf-8")
    assert pins(repository / "packaging" / name)
    assert not ENTRY.sub("", text).strip()


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.txt", []), ("requirements-test.txt", ["dev"])]
)
def test_the_pins_meet_what_the_project_asks_for(
    repository: Path, project: dict[str, Any], name: str, groups: list[str]
) -> None:
    wanted = [*project["project"]["dependencies"]]
    for group in groups:
        wanted.extend(project["dependency-groups"][group])
    pinned = pins(repository / "packaging" / name)
    for requirement in map(Requirement, wanted):
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is not pinned: run packaging/requirements"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_what_checks_the_program_checks_what_runs(repository: Path) -> None:
    run = pins(repository / "packaging" / "requirements.txt")
    test = pins(repository / "packaging" / "requirements-test.txt")
    assert {name: test.get(name) for name in run} == run


def test_the_newest_change_is_of_this_version(repository: Path) -> None:
    changes = (repository / "packaging" / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\S+?)[, \n]", changes, re.MULTILINE)
    assert newest is not None
    assert newest[1] == desktop.__version__


def test_the_licence_files_are_there(repository: Path, project: dict[str, Any]) -> None:
    files = project["project"]["license-files"]
    assert "packaging/LICENSE" in files
    assert all((repository / name).is_file() for name in files)
