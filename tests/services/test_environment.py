from dataclasses import replace

import pytest

from desktop.config.paths import Paths
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


def test_weak_isolation_is_a_warning_with_advice(services: Services) -> None:
    check = named(services.environment._still_checks(), "Isolation")
    assert check.state is CheckState.WARNING
    assert check.remedy


def test_a_folder_that_cannot_be_written_is_named_with_a_remedy(
    services: Services, paths: Paths
) -> None:
    blocked = paths.data / "file"
    blocked.write_text("not a folder")
    broken = EnvironmentService(
        replace(paths, cache=blocked / "cache"), services.environment._renderer, "none"
    )
    check = named(broken._still_checks(), "Render cache")
    assert check.state is CheckState.ERROR
    assert str(blocked) in check.detail
    assert check.remedy
