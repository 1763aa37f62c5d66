"""What each tier of Linux shows to the render process, and what it asks of jobs."""

import sys
from pathlib import Path

import pytest

from desktop.rendering.isolation import Limits
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox
from desktop.rendering.isolation.readable import outermost, readable
from tests.rendering.isolation.latex import WithLatex
from tests.rendering.scenes import module

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these tiers are those of Linux")

LIMITS = Limits(memory=1 << 30, wall_seconds=60, cpu_seconds=60)


def test_latex_programs_are_never_given_outside_the_full_sandbox() -> None:
    assert PartialSandbox().confinement(LIMITS, latex=True)["programs"] == ()
    assert FullSandbox().confinement(LIMITS)["programs"] == ()
    assert "/usr/bin" in WithLatex().confinement(LIMITS, latex=True)["programs"]  # type: ignore[operator]


def test_the_root_is_empty_but_for_what_is_named(tmp_path: Path) -> None:
    scratch = tmp_path / "work" / "zygote"
    command = FullSandbox().command(["python", "-m", "worker"], scratch)
    assert command[-4:] == ["--", "python", "-m", "worker"]
    written = [command[at + 1] for at, word in enumerate(command) if word == "--bind"]
    assert written == [str(scratch.parent)]
    shown = {command[at + 1] for at, word in enumerate(command) if word == "--ro-bind-try"}
    assert shown <= set(readable())
    home = str(Path.home())
    assert home not in shown
    assert not any(path in {"/", "/etc", "/home", "/root", "/usr", "/var"} for path in shown)
    for flag in ("--unshare-user", "--unshare-net", "--unshare-ipc", "--new-session",
                 "--die-with-parent"):  # fmt: skip
        assert flag in command


def test_nothing_of_the_editors_environment_is_handed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/canary")
    for tier in (FullSandbox(), PartialSandbox()):
        given = tier.environment(tmp_path)
        assert "canary" not in " ".join([*given, *given.values()])
        assert given["HOME"].startswith(str(tmp_path))


def test_what_is_readable_holds_neither_home_nor_root() -> None:
    found = readable()
    assert str(Path.home()) not in found
    assert not {"/", "/usr", "/etc", "/var", "/tmp"} & set(found)
    assert all(Path(path).exists() for path in found)


def test_paths_within_others_are_left_out() -> None:
    assert outermost(["/a/b", "/a", "/ab", "/a/b/c"]) == ("/a", "/ab")


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("MathTex('x')", True),
        ("Tex('x')", True),
        ('Look(maths="latex")', True),
        ("tex_template = TexTemplate()", True),
        ("Text('x')", False),
        ("MarkupText('x'), MathTypst('y'), DecimalNumber(1)", False),
        ('Look(maths="typst")', False),
    ],
)
def test_programs_are_for_scenes_that_name_latex(code: str, named: bool) -> None:
    scene = module(code, "Shown")
    rules = WithLatex().confinement(LIMITS, latex=scene.uses_latex)
    assert bool(rules["programs"]) == named
