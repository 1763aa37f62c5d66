"""Which code may run here: the hashes of what a person has allowed, one a line, in one file.

A file and not a table, so that commands which work in a library of their own know it too, and so
that it outlives a database that is built anew. Processes add to it at once and read it each time.
"""

import os
import re
import secrets
from collections.abc import Callable, Collection
from pathlib import Path

from desktop.domain.errors import Unavailable
from desktop.storage import lock

Change = Callable[[dict[str, None]], dict[str, None]]

DIGEST = re.compile(r"[0-9a-f]{64}")


class AllowedCode:
    """The set of allowed hashes; whatever cannot be read is not allowed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self, digests: Collection[str]) -> frozenset[str]:
        """Return those of ``digests`` that are allowed."""
        return frozenset(digests) & frozenset(self._read())

    def add(self, digests: Collection[str]) -> None:
        """Allow code by its hashes; raises Unavailable when that cannot be written."""
        self._change(lambda known: dict.fromkeys([*known, *digests]))

    def remove(self, digests: Collection[str]) -> None:
        """Allow code no longer; raises Unavailable when that cannot be written."""
        gone = frozenset(digests)
        self._change(lambda known: {one: None for one in known if one not in gone})

    def _read(self) -> dict[str, None]:
        try:
            lines = self._path.read_text("ascii").splitlines()
        except (OSError, ValueError):
            return {}
        return {line: None for line in lines if DIGEST.fullmatch(line)}

    def _change(self, change: Change) -> None:
        """Write the changed set beside the file and move it there, so that it is never half."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with lock.held(self._path.with_name(f"{self._path.name}.lock")):
                known = self._read()
                wanted = change(known)
                if wanted != known:
                    self._write("".join(f"{one}\n" for one in wanted))
        except OSError as error:
            raise Unavailable(
                "What may run could not be remembered",
                f"{error.filename or self._path}: {error.strerror}.",
                "Check that the folder can be written and that there is room on the disk.",
            ) from error

    def _write(self, text: str) -> None:
        part = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        try:
            with part.open("w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)
