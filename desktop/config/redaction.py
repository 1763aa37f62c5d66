"""Keeping secrets out of whatever is written for others to read: logs, traces, crash reports.

Two layers. What is known is replaced exactly, in every form it may travel in: as it is, escaped,
percent-encoded, in base64. What was never loaded here (a key in the message of a library, a signed
address) is known by its shape. Both cost microseconds, so that every line can pass through.
"""

import base64
import json
import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from typing_extensions import override

REDACTED = "[redacted]"

SHORTEST = 8
"""Characters from which on a value is replaced exactly; shorter ones are words of any language."""

SHORTEST_PART = 16
"""The same for lines of a value and texts within it: regions and user names are no secrets."""

MOST_VALUES = 128
"""Values remembered; hourly session tokens must not make logging slower for ever."""

URL_SAFE = str.maketrans("+/", "-_")


class Redactor:
    """Replaces the values it was told of, and everything that has the shape of a secret."""

    def __init__(self) -> None:
        self._adding = threading.Lock()
        self._values: dict[str, frozenset[str]] = {}
        self._forms: tuple[str, ...] = ()

    def hide(self, value: str) -> None:
        """Never let ``value`` through from now on; the oldest of very many values is forgotten."""
        forms = frozenset(form for form in _forms(value) if len(form) >= SHORTEST)
        if not forms:
            return
        with self._adding:
            self._values.pop(value, None)
            self._values[value] = forms
            while len(self._values) > MOST_VALUES:
                del self._values[next(iter(self._values))]
            every = {form for known in self._values.values() for form in known}
            self._forms = tuple(sorted(every, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return ``text`` without secrets."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, REDACTED)
        folded = text.casefold()
        for shape in SHAPES:
            if any(hint in folded for hint in shape.hints):
                text = shape.pattern.sub(shape.replacement, text)
        return text


def _forms(value: str) -> Iterator[str]:
    """Yield the ways in which a value may appear in a text."""
    yield from _spellings(value)
    data = value.encode("utf-8", "surrogatepass")
    for ahead in range(3):
        yield from _in_base64(data, ahead)
    for part in _parts(value):
        if len(part) >= SHORTEST_PART:
            yield from _spellings(part)


def _spellings(value: str) -> Iterator[str]:
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield repr(value)[1:-1]
    for encoded in (_quoted(value, "/"), _quoted(value, ""), quote_plus(value, errors="replace")):
        yield encoded
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), encoded)


def _quoted(value: str, safe: str) -> str:
    return quote(value, safe=safe, errors="replace")


def _in_base64(data: bytes, ahead: int) -> Iterator[str]:
    """Yield what base64 shows of ``data`` behind ``ahead`` bytes (modulo 3), whatever they are."""
    encoded = base64.b64encode(bytes(ahead) + data).decode("ascii")
    first, end = (ahead * 8 + 5) // 6, (ahead + len(data)) * 8 // 6
    yield encoded[first:end]
    yield encoded[first:end].translate(URL_SAFE)


def _parts(value: str) -> Iterator[str]:
    """Yield the lines of a value, and the texts within it when it is JSON."""
    yield from value.splitlines()
    if value.startswith(("{", "[")):
        try:
            texts = tuple(_texts(json.loads(value)))
        except (ValueError, RecursionError):
            return
        for text in texts:
            yield text
            yield from text.splitlines()


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for branch in tree.values():
            yield from _texts(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _texts(branch)


@dataclass(frozen=True, slots=True)
class Shape:
    """Something that looks like a secret: hints that make a closer look worthwhile, a pattern."""

    hints: tuple[str, ...]
    """In lower case; a text without any of them is not looked at."""
    pattern: re.Pattern[str]
    replacement: str = REDACTED


def _named(hints: tuple[str, ...], names: str, value: str, flags: int = re.IGNORECASE) -> Shape:
    """Return the shape of a value behind a name, as in headers, addresses, JSON and Python."""
    between = r"""(?:=|%3D|["']?\s*[:=]\s*(?:b?["'])?)"""
    pattern = re.compile(f"({names})({between})(?:{value})", flags)
    return Shape(hints, pattern, rf"\1\2{REDACTED}")


SHAPES = (
    Shape(
        ("akia", "asia"),
        re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
    ),
    Shape(("sk-",), re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}")),
    Shape(("aiza",), re.compile(r"AIza[A-Za-z0-9_-]{35}")),
    _named(("authorization",), r"(?:proxy-)?authorization", r"""[^"'\r\n]+"""),
    Shape(
        ("bearer",),
        re.compile(r"\b(bearer\s+)[A-Za-z0-9._~+/-]{16,}=*", re.IGNORECASE),
        rf"\1{REDACTED}",
    ),
    _named(
        ("api-key", "api_key", "apikey"),
        r"api[-_]?key",
        r"""[^\s"'&,;)}\]]+\]?""",
    ),
    _named(
        ("x-amz-",),
        "x-amz-(?:signature|credential|security-token)",
        r"""[^\s"'&,;<>]+""",
    ),
    _named(
        ("signature", "policy", "key-pair-id"),
        "(?<![A-Za-z])(?:Signature|Policy|Key-Pair-Id)",
        r"""[^\s"'&,;<>]{6,}""",
        flags=0,
    ),
    _named(
        ("secret", "session", "passw", "passphrase"),
        r"secret_?access_?key|session_?token|client_?secret|passw(?:or)?d|passphrase",
        r"""[^\s"'&,;)}\]]+\]?""",
    ),
    Shape(
        ("private key-----",),
        re.compile(
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----"
            r"(?:.*?-----END [A-Z0-9 ]*PRIVATE KEY-----|(?:[A-Za-z0-9+/=\s]|\\[nr])*)",
            re.DOTALL,
        ),
    ),
)

_everywhere = Redactor()
hide = _everywhere.hide
redact = _everywhere.clean
"""Return a text without secrets: the one that everything passes on its way out."""


class RedactionFilter(logging.Filter):
    """Takes the secrets out of a record before its handler writes it.

    It belongs on handlers: a filter of a logger does not see the records of the loggers below.
    """

    _traces = logging.Formatter()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(_message(record)), None
        if isinstance(record.exc_info, tuple) and not record.exc_text:
            record.exc_text = self._traces.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - the logging module would print the arguments as they are
        return f"{record.msg!s} (its arguments do not fit: {record.args!r})"
