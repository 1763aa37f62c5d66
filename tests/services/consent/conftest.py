"""Services whose renderer draws nothing and remembers what would have run."""

from collections.abc import AsyncIterator

import pytest

from desktop import app
from desktop.app import open_services
from desktop.config.paths import Paths
from desktop.rendering.jobs import SceneJob
from desktop.rendering.store import RenderStore
from desktop.services import authoring, importing
from desktop.services.services import Services
from tests.services.consent.bringing import ReaderHere, SpyRenderer


@pytest.fixture
def renderers() -> list[SpyRenderer]:
    return []


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, renderers: list[SpyRenderer]) -> None:
    def renderer(_paths: object, _settings: object, store: RenderStore) -> SpyRenderer:
        renderers.append(SpyRenderer(store))
        return renderers[-1]

    monkeypatch.setattr(app, "_renderer", renderer)
    for module in (authoring, importing):
        monkeypatch.setattr(module, "SourceReader", ReaderHere)


@pytest.fixture
async def services(paths: Paths, renderers: list[SpyRenderer]) -> AsyncIterator[Services]:
    async with open_services(paths) as opened:
        yield opened


@pytest.fixture
def ran(services: Services, renderers: list[SpyRenderer]) -> list[SceneJob]:
    return renderers[0].ran
