"""A transfer service on an engine in memory, with a destination set up."""

import asyncio
import threading

from desktop.cloud.credentials import AccessKeys
from desktop.config.destinations import DestinationFiles
from desktop.config.keychain import Secret
from desktop.config.paths import Paths
from desktop.domain.transfers import Destination
from desktop.services.destinations import Destinations
from desktop.services.engine_link import EngineLink
from desktop.services.services import Services
from desktop.services.transfers import Backlog, TransferService
from tests.services.fake_engine import FakeEngine

PLACE = Destination("01PLACE", "Studio", "films", prefix="team/")
KEYS = AccessKeys("test-key", Secret("test-secret-of-the-studio"))


class Desk:
    """A service on an engine in memory."""

    def __init__(self, services: Services, paths: Paths) -> None:
        self.engine = FakeEngine({"films": {}})
        self.backlog = Backlog()
        self.looks = 0
        self.services = services
        self.places = Destinations(DestinationFiles(paths.destinations), services.secrets)
        self.service = self.make()

    def make(self) -> TransferService:
        """Return a service as another window or command would have it, on the same engine."""
        given = self.services
        link = EngineLink(self.engine, self.places, given.settings, given.bus, self.look)
        return TransferService(link, self.places, given.settings, given.library, given.bus)

    def look(self) -> Backlog:
        assert threading.current_thread() is not threading.main_thread()
        self.looks += 1
        return self.backlog

    @property
    def stored(self) -> dict[str, bytes]:
        return self.engine.buckets["films"]


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0.002)
