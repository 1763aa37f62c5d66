"""What clients and the engine say to each other: one JSON object a line, over loopback.

A client says ``Hello`` with the token from the engine's record and hears ``Welcome``, or
``Goodbye`` with the reason. From then on it sends ``Question`` and hears one ``Answer`` or
``Failure`` for each, ``News`` as it happens, and both sides say ``Beat`` each second.

Keys travel in ``Use`` alone. Lines are never written down anywhere: not by either side's log, and
not in the text of an error.
"""

import json
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from desktop.cloud.credentials import AccessKeys
from desktop.domain import errors
from desktop.domain.errors import StudioError
from desktop.domain.events import (
    Event,
    TransferBatchEnded,
    TransferChanged,
    TransfersChanged,
    TransfersProgressed,
)
from desktop.domain.transfers import (
    Destination,
    DestinationCheck,
    DownloadRequest,
    Limits,
    Moment,
    ObjectCheck,
    Remnant,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)
from desktop.transfers.coding import Garbled, decode, encode

VERSION = 1
"""Raised whenever one side could misunderstand the other."""

LONGEST_LINE = 64 * 2**20
"""Bytes: some hundred thousand files added at once."""

BEAT = 1.0
"""Seconds between two beats."""

SILENCE = 5.0
"""Seconds without a word after which the other side counts as lost."""

R_ = TypeVar("R_")


@dataclass(frozen=True, slots=True)
class Call(Generic[R_]):
    """Something a client wants, answered by an ``R_``. Asking twice does the same as once."""


@dataclass(frozen=True, slots=True)
class Use(Call[None]):
    """Where things go, with which keys, and how fast."""

    destinations: tuple[Destination, ...]
    keys: Mapping[str, AccessKeys]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Upload(Call[None]):
    """Queue files under the ids the client chose: a repeated question adds nothing twice."""

    ids: tuple[str, ...]
    requests: tuple[UploadRequest, ...]


@dataclass(frozen=True, slots=True)
class Download(Call[None]):
    """Queue objects under the ids the client chose."""

    ids: tuple[str, ...]
    requests: tuple[DownloadRequest, ...]


@dataclass(frozen=True, slots=True)
class Page(Call[TransferPage]):
    """Some rows."""

    text: str = ""
    states: frozenset[TransferState] = frozenset()
    offset: int = 0
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Get(Call[Transfer]):
    """One row."""

    id: str


@dataclass(frozen=True, slots=True)
class History(Call[tuple[Moment, ...]]):
    """What happened to a transfer."""

    id: str


@dataclass(frozen=True, slots=True)
class Parts(Call[tuple[int, ...]]):
    """Which parts of a transfer were acknowledged."""

    id: str


@dataclass(frozen=True, slots=True)
class Pause(Call[None]):
    """None: everything."""

    ids: tuple[str, ...] | None = None
    hard: bool = True


@dataclass(frozen=True, slots=True)
class Resume(Call[None]):
    """None: everything."""

    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Cancel(Call[None]):
    """Stop for good."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retry(Call[None]):
    """Begin again what failed."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forget(Call[None]):
    """Remove rows that are over."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move(Call[None]):
    """Put rows before another; None: last."""

    ids: tuple[str, ...]
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Prioritise(Call[None]):
    """Give rows another priority."""

    ids: tuple[str, ...]
    priority: int


@dataclass(frozen=True, slots=True)
class Limit(Call[None]):
    """Limit rows, each by itself."""

    ids: tuple[str, ...]
    rate: int


@dataclass(frozen=True, slots=True)
class Remnants(Call[tuple[Remnant, ...]]):
    """Unfinished uploads at a destination."""

    destination: str


@dataclass(frozen=True, slots=True)
class Abort(Call[None]):
    """Abort an unfinished upload."""

    remnant: Remnant


@dataclass(frozen=True, slots=True)
class Check(Call[DestinationCheck]):
    """Try a destination."""

    destination: str


@dataclass(frozen=True, slots=True)
class Verify(Call[ObjectCheck]):
    """Ask the service for an object that was sent."""

    id: str


CALLS: Mapping[str, type[Call[Any]]] = {kind.__name__: kind for kind in Call.__subclasses__()}

EVENTS: Mapping[str, type[Event]] = {
    kind.__name__: kind
    for kind in (TransfersChanged, TransferChanged, TransfersProgressed, TransferBatchEnded)
}


@dataclass(frozen=True, slots=True)
class Message:
    """One line."""


@dataclass(frozen=True, slots=True)
class Hello(Message):
    """A client's first line."""

    version: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Welcome(Message):
    """The engine's answer to it."""

    version: int
    process: int


