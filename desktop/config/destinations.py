"""Destinations as files: one for each, so that one that is damaged takes no other along.

The window and the command line may save at the same time without a lock. Files hold no secrets;
keys are in the keychain.
"""

import contextlib
import dataclasses
import logging
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

import tomli_w

from desktop.domain.errors import InvalidInput, Unavailable
from desktop.domain.transfers import Destination

log = logging.getLogger(__name__)

ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,49}")
"""Names a file and a secret."""

RATE_LIMIT = "rate_limit"

HINTS = get_type_hints(Destination)


@dataclass(frozen=True, slots=True)
class KeptDestination:
    """A destination and how fast things may go there."""

    destination: Destination
    rate_limit: int = 0
    """Bytes per second; 0: no limit of its own."""


class DestinationFiles:
    """The destinations in one folder. Every method blocks on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> tuple[KeptDestination, ...]:
        """Return every destination by name; one that cannot be read is set aside, not lost."""
        try:
            paths = sorted(self._folder.glob("*.toml"))
        except OSError:
            return ()
        found = [kept for path in paths if (kept := _read(path)) is not None]
        return tuple(sorted(found, key=lambda kept: kept.destination.name.casefold()))

    def put(self, kept: KeptDestination) -> None:
        """Write one, whether it is new or not; raises Unavailable, InvalidInput for its id."""
        path = self._path(kept.destination.id)
        values = {
            item.name: getattr(kept.destination, item.name)
            for item in dataclasses.fields(Destination)
            if item.name != "id"
        }
        text = tomli_w.dumps({**_plain(values), RATE_LIMIT: kept.rate_limit})
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())  # else a power cut can leave an empty file under the name
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise _unwritable(path, error) from error

    def remove(self, destination_id: str) -> None:
        """Remove one, if it is there; raises Unavailable."""
        path = self._path(destination_id)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error

    def _path(self, destination_id: str) -> Path:
        if not ID.fullmatch(destination_id):
            raise InvalidInput(
                f"“{destination_id}” cannot identify a destination",
                remedy="Use letters, digits, dashes and underscores.",
            )
        return self._folder / f"{destination_id}.toml"


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, StrEnum) else value
            for name, value in values.items()}  # fmt: skip


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        "The destination could not be saved",
        f"{path}: {error.strerror or error}.",
        "Check that the folder is writable and the disk is not full.",
    )


def _read(path: Path) -> KeptDestination | None:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None  # removed at this moment
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
        return None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        _set_aside(path, str(error))
        return None
    known = {name: value for name, value in values.items() if name in HINTS and name != "id"}
    usable = {name: _usable(name, value) for name, value in known.items()}
    wrong = [name for name, value in usable.items() if value is None]
    if wrong or not ID.fullmatch(path.stem) or not usable.get("bucket"):
        _set_aside(path, f"not usable: {', '.join(wrong) or 'bucket'}")
        return None
    usable.setdefault("name", usable["bucket"])
    rate = values.get(RATE_LIMIT, 0)
    usual = isinstance(rate, int) and not isinstance(rate, bool) and rate >= 0
    return KeptDestination(Destination(id=path.stem, **usable), rate if usual else 0)


def _usable(name: str, value: object) -> Any:  # noqa: ANN401 - whatever the field holds
    """Return a value of the field's type; None when it is none.

    A wrong one is not replaced by a default: things could go to another place than was meant.
    """
    kind = HINTS[name]
    if issubclass(kind, StrEnum):
        return kind(value) if value in set(kind) else None
    return value if isinstance(value, kind) else None


def _set_aside(path: Path, why: str) -> None:
    log.warning("%s is damaged (%s) and set aside", path, why)
    try:
        path.replace(path.with_suffix(".toml.damaged"))
    except OSError:
        log.warning("%s could not be set aside", path)
