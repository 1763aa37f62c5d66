"""Journeys run the real window on a real library and draw with real Manim."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.library import Version
from desktop.services.services import Services
from desktop.ui import tasks
from desktop.ui.main_window import MainWindow
from desktop.ui.pages.studio import StudioPage
from desktop.ui.theme import Theme
from tests.ui.conftest import (  # noqa: F401 - pytest finds hooks and fixtures by their names
    nothing_left_behind,
    pytest_asyncio_loop_factories,
    pytest_configure,
    show_active,
    theme,
)

PATIENCE = 60.0
"""Seconds anything may take on a busy machine; what is promised in less has a figure of its own."""

SOON_MS = 1000
"""Timers that are due sooner are work that was put off; later ones take notices away."""


class Person:
    """Uses the window as a person would: by its actions, widgets and what can be seen."""

    def __init__(self, window: MainWindow, services: Services) -> None:
        self.window = window
        self.services = services

    @property
    def studio(self) -> StudioPage:
        return cast("StudioPage", self.window.pages.page("studio"))

    def does(self, action_id: str) -> None:
        """Choose something from the menus."""
        action = self.window.registry[action_id]
        assert action.isEnabled(), f"{action_id} cannot be chosen"
        action.trigger()

    async def sees(self, what: Callable[[], object], *, within: float = PATIENCE) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(within):
            while not what():  # noqa: ASYNC110 - what is seen sets no event
                await asyncio.sleep(0.02)

    async def waits(self) -> None:
        """Wait until the window has nothing more to do, now or in a moment."""
        async with asyncio.timeout(PATIENCE):
            while self._busy():  # noqa: ASYNC110 - likewise
                await asyncio.sleep(0.02)

    def _busy(self) -> bool:
        others = set(tasks.running()) - {asyncio.current_task()}
        timers = self.window.findChildren(QTimer)
        soon = [one for one in timers if one.isSingleShot() and one.interval() < SOON_MS]
        return bool(others) or any(timer.isActive() for timer in soon)

    async def opens(self, video_id: str) -> None:
        self.window.open_video(video_id)
        await self.sees(lambda: self.studio.session.outline and self.has(video_id))
        await self.waits()

    def has(self, video_id: str) -> bool:
        return self.studio.session.video_id == video_id

    def writes(self, old: str, new: str) -> None:
        """Change the text in the editor."""
        editor = self.studio.parts.area.editor
        text = editor.text()
        assert text.count(old) == 1, f"{old} is there {text.count(old)} times"
        editor.replace(text.replace(old, new))

    async def renders(self) -> Version:
        """Render a draft and wait until it plays."""
        before = self.studio.watching.newest
        self.does("studio.render_draft")
        await self.sees(lambda: self.studio.watching.shown > before)
        await self.sees(lambda: self.studio.parts.player.viewer.frame_count)
        await self.waits()
        version = self.studio.watching.version(self.studio.watching.newest)
        assert version is not None
        return version


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
async def person(home: Path, theme: Theme, qapp: QApplication) -> AsyncIterator[Person]:  # noqa: F811
    async with open_services(below(home)) as services:
        await _draw_small(services)
        window = MainWindow(services, theme)
        window.start()
        await show_active(window)
        yield Person(window, services)
        closed = asyncio.Event()
        window.closed.connect(closed.set)
        window.close()
        async with asyncio.timeout(PATIENCE):
            await closed.wait()
        window.deleteLater()


async def _draw_small(services: Services) -> None:
    settings = services.settings.current
    rendering = replace(settings.rendering, draft_short_side=240, draft_fps=15)
    await services.settings.save(replace(settings, rendering=rendering))
