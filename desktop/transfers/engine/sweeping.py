"""Removing what nobody will complete: unfinished uploads at the service, and only ours."""

import asyncio
import logging
import time
from functools import partial

from desktop.cloud import values
from desktop.cloud.checking import is_trial
from desktop.cloud.errors import CloudFault
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind
from desktop.domain.errors import StudioError
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Remnant
from desktop.domain.uploads import Orphan, StrayUpload
from desktop.transfers import orphans
from desktop.transfers.engine.books import Books
from desktop.transfers.engine.errands import Errands

log = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between looks at whether something is to be aborted."""

SOON = 60.0
"""Seconds: who has nothing else to do waits so long for an orphan's next turn."""

PRUNE = 86_400.0
"""Seconds between two removals of rows that ended long ago."""


class Sweeper:
    """Aborts orphans when it is time, again and again until nothing of them is held."""

    def __init__(self, books: Books, errands: Errands) -> None:
        self._books = books
        self._errands = errands
        self._left: tuple[Orphan, ...] = ()
        self._pruned_at = 0.0

    @property
    def busy(self) -> bool:
        """Whether an orphan has its turn soon."""
        knows, soon = self._errands.tools.stores.knows, time.time() + SOON
        return any(o.next_try_at < soon and knows(o.destination) for o in self._left)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self._sweep()
                await self._prune()
            except StudioError as error:
                log.warning("Remnants were not looked after: %s", error)
            except Exception:
                log.exception("Remnants could not be looked after")
            await asyncio.sleep(LOOK)

    async def _sweep(self) -> None:
        ledger, stores = self._books.ledger, self._errands.tools.stores
        due = await self._books.ask(ledger.orphans_due, time.time())
        for orphan in due:
            if stores.knows(orphan.destination) and not stores.trials.has(orphan):
                became = await self._errands.run(partial(self._treated, orphan))
                await self._books.ask(ledger.settle, orphan, became)
        self._left = await self._books.ask(ledger.orphans)

    def _treated(self, orphan: Orphan) -> tuple[Orphan, ...]:
        """Return what became of an orphan: nothing, when nothing of it is held any more."""
        try:
            store = self._errands.tools.stores.store(orphan.destination)
            if not orphan.upload_id:
                found = self._found(store, orphan)
                return orphans.identified(orphan, found, alone=is_trial(orphan.key))
            abort(store, orphan.key, orphan.upload_id)
        except CloudFault as error:
            if error.fault.kind in {FaultKind.NO_UPLOAD, FaultKind.NO_BUCKET}:
                return ()
            log.info("Not aborted yet: %s", error.fault.message)
            return (orphans.postponed(orphan, time.time(), error.fault.retry_after),)
        except StudioError:
            return (orphans.postponed(orphan, time.time()),)
        return ()

    def _found(self, store: ObjectStore, orphan: Orphan) -> list[StrayUpload]:
        known = self._books.ledger.known_uploads(orphan.bucket)
        return [
            StrayUpload(one.id, one.initiated_at, len(_parts(store, orphan.key, one.id)))
            for one in store.list_uploads(orphan.key)
            if one.key == orphan.key and one.id not in known
        ]

    async def _prune(self) -> None:
        now = time.monotonic()
        if not self._pruned_at or now - self._pruned_at > PRUNE:
            self._pruned_at = now
            await self._books.ask(self._books.ledger.prune, time.time())

    async def settle(self, remnant: Remnant) -> None:
        """Forget an orphan that a person had aborted."""
        ledger = self._books.ledger
        for orphan in await self._books.ask(ledger.orphans):
            if orphan.upload_id == remnant.upload_id:
                await self._books.ask(ledger.settle, orphan)


def abort(store: ObjectStore, key: str, upload_id: str) -> None:
    """Abort an upload until nothing of it is held; raises CloudFault when something still is."""
    store.abort(values.Upload(key, upload_id, ChecksumKind.CRC64NVME))
    try:
        held = _parts(store, key, upload_id)
    except CloudFault as error:
        if error.fault.kind is FaultKind.NO_UPLOAD:
            return
        raise
    if held:
        raise CloudFault(Fault(FaultKind.CONFLICT, "The service still holds parts of it."))


def _parts(store: ObjectStore, key: str, upload_id: str) -> tuple[values.Part, ...]:
    return store.list_parts(values.Upload(key, upload_id, ChecksumKind.CRC64NVME)).parts


def remnants(store: ObjectStore, destination: str, known: frozenset[str]) -> tuple[Remnant, ...]:
    """Return all unfinished uploads at a destination, with what they hold."""
    found = []
    for pending in store.list_uploads(store.destination.prefix):
        try:
            upload = values.Upload(pending.key, pending.id, ChecksumKind.CRC64NVME)
            listed = store.list_parts(upload)
        except CloudFault as error:
            if error.fault.kind is FaultKind.NO_UPLOAD:
                continue
            raise
        found.append(
            Remnant(
                destination,
                store.destination.bucket,
                pending.key,
                pending.id,
                pending.initiated_at,
                held=sum(part.size for part in listed.parts),
                parts=len(listed.parts),
                ours=pending.id in known,
                abort_at=listed.abort_at,
            )
        )
    return tuple(found)
