from dataclasses import replace
from pathlib import Path

import pytest

from desktop.config.paths import Paths
from desktop.rendering.isolation import AutomaticIsolation, ProcessLimits, choice
from desktop.rendering.isolation.choice import Candidate
from desktop.services import environment
from desktop.services.environment import EnvironmentService
from desktop.services.services import Services
from desktop.services.values import Check, CheckState


def named(checks: tuple[Check, ...], name: str) -> Check:
    return next(check for check in checks if check.name == name)


@pytest.mark.manim
async def test_a_sound_machine_has_no_error(services: Services) -> None:
    checks = await services.environment.report()
    assert not [check for check in checks if check.state is CheckState.ERROR]
    assert named(checks, "Render process").detail.startswith("Starts in")


async def test_a_sandbox_that_could_be_better_is_a_warning_with_advice(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = AutomaticIsolation([Candidate(ProcessLimits(), "Install bubblewrap.")])
    monkeypatch.setattr(choice, "trial", lambda _isolation, **_how: "")
    services.environment._renderer.isolation = weak
    check = await services.environment.protection()
    assert check.state is CheckState.WARNING
    assert "Install bubblewrap." in check.remedy


async def test_no_sandbox_at_all_is_an_error_that_says_what_to_install(services: Services) -> None:
    services.environment._renderer.isolation = AutomaticIsolation([])
    check = await services.environment.protection()
    assert check.state is CheckState.ERROR
    assert "bubblewrap" in check.remedy


async def test_a_person_may_go_without_and_it_is_named_so(services: Services) -> None:
    services.environment._renderer.isolation = AutomaticIsolation([])
    await services.environment.allow_unprotected()
    check = await services.environment.protection()
    assert (check.state, check.detail) == (CheckState.WARNING, "No sandbox, allowed by you")


def test_a_folder_that_cannot_be_written_is_named_with_a_remedy(
    services: Services, paths: Paths
) -> None:
    blocked = paths.data / "file"
    blocked.write_text("not a folder")
    broken = EnvironmentService(
        replace(paths, cache=blocked / "cache"), services.environment._renderer
    )
    check = named(broken._still_checks(), "Render cache")
    assert check.state is CheckState.ERROR
    assert str(blocked) in check.detail
    assert check.remedy


async def test_a_missing_keyring_is_a_warning_that_says_where_secrets_are(
    services: Services,
) -> None:
    check = named(await keyring_report(services), "Keyring")
    assert check.state is CheckState.WARNING
    assert "in memory until Proofreel ends" in check.detail
    assert check.remedy


async def test_a_keyring_is_named(services: Services, real_keyring: Path) -> None:
    check = named(await keyring_report(services), "Keyring")
    assert check.state is CheckState.OK
    assert "secrets are kept there" in check.detail


async def keyring_report(services: Services) -> tuple[Check, ...]:
    return (await environment._keyring(services.secrets),)
