"""The set-up, run on a machine made of stand-ins: nothing twice, nothing unasked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def bash(
    repository: Path, script: str, folder: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run ``script`` after packaging/setup.sh, with the environment in ``folder``/venv."""
    setup = f'set -euo pipefail; source "{repository}/packaging/setup.sh"; {script}'
    environment = {**os.environ, "PROOFREEL_VENV": str(folder / "venv"), **variables}
    return subprocess.run(
        ["bash", "-c", setup], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a folder of stand-ins for uv and apt-get that write down what they are asked."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("uv", "apt-get"):
        stand_in(tools / name, f'echo "{name} $*" >> "{tmp_path}/asked"; echo --build-constraints')
    stand_in(tools / "apt-cache", "[[ $2 != *t64 ]]")
    stand_in(tools / "sudo", 'exec "$@"')
    binaries = tmp_path / "venv" / "bin"
    binaries.mkdir(parents=True)
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    stand_in(binaries / "python", f'[[ $* != *purelib* ]] || echo "{tmp_path}"')
    return tmp_path


def stand_in(path: Path, script: str) -> None:
    path.write_text(f"#!/usr/bin/env bash\n{script}\n", "utf-8")
    path.chmod(0o755)


def search_path(machine: Path) -> str:
    return f"{machine / 'tools'}:{Path(sys.executable).parent}:{os.environ['PATH']}"


def test_what_is_there_is_not_missing(repository: Path, tmp_path: Path) -> None:
    done = bash(repository, "missing_commands <<< $'bash bash\\nno-such-tool a b'", tmp_path)
    assert done.stdout == "a b\n"


def test_a_library_nobody_has_is_missing(repository: Path, tmp_path: Path) -> None:
    done = bash(repository, "missing_libraries <<< $'libc.so.6 libc6\\nlibno.so.9 a b'", tmp_path)
    assert done.stdout == "a b\n"


def test_a_second_set_up_asks_for_nothing(repository: Path, machine: Path) -> None:
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": "1"}
    first = bash(repository, "set_up run", machine, **variables)
    assert first.returncode == 0, first.stderr
    asked = (machine / "asked").read_text("utf-8")
    assert "--require-hashes" in asked
    assert (machine / "proofreel.pth").read_text("utf-8").strip() == str(repository)
    assert bash(repository, "set_up run", machine, **variables).returncode == 0
    assert (machine / "asked").read_text("utf-8") == asked


def test_a_set_up_for_tests_serves_runs_as_well(repository: Path, machine: Path) -> None:
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": "1"}
    for kind in ("test", "run"):
        assert bash(repository, f"set_up {kind}", machine, **variables).returncode == 0
    assert (machine / "asked").read_text("utf-8").count("--require-hashes") == 1


def test_a_set_up_that_failed_is_done_again(repository: Path, machine: Path) -> None:
    stand_in(machine / "tools" / "uv", "echo --build-constraints; [[ $* == *--help* ]]")
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": "1"}
    done = bash(repository, "set_up run", machine, **variables)
    assert done.returncode == 1
    assert "could not be installed" in done.stderr
    assert not (machine / "venv" / "proofreel-stamp").exists()


def test_a_package_is_taken_by_the_name_this_system_has(repository: Path, machine: Path) -> None:
    done = bash(
        repository,
        "install_packages <<< 'libglib2.0-0t64 libglib2.0-0'",
        machine,
        PATH=search_path(machine),
        PROOFREEL_SKIP_SYSTEM="",
    )
    assert done.returncode == 0, done.stderr
    asked = (machine / "asked").read_text("utf-8")
    assert "--no-install-recommends" in asked
    assert asked.rstrip().endswith("install libglib2.0-0")


def test_everything_missing_is_asked_of_apt_at_once_and_patiently(
    repository: Path, machine: Path
) -> None:
    script = "install_packages <<< $'one\\nlibglib2.0-0t64 libglib2.0-0\\none'"
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": ""}
    done = bash(repository, script, machine, **variables)
    assert done.returncode == 0, done.stderr
    (asked,) = (machine / "asked").read_text("utf-8").splitlines()
    assert asked.endswith("install libglib2.0-0 one")
    assert "--yes" in asked
    assert "DPkg::Lock::Timeout=600" in asked


def test_a_machine_without_python_gets_one_with_headers_and_pip(
    repository: Path, machine: Path
) -> None:
    done = bash(repository, "find_python() { :; }; missing_to_build", machine)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    pythons = [line.split() for line in lines if line.startswith("python3.11")]
    assert [names[-1] for names in pythons] == ["python3", "python3-dev", "python3-venv"]


def test_apt_that_fails_at_first_reads_its_lists_and_tries_again(
    repository: Path, machine: Path
) -> None:
    stand_in(
        machine / "tools" / "apt-get",
        f'echo "$*" >> "{machine}/asked"; '
        f'[[ $* == *update* ]] || [[ $(grep --count install "{machine}/asked") -gt 1 ]]',
    )
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": ""}
    done = bash(repository, "install_packages <<< one", machine, **variables)
    assert done.returncode == 0, done.stderr
    asked = (machine / "asked").read_text("utf-8").splitlines()
    assert [line.split()[-1] for line in asked] == ["one", "update", "one"]


def test_apt_that_fails_for_good_leaves_the_command_to_try_by_hand(
    repository: Path, machine: Path
) -> None:
    stand_in(machine / "tools" / "apt-get", "exit 100")
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": ""}
    done = bash(repository, "install_packages <<< one", machine, **variables)
    assert done.returncode == 1
    assert "apt failed" in done.stderr
    assert "apt-get install --no-install-recommends one" in done.stderr


def test_without_sudo_the_command_for_root_is_named(repository: Path, machine: Path) -> None:
    (machine / "tools" / "sudo").unlink()
    for name in ("apt-cache", "sed", "sort"):
        if not (machine / "tools" / name).exists():
            (machine / "tools" / name).symlink_to(str(shutil.which(name)))
    script = f'PATH="{machine}/tools"; is_root() {{ false; }}; install_packages <<< one'
    done = bash(repository, script, machine, PROOFREEL_SKIP_SYSTEM="")
    assert done.returncode == 1
    assert "apt-get update && apt-get install --no-install-recommends one" in done.stderr
    assert not (machine / "asked").exists()


def test_with_sudo_apt_runs_by_it(repository: Path, machine: Path) -> None:
    stand_in(machine / "tools" / "sudo", f'echo "sudo" >> "{machine}/asked"; exec "$@"')
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": ""}
    script = "is_root() { false; }; install_packages <<< one"
    done = bash(repository, script, machine, **variables)
    assert done.returncode == 0, done.stderr
    asked = (machine / "asked").read_text("utf-8").splitlines()
    assert asked[0] == "sudo"
    assert asked[1].endswith("one")


LACKING = "missing_to_run() { %s; }; missing_to_build() { :; }; missing_wishes() { echo wish; }; "


def test_a_wish_that_cannot_be_had_holds_nobody_up(repository: Path, machine: Path) -> None:
    stand_in(machine / "tools" / "apt-get", "exit 100")
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": ""}
    done = bash(repository, LACKING % ":" + "set_up run", machine, **variables)
    assert done.returncode == 0, done.stderr
    assert "going on without" in done.stderr
    again = bash(repository, LACKING % ":" + "set_up run", machine, **variables)
    assert (again.returncode, again.stderr) == (0, "")


def test_a_wish_comes_along_with_what_is_needed(repository: Path, machine: Path) -> None:
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": ""}
    done = bash(repository, LACKING % "echo need" + "set_up run", machine, **variables)
    assert done.returncode == 0, done.stderr
    asked = (machine / "asked").read_text("utf-8").splitlines()
    (apt,) = [line for line in asked if line.startswith("apt-get")]
    assert apt.endswith("install need wish")


def test_what_is_needed_and_cannot_be_had_stops_the_start(repository: Path, machine: Path) -> None:
    stand_in(machine / "tools" / "apt-get", "exit 100")
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": ""}
    done = bash(repository, LACKING % "echo need" + "set_up run", machine, **variables)
    assert done.returncode == 1
    assert not (machine / "venv" / "proofreel-stamp").exists()


def test_no_uv_and_no_network_is_said_clearly(repository: Path, machine: Path) -> None:
    stand_in(machine / "tools" / "uv", "exit 1")
    stand_in(machine / "venv" / "bin" / "python", '[[ $* != *"pip install"* ]]')
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": "1"}
    done = bash(repository, "set_up run", machine, **variables)
    assert done.returncode == 1
    assert "A network connection is needed" in done.stderr
    assert not (machine / "venv" / "proofreel-stamp").exists()


def test_the_commands_start_through_links(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "proofreel").symlink_to(repository / "packaging" / "run")
    environment = {
        **os.environ,
        "PROOFREEL_VENV": "/proc/proofreel/venv",
        "PROOFREEL_SKIP_SYSTEM": "1",
        "CDPATH": "/",
    }
    done = subprocess.run(
        [tmp_path / "proofreel", "--version"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "cannot be written to" in done.stderr


def test_a_folder_that_is_no_environment_is_never_deleted(repository: Path, tmp_path: Path) -> None:
    letters = tmp_path / "venv"
    letters.mkdir()
    (letters / "letter.txt").write_text("dear")
    done = bash(repository, f'make_environment "{sys.executable}"', tmp_path)
    assert done.returncode == 1
    assert "is no Python environment" in done.stderr
    assert (letters / "letter.txt").exists()


def test_an_installation_that_was_cut_short_is_not_trusted(repository: Path, machine: Path) -> None:
    variables = {"PATH": search_path(machine), "PROOFREEL_SKIP_SYSTEM": "1"}
    assert bash(repository, "set_up run", machine, **variables).returncode == 0
    (machine / "venv.lock").write_text("unfinished\n", "utf-8")
    bash(repository, "set_up run", machine, **variables)
    assert "uv venv" in (machine / "asked").read_text("utf-8"), "the environment is made anew"
    assert not (machine / "venv" / "bin" / "python").exists(), "and the old one is gone"


def test_a_folder_that_cannot_be_written_to_is_named_with_a_way_out(
    repository: Path, machine: Path
) -> None:
    (machine / "file").write_text("", "utf-8")
    variables = {
        "PATH": search_path(machine),
        "PROOFREEL_SKIP_SYSTEM": "1",
        "PROOFREEL_VENV": str(machine / "file" / "venv"),
    }
    done = bash(repository, "set_up run", machine, **variables)
    assert done.returncode == 1
    assert "cannot be written to" in done.stderr
    assert "PROOFREEL_VENV" in done.stderr
