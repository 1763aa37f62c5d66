"""One answer for every kind of fault, and waits that are neither endless nor all the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import Fault, FaultKind, RecoveryAction
from desktop.transfers import retry

A, K = RecoveryAction, FaultKind

FIRST = {
    K.NETWORK: A.WAIT_FOR_NETWORK,
    K.NAME: A.WAIT_FOR_NETWORK,
    K.TIMEOUT: A.RETRY_SMALLER,
    K.THROTTLED: A.RETRY_SLOWER,
    K.SERVER: A.RETRY,
    K.DENIED: A.STOP,
    K.CREDENTIALS: A.STOP,
    K.EXPIRED: A.REFRESH_CREDENTIALS,
    K.CLOCK: A.CORRECT_CLOCK,
    K.REGION: A.FOLLOW_REGION,
    K.NO_BUCKET: A.OFFER_TO_CREATE,
    K.NO_OBJECT: A.STOP,
    K.NO_UPLOAD: A.START_AGAIN,
    K.EXISTS: A.ASK,
    K.CONFLICT: A.VERIFY,
    K.DIGEST: A.RETRY,
    K.UNSUPPORTED: A.STOP,
    K.CERTIFICATE: A.STOP,
    K.INVALID: A.STOP,
    K.SOURCE_GONE: A.ASK,
    K.SOURCE_CHANGED: A.ASK,
    K.SOURCE_UNREADABLE: A.ASK,
    K.DISK_FULL: A.FREE_SPACE,
    K.READ_ONLY: A.ASK,
    K.UNKNOWN: A.RETRY,
}

ENDLESS = {K.NETWORK, K.NAME, K.TIMEOUT}


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_has_an_answer(kind: FaultKind) -> None:
    assert retry.decide(Fault(kind, "Words."), 0, 0.5).action is FIRST[kind]


@pytest.mark.parametrize("kind", FaultKind)
def test_only_being_offline_is_never_given_up(kind: FaultKind) -> None:
    last = retry.decide(Fault(kind, "Words."), retry.ATTEMPTS, 0.5).action
    if kind in ENDLESS:
        assert last is A.WAIT_FOR_NETWORK
    else:
        assert last not in retry.WAITS | retry.MENDS | {A.WAIT_FOR_NETWORK}


@given(st.sampled_from(FaultKind), st.integers(0, 10_000), st.floats(0, 1))
def test_no_wait_of_our_own_is_longer_than_the_longest(
    kind: FaultKind, attempt: int, jitter: float
) -> None:
    assert 0 <= retry.decide(Fault(kind, "Words."), attempt, jitter).delay <= retry.LONGEST


@given(st.floats(0, 900), st.integers(0, 7), st.floats(0, 1))
def test_what_a_service_asks_for_is_waited(asked: float, attempt: int, jitter: float) -> None:
    fault = Fault(K.THROTTLED, "Slow down.", retry_after=asked)
    assert retry.decide(fault, attempt, jitter).delay >= asked


def test_a_service_cannot_ask_for_for_ever() -> None:
    fault = Fault(K.THROTTLED, "Slow down.", retry_after=1e9)
    assert retry.decide(fault, 0, 1.0).delay == retry.LONGEST_ASKED


def test_bounds_double_and_the_first_wait_after_throttling_is_longer() -> None:
    bounds = [retry.decide(Fault(K.SERVER, ""), n, 1.0).delay for n in range(8)]
    assert bounds == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8])
    assert retry.decide(Fault(K.THROTTLED, ""), 0, 1.0).delay == 1.0


def test_another_endpoint_is_tried_after_some_attempts() -> None:
    fault = Fault(K.SERVER, "Words.")
    assert retry.decide(fault, 2, 0.5, alternative=True).action is A.RETRY
    assert retry.decide(fault, 3, 0.5, alternative=True).action is A.SWITCH_ENDPOINT
    denied = Fault(K.DENIED, "Words.")
    assert retry.decide(denied, 3, 0.5, alternative=True).action is A.STOP


def test_jitter_spreads_and_is_reproducible() -> None:
    numbers = [retry.jitter(f"part {n}", 0) for n in range(1000)]
    assert 0.45 < sum(numbers) / len(numbers) < 0.55
    assert len(set(numbers)) > 990
    assert numbers[3] == retry.jitter("part 3", 0)
