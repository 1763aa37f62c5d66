"""Every fault has a name of its own and is known to the rules of recovery."""

import dataclasses

import pytest

from desktop.domain.faults import Fault, FaultKind, RecoveryAction


def test_kinds_and_actions_are_words_a_ledger_can_keep() -> None:
    for words in (FaultKind, RecoveryAction):
        assert len({word.value for word in words}) == len(words)
        assert all(word.value == word.value.strip().lower() for word in words)


@pytest.mark.parametrize("kind", FaultKind)
def test_a_kind_is_found_again_by_its_word(kind: FaultKind) -> None:
    assert FaultKind(kind.value) is kind


def test_a_fault_is_a_value() -> None:
    fault = Fault(FaultKind.THROTTLED, "Slower, please.", retry_after=3.0)
    assert fault == dataclasses.replace(fault)
    assert hash(fault) == hash(dataclasses.replace(fault))
    with pytest.raises(dataclasses.FrozenInstanceError):
        fault.message = "other"  # type: ignore[misc]  # that is what is tried


def test_the_classes_of_the_design_each_have_a_kind() -> None:
    kinds = {kind.name for kind in FaultKind}
    assert kinds >= {"NETWORK", "NAME", "TIMEOUT"}, "network"
    assert kinds >= {"THROTTLED", "SERVER"}, "slow down, ill"
    assert kinds >= {"DENIED", "NO_BUCKET", "NO_OBJECT"}, "403, 404"
    assert kinds >= {"DISK_FULL", "SOURCE_UNREADABLE", "READ_ONLY", "DIGEST"}, "files"
