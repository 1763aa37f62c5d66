"""Changing one setting at a time, in the order in which the person does it."""

import asyncio
import dataclasses
from typing import Any

from PySide6.QtCore import QObject

from desktop.services.settings import SettingsService
from desktop.ui import tasks


class Preferences(QObject):
    """Saves single settings at once; the newest value of each is the one that stays."""

    def __init__(self, settings: SettingsService, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._saving = asyncio.Lock()

    def change(self, section: str, name: str, value: object) -> None:
        """Put ``value`` in force and on disk unless it is in force already."""
        if getattr(getattr(self._settings.current, section), name) != value:
            tasks.start(self, self._save(section, name, value), f"save setting {name}")

    async def _save(self, section: str, name: str, value: object) -> None:
        async with self._saving:
            current = self._settings.current
            part = dataclasses.replace(getattr(current, section), **{name: value})
            changes: dict[str, Any] = {section: part}
            await self._settings.save(dataclasses.replace(current, **changes))