@dataclass(frozen=True, slots=True)
class Goodbye(Message):
    """The engine ends, or will not talk to this client."""

    reason: str
    """For a person; empty when it has nothing to do any more."""


@dataclass(frozen=True, slots=True)
class Question(Message):
    """A call with a number of its own."""

    id: int
    call: Call[Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """The call was carried out; ``body`` is JSON, read by ``answered`` with the call in hand."""

    id: int
    body: Any = None


@dataclass(frozen=True, slots=True)
class Failure(Message):
    """The call raised."""

    id: int
    error: StudioError


@dataclass(frozen=True, slots=True)
class News(Message):
    """Something happened."""

    event: Event


@dataclass(frozen=True, slots=True)
class Beat(Message):
    """Still there."""


def answer_kind(call: type[Call[R_]]) -> Any:  # noqa: ANN401 - a type
    """Return the type of a call's answer."""
    (base,) = (base for base in call.__orig_bases__ if typing.get_origin(base) is Call)  # type: ignore[attr-defined]
    return typing.get_args(base)[0]


def answered(call: Call[R_], body: object) -> R_:
    """Return the answer to a call; raises Garbled."""
    answer: R_ = decode(answer_kind(type(call)), body)
    return answer


def pack(message: Message) -> bytes:
    """Return a message as a line."""
    text = json.dumps(_packed(message), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _packed(message: Message) -> dict[str, Any]:
    name = type(message).__name__
    match message:
        case Question(id, call):
            return {"kind": name, "id": id, "call": type(call).__name__, "with": encode(call)}
        case Answer(id, body):
            return {"kind": name, "id": id, "body": encode(body)}
        case Failure(id, error):
            return {"kind": name, "id": id, "error": _error(error)}
        case News(event):
            return {"kind": name, "event": type(event).__name__, "with": encode(event)}
    return {"kind": name, **encode(message)}


def unpack(line: bytes) -> Message:
    """Return the message of a line; raises Garbled."""
    try:
        data = json.loads(line.decode("utf-8", "surrogatepass"))
        return _UNPACK[data["kind"]](data)
    except Garbled:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # The line itself may hold keys: only say what kind of trouble it is.
        raise Garbled(f"A line that cannot be read ({type(error).__name__})") from None


def _question(data: dict[str, Any]) -> Message:
    return Question(decode(int, data["id"]), decode(CALLS[data["call"]], data["with"]))


def _news(data: dict[str, Any]) -> Message:
    return News(decode(EVENTS[data["event"]], data["with"]))


def _failure(data: dict[str, Any]) -> Message:
    said = data["error"]
    kind = getattr(errors, str(said["kind"]), StudioError)
    if not (isinstance(kind, type) and issubclass(kind, StudioError)):
        kind = StudioError
    return Failure(
        decode(int, data["id"]),
        kind(*(decode(str, said[name]) for name in ("title", "detail", "remedy"))),
    )


def _error(error: StudioError) -> dict[str, str]:
    return {
        "kind": type(error).__name__,
        "title": error.title,
        "detail": error.detail,
        "remedy": error.remedy,
    }


_UNPACK: Mapping[str, Callable[[dict[str, Any]], Message]] = {
    "Hello": lambda data: decode(Hello, data),
    "Welcome": lambda data: decode(Welcome, data),
    "Goodbye": lambda data: decode(Goodbye, data),
    "Beat": lambda data: decode(Beat, data),
    "Answer": lambda data: Answer(decode(int, data["id"]), data.get("body")),
    "Question": _question,
    "News": _news,
    "Failure": _failure,
}
