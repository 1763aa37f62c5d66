"""Services run on a real library in a folder of their own; only renders are marked as slow."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.app import open_services
from desktop.config.paths import Paths, below
from desktop.domain.events import Event, EventBus
from desktop.domain.library import Project, SourceKind, Video
from desktop.services.services import Services
from tests.services.consenting import allow

SCENE = "from manim import Scene, Square\n\n\n"

TWO_SCENES = """from manim import *

SIDE = 2


class First(Scene):
    def construct(self):
        self.play(Create(Square(SIDE)), run_time=0.4)


class Second(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.4)
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return below(tmp_path)


@pytest.fixture
async def services(paths: Paths) -> AsyncIterator[Services]:
    async with open_services(paths) as opened:
        yield opened


@pytest.fixture
async def project(services: Services) -> Project:
    return await services.library.create_project("Geometry")


@pytest.fixture
async def manim_video(services: Services, project: Project) -> Video:
    """Return a Manim file that came from elsewhere and that a person has allowed."""
    video = await services.library.create_video(project.id, "Shapes", SourceKind.MANIM, TWO_SCENES)
    await allow(services, video.id)
    return video


class Heard:
    """Collects the events of some kinds, in order."""

    def __init__(self, bus: EventBus, *kinds: type[Event]) -> None:
        self.events: list[Event] = []
        for kind in kinds:
            bus.subscribe(kind, self.events.append)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]
