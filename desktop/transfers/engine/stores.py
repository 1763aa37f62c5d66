"""The bucket of each destination, made when it is first needed and kept while keys change."""

import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind
from desktop.domain.errors import NotFound
from desktop.domain.transfers import Destination, Encryption
from desktop.transfers.engine.trials import Trials

LATELY = 60.0
"""Seconds for which keys count as new: what fails by old ones meanwhile is tried with them."""

CONNECTIONS = 32
"""Most at the same time, of all transfers together."""


class Stores:
    """All destinations clients told of; used by many threads."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self._lock = threading.Lock()
        self._destinations: dict[str, Destination] = {}
        self._keys: Mapping[str, AccessKeys] = {}
        self._kinds: dict[str, ChecksumKind] = {}
        self._stores: dict[str, ObjectStore] = {}
        self._renewed: dict[str, float] = {}

    def use(
        self, destinations: Sequence[Destination], keys: Mapping[str, AccessKeys]
    ) -> frozenset[str]:
        """Take over what clients tell; return the ids of what is new or has other keys.

        A bucket in use is only replaced when its destination itself has changed. Keys that one
        client does not know and another told stay: some are kept in nothing but a window's memory.
        """
        told = {destination.id: destination for destination in destinations}
        with self._lock:
            before, old = self._destinations, self._keys
            kept = {name: key for name, key in old.items() if name in told}
            keys = {name: key for name, key in kept.items() if _lasts(told[name])} | dict(keys)
            self._destinations, self._keys = told, keys
            changed = {name for name in told if told[name] != before.get(name)}
            renewed = {name for name in told if keys.get(name) != old.get(name)} - changed
            for name in changed | (before.keys() - told.keys()):
                self._stores.pop(name, None)
                self._kinds.pop(name, None)
            for name in renewed & self._stores.keys():
                self._stores[name].use_keys(keys.get(name))
            self._renewed.update(dict.fromkeys(renewed, time.monotonic()))
        return frozenset(changed | renewed)

    def remember(self, name: str, kind: str) -> None:
        """Use this kind of checksum without trying: the ledger knows that the endpoint does."""
        with self._lock:
            if kind and name not in self._stores:
                self._kinds[name] = ChecksumKind(kind)

    def destination(self, name: str) -> Destination:
        """Return a destination; raises NotFound."""
        with self._lock:
            found = self._destinations.get(name)
        if found is None:
            raise NotFound("This destination is gone", "It was removed.", "Choose another one.")
        return found

    def knows(self, name: str) -> bool:
        """Tell whether a destination was told of."""
        with self._lock:
            return name in self._destinations

    def store(self, name: str) -> ObjectStore:
        """Return the bucket of a destination; raises NotFound."""
        destination = self.destination(name)
        with self._lock:
            if name not in self._stores:
                self._stores[name] = ObjectStore(
                    destination,
                    self._keys.get(name),
                    connections=CONNECTIONS,
                    kind=self._kinds.get(name),
                    trying=partial(self.trials.noted, destination),
                )
            return self._stores[name]

    def renewed_lately(self, name: str) -> bool:
        """Tell whether other keys came so lately that a request may still have used the old."""
        with self._lock:
            renewed = self._renewed.get(name)
        return renewed is not None and time.monotonic() - renewed < LATELY

    def renew(self, name: str) -> None:
        """Read the credentials of a destination's profile, or the keys told last, again."""
        store = self.store(name)
        with self._lock:
            store.use_keys(self._keys.get(name))

    def close_idle(self) -> None:
        """Close connections that nobody uses: after a sleep they are dead."""
        with self._lock:
            stores = tuple(self._stores.values())
        for store in stores:
            store.close()


def _lasts(destination: Destination) -> bool:
    """Tell whether keys told once go on to count: a profile brings those that sign itself."""
    return not destination.profile or destination.encryption is Encryption.CUSTOMER


def address(destination: Destination) -> tuple[str, int]:
    """Return host and port that answer when the destination can be reached."""
    parts = urlsplit(destination.endpoint_url)
    if parts.hostname:
        return parts.hostname, parts.port or (80 if parts.scheme == "http" else 443)
    region = destination.region or "us-east-1"
    return f"s3.{region}.amazonaws.com", 443
