"""Every attack is held in tier A, all but one in tier B, and most succeed where nothing protects.

Each studio is a process of its own. A suite whose attacks never ran, or would fail anywhere, proves
nothing: that counts as a failure as well.
"""

import os
import sys
from typing import Any

import pytest

from tests.isolation.launch import ROOT, besieged, whoever
from tests.isolation.ordinary import ORDINARY
from tests.isolation.studio import Request
from tests.isolation.suite import ATTACKS, FEWEST, LEAKS_OF_B, LEAST_CONTROL
from tests.isolation.tiers import FULL, PARTIAL, UNPROTECTED

pytestmark = [
    pytest.mark.manim,
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform != "linux", reason="these tiers are those of Linux"),
]

as_whom = pytest.mark.parametrize(
    "account",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                os.getuid() != 0 and name == ROOT, reason="only root can start a studio as root"
            ),
        )
        for name in sorted({ROOT, *whoever()})
    ],
)


def siege(tier: str, account: str, landlock: int = 0) -> dict[str, Any]:
    return besieged(Request(tier, "", landlock, old=bool(landlock)), account)


def successes(answer: dict[str, Any]) -> dict[str, str]:
    """Return what was seen of attacks that succeeded."""
    return {one["name"]: one["evidence"] for one in answer["verdicts"] if one["evidence"]}


def check(answer: dict[str, Any], *, allowed: frozenset[str] = frozenset()) -> None:
    """Fail for attacks that succeeded or never ran, for secrets found, for scenes not drawn."""
    assert not {name: how for name, how in successes(answer).items() if name not in allowed}
    assert not vacuous(answer)
    assert answer["found"] == []
    assert all(frames.isdigit() and int(frames) > 0 for frames in answer["frames"].values()), answer
    assert set(answer["frames"]) == set(ORDINARY)
    assert answer["keyring"], "there was no keyring to attack"


def vacuous(answer: dict[str, Any]) -> dict[str, str]:
    """Return the last words of attacks that never started."""
    return {one["name"]: one["said"] for one in answer["verdicts"] if not one["started"]}


def test_there_are_enough_attacks_and_no_two_share_a_name() -> None:
    names = [attack.name for attacks in ATTACKS.values() for attack in attacks]
    assert len(names) >= FEWEST
    assert len(set(names)) == len(names)


@as_whom
def test_the_full_sandbox_holds_every_attack(account: str) -> None:
    answer = siege(FULL, account)
    assert len(answer["verdicts"]) >= FEWEST
    assert (answer["uid"] == 0) == (account == ROOT)
    check(answer)


@as_whom
def test_the_sandbox_without_namespaces_leaks_no_more_than_what_it_names(account: str) -> None:
    answer = siege(PARTIAL, account)
    assert len(answer["verdicts"]) >= FEWEST
    check(answer, allowed=LEAKS_OF_B)


@pytest.mark.parametrize("version", [1, 2, 4])
def test_old_kernels_hold_attacks_on_files_and_processes(version: int) -> None:
    answer = siege(PARTIAL, whoever()[-1], version)
    assert len(answer["verdicts"]) >= 40
    check(answer, allowed=LEAKS_OF_B)


def test_attacks_on_everything_succeed_where_nothing_protects() -> None:
    answer = siege(UNPROTECTED, whoever()[-1])
    assert len(successes(answer)) >= LEAST_CONTROL
    assert not vacuous(answer)
    assert answer["found"], "the search for secrets finds nothing anywhere"
    hit = {one["subject"] for one in answer["verdicts"] if one["evidence"]}
    assert hit == {subject.value for subject in ATTACKS}
