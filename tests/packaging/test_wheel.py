"""The wheel: everything the program needs, nothing of what checks it, and it works alone."""

import configparser
import os
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import av
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import desktop

RESOURCES = "desktop/resources"
INFO = f"proofreel-{desktop.__version__}.dist-info"
DATA = f"proofreel-{desktop.__version__}.data"
SHARED = f"{DATA}/data/share"

STORYBOARD = """# Wheels

## Alone
- Nothing of the checkout is needed
"""


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that hatchling builds of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    done = subprocess.run(
        [*command, "--directory", folder],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.iterdir()
    return wheel


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what the wheel puts among the packages."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        return message_from_bytes(archive.read(f"{INFO}/METADATA"))


def proofreel(installed: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command of the wheel in ``folder``, where nothing of the checkout is found."""
    start = "from desktop.__main__ import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, "-P", "-c", start, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def wanted(requirements: list[str]) -> set[tuple[str, frozenset[str], str]]:
    """Return names, extras and versions, whichever way they are written."""
    return {
        (canonicalize_name(one.name), frozenset(one.extras), f"{one.specifier} {one.marker}")
        for one in map(Requirement, requirements)
    }


def of(folder: Path, pattern: str, *, below: Path) -> set[str]:
    return {path.relative_to(below).as_posix() for path in folder.rglob(pattern) if path.is_file()}


def test_every_module_is_in_it(repository: Path, names: set[str]) -> None:
    assert of(repository / "desktop", "*.py", below=repository) <= names


@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        ("kit/proofreel_kit", {".py"}),
        ("fonts", {".otf", ".ttf", ".txt"}),
        ("icons", {".svg"}),
        ("controls", {".svg"}),
        ("samples", {".md"}),
        ("templates", {".md", ".py"}),
    ],
)
def test_a_folder_of_resources_is_in_it(
    repository: Path, names: set[str], folder: str, kinds: set[str]
) -> None:
    resources = repository / "resources"
    shipped = {name for name in names if name.startswith(f"{RESOURCES}/{folder}/")}
    assert {Path(name).suffix for name in shipped} >= kinds
    for kind in kinds:
        here = of(resources / folder, f"*{kind}", below=resources)
        assert {f"{RESOURCES}/{name}" for name in here} <= shipped


def test_nothing_else_is_in_it(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names} == {"desktop", INFO, DATA}
    left_behind = ("__pycache__", ".pyc", "media/", "conftest", "/tests/", "/.")
    assert not [name for name in names if any(part in name for part in left_behind)]


def test_menus_find_the_program(names: set[str]) -> None:
    assert {
        f"{SHARED}/applications/proofreel.desktop",
        f"{SHARED}/metainfo/proofreel.metainfo.xml",
        f"{SHARED}/icons/hicolor/scalable/apps/proofreel.svg",
    } <= names


def test_the_licences_go_along(names: set[str], metadata: Message) -> None:
    for name in ("packaging/LICENSE", "resources/fonts/OFL.txt"):
        assert f"{INFO}/licenses/{name}" in names
    assert metadata["License-Expression"] == "MIT"


def test_it_asks_for_what_the_project_asks_for(repository: Path, metadata: Message) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    assert wanted(metadata.get_all("Requires-Dist", [])) == wanted(project["dependencies"])
    assert metadata["Version"] == desktop.__version__
    assert metadata["Requires-Python"] == project["requires-python"]


def test_the_command_leads_to_the_way_in(wheel: Path) -> None:
    parser = configparser.ConfigParser()
    with zipfile.ZipFile(wheel) as archive:
        parser.read_string(archive.read(f"{INFO}/entry_points.txt").decode())
    assert dict(parser["console_scripts"]) == {"proofreel": "desktop.__main__:main"}


def test_it_answers_alone(installed: Path, tmp_path: Path) -> None:
    done = proofreel(installed, tmp_path, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert desktop.__version__ in done.stdout


@pytest.mark.manim
def test_it_makes_a_video_alone(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "wheels.md").write_text(STORYBOARD, "utf-8")
    arguments = ("wheels.md", "--output", "wheels.mp4", "--quality", "draft")
    done = proofreel(installed, tmp_path, "make", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    with av.open(str(tmp_path / "wheels.mp4")) as video:
        assert sum(1 for _ in video.decode(video=0)) > 15
