"""States say what people and other parts of the program need to know of them."""

import dataclasses

import pytest

from desktop.domain.transfers import (
    Destination,
    Direction,
    Limits,
    RateWindow,
    Transfer,
    TransferState,
    UploadStatus,
)

State = TransferState


def transfer(state: State = State.ACTIVE, size: int = 100, confirmed: int = 0) -> Transfer:
    return Transfer(
        "01", Direction.UPLOAD, "/a", "d", "films", "a", size, state, 0.0, confirmed=confirmed
    )


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_coarser_status(state: State) -> None:
    assert isinstance(state.status, UploadStatus)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.QUEUED, UploadStatus.PENDING),
        (State.CREATING, UploadStatus.IN_PROGRESS),
        (State.ACTIVE, UploadStatus.IN_PROGRESS),
        (State.PAUSED, UploadStatus.PAUSED),
        (State.WAITING_NETWORK, UploadStatus.IN_PROGRESS),
        (State.WAITING_RETRY, UploadStatus.IN_PROGRESS),
        (State.VERIFYING, UploadStatus.IN_PROGRESS),
        (State.DONE, UploadStatus.COMPLETED),
        (State.FAILED, UploadStatus.FAILED),
        (State.SOURCE_CHANGED, UploadStatus.FAILED),
        (State.CANCELLING, UploadStatus.CANCELLED),
        (State.CANCELLED, UploadStatus.CANCELLED),
    ],
)
def test_a_status_is_what_others_would_call_the_state(state: State, status: UploadStatus) -> None:
    assert state.status is status


def test_only_ends_are_over() -> None:
    assert {state for state in State if state.over} == {
        State.DONE,
        State.FAILED,
        State.CANCELLED,
        State.SOURCE_CHANGED,
    }


def test_what_is_completed_is_over_and_what_is_over_is_no_longer_in_progress() -> None:
    for state in State:
        if state.over:
            assert state.status not in {UploadStatus.IN_PROGRESS, UploadStatus.PENDING}


def test_progress_counts_confirmed_bytes_and_never_passes_the_end() -> None:
    assert transfer(confirmed=25).progress == 0.25
    assert transfer(confirmed=101).progress == 1.0
    assert transfer(size=0).progress == 0.0
    assert transfer(State.DONE, size=0).progress == 1.0
    assert transfer(State.DONE, confirmed=0).progress == 1.0


def test_a_destination_has_no_place_for_secrets() -> None:
    words = {"secret", "password", "token", "access_key", "credential"}
    names = {field.name for field in dataclasses.fields(Destination)}
    assert not {name for name in names if any(word in name for word in words)}


def test_nothing_is_limited_unless_somebody_says_so() -> None:
    assert (Limits().connections, Limits().rate, Limits().timetable) == (0, 0, ())
    assert RateWindow().days == tuple(range(7))
    assert RateWindow().end - RateWindow().start == 24 * 60
