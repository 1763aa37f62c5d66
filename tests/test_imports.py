"""What is imported when: slow or windowed libraries only where they are needed."""

import subprocess
import sys
from pathlib import Path

import pytest

QT = {"PySide6", "shiboken6", "qasync", "qtawesome"}
PACKAGES = ["domain", "config", "storage", "rendering", "playback", "services", "cli"]

WALK = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.startswith("desktop.rendering.worker"):
        importlib.import_module(module.name)
print("\\n".join(sys.modules))
"""

IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print("\\n".join(sys.modules))
"""


def imported(script: str, *arguments: str, environment: dict[str, str], folder: Path) -> set[str]:
    """Run ``script`` in a fresh interpreter; return the top-level packages it imported."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_below_the_windows_imports_no_qt(
    package: str, clean_environment: dict[str, str], tmp_path: Path
) -> None:
    found = imported(WALK, f"desktop.{package}", environment=clean_environment, folder=tmp_path)
    assert "desktop" in found
    assert not found & QT


def test_the_domain_needs_the_standard_library_only(
    clean_environment: dict[str, str], tmp_path: Path
) -> None:
    found = imported(WALK, "desktop.domain", environment=clean_environment, folder=tmp_path)
    foreign = {
        name
        for name in found
        if name not in sys.stdlib_module_names and not name.startswith(("_", "desktop"))
    }
    assert foreign <= {"typing_extensions"}


def test_a_window_opens_without_manim_or_cloud_libraries(
    clean_environment: dict[str, str], tmp_path: Path
) -> None:
    found = imported(
        IMPORT, "desktop.app", "desktop.ui.launch", environment=clean_environment, folder=tmp_path
    )
    assert "PySide6" in found
    assert not found & {"manim", "langgraph", "langchain_core", "boto3", "botocore"}
    assert not found & {"keyring", "secretstorage", "cryptography"}


def test_the_command_line_answers_without_what_renders_need(
    clean_environment: dict[str, str], tmp_path: Path
) -> None:
    found = imported(IMPORT, "desktop.__main__", environment=clean_environment, folder=tmp_path)
    assert not found & (QT | {"manim", "av", "numpy", "PIL", "typst", "sqlite3"})
