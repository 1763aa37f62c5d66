"""The set-up with a real uv, real packages and no network: cut short, doubled, bereft."""

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PATIENCE = 60.0
"""Seconds a set-up of a few kilobytes may take on a machine that is busy."""


@dataclass
class Desk:
    """A checkout with two small packages to install, on a machine with a uv of its own."""

    folder: Path
    uv: str
    children: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> Path:
        return self.folder / "checkout" / ".venv"

    @property
    def tools(self) -> Path:
        return self.folder / "tools"

    @property
    def asked(self) -> list[str]:
        """Return the arguments of every installation that uv was asked for."""
        log = self.folder / "asked"
        return log.read_text("utf-8").splitlines() if log.exists() else []

    def intercept(self, script: str) -> None:
        """Run ``script`` where the set-up asks uv to install; ``real "$@"`` is uv itself."""
        tool = self.tools / "uv"
        tool.write_text(
            f'#!/usr/bin/env bash\nreal() {{ "{self.uv}" "$@"; }}\n'
            '[[ "$1 $2" == "pip install" && $* != *--help* ]] || { real "$@"; exit; }\n'
            f'echo "$*" >> "{self.folder}/asked"\n{script}\n',
            "utf-8",
        )
        tool.chmod(0o755)

    def start(self, **variables: str) -> subprocess.Popen[str]:
        """Start a set-up in a process group of its own."""
        setup = f'set -euo pipefail; source "{self.folder}/checkout/packaging/setup.sh"; set_up run'
        known = {
            name: value for name, value in os.environ.items() if name[:3] not in {"UV_", "PIP"}
        }
        environment = known | {
            "PATH": f"{self.tools}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PROOFREEL_SKIP_SYSTEM": "1",
            "UV_CACHE_DIR": str(self.folder / "cache"),
            "UV_FIND_LINKS": str(self.folder / "wheels"),
            "UV_OFFLINE": "1",
            "UV_NO_CONFIG": "1",
        }
        child = subprocess.Popen(
            ["bash", "-c", setup],
            env=environment | variables,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.children.append(child)
        return child

    def set_up(self, **variables: str) -> tuple[int, str]:
        """Return the outcome of a set-up and what it said."""
        child = self.start(**variables)
        _, said = child.communicate(timeout=PATIENCE)
        return child.returncode, said

    def imports(self, statement: str) -> bool:
        """Tell whether the environment's interpreter runs ``statement``."""
        python = self.environment / "bin" / "python"
        return subprocess.run([python, "-c", statement], check=False).returncode == 0


def pack(folder: Path, name: str) -> str:
    """Write a wheel of one package with two modules; return its pin."""
    inside = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": f"from {name}.part import VALUE\n",
        f"{name}/part.py": "VALUE = 1\n",
        f"{inside}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{inside}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={digest(text)},{len(text)}\n" for path, text in files.items())
    files[f"{inside}/RECORD"] = f"{record}{inside}/RECORD,,\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def desk(tmp_path: Path, repository: Path) -> Iterator[Desk]:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert uv, "the set-up puts a uv into the environment when there is none"
    for name in ("tools", "wheels", "checkout/packaging"):
        (tmp_path / name).mkdir(parents=True)
    packaging = tmp_path / "checkout" / "packaging"
    for script in ("setup.sh", "system.sh"):
        shutil.copy(repository / "packaging" / script, packaging)
    pins = pack(tmp_path / "wheels", "first") + pack(tmp_path / "wheels", "second")
    (packaging / "requirements.txt").write_text(pins, "utf-8")
    (packaging / "requirements-test.txt").write_text(f"{pins}# and what tests need\n", "utf-8")
    (packaging / "requirements-build.txt").touch()
    desk = Desk(tmp_path, uv)
    desk.intercept('real "$@"')
    yield desk
    for child in desk.children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def test_an_environment_is_made_once(desk: Desk) -> None:
    assert desk.set_up()[0] == 0
    assert desk.imports("import first, second")
    assert desk.set_up() == (0, "")
    assert len(desk.asked) == 1


