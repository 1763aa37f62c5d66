"""Tries of endpoints, noted before they are begun: a crash in one leaves nothing at the service.

A try begins a multipart upload under a key of its own. Until it has ended it, the ledger has that
key among the orphans; those that no try of this process is busy with are the sweeper's.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from desktop.cloud.errors import CloudFault
from desktop.domain.transfers import Destination
from desktop.domain.uploads import Orphan
from desktop.storage.ledger import Ledger, NotWritten

log = logging.getLogger(__name__)

REASON = "A try that was not ended"


class Trials:
    """The tries that are going on; used by many threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._going: set[str] = set()

    @contextmanager
    def noted(self, destination: Destination, key: str) -> Iterator[None]:
        """Keep a key noted during a try, and after one that failed; raises CloudFault.

        Nothing is tried that could not be noted.
        """
        orphan = Orphan(destination.id, destination.bucket, key, "", REASON, time.time())
        self._going.add(key)
        try:
            try:
                self._ledger.settle(orphan, (orphan,))
            except NotWritten as error:
                raise CloudFault(error.fault) from error
            yield
            self._forget(orphan)
        finally:
            self._going.discard(key)

    def has(self, orphan: Orphan) -> bool:
        """Tell whether a try that is going on will end it."""
        return orphan.key in self._going

    def _forget(self, orphan: Orphan) -> None:
        try:
            self._ledger.settle(orphan)
        except NotWritten as error:
            log.warning("%s is looked for again: %s", orphan.key, error)
