"""What the services ask of whoever moves the bytes, and what can be seen of it from outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from desktop.cloud.credentials import AccessKeys
from desktop.domain.events import Event
from desktop.domain.transfers import (
    Destination,
    DestinationCheck,
    DownloadRequest,
    Limits,
    Moment,
    ObjectCheck,
    Remnant,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)


class TransferEngine(Protocol):
    """The process that moves the bytes, as seen from here; ``transfers.client`` is the real one.

    Every call raises Unavailable when the engine does not answer and could not be started again.
    """

    async def start(self) -> None:
        """Connect to the engine of this library; start it if none runs."""

    async def close(self) -> None:
        """Leave the engine; it goes on with what it has to do, then ends."""

    def subscribe(self, receive: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``receive`` on the loop for every transfer event; the result unsubscribes."""

    async def use(
        self, destinations: Sequence[Destination], keys: Mapping[str, AccessKeys], limits: Limits
    ) -> None:
        """Tell where things go, with which keys, and how fast; replaces what was told before."""

    async def upload(self, requests: Sequence[UploadRequest]) -> tuple[str, ...]:
        """Queue files; return the ids of their transfers, in order.

        Raises InvalidInput for what can never be sent, NotFound for a file that is not there.
        """

    async def download(self, requests: Sequence[DownloadRequest]) -> tuple[str, ...]:
        """Queue objects; return the ids of their transfers."""

    async def page(
        self,
        *,
        text: str = "",
        states: frozenset[TransferState] = frozenset(),
        offset: int = 0,
        limit: int = 200,
    ) -> TransferPage:
        """Return rows in the order of the list: what is not over first, then newest first."""

    async def get(self, transfer_id: str) -> Transfer:
        """Return one row; raises NotFound."""

    async def history(self, transfer_id: str) -> tuple[Moment, ...]:
        """Return what happened to a transfer, oldest first."""

    async def parts(self, transfer_id: str) -> tuple[int, ...]:
        """Return the numbers of the parts that were acknowledged, ascending; raises NotFound."""

    async def pause(self, ids: Sequence[str] | None = None, *, hard: bool = True) -> None:
        """None: everything, and what is added later as well."""

    async def resume(self, ids: Sequence[str] | None = None) -> None:
        """Go on; None: with everything."""

    async def cancel(self, ids: Sequence[str]) -> None:
        """Stop for good, and abort what lies at the service."""

    async def retry(self, ids: Sequence[str]) -> None:
        """Also for ``source changed``: the file as it is now is sent from the beginning."""

    async def forget(self, ids: Sequence[str]) -> None:
        """Remove rows that are over; nothing at the service changes."""

    async def move(self, ids: Sequence[str], before: str | None) -> None:
        """Put rows before another one, None: last; they take its priority."""

    async def prioritise(self, ids: Sequence[str], priority: int) -> None:
        """Give rows another priority; it counts from the next part on."""

    async def limit(self, ids: Sequence[str], rate: int) -> None:
        """Limit each of these to so many bytes per second; 0: not at all."""

    async def verify(self, transfer_id: str) -> ObjectCheck:
        """Ask the service whether what was sent is still there, unchanged.

        Raises NotFound, Refused for what is no finished upload, Unavailable.
        """

    async def remnants(self, destination: str) -> tuple[Remnant, ...]:
        """Return unfinished uploads that lie at a destination."""

    async def abort(self, remnant: Remnant) -> None:
        """Abort an unfinished upload and repeat until nothing of it is held."""

    async def check(self, destination: str) -> DestinationCheck:
        """Try whether a destination can be reached and written to."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What can be seen of transfers without an engine."""

    exists: bool = False
    """Whether anything was ever transferred here."""
    unfinished: int = 0
    process: int = 0
    """Process id of the engine that runs; 0: none does."""
    problem: str = ""
    """Why the record of transfers cannot be read; empty when it can."""
