"""The composition root: builds every object, wires them, starts and stops them in order.

The only module that may import everything. Qt is imported inside the functions that open a window,
so that the command line starts without it.
"""

import asyncio
import contextlib
import faulthandler
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from desktop.config.destinations import DestinationFiles
from desktop.config.keychain import Keychain
from desktop.config.log import start_logging, watch_for_crashes
from desktop.config.paths import Paths, below
from desktop.config.settings import environment_workers, memory_limit
from desktop.domain.events import EventBus, SettingsChanged
from desktop.rendering.isolation import AutomaticIsolation
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from desktop.services import backlog
from desktop.services.authoring import AuthoringService
from desktop.services.binding import Binder
from desktop.services.consent import ConsentService
from desktop.services.crashes import CrashService
from desktop.services.destinations import Destinations
from desktop.services.engine_link import EngineLink
from desktop.services.environment import EnvironmentService
from desktop.services.exporting import ExportService
from desktop.services.importing import ImportService
from desktop.services.library import LibraryService
from desktop.services.production import ProductionService
from desktop.services.recovery import ErrorRecoveryService
from desktop.services.samples import SampleService
from desktop.services.secrets import SecretService
from desktop.services.services import Services
from desktop.services.settings import SettingsService
from desktop.services.transfers import TransferService
from desktop.services.values import Check
from desktop.services.versions import VersionService
from desktop.storage import rebuild, versions
from desktop.storage.allowed import AllowedCode
from desktop.storage.database import Database
from desktop.storage.shelf import Shelf
from desktop.transfers.client import EngineClient
from desktop.transfers.engine.place import Place

log = logging.getLogger(__name__)

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
    async with contextlib.AsyncExitStack() as closing:
        database = await Database.open(paths.database, restore=rebuild.from_shelf(shelf))
        closing.push_async_callback(database.close)
        binder = Binder(database, shelf)
        await binder.adopt_unsettled()
        store = RenderStore(paths.renders, round(settings.current.rendering.cache_limit_gb * 1e9))
        closing.push_async_callback(_evict, store, database)
        renderer = _renderer(paths, settings, store)
        closing.callback(
            bus.subscribe(SettingsChanged, lambda _event: renderer.use(_options(settings)))
        )
        library = LibraryService(database, shelf, bus)
        authoring = AuthoringService(database, shelf, store, settings, bus)
        closing.push_async_callback(authoring.close)

        async def protection() -> Check:
            return await environment.protection()

        allowed = AllowedCode(paths.allowed_code)
        consent = ConsentService(database, authoring, allowed, protection)
        production = ProductionService(renderer, authoring, library, binder, settings, consent, bus)
        closing.push_async_callback(production.close)
        importing = ImportService(library, authoring, binder, consent, settings)
        closing.push_async_callback(importing.close)
        kept = VersionService(database, shelf, authoring, consent, bus)
        secrets = SecretService(Keychain(paths.data / "secrets"))
        transfers = _transfers(paths, secrets, settings, library, bus)
        closing.push_async_callback(transfers.close)
        recovery = ErrorRecoveryService(bus, free_space=lambda: _evict(store, database))
        closing.push_async_callback(recovery.close)
        environment = EnvironmentService(paths, renderer, transfers, secrets)
        yield Services(
            bus=bus,
            library=library,
            authoring=authoring,
            consent=consent,
            production=production,
            versions=kept,
            importing=importing,
            exporting=ExportService(library, authoring, kept, settings),
            environment=environment,
            samples=SampleService(library, importing),
            settings=settings,
            secrets=secrets,
            crashes=CrashService(paths.logs),
            transfers=transfers,
            recovery=recovery,
        )


def _renderer(paths: Paths, settings: SettingsService, store: RenderStore) -> Renderer:
    options = _options(settings)
    return Renderer(store, AutomaticIsolation(), scratch=paths.scratch, options=options)


def _transfers(
    paths: Paths,
    secrets: SecretService,
    settings: SettingsService,
    library: LibraryService,
    bus: EventBus,
) -> TransferService:
    place = Place(paths.transfers)
    destinations = Destinations(DestinationFiles(paths.destinations), secrets)
    engine = EngineClient(place.folder)
    link = EngineLink(engine, destinations, settings, bus, lambda: backlog.look(place))
    return TransferService(link, destinations, settings, library, bus)


def _options(settings: SettingsService) -> RendererOptions:
    rendering = settings.current.rendering
    return RendererOptions(
        workers=environment_workers(rendering),
        memory=memory_limit(rendering),
        wall_seconds=rendering.time_limit_minutes * 60.0,
    )


@contextlib.asynccontextmanager
async def _for_window(paths: Paths) -> AsyncIterator[Services]:
    """Open the services and let transfers go on that were left unfinished."""
    async with open_services(paths) as services:
        services.transfers.start()
        yield services


async def _evict(store: RenderStore, database: Database) -> None:
    """Bring the render store below its limit, sparing what the newest versions show."""
    pinned = await database.read(lambda tx: versions.render_keys(tx, newest=PINNED_VERSIONS))
    freed = await asyncio.to_thread(store.evict, pinned)
    if freed:
        log.info("Freed %d MB of rendered scenes", freed // 1_000_000)


def run_window(paths: Paths) -> int:
    """Open the window and run until it is closed; return the exit code."""
    from desktop.ui import launch  # noqa: PLC0415 - the command line never pays for Qt

    with _watched(paths):
        return launch.run(lambda: _for_window(paths))


def run_tour(folder: Path, said: Callable[[str], None]) -> int:
    """Drive a real window on a library of its own through every page; save pictures.

    ``said`` hears how it goes. Returns 1 when a page could not be reached.
    """
    from desktop.ui import launch, tour, tour_publish  # noqa: PLC0415 - no Qt for the command line

    with tempfile.TemporaryDirectory(prefix="proofreel-tour-") as home:
        paths = below(Path(home))
        with _watched(paths):
            return launch.run(
                tour_publish.with_examples(lambda: open_services(paths)),
                lambda window, services: tour.visit(window, services, folder, said),
            )


@contextlib.contextmanager
def _watched(paths: Paths) -> Iterator[None]:
    """Log, and let the next start know of a hard crash."""
    start_logging(paths.logs)
    trace = watch_for_crashes(paths.logs)
    try:
        yield
    finally:
        if trace is not None:
            faulthandler.disable()
            trace.close()