def test_a_set_up_killed_halfway_is_made_good_by_the_next(desk: Desk) -> None:
    half = desk.folder / "half"
    desk.intercept(
        f'real "$@"; rm "{desk.environment}"/lib/*/site-packages/second/part.py; '
        f'touch "{half}"; sleep 600'
    )
    killed = desk.start()
    wait_for(half.exists)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(PATIENCE)
    assert not desk.imports("import second")  # though uv takes it for installed

    desk.intercept('real "$@"')
    code, said = desk.set_up()
    assert code == 0, said
    assert desk.imports("import first, second")
    assert desk.set_up() == (0, "")


def test_an_environment_killed_before_it_was_one_is_made_anew(desk: Desk) -> None:
    desk.environment.mkdir()
    desk.environment.with_name(".venv.lock").write_text("unfinished\n")
    code, said = desk.set_up()
    assert code == 0, said
    assert desk.imports("import first, second")


def test_new_pins_that_could_not_be_installed_leave_nothing_trusted(desk: Desk) -> None:
    assert desk.set_up()[0] == 0
    pins = desk.folder / "checkout" / "packaging" / "requirements.txt"
    old = pins.read_text("utf-8")
    pins.write_text(old + "third==1.0 --hash=sha256:" + 64 * "0" + "\n", "utf-8")
    assert desk.set_up()[0] == 1
    pins.write_text(old, "utf-8")
    assert desk.set_up()[0] == 0
    assert len(desk.asked) == 3


def test_a_vanished_interpreter_is_replaced(desk: Desk) -> None:
    assert desk.set_up()[0] == 0
    python = desk.environment / "bin" / "python"
    python.unlink()
    python.symlink_to(desk.folder / "uninstalled" / "python3.11")
    code, said = desk.set_up()
    assert code == 0, said
    assert desk.imports("import first, second")


def test_an_interpreter_of_another_version_does_not_inherit_packages(desk: Desk) -> None:
    assert desk.set_up()[0] == 0
    (site,) = desk.environment.glob("lib/python3.*")
    site.rename(site.with_name("python3.10"))
    (desk.environment / "proofreel-stamp").write_text("of the interpreter before")
    code, said = desk.set_up()
    assert code == 0, said
    assert not site.with_name("python3.10").exists()
    assert desk.imports("import first, second")


def test_of_two_starts_at_once_one_installs_and_the_other_waits(desk: Desk) -> None:
    begun, go = desk.folder / "begun", desk.folder / "go"
    desk.intercept(f'touch "{begun}"; until [[ -e "{go}" ]]; do sleep 0.02; done; real "$@"')
    first = desk.start()
    wait_for(begun.exists)
    second = desk.start()
    assert second.stderr is not None
    assert "waiting for it" in second.stderr.readline()
    go.touch()
    for child in (first, second):
        _, said = child.communicate(timeout=PATIENCE)
        assert child.returncode == 0, said
    assert len(desk.asked) == 1
    assert desk.imports("import first, second")


def test_without_a_network_it_says_so_and_the_next_start_succeeds(desk: Desk) -> None:
    nobody = {
        "UV_OFFLINE": "0",
        "UV_FIND_LINKS": "",
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
        "UV_HTTP_RETRIES": "0",
    }
    code, said = desk.set_up(**nobody)
    assert code == 1
    assert "A network connection is needed" in said.splitlines()[-1]
    assert "proofreel: the Python packages could not be installed" in said
    assert desk.set_up()[0] == 0
    assert desk.imports("import first, second")


def test_a_folder_that_cannot_be_written_to_is_named_with_the_way_out(desk: Desk) -> None:
    code, said = desk.set_up(PROOFREEL_VENV="/proc/proofreel/venv")
    assert code == 1
    assert "/proc/proofreel cannot be written to" in said
    assert "export PROOFREEL_VENV=" in said
    assert not desk.asked


def test_a_ready_environment_is_used_without_writing(desk: Desk) -> None:
    assert desk.set_up()[0] == 0
    lock = desk.environment.with_name(".venv.lock")
    lock.unlink()
    assert desk.set_up() == (0, "")
    assert not lock.exists()
