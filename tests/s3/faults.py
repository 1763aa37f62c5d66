"""What can be made to go wrong, live and repeatably: settings for the line, rules for requests.

A rule names the requests it is for and what happens to them. ``times=1`` makes it one-shot,
``skip`` lets some pass first, ``chance`` draws from one seeded source.
"""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class Effect(StrEnum):
    """What happens to a request."""

    ERROR = "error"
    """It is refused with ``code`` before its body is read."""
    ERROR_LATE = "error late"
    """Its body is read, then it is refused; nothing is kept."""
    DROP = "drop"
    """The connection is cut as soon as the head has come."""
    DROP_BODY = "drop body"
    """The connection is cut after ``after`` bytes of the body, whichever way it goes."""
    DROP_ANSWER = "drop answer"
    """It is done, and the connection is cut instead of an answer."""
    STALL = "stall"
    """Silence once the head has come, for ``seconds`` (0: until the server closes)."""
    STALL_BODY = "stall body"
    """Silence after ``after`` bytes of the body."""
    STALL_ANSWER = "stall answer"
    """It is done, then silence."""
    DELAY = "delay"
    """It takes ``seconds`` more."""
    DAMAGE_RECEIVED = "damage received"
    """One byte changes on the way in, before anything is verified."""
    DAMAGE_STORED = "damage stored"
    """One byte changes after everything was verified: a disk that rots."""
    DAMAGE_SENT = "damage sent"
    """One byte changes on the way out."""
    ERROR_200 = "error 200"
    """A completion answers 200 with an error in its body, and is not done."""
    ERROR_200_DONE = "error 200 done"
    """The same, but it was done."""
    KEEP_UPLOAD = "keep upload"
    """An abort answers 204, and the upload is still there: a part was on its way."""


_TAKES = {"PutObject", "UploadPart"}
_ONLY = {
    Effect.DROP_BODY: {*_TAKES, "GetObject"},
    Effect.STALL_BODY: {*_TAKES, "GetObject"},
    Effect.DAMAGE_RECEIVED: _TAKES,
    Effect.DAMAGE_STORED: _TAKES,
    Effect.DAMAGE_SENT: {"GetObject"},
    Effect.ERROR_200: {"CompleteMultipartUpload"},
    Effect.ERROR_200_DONE: {"CompleteMultipartUpload"},
    Effect.KEEP_UPLOAD: {"AbortMultipartUpload"},
}
"""Where an effect means something; elsewhere its rules are not spent."""


@dataclass(slots=True)
class Rule:
    """Which requests something happens to, and what."""

    effect: Effect
    operation: str = "*"
    """Name as in AWS's API, such as ``UploadPart``; with wildcards."""
    key: str = "*"
    """With wildcards."""
    part: int | None = None
    chance: float = 1.0
    skip: int = 0
    """So many matching requests pass first."""
    times: int | None = None
    """After so many it is spent; None: never."""
    code: str = ""
    """Of an error; empty: SlowDown, behind a 200 InternalError."""
    status: int = 0
    """0: what belongs to the code."""
    retry_after: str = ""
    """Value of ``Retry-After`` with the error."""
    after: int = 0
    """Bytes of the body that pass before it is cut or stands still."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.effect = Effect(self.effect)

    def fits(self, operation: str, key: str, part: int | None) -> bool:
        """Tell whether the rule is for such a request."""
        named = fnmatchcase(operation, self.operation) and fnmatchcase(key, self.key)
        if operation not in _ONLY.get(self.effect, {operation}):
            return False
        return named and (self.part is None or self.part == part)

    def due(self, source: random.Random) -> bool:
        """Count a matching request; tell whether this one is hit."""
        if self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.chance < 1.0 and source.random() >= self.chance:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules that hit one request."""

    rules: tuple[Rule, ...] = ()

    def first(self, *effects: Effect) -> Rule | None:
        """Return the first rule with one of these effects."""
        return next((rule for rule in self.rules if rule.effect in effects), None)


class Pace:
    """A rate limit in virtual time: who takes bytes waits until they would have come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free = 0.0

    def wait(self, count: int, rate: float) -> float:
        """Return the seconds to wait for so many bytes at so many a second."""
        if rate <= 0:
            return 0.0
        now = time.monotonic()
        with self._lock:
            self._free = max(self._free, now - 0.02) + count / rate
            return max(0.0, self._free - now)


@dataclass
class Faults:
    """How badly the line and the service behave; every field can be set at any time."""

    latency: float = 0.0
    """Seconds before every request is looked at."""
    rate: float = 0.0
    """Bytes per second of all connections together; 0: no limit. Each way has its own."""
    connection_rate: float = 0.0
    """Bytes per second of each connection."""
    clock_offset: float = 0.0
    """Seconds the server's clock is ahead."""
    refused: tuple[str, ...] = ()
    """Checksums not known here: ``crc64nvme``, …; ``trailer``: aws-chunked bodies;
    ``full``: whole-object checksums; ``conditions``: If-None-Match at a completion."""
    refusal: str = "NotImplemented"
    """What is said of them; also ``InvalidRequest``."""
    denied: tuple[str, ...] = ()
    """Operations the account may not do, with wildcards."""
    forget_completions: bool = False
    """Whether a completion that is repeated finds no upload, as at some services."""
    region_answer: str = "PermanentRedirect"
    """What is said to a signature for another region; or ``AuthorizationHeaderMalformed``."""
    rules: list[Rule] = field(default_factory=list)
    seed: int = 1

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(self.seed)

    def add(self, effect: Effect, **values: Any) -> Rule:
        """Add a rule; see Rule for what can be said."""
        rule = Rule(effect, **values)
        with self._lock:
            self.rules.append(rule)
        return rule

    def once(self, effect: Effect, **values: Any) -> Rule:
        """Add a rule for the next request that fits."""
        return self.add(effect, **{"times": 1, **values})

    def clear(self) -> None:
        """Behave well from now on; the random source begins anew."""
        with self._lock:
            for each in fields(Faults):
                default = each.default if each.name != "rules" else []
                setattr(self, each.name, default)
            self._random = random.Random(self.seed)

    def plan(self, operation: str, key: str, part: int | None) -> Plan:
        """Return what happens to a request; rules are counted."""
        with self._lock:
            fitting = [rule for rule in self.rules if rule.fits(operation, key, part)]
            return Plan(tuple(rule for rule in fitting if rule.due(self._random)))

    @property
    def now(self) -> float:
        """The server's time, as its clock shows it."""
        return time.time() + self.clock_offset

    def denies(self, operation: str) -> bool:
        """Tell whether the account may not do this."""
        return any(fnmatchcase(operation, pattern) for pattern in self.denied)

    def update(self, values: Mapping[str, Any]) -> None:
        """Set fields from JSON; ``rules`` replaces all of them. Raises ValueError for others."""
        known = {each.name for each in fields(Faults)}
        if unknown := set(values) - known:
            raise ValueError(f"There is no fault {', '.join(sorted(unknown))}")
        for name, value in values.items():
            if name == "rules":
                self.rules = [Rule(**rule) for rule in value]
            else:
                setattr(self, name, tuple(value) if name in {"refused", "denied"} else value)
        if "seed" in values:
            self._random = random.Random(self.seed)

    def state(self) -> dict[str, Any]:
        """Return all settings for JSON."""
        return asdict(self)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)
