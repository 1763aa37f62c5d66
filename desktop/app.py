"""The composition root: builds every object, wires them, starts and stops them in order.

The only module that may import everything. Qt is imported inside ``run_window`` alone, so that the
command line starts without it.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

from desktop.config.log import start_logging, watch_for_crashes
from desktop.config.paths import Paths
from desktop.config.settings import environment_workers
from desktop.domain.events import EventBus, LibraryChanged
from desktop.rendering.isolation import ProcessLimits
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from desktop.services.authoring import AuthoringService
from desktop.services.binding import Binder
from desktop.services.crashes import CrashService
from desktop.services.environment import EnvironmentService
from desktop.services.exporting import ExportService
from desktop.services.importing import ImportService
from desktop.services.library import LibraryService
from desktop.services.production import ProductionService
from desktop.services.samples import SampleService
from desktop.services.services import Services
from desktop.services.settings import SettingsService
from desktop.services.versions import VersionService
from desktop.storage import rebuild, versions
from desktop.storage.database import Database
from desktop.storage.shelf import Shelf

log = logging.getLogger(__name__)

ELSEWHERE_SECONDS = 1.0
"""How often the window asks whether another process has changed the library."""

PINNED_VERSIONS = 2
"""The scenes of so many newest versions of each video are never evicted from the store."""


@contextlib.asynccontextmanager
async def open_services(paths: Paths) -> AsyncIterator[Services]:
    """Open the library below ``paths`` and yield the services; close all in reverse order.

    Raises Refused for a library of a newer Proofreel, Unavailable when it cannot be written.
    """
    bus = EventBus()
    settings = SettingsService(paths.settings, bus)
    shelf = Shelf(paths.data)
    await asyncio.to_thread(shelf.prepare)
    database = await Database.open(paths.database, restore=rebuild.from_shelf(shelf))
    try:
        services = _build(paths, bus, settings, shelf, database)
        try:
            yield services
        finally:
            await services.production.close()
            await services.authoring.close()
            await services.importing.close()
            await _evict(paths, settings, database)
    finally:
        await database.close()


def _build(
    paths: Paths, bus: EventBus, settings: SettingsService, shelf: Shelf, database: Database
) -> Services:
    rendering = settings.current.rendering
    store = RenderStore(paths.renders, round(rendering.cache_limit_gb * 1e9))
    isolation = ProcessLimits()
    options = RendererOptions(
        workers=environment_workers(rendering),
        memory=rendering.memory_limit_mb << 20,
        wall_seconds=rendering.time_limit_minutes * 60.0,
    )
    renderer = Renderer(store, isolation, scratch=paths.scratch, options=options)
    library = LibraryService(database, shelf, bus)
    authoring = AuthoringService(database, shelf, store, settings, bus)
    binder = Binder(database, shelf)
    version_service = VersionService(database, shelf, authoring, bus)
    importing = ImportService(library, authoring, binder, settings)
    return Services(
        bus=bus,
        library=library,
        authoring=authoring,
        production=ProductionService(renderer, authoring, library, binder, settings, bus),
        versions=version_service,
        importing=importing,
        exporting=ExportService(library, authoring, version_service, settings),
        environment=EnvironmentService(paths, renderer, isolation.name),
        samples=SampleService(library, importing),
        settings=settings,
        crashes=CrashService(paths.logs),
    )


async def _evict(paths: Paths, settings: SettingsService, database: Database) -> None:
    """Bring the render store below its limit, sparing what the newest versions show."""
    limit = round(settings.current.rendering.cache_limit_gb * 1e9)
    store = RenderStore(paths.renders, limit)
    pinned = await database.read(lambda tx: versions.render_keys(tx, newest=PINNED_VERSIONS))
    freed = await asyncio.to_thread(store.evict, pinned)
    if freed:
        log.info("Freed %d MB of rendered scenes", freed // 1_000_000)


def run_window(paths: Paths) -> int:
    """Open the window and run until it is closed; return the exit code."""
    return _with_window(paths, None)


def run_tour(paths: Paths, folder: Path) -> int:
    """Drive the real window through every page and save pictures into ``folder``."""
    return _with_window(paths, folder)


def _with_window(paths: Paths, tour: Path | None) -> int:
    """Start Qt, its loop and the window; Qt is imported here and nowhere earlier."""
    from desktop import windowing  # noqa: PLC0415  the command line never pays for Qt

    start_logging(paths.logs)
    trace = watch_for_crashes(paths.logs)
    try:
        return windowing.run(lambda: open_services(paths), tour, notice_others)
    finally:
        if trace is not None:
            trace.close()


async def notice_others(database: Database, bus: EventBus) -> None:
    """Tell the window whenever another process has changed the library; runs until cancelled."""
    while True:
        await asyncio.sleep(ELSEWHERE_SECONDS)
        if await database.changed_elsewhere():
            bus.publish(LibraryChanged())
