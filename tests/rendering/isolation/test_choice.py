"""The best isolation that really holds is taken; where none does, nothing is run."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typing_extensions import override

from desktop.domain.errors import Unprotected
from desktop.rendering.isolation import AutomaticIsolation, Isolation, Limits, ProcessLimits, choice
from desktop.rendering.isolation.choice import Candidate, candidates, trial
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox, namespaces_fix

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these tiers are those of Linux")

LIMITS = Limits(memory=1 << 30, wall_seconds=60, cpu_seconds=60)


class Leaky(PartialSandbox):
    """Tier B with one folder too many to be read."""

    @override
    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return rules that let everything be read."""
        return {**super().confinement(limits), "readable": ("/",)}


class Tight(PartialSandbox):
    """Tier B that lets a job write nothing at all."""

    @override
    def confinement(self, limits: Limits, *, latex: bool = False) -> dict[str, object]:
        """Return rules with no room."""
        return {**super().confinement(limits), "folder_bytes": 0}


class Slow(ProcessLimits):
    """A wrapper that never comes to the point."""

    @override
    def command(self, argv: list[str], scratch: Path) -> list[str]:
        """Return a command that waits."""
        return ["/bin/sleep", "600"]


@pytest.mark.parametrize("newest", [99, 4, 2, 1])
@pytest.mark.parametrize("tier", [FullSandbox, PartialSandbox])
def test_both_tiers_hold_here_with_any_landlock(tier: type[PartialSandbox], newest: int) -> None:
    assert trial(tier(newest)) == ""


def test_what_does_not_protect_is_found_out() -> None:
    said = trial(ProcessLimits())
    for forbidden in ("read elsewhere", "connect", "start a program", "start a process"):
        assert forbidden in said
    assert "write here" not in said


def test_one_hole_is_enough() -> None:
    said = trial(Leaky())
    assert "read elsewhere" in said
    assert "read another job" in said
    assert "write elsewhere" not in said


def test_what_stops_honest_work_does_not_count_as_protection() -> None:
    assert "write here" in trial(Tight())


def test_a_kernel_without_landlock_is_told() -> None:
    assert "Landlock is not available" in trial(PartialSandbox(newest=-1))


def test_a_missing_wrapper_is_told() -> None:
    assert "could not be started" in trial(FullSandbox(bubblewrap="/nowhere/bwrap"))


def test_a_wrapper_that_fails_is_quoted(tmp_path: Path) -> None:
    assert "Permission denied" in trial(FullSandbox(bubblewrap=refusing(tmp_path)))


def test_a_wrapper_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "TRIAL_SECONDS", 0.2)
    assert "could not be started" in trial(Slow())


def test_a_trial_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert trial(PartialSandbox()) == ""
    assert not list(tmp_path.iterdir())


def refusing(folder: Path) -> str:
    """Return a wrapper that fails as bubblewrap does where namespaces are forbidden."""
    wrapper = folder / "bwrap"
    wrapper.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
    )
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return str(wrapper)


def chosen(*tried: Candidate) -> AutomaticIsolation:
    isolation = AutomaticIsolation(tried)
    isolation.prepare()
    return isolation


def test_the_first_that_holds_is_taken() -> None:
    isolation = chosen(Candidate(FullSandbox()), Candidate(PartialSandbox()))
    assert (isolation.name, isolation.note) == ("Full sandbox", "")


def test_the_next_is_taken_and_says_why_and_what_helps(tmp_path: Path) -> None:
    broken = FullSandbox(bubblewrap=refusing(tmp_path))
    isolation = chosen(Candidate(broken), Candidate(PartialSandbox(), "Do this."))
    assert isolation.name == "Sandbox without namespaces"
    assert "Permission denied" in isolation.note
    assert "Do this." in isolation.note


def test_nothing_that_leaks_is_ever_taken() -> None:
    with pytest.raises(Unprotected) as caught:
        chosen(Candidate(Leaky()), Candidate(ProcessLimits()))
    assert "read elsewhere" in caught.value.detail
    assert "sudo apt install bubblewrap" in caught.value.remedy


def test_before_it_is_decided_nothing_can_be_run(tmp_path: Path) -> None:
    isolation = AutomaticIsolation([])
    assert isolation.name == ""
    for ask in (
        lambda: isolation.command(["x"], tmp_path),
        lambda: isolation.environment(tmp_path),
        lambda: isolation.confinement(LIMITS),
    ):
        with pytest.raises(RuntimeError):
            ask()


def test_it_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Isolation] = []

    def holds(isolation: Isolation, *, separate: bool) -> str:
        assert not separate
        tried.append(isolation)
        return ""

    monkeypatch.setattr(choice, "trial", holds)
    isolation = chosen(Candidate(PartialSandbox()))
    isolation.prepare()
    assert len(tried) == 1


def test_who_goes_without_is_named_in_every_version() -> None:
    isolation = AutomaticIsolation([Candidate(ProcessLimits())])
    isolation.allow_unprotected()
    isolation.prepare()
    assert isolation.name == "No sandbox, allowed by you"
    assert "your rights" in isolation.note


def test_without_bubblewrap_the_note_is_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choice, "BUBBLEWRAP", "/nowhere/bwrap")
    (only,) = candidates()
    assert type(only.isolation) is PartialSandbox
    assert "sudo apt install bubblewrap" in only.note


def test_with_bubblewrap_it_comes_first() -> None:
    first, second = candidates()
    assert (type(first.isolation), type(second.isolation)) == (FullSandbox, PartialSandbox)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1\n", "bwrap-userns-restrict"),
        ("kernel/unprivileged_userns_clone", "0\n", "unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0\n", "max_user_namespaces"),
    ],
)
def test_settings_that_forbid_namespaces_are_named_with_the_command_that_helps(
    tmp_path: Path, setting: str, value: str, said: str
) -> None:
    (tmp_path / setting).parent.mkdir()
    (tmp_path / setting).write_text(value)
    assert said in namespaces_fix(tmp_path)


def test_settings_that_allow_namespaces_need_no_word(tmp_path: Path) -> None:
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel/apparmor_restrict_unprivileged_userns").write_text("0\n")
    (tmp_path / "kernel/unprivileged_userns_clone").write_text("1\n")
    assert namespaces_fix(tmp_path) == ""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("tier", ["FullSandbox", "PartialSandbox"])
def test_both_tiers_hold_for_an_ordinary_user(tier: str) -> None:
    lowered = Path(__file__).parents[2] / "isolation" / "lowered.py"
    code = (
        "import os; from desktop.rendering.isolation import choice, linux;"
        f"print(os.getuid(), repr(choice.trial(linux.{tier}())))"
    )
    done = subprocess.run(
        [sys.executable, str(lowered), "nobody", sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.split() == ["65534", "''"], done.stderr
