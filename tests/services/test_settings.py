from dataclasses import replace
from pathlib import Path

import pytest

from desktop.config.settings import Settings
from desktop.domain.errors import Unavailable
from desktop.domain.events import EventBus, SettingsChanged
from desktop.services.settings import SettingsService
from tests.services.conftest import Heard


def changed(service: SettingsService, theme: str) -> Settings:
    settings = service.current
    return replace(settings, appearance=replace(settings.appearance, theme=theme))


async def test_settings_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    service = SettingsService(path, EventBus())
    await service.save(changed(service, "light"))
    assert SettingsService(path, EventBus()).current.appearance.theme == "light"


async def test_a_change_is_announced_once_it_is_in_force(tmp_path: Path) -> None:
    bus = EventBus()
    heard = Heard(bus, SettingsChanged)
    service = SettingsService(tmp_path / "settings.toml", bus)
    await service.save(changed(service, "dark"))
    assert len(heard.events) == 1
    assert service.current.appearance.theme == "dark"


async def test_settings_that_cannot_be_written_hold_until_the_end_and_say_so(
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    service = SettingsService(blocked / "settings.toml", EventBus())
    with pytest.raises(Unavailable):
        await service.save(changed(service, "light"))
    assert service.current.appearance.theme == "light"
