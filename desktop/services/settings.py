"""What the person has chosen, read once and saved at each change."""

import asyncio
from pathlib import Path

from desktop.config.settings import Settings, load_settings, save_settings
from desktop.domain.events import EventBus, SettingsChanged


class SettingsService:
    """The current settings and the one way to change them."""

    def __init__(self, path: Path, bus: EventBus) -> None:
        self._path = path
        self._bus = bus
        self._current = load_settings(path)

    @property
    def current(self) -> Settings:
        """The settings in force."""
        return self._current

    @property
    def folder(self) -> Path:
        """The folder settings are kept in; window layout lies beside them."""
        return self._path.parent

    async def save(self, settings: Settings) -> None:
        """Put ``settings`` in force and on disk.

        Raises Unavailable when they cannot be written; they are in force all the same.
        """
        self._current = settings
        self._bus.publish(SettingsChanged())
        await asyncio.to_thread(save_settings, self._path, settings)
