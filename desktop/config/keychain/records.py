"""Which secrets exist: one small file for each, without its value.

Keyrings cannot be asked what they hold. A file for each secret lets the window and the command line
save at the same time without a lock.
"""

import contextlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desktop.config.keychain.kept import Place, SecretInfo
from desktop.config.keychain.sealing import read_private, remove_private, write_private
from desktop.config.keychain.secret import SecretName
from desktop.domain.errors import InvalidInput

log = logging.getLogger(__name__)

BETWEEN = "+"
"""Stands for the colon in file names: not every system allows one."""


def stem(name: SecretName) -> str:
    """Return how files about a secret are called, without their ending."""
    return f"{name.provider}{BETWEEN}{name.field}"


@dataclass(frozen=True, slots=True)
class Records:
    """The records in one folder."""

    folder: Path

    def all(self) -> tuple[SecretInfo, ...]:
        """Return every record in order of name; nothing when the folder cannot be read."""
        found = []
        with contextlib.suppress(OSError):
            found = sorted(self.folder.glob(f"*{BETWEEN}*.json"))
        infos = (self._read(path) for path in found)
        return tuple(info for info in infos if info is not None)

    def get(self, name: SecretName) -> SecretInfo | None:
        """Return the record of one secret."""
        path = self._path(name)
        return self._read(path) if path.exists() else None

    def put(self, info: SecretInfo) -> None:
        """Write a record; raises Unavailable."""
        values = {
            "name": str(info.name),
            "label": info.label,
            "place": info.place.value,
            "saved": info.saved.isoformat() if info.saved else "",
        }
        write_private(self._path(info.name), json.dumps(values, indent=1).encode("utf-8"))

    def remove(self, name: SecretName) -> None:
        """Delete a record; raises Unavailable."""
        remove_private(self._path(name))

    def _path(self, name: SecretName) -> Path:
        return self.folder / f"{stem(name)}.json"

    def _read(self, path: Path) -> SecretInfo | None:
        """Return a record; of a damaged one what the name of its file says: it can be deleted."""
        try:
            name = SecretName(*path.stem.split(BETWEEN, 1))
        except InvalidInput:
            return None
        try:
            values = json.loads(read_private(path) or b"")
            place, saved = Place(values["place"]), datetime.fromisoformat(values["saved"])
            return SecretInfo(name, str(values["label"]), place, saved.astimezone(UTC))
        except (ValueError, KeyError, TypeError):
            log.warning("The record of the secret %s is damaged", name)
        return SecretInfo(name, "", Place.KEYRING, None)
