"""The command line is run as people run it, on a real library of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from desktop import app, cli
from desktop.config.paths import Paths, system_paths

SCENES = """from manim import *


class First(Scene):
    def construct(self):
        self.play(Create(Square()), run_time=0.2)


class Second(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.2)
"""

Run = Callable[..., Result]


class Windows:
    """Stands for the window: remembers what was asked of it."""

    def __init__(self) -> None:
        self.opened: list[Paths] = []
        self.toured: list[Path] = []

    def open(self, paths: Paths) -> int:
        self.opened.append(paths)
        return 0

    def tour(self, _paths: Paths, folder: Path) -> int:
        self.toured.append(folder)
        return 3


@pytest.fixture
def windows() -> Windows:
    return Windows()


@pytest.fixture
def proofreel(windows: Windows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run ``proofreel`` with the given arguments in the test's own folder."""
    monkeypatch.chdir(tmp_path)
    program = cli.build(app.open_services, windows.open, windows.tour)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(program, list(arguments), prog_name="proofreel")

    return run


@pytest.fixture
def paths(own_home: None) -> Paths:
    """Return the folders the commands of this test work on."""
    return system_paths()


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.py"
    path.write_text(SCENES, "utf-8")
    return path
