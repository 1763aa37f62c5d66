"""Which code may run here: the hashes of what a person has allowed, one a line, in one file.

A file and not a table, so that commands which work in a library of their own know it too, and so
that it outlives a database that is built anew. Processes add to it at once and read it each time.
What a person allowed, and when, stands in the same file as lines of JSON; they allow nothing.
"""

import json
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from desktop.domain.allowances import Allowance
from desktop.domain.errors import Unavailable
from desktop.storage import lock

DIGEST = re.compile(r"[0-9a-f]{64}")

_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)
"""What lines that nobody of ours wrote make the decoder raise."""


@dataclass(slots=True)
class _Content:
    """What the file says; the order of its lines is kept."""

    hashes: dict[str, None] = field(default_factory=dict)
    allowances: dict[str, Allowance] = field(default_factory=dict)

    def lines(self) -> Iterable[str]:
        yield from self.hashes
        yield from map(_encoded, self.allowances.values())


class AllowedCode:
    """The set of allowed hashes; whatever cannot be read is not allowed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self, digests: Collection[str]) -> frozenset[str]:
        """Return those of ``digests`` that are allowed."""
        return frozenset(digests) & frozenset(self._read().hashes)

    def all(self) -> tuple[Allowance, ...]:
        """Return what a person has allowed and nobody has taken back, the newest first."""
        found = self._read().allowances.values()
        return tuple(sorted(found, key=lambda one: one.when, reverse=True))

    def add(self, digests: Collection[str], allowances: Collection[Allowance] = ()) -> None:
        """Allow code by its hashes, and note what a person said about it.

        Raises Unavailable when that cannot be written.
        """

        def change(content: _Content) -> None:
            content.hashes.update(dict.fromkeys(digests))
            for one in allowances:
                before = content.allowances.get(one.digest)
                videos = (*(before.videos if before else ()), *one.videos)
                content.allowances[one.digest] = replace(one, videos=_once(videos))

        self._change(change)

    def found_again(self, digests: Collection[str], video_id: str) -> None:
        """Note that allowed code came in with another video; raises Unavailable as ``add`` does."""
        wanted = frozenset(digests)

        def change(content: _Content) -> None:
            for one in content.allowances.values():
                if {one.digest, one.exact} & wanted and video_id not in one.videos:
                    again = replace(one, videos=(*one.videos, video_id))
                    content.allowances[one.digest] = again

        content = self._read()
        before = dict(content.allowances)
        change(content)
        if content.allowances != before:
            self._change(change)

    def remove(self, digests: Collection[str]) -> None:
        """Allow code no longer; raises Unavailable when that cannot be written."""
        gone = frozenset(digests)

        def change(content: _Content) -> None:
            content.hashes = {one: None for one in content.hashes if one not in gone}
            content.allowances = {
                key: one for key, one in content.allowances.items() if key not in gone
            }

        self._change(change)

    def _read(self) -> _Content:
        content = _Content()
        try:
            lines = self._path.read_text("ascii").splitlines()
        except (OSError, ValueError):
            return content
        for line in lines:
            if DIGEST.fullmatch(line):
                content.hashes[line] = None
            elif (one := _decoded(line)) is not None:
                content.allowances[one.digest] = one
        return content

    def _change(self, change: Callable[[_Content], None]) -> None:
        """Write the changed set beside the file and move it there, so that it is never half."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with lock.held(self._path.with_name(f"{self._path.name}.lock")):
                content = self._read()
                before = tuple(content.lines())
                change(content)
                wanted = tuple(content.lines())
                if wanted != before:
                    self._write("".join(f"{line}\n" for line in wanted))
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


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _encoded(one: Allowance) -> str:
    return json.dumps({
        "digest": one.digest,
        "exact": one.exact,
        "title": one.title,
        "name": one.name,
        "origin": one.origin,
        "when": one.when.isoformat(),
        "videos": list(one.videos),
    })  # fmt: skip


def _decoded(line: str) -> Allowance | None:
    try:
        values = json.loads(line)
        words = (values[name] for name in ("digest", "exact", "title", "name", "origin"))
        digest, exact, title, name, origin = map(_text, words)
        when = datetime.fromisoformat(_text(values["when"]))
        videos = tuple(map(_text, values["videos"]))
    except _UNREADABLE:
        return None
    if not DIGEST.fullmatch(digest) or when.tzinfo is None:
        return None
    return Allowance(digest, exact, title, name, origin, when, videos)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    value.encode()  # a lone half of a character pair cannot be shown
    return value
