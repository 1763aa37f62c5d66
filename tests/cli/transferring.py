"""The command line on an engine in memory, with a destination set up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from typer.testing import CliRunner, Result

from desktop import cli
from desktop.cloud.credentials import AccessKeys
from desktop.config.destinations import DestinationFiles, KeptDestination
from desktop.config.keychain import Keychain, Secret
from desktop.config.paths import Paths
from desktop.domain.events import EventBus
from desktop.domain.transfers import Destination
from desktop.services.destinations import Destinations
from desktop.services.engine_link import EngineLink
from desktop.services.library import LibraryService
from desktop.services.secrets import SecretService
from desktop.services.services import Services
from desktop.services.settings import SettingsService
from desktop.services.transfers import Backlog, TransferService
from tests.cli.conftest import Windows
from tests.services.fake_engine import FakeEngine

STUDIO = Destination("01STUDIO", "Studio", "films", profile="studio", prefix="team/")

KEYS = AccessKeys("test-key", Secret("test-secret-value"))


class Line:
    """Runs commands, one after the other, as people do."""

    def __init__(self, paths: Paths, folder: Path) -> None:
        self.engine = FakeEngine({"films": {}})
        self.paths = paths
        self.folder = folder
        self.files = DestinationFiles(paths.destinations)
        self.files.put(KeptDestination(STUDIO))
        windows = Windows()
        self._program = cli.build(self._opened, windows.open, windows.tour)

    @asynccontextmanager
    async def _opened(self, paths: Paths) -> AsyncIterator[Services]:
        """Open what these commands need, and no library."""
        bus = EventBus()
        settings = SettingsService(paths.settings, bus)
        secrets = SecretService(Keychain(paths.data / "secrets"))
        library = cast("LibraryService", SimpleNamespace(damage=lambda: None))
        places = Destinations(self.files, secrets)
        link = EngineLink(self.engine, places, settings, bus, lambda: Backlog(exists=True))
        transfers = TransferService(link, places, settings, library, bus)
        opened = SimpleNamespace(
            bus=bus, settings=settings, secrets=secrets, library=library, transfers=transfers
        )
        try:
            yield cast("Services", opened)
        finally:
            await transfers.close()

    def run(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(
            self._program, list(arguments), prog_name="proofreel", input=typed
        )

    def file(self, name: str, data: bytes = b"some content") -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    @property
    def stored(self) -> dict[str, bytes]:
        return self.engine.buckets["films"]
