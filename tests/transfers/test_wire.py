"""What clients and the engine say arrives as it was said, and nothing else is taken for it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.cloud.credentials import AccessKeys
from desktop.config.keychain import Secret
from desktop.domain import events
from desktop.domain.errors import InvalidInput, NotFound, StudioError, Unavailable
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import (
    Destination,
    DestinationCheck,
    Direction,
    DownloadRequest,
    Limits,
    Moment,
    ObjectCheck,
    RateWindow,
    Remnant,
    Totals,
    Transfer,
    TransferPage,
    TransferState,
    UploadRequest,
)
from desktop.transfers import wire
from desktop.transfers.coding import Garbled

texts = st.text(st.characters(codec="utf-8"), max_size=12)
numbers = st.integers(0, 2**62)
faults = st.builds(Fault, st.sampled_from(FaultKind), texts, retry_after=st.none() | st.just(2.5))
transfers = st.builds(
    Transfer,
    id=texts,
    direction=st.sampled_from(Direction),
    path=texts,
    destination=texts,
    bucket=texts,
    key=texts,
    size=numbers,
    state=st.sampled_from(TransferState),
    created_at=st.just(1.5),
    fault=st.none() | faults,
    confirmed=numbers,
    seconds_left=st.none() | st.just(7.25),
    resumed_from=st.none() | numbers,
)
uploads = st.builds(
    UploadRequest,
    texts,
    texts,
    texts,
    metadata=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    compress=st.booleans(),
)
downloads = st.builds(DownloadRequest, texts, texts, texts)
calls = st.one_of(
    st.builds(wire.Upload, st.tuples(texts), st.tuples(uploads)),
    st.builds(wire.Download, st.tuples(texts), st.tuples(downloads)),
    st.builds(wire.Page, texts, st.frozensets(st.sampled_from(TransferState)), numbers, numbers),
    st.builds(wire.Pause, st.none() | st.tuples(texts), st.booleans()),
    st.builds(wire.Move, st.tuples(texts), st.none() | texts),
    st.builds(wire.Abort, st.just(Remnant("d", "b", "k", "u", 1.0, 2, 3, True, None))),
)  # fmt: skip
news = st.one_of(
    st.builds(events.TransferChanged, transfers),
    st.builds(
        events.TransfersProgressed, st.lists(transfers, max_size=2).map(tuple), st.builds(Totals)
    ),
    st.builds(events.TransferBatchEnded, texts, numbers, numbers, numbers),
    st.just(events.TransfersChanged()),
)
messages = st.one_of(
    st.builds(wire.Hello, numbers, texts),
    st.builds(wire.Welcome, numbers, numbers),
    st.builds(wire.Goodbye, texts),
    st.just(wire.Beat()),
    st.builds(wire.Question, numbers, calls),
    st.builds(wire.News, news),
)


@given(messages)
def test_a_message_arrives_as_it_was_said(message: wire.Message) -> None:
    line = wire.pack(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert wire.unpack(line) == message


ROW = Transfer("1", Direction.UPLOAD, "p", "d", "b", "k", 5, TransferState.DONE, 1.0)
ANSWERS: list[tuple[wire.Call[Any], object]] = [
    (wire.Get("1"), ROW),
    (wire.Page(), TransferPage((), 7, Totals(active=2, speed=1.5))),
    (wire.History("1"), (Moment(1.0, "added", "Added"),)),
    (wire.Parts("1"), (1, 3)),
    (wire.Remnants("d"), (Remnant("d", "b", "k", "u", 1.0, 2, 3, ours=False),)),
    (wire.Check("d"), DestinationCheck(ok=True, warnings=("slow",))),
    (wire.Verify("1"), ObjectCheck(intact=False, reason="It was replaced.")),
    (wire.Pause(), None),
]


@pytest.mark.parametrize(("call", "answer"), ANSWERS)
def test_an_answer_arrives_in_the_type_its_call_promises(
    call: wire.Call[Any], answer: object
) -> None:
    arrived = wire.unpack(wire.pack(wire.Answer(3, answer)))
    assert isinstance(arrived, wire.Answer)
    assert wire.answered(call, arrived.body) == answer


@pytest.mark.parametrize("kind", [InvalidInput, NotFound, Unavailable, StudioError])
def test_an_error_arrives_with_its_class_and_words(kind: type[StudioError]) -> None:
    arrived = wire.unpack(wire.pack(wire.Failure(3, kind("Title", "detail", "remedy"))))
    assert isinstance(arrived, wire.Failure)
    assert type(arrived.error) is kind
    assert str(arrived.error) == "Title detail remedy"


def test_a_name_that_is_no_error_of_ours_is_not_made_one() -> None:
    said = {"title": "t", "detail": "", "remedy": ""}
    for name in ("Severity", "dataclass", "nothing"):
        line = json.dumps({"kind": "Failure", "id": 1, "error": {"kind": name, **said}})
        arrived = wire.unpack(line.encode())
        assert isinstance(arrived, wire.Failure)
        assert type(arrived.error) is StudioError


def test_fields_of_a_newer_version_are_passed_over() -> None:
    line = json.dumps({"kind": "Welcome", "version": 1, "process": 7, "mood": "good"})
    assert wire.unpack(line.encode()) == wire.Welcome(1, 7)


def test_keys_arrive_and_are_shown_nowhere_else() -> None:
    keys = {"d": AccessKeys("id", Secret("very-secret"), customer_key=Secret("a2V5a2V5a2V5"))}
    use = wire.Use(
        (Destination("d", "D", "films"),), keys, Limits(timetable=(RateWindow((0, 1), rate=5),))
    )
    question = wire.Question(1, use)
    arrived = wire.unpack(wire.pack(question))
    assert isinstance(arrived, wire.Question)
    assert arrived == question
    assert arrived.call.keys["d"].secret.reveal() == "very-secret"
    assert "very-secret" not in repr(question) + repr(use)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\n",
        b"[]",
        b"null",
        b"7",
        b'{"kind":"Nothing"}',
        b'{"kind":"Hello"}',
        b'{"kind":"Hello","version":true,"token":"t"}',
        b'{"kind":"Question","id":1,"call":"__class__","with":{}}',
        b'{"kind":"Question","id":1,"call":"Cancel","with":{"ids":"very-secret"}}',
        b'{"kind":"Question","id":1,"call":"Use","with":{"destinations":[],"keys":{"d":"very-secret"}}}',
        b'{"kind":"Question","id":1,"call":"Page","with":{"states":["very-secret"]}}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_it(line: bytes) -> None:
    with pytest.raises(Garbled) as refused:
        wire.unpack(line)
    assert "very-secret" not in str(refused.value)
    assert refused.value.__cause__ is None or "very-secret" not in str(refused.value.__cause__)


def test_every_call_has_an_answer_type() -> None:
    for kind in wire.CALLS.values():
        assert wire.answer_kind(kind) is not None
