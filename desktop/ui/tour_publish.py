"""The stops of the tour at the publish page: every state of transfers, on rows in memory.

No line shows all states at once, so the tour's window has example transfers: it is opened on the
services that ``with_examples`` yields.
"""

import asyncio
import contextlib
import dataclasses
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

from desktop.services.services import Services
from desktop.services.transfers import TransferService
from desktop.ui.pages.publish.page import PublishPage
from desktop.ui.tour_camera import Tour
from desktop.ui.tour_transfers import DESTINATIONS, ExampleTransfers

Stop = Callable[[Tour], Awaitable[None]]


def with_examples(
    open_services: Callable[[], AbstractAsyncContextManager[Services]],
) -> Callable[[], AbstractAsyncContextManager[Services]]:
    """Return what opens the same services with example transfers in place of real ones."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Services]:
        async with open_services() as services:
            examples = cast("TransferService", ExampleTransfers(services.bus))
            yield dataclasses.replace(services, transfers=examples)

    return opened


def stops() -> tuple[tuple[str, Stop], ...]:
    """Return every stop with its name, in the order in which they are visited."""
    visit = _Visit()
    return (
        ("publish-no-destination", visit.without_destination),
        ("publish-empty", visit.empty),
        ("publish", visit.busy),
        ("publish-details", visit.details),
        ("publish-failed", visit.failed),
        ("publish-limits", visit.limits),
        ("publish-remnants", visit.remnants),
        ("publish-destination", visit.destination),
        ("publish-upload", visit.upload),
        ("transfers-dock", visit.dock),
    )


class _Visit:
    """The page on example transfers."""

    def _transfers(self, tour: Tour) -> ExampleTransfers:
        return cast("ExampleTransfers", tour.services.transfers)

    def _page(self, tour: Tour) -> PublishPage:
        page = tour.window.pages.show_page("publish")
        if not isinstance(page, PublishPage):
            raise TypeError(type(page))
        return page

    async def without_destination(self, tour: Tour) -> None:
        """Nothing is set up yet."""
        self._page(tour)
        await tour.settle(0.4)
        await tour.take("publish-no-destination")

    async def empty(self, tour: Tour) -> None:
        """There is a destination, and nothing to send."""
        page = self._page(tour)
        self._transfers(tour).places = list(DESTINATIONS)
        page.panel.read_destinations()
        await tour.settle(0.3)
        await tour.take("publish-empty")

    async def busy(self, tour: Tour) -> None:
        """Every state at once."""
        page = self._page(tour)
        self._transfers(tour).fill()
        page.panel.read_destinations()
        await tour.settle(0.5)
        await tour.take("publish")

    async def _choose(self, tour: Tour, row: int) -> PublishPage:
        page = self._page(tour)
        page.panel.list.setCurrentIndex(page.panel.model.index(row))
        await tour.settle(0.3)
        return page

    async def details(self, tour: Tour) -> None:
        """One that was resumed after a crash."""
        await self._choose(tour, 0)
        await tour.take("publish-details")

    async def failed(self, tour: Tour) -> None:
        """One that failed, and what helps."""
        page = await self._choose(tour, 9)
        for one in DESTINATIONS:
            page.places.check_wanted.emit(one)
        await tour.settle(0.2)
        await tour.take("publish-failed")

    async def limits(self, tour: Tour) -> None:
        """Speeds and hours."""
        self._page(tour).panel.conduct.edit_limits()
        await asyncio.sleep(0.4)
        await tour.take("publish-limits")

    async def remnants(self, tour: Tour) -> None:
        """What lies unfinished at the service."""
        self._page(tour).places.remnants_wanted.emit()
        await asyncio.sleep(0.4)
        await tour.take("publish-remnants")

    async def destination(self, tour: Tour) -> None:
        """A destination with all its fields."""
        self._page(tour).places.edit_wanted.emit(DESTINATIONS[1])
        await asyncio.sleep(0.4)
        await tour.take("publish-destination")

    async def upload(self, tour: Tour) -> None:
        """What is asked before files are uploaded."""
        with tempfile.TemporaryDirectory() as name:
            films = await asyncio.to_thread(_films, Path(name))
            self._page(tour).take_files(list(films))
            await asyncio.sleep(0.5)
            await tour.take("publish-upload")

    async def dock(self, tour: Tour) -> None:
        """The transfers below another page."""
        tour.window.pages.show_page("library")
        tour.window.registry["view.transfers"].trigger()
        await tour.settle(0.5)
        await tour.take("transfers-dock")
        tour.window.registry["view.transfers"].trigger()
        self._transfers(tour).clear()  # or closing would ask what becomes of them


def _films(folder: Path) -> Sequence[Path]:
    films = [folder / f"Chapter {number}.mp4" for number in (3, 4, 5)]
    for film in films:
        film.write_bytes(b"film" * 70_000)
    return films
