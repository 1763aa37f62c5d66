"""The ledger, seen from the loop: every question and every entry in order, on one thread."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from desktop.domain.transfers import Moment
from desktop.storage.ledger import Ledger, NotWritten
from desktop.transfers.commands import Save

log = logging.getLogger(__name__)

P_ = ParamSpec("P_")
T_ = TypeVar("T_")


class Books:
    """An open ledger and its thread."""

    def __init__(self, ledger: Ledger, thread: ThreadPoolExecutor) -> None:
        self.ledger = ledger
        self._thread = thread

    @classmethod
    async def open(cls, path: Path) -> "Books":
        """Open the ledger; raises StudioError when that is not possible."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        try:
            loop = asyncio.get_running_loop()
            ledger = await loop.run_in_executor(thread, Ledger.open, path)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(ledger, thread)

    async def ask(self, work: Callable[P_, T_], *args: P_.args, **named: P_.kwargs) -> T_:
        """Run a method of the ledger after everything that was asked before."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*args, **named))

    async def save(self, entry: Save) -> None:
        """Write an entry; it is on the disk afterwards. Raises NotWritten."""
        await self.ask(self.ledger.save, entry)

    def tell(self, transfer_id: str, moment: Moment) -> None:
        """Add a line of history that may come to the disk later, or never."""
        self._thread.submit(self._tell, transfer_id, moment)

    def _tell(self, transfer_id: str, moment: Moment) -> None:
        try:
            self.ledger.tell(transfer_id, moment)
        except NotWritten as error:
            log.warning("A line of history was not written: %s", error)

    async def remember(self, destination: str, **found: Any) -> None:  # noqa: ANN401
        """Remember something about a destination; not being able to costs a try next time."""
        try:
            await self.ask(self._remember, destination, found)
        except NotWritten as error:
            log.warning("What was found out about a destination was not kept: %s", error)

    def _remember(self, destination: str, found: Mapping[str, Any]) -> None:
        known = self.ledger.endpoint(destination)
        now = replace(known, **found)
        if now != known:
            self.ledger.put_endpoint(replace(now, checked_at=time.time()))

    async def close(self) -> None:
        """Write what is left, and close."""
        try:
            await self.ask(self.ledger.close)
        except NotWritten as error:
            log.warning("The last lines of history were not written: %s", error)
        self._thread.shutdown()
